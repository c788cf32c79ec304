"""赋权 step by step: the team applies, the institution decides by the rulebook, public notice, change of title, the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Person
from ronglian.apps.agreements.enums import AgreementKind, AgreementState
from ronglian.apps.agreements.granting_law import (
    FACTS,
    Checked,
    articles_of,
    check_granting,
    condition_lines,
    least_notice_days,
    told,
)
from ronglian.apps.agreements.models import Agreement, GrantMember, RightsGrant
from ronglian.apps.agreements.models.rights import WHOLE
from ronglian.apps.agreements.queries.rights import latest_deed
from ronglian.apps.agreements.rights_enums import LIVE_GRANTS, GrantedRight, GrantEnd, GrantForm, GrantState
from ronglian.apps.agreements.rights_rules import (
    may_apply_for_rights,
    may_decide_grant,
    may_withdraw_grant,
)
from ronglian.apps.agreements.rights_tasks import RightsNews, tell_of_grant
from ronglian.apps.registry.enums import State
from ronglian.apps.registry.models import Result
from ronglian.engines.contracts import Language
from ronglian.engines.money import add_months
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_record, clean_text

MOST_MEMBERS = 50


@dataclass(frozen=True, slots=True)
class Named:
    """An inventor as the application names him; `share` in hundredths of a per cent of what the team is granted."""

    name: str
    email: str
    share: int


@operation("grant.apply", target="result", allowed=may_apply_for_rights)
def apply_for_rights(
    *,
    actor: Actor,
    result: Result,
    right: GrantedRight,
    form: GrantForm,
    share: int | None,
    use_years: int | None,
    members: Sequence[Named],
    facts: Mapping[str, bool],
    plan: str,
    title: str = "",
) -> RightsGrant:
    """Apply for a share of ownership or the long-term use of a result of the institution, with a conversion plan."""
    _insist_on_a_free_result(result)
    if not clean_text(plan):
        raise InvalidInput.of({"plan": [_("An application comes with a plan of conversion.")]})
    people = _people_of(members)
    grant = RightsGrant(
        owner=result.owner,
        result=result,
        title=title or result.headline or result.headline_en,
        right=right,
        form=form,
        share=share if form == GrantForm.OWNERSHIP else None,
        use_years=use_years if form == GrantForm.USE else None,
        facts={name: bool(facts[name]) for name in FACTS},
        plan=clean_text(plan),
        proposed_by=actor.label,
        place=result.owner.region or "cn",
    )
    _insist_on_what_is_granted(grant)
    clean_record(grant)
    grant.save(force_insert=True)
    record_event(actor, "rightsgrant.applied", grant, {"result": str(result.public_id)})
    for number, (named, person) in enumerate(zip(members, people, strict=True), 1):
        member = GrantMember(grant=grant, number=number, person=person, name=named.name, share=named.share)
        clean_record(member)
        member.save(force_insert=True)
        record_event(actor, "grantmember.named", member, {"grant": str(grant.public_id), "number": number})
    tell_of_grant.enqueue(str(grant.public_id), RightsNews.APPLIED.value)
    return grant


@operation("grant.withdraw", target="grant", allowed=may_withdraw_grant)
def withdraw_grant(*, actor: Actor, grant: RightsGrant, reason: str) -> RightsGrant:
    """Take an application back, before it is in force."""
    insist_on_grant(grant, *(state for state in LIVE_GRANTS if state != GrantState.IN_FORCE))
    grant.state, grant.ended_because = GrantState.WITHDRAWN, _required(reason)
    return _save(actor, grant, "withdrawn", RightsNews.WITHDRAWN)


@operation("grant.decide", target="grant", allowed=may_decide_grant)
def decide_grant(*, actor: Actor, grant: RightsGrant, approves: bool, grounds: str) -> RightsGrant:
    """Approve or refuse, by the law of today. Where the law determines nothing the grounds say what the institution rests on."""
    insist_on_grant(grant, GrantState.APPLIED)
    text, today = clean_text(grounds), timezone.localdate()
    if not text:
        raise InvalidInput.of({"grounds": [_("Say by whom and on what it was decided; it stays with it.")]})
    checked = check_of(grant, today)
    if approves and checked.is_barred:
        raise RuleViolation(_barred(checked))
    grant.as_of, grant.law, grant.grounds = today, told(checked), text
    grant.decided_on, grant.decided_by = today, actor.label
    grant.state = GrantState.APPROVED if approves else GrantState.REFUSED
    grant.ended_because = "" if approves else text[:2_000]
    return _save(actor, grant, "approved" if approves else "refused", RightsNews.DECIDED)


@operation("grant.notice", target="grant", allowed=may_decide_grant)
def begin_grant_notice(*, actor: Actor, grant: RightsGrant, days: int) -> RightsGrant:
    """Put it on public notice from today: the name of the result, the inventors and what each is granted."""
    insist_on_grant(grant, GrantState.APPROVED)
    today = timezone.localdate()
    least = max(least_notice_days(grant.place, today) or 1, 1)
    if not least <= days <= 365:
        raise InvalidInput.of({"days": [_("At least %(days)d days here.") % {"days": least}]})
    grant.state, grant.notice_from = GrantState.NOTICED, today
    grant.notice_until = today + timedelta(days=days)
    return _save(actor, grant, "noticed", RightsNews.NOTICED, days=days)


@operation("grant.note_title", target="grant", allowed=may_decide_grant)
def note_change_of_title(*, actor: Actor, grant: RightsGrant, day: date, evidence: str) -> RightsGrant:
    """Note that the change of title was registered, and what shows it."""
    insist_on_grant(grant, GrantState.IN_FORCE)
    if grant.form != GrantForm.OWNERSHIP:
        raise RuleViolation(_("A right to use leaves the title where it is."))
    assert grant.in_force_on is not None
    if not grant.in_force_on <= day <= timezone.localdate():
        raise InvalidInput.of({"day": [_("Choose a day between the signing and today.")]})
    if not clean_text(evidence):
        raise InvalidInput.of({"evidence": [_("Say what shows it, such as the number of the notification.")]})
    grant.title_changed_on, grant.title_evidence = day, evidence
    return _save(actor, grant, "title_changed", None, day=day.isoformat())


@operation("grant.end", target="grant", allowed=may_decide_grant)
def end_grant(*, actor: Actor, grant: RightsGrant, kind: GrantEnd, reason: str) -> RightsGrant:
    """End a grant in force, for one of the reasons there are; what was converted under it stays shared by it.

    Where its years are over it ended on their last day, whenever that is noted.
    """
    insist_on_grant(grant, GrantState.IN_FORCE)
    today, text = timezone.localdate(), _required(reason)
    assert grant.in_force_on is not None
    if kind == GrantEnd.EXPIRED and (grant.use_until is None or today <= grant.use_until):
        raise RuleViolation(_("The years of use are not over."))
    if kind == GrantEnd.UNUSED and today <= _to_be_converted_by(grant):
        raise RuleViolation(_("The agreed time for conversion is not over."))
    last_day = grant.use_until if kind == GrantEnd.EXPIRED else today
    grant.state, grant.end_kind, grant.ended_on, grant.ended_because = GrantState.ENDED, kind, last_day, text
    return _save(actor, grant, "ended", RightsNews.ENDED, kind=kind.value)


def check_of(grant: RightsGrant, on: date) -> Checked:
    """What the law says of this grant on a day."""
    return check_granting(grant.right, grant.form, grant.use_years, grant.facts, place=grant.place, on=on)


def insist_on_grant(grant: RightsGrant, *states: str) -> None:
    if grant.state not in states:
        raise RuleViolation(_("This grant is %(state)s.") % {"state": grant.get_state_display()})


def refuse_grant(actor: Actor, grant: RightsGrant, reason: str) -> RightsGrant:
    """For the answer that upholds an objection."""
    grant.state, grant.ended_because = GrantState.REFUSED, reason
    return _save(actor, grant, "refused", RightsNews.DECIDED)


def _save(actor: Actor, grant: RightsGrant, past: str, news: RightsNews | None, **data: Any) -> RightsGrant:
    grant.version += 1
    clean_record(grant)
    grant.save(force_update=True)
    record_event(actor, f"rightsgrant.{past}", grant, data)
    if news is not None:
        tell_of_grant.enqueue(str(grant.public_id), news.value)
    return grant


def _required(reason: str) -> str:
    text = clean_text(reason)
    if not text:
        raise InvalidInput.of({"reason": [_("Say why: it stays with the grant.")]})
    return text


def _insist_on_a_free_result(result: Result) -> None:
    if result.state == State.WITHDRAWN:
        raise RuleViolation(_("This result was withdrawn from the registry."))
    if RightsGrant.objects.filter(result=result, state__in=LIVE_GRANTS).exists():
        raise RuleViolation(_("There is a grant of rights in this result already."))
    sold = Agreement.objects.filter(result=result, kind=AgreementKind.TRANSFER, provider_id=result.owner_id)
    if sold.filter(state__in=(AgreementState.IN_FORCE, AgreementState.COMPLETED)).exists():
        raise RuleViolation(_("This result was transferred; the institution has nothing left to grant."))


def _insist_on_what_is_granted(grant: RightsGrant) -> None:
    if grant.form == GrantForm.OWNERSHIP and grant.share is None:
        raise InvalidInput.of({"share": [_("Say which share of the ownership the team is granted.")]})
    if grant.form == GrantForm.USE and grant.use_years is None:
        raise InvalidInput.of({"use_years": [_("Say for how many years the team may use it.")]})


def _people_of(members: Sequence[Named]) -> list[Person]:
    """The accounts of the inventors: each has one, each once, and their parts add up exactly."""
    if not 1 <= len(members) <= MOST_MEMBERS:
        raise InvalidInput.of({"members": [_("Name the inventors, each with a part of the team's share.")]})
    if any(one.share <= 0 for one in members) or sum(one.share for one in members) != WHOLE:
        total = sum(one.share for one in members)
        raise InvalidInput.of(
            {
                "members": [
                    _("The parts add up to %(total)s %%; together they have to be 100 %%.")
                    % {"total": f"{total // 100}.{total % 100:02d}"}
                ]
            }
        )
    asked = {one.email.strip().lower() for one in members}
    if len(asked) != len(members):
        raise InvalidInput.of({"members": [_("Each inventor stands in the application once.")]})
    found = {
        person.email.lower(): person
        for person in Person.objects.filter(is_active=True, email__in=asked | {one.email for one in members})
    }
    missing = [one.name for one in members if one.email.strip().lower() not in found]
    if missing:
        raise InvalidInput.of(
            {
                "members": [
                    _("Nobody with the e-mail of %(names)s has signed up. Ask them to sign up first.")
                    % {"names": ", ".join(missing)}
                ]
            }
        )
    return [found[one.email.strip().lower()] for one in members]


def _barred(checked: Checked) -> str:
    language: Language = "en" if translation.get_language() == "en" else "zh"
    failed = [line.title for line in condition_lines(checked, language) if line.is_met is False]
    return _("It cannot be granted. Not so: %(conditions)s (%(articles)s).") % {
        "conditions": ", ".join(failed),
        "articles": "; ".join(articles_of(checked, language)),
    }


def _to_be_converted_by(grant: RightsGrant) -> date:
    """The last day of the time for conversion that the agreement gives."""
    deed = latest_deed(grant)
    assert deed is not None
    assert grant.in_force_on is not None
    return add_months(grant.in_force_on, int(deed.terms["convert_within_months"]))
