"""What a partner answers by its link: a need, none, or that it does not want to be asked; and taking the draft over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.accounts.operations.organisations import register_organisation
from ronglian.apps.prospecting.enums import PartnerState
from ronglian.apps.prospecting.models import ChainMailStop, ChainNeed, ChainPartner
from ronglian.apps.prospecting.models.survey import ANSWERS
from ronglian.apps.prospecting.rules import may_reply, may_take_over
from ronglian.apps.registry.models import Need
from ronglian.apps.registry.operations.records import register_record
from ronglian.kernel.actor import Actor, Role
from ronglian.kernel.errors import InvalidInput, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_json, clean_record

MOST_NEEDS = 5


@operation("partner.tell_need", target="partner", allowed=may_reply)
def tell_need(
    *, actor: Actor, partner: ChainPartner, title: str, answers: Mapping[str, str], about: str = ""
) -> ChainPartner:
    """Keep the answer sealed, with its place in the chain, until somebody of the partner takes it over."""
    _insist_on_time(partner)
    said: Any = {name: str(clean_json(answers.get(name, ""))) for name in ANSWERS}
    problems = {} if said["trouble"] else {"trouble": [_("Say what goes wrong.")]}
    title = str(clean_json(title))
    if not title:
        problems["title"] = [_("Say in one line what the trouble is.")]
    if problems:
        raise InvalidInput.of(problems)
    if partner.told.count() >= MOST_NEEDS:
        raise RuleViolation(
            _("Five needs are enough by one link. Take them over, and tell more at the site.")
        )
    place = ChainNeed(
        partner=partner,
        title=title,
        answers=said,
        tier=partner.tier,
        relation=partner.relation,
        about=str(clean_json(about)) or partner.product,
    )
    clean_record(place)
    place.save(force_insert=True)
    record_event(actor, "chainneed.told", place)
    return _reply(actor, partner, PartnerState.TOLD)


@operation("partner.say_no_need", target="partner", allowed=may_reply)
def say_no_need(*, actor: Actor, partner: ChainPartner) -> ChainPartner:
    """Say that nothing is needed now; a need may still be told while the link holds."""
    _insist_on_time(partner)
    if partner.state == PartnerState.TOLD:
        raise RuleViolation(_("You have told a need by this link already."))
    return _reply(actor, partner, PartnerState.NO_NEED)


@operation("partner.decline", target="partner", allowed=may_reply)
def decline_survey(*, actor: Actor, partner: ChainPartner, no_more_mails: bool = False) -> ChainPartner:
    """Not take part; with `no_more_mails` the address gets no invitation any more, from whomever."""
    if no_more_mails and partner.email_digest:
        known = ChainMailStop.objects.filter(email_digest=partner.email_digest)
        if not known.exists():
            stop = ChainMailStop(email_digest=partner.email_digest)
            stop.save(force_insert=True)
            record_event(actor, "chainmailstop.wanted", stop)
    return _reply(
        actor, partner, partner.state if partner.state == PartnerState.TOLD else PartnerState.DECLINED
    )


@operation("partner.take_over", target="partner", allowed=may_take_over)
def take_over(*, actor: Actor, partner: ChainPartner, owner: Organisation | None = None) -> ChainPartner:
    """Make drafts of what was told, for `owner`; without one the organisation is registered, and the person acts for it."""
    waiting = list(ChainNeed.objects.select_for_update().filter(partner=partner, need=None).order_by("id"))
    if not waiting:
        raise RuleViolation(_("Nothing waits here: what was told is taken over already."))
    if owner is None:
        # The code is not taken along: that it is this organisation's own is for its people to say.
        fields = {"name": partner.name, "kind": "enterprise"}
        owner = register_organisation(actor=actor, fields=fields)
        actor = _acting_for(actor, owner)
    for place in waiting:
        place.need = register_record(actor=actor, owner=owner, model=Need, fields=need_fields(place))
        place.title, place.answers = "", {}
        place.version += 1
        place.save(force_update=True)
        record_event(actor, "chainneed.taken_over", place)
    return _save(actor, partner, "taken_over")


def need_fields(place: ChainNeed) -> dict[str, Any]:
    """The answers in the fields of a need; every word stays."""
    said = {name: str(place.answers.get(name, "")) for name in ANSWERS}
    details = [said["trouble"]]
    for name, head in (("today", now("Today")), ("wanted", now("Wanted"))):
        if said[name]:
            details.append(f"{head}：{said[name]}")
    if place.about:
        details.append(f"{now('Product or process')}：{place.about}")
    return {
        "title": place.title,
        "details": "\n".join(details),
        "difficulty": said["tried"],
        "existing_conditions": said["offer"],
        "metrics_text": said["wanted"],
    }


def _acting_for(actor: Actor, owner: Organisation) -> Actor:
    """The same person with the role that registering the organisation has just given."""
    return replace(actor, memberships={**actor.memberships, owner.pk: Role.OWNER})


def _insist_on_time(partner: ChainPartner) -> None:
    if not partner.survey.takes_answers(timezone.localdate()):
        raise RuleViolation(
            _("The last day for answers was %(day)s.") % {"day": partner.survey.closes_on.isoformat()}
        )


def _reply(actor: Actor, partner: ChainPartner, state: str) -> ChainPartner:
    partner.state = state
    # The event does not say which: the log is everybody's, the answer is the partner's own.
    return _save(actor, partner, "replied")


def _save(actor: Actor, partner: ChainPartner, past: str) -> ChainPartner:
    partner.version += 1
    partner.save(force_update=True)
    record_event(actor, f"partner.{past}", partner)
    return partner
