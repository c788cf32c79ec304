"""Surveys along a chain: opened, partners entered, invited, reminded, closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.prospecting.enums import PartnerState, SurveyState
from ronglian.apps.prospecting.models import ChainMailStop, ChainPartner, ChainSurvey
from ronglian.apps.prospecting.naming import digest_of_email, digest_of_name
from ronglian.apps.prospecting.queries.surveys import due_for_a_reminder
from ronglian.apps.prospecting.rules import may_close_survey, may_open_survey, may_run_survey
from ronglian.apps.prospecting.tasks import send_invitation
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput, RuleViolation, Text
from ronglian.kernel.events import record_event, record_events
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_json, clean_record, clean_text

MOST_PARTNERS = 500
MAILS_A_DAY = 500
"""From one lead enterprise in 24 hours: a survey is no mailing."""
LONGEST_OPEN = timedelta(days=120)
PARTNER_FIELDS = ("name", "uscc", "tier", "relation", "product", "email")


@operation("survey.open", target="lead", allowed=may_open_survey)
def open_survey(
    *,
    actor: Actor,
    lead: Organisation,
    title: str,
    closes_on: date,
    message: str = "",
    reminds: bool = False,
) -> ChainSurvey:
    """Begin a survey; nobody is asked before partners are entered and invited."""
    survey = ChainSurvey(
        lead=lead,
        title=title,
        message=message,
        closes_on=closes_on,
        reminds=reminds,
        opened_by=actor.label,
    )
    today = timezone.localdate()
    if not today <= closes_on <= today + LONGEST_OPEN:
        raise InvalidInput.of(
            {"closes_on": [_("The last day for answers lies between today and 120 days from now.")]}
        )
    clean_record(survey)
    survey.save(force_insert=True)
    record_event(actor, "survey.opened", survey)
    return survey


@operation("survey.enter_partners", target="survey", allowed=may_run_survey)
def enter_partners(*, actor: Actor, survey: ChainSurvey, rows: Sequence[Mapping[str, Any]]) -> ChainSurvey:
    """Enter partners; those whose name stands there already stay as they are. All are good, or none is entered."""
    _insist_on_open(survey)
    known = set(ChainPartner.objects.filter(survey=survey).values_list("name_digest", flat=True))
    new: dict[str, ChainPartner] = {}
    for number, row in enumerate(rows, start=1):
        partner = _partner(survey, row, number)
        if partner.name_digest not in known:
            new.setdefault(partner.name_digest, partner)
    if len(known) + len(new) > MOST_PARTNERS:
        raise RuleViolation(
            _("A survey has at most %(limit)d partners. Open another one for the rest.")
            % {"limit": MOST_PARTNERS}
        )
    for partner in new.values():
        partner.save(force_insert=True)
    record_events(actor, "partner.entered", new.values())
    return _save(actor, survey, "partners_entered", {"new": len(new), "known": len(rows) - len(new)})


@operation("survey.drop_partner", target="survey", allowed=may_run_survey)
def drop_partner(*, actor: Actor, survey: ChainSurvey, partner: ChainPartner) -> ChainSurvey:
    """Take a partner off the list, as long as it was not invited."""
    found = ChainPartner.objects.select_for_update().filter(survey=survey, pk=partner.pk).first()
    if found is None or found.mails:
        raise RuleViolation(_("A partner that was invited stays on the list: it may have answered."))
    ChainPartner.objects.filter(pk=found.pk).delete()
    record_event(actor, "partner.dropped", found)
    return _save(actor, survey, "partner_dropped")


@operation("survey.invite", target="survey", allowed=may_run_survey)
def invite_partners(*, actor: Actor, survey: ChainSurvey) -> ChainSurvey:
    """Send everybody who was not invited yet a mail with a link."""
    _insist_on_open(survey)
    waiting = list(ChainPartner.objects.filter(survey=survey, state=PartnerState.ENTERED).order_by("id"))
    if not waiting:
        raise RuleViolation(_("Everybody on the list is invited already. Enter further partners first."))
    return _mail(actor, survey, waiting, "invited")


@operation("survey.remind", target="survey", allowed=may_run_survey)
def remind_partners(*, actor: Actor, survey: ChainSurvey) -> ChainSurvey:
    """Remind those who have not answered: twice at most, and not within a week of the last mail."""
    _insist_on_open(survey)
    waiting = list(due_for_a_reminder(timezone.now()).filter(survey=survey).order_by("id"))
    if not waiting:
        raise RuleViolation(
            _(
                "Nobody can be reminded today: a week has to pass after each mail, and nobody gets more than three."
            )
        )
    return _mail(actor, survey, waiting, "reminded")


@operation("survey.close", target="survey", allowed=may_close_survey)
def close_survey(*, actor: Actor, survey: ChainSurvey, reason: str) -> ChainSurvey:
    """End it with a reason: links end, and the addresses of the contacts are forgotten."""
    _insist_on_open(survey)
    survey.closed_because = str(clean_json(reason))[:500]
    if not survey.closed_because:
        raise InvalidInput.of({"reason": [_("Say why it is closed.")]})
    survey.state = SurveyState.CLOSED
    addressed = list(ChainPartner.objects.filter(survey=survey).exclude(email_digest=""))
    for partner in addressed:
        partner.email = partner.email_digest = ""
        partner.version += 1
        partner.save(update_fields=["email", "email_digest", "version", "updated_at"])
    record_events(actor, "partner.address_forgotten", addressed)
    return _save(actor, survey, "closed", {"reason": survey.closed_because})


def _partner(survey: ChainSurvey, row: Mapping[str, Any], number: int) -> ChainPartner:
    fields = {name: row[name] for name in PARTNER_FIELDS if name in row}
    for name in ("name", "product", "email"):
        if isinstance(fields.get(name), str):
            fields[name] = clean_text(fields[name], one_line=True)
    partner = ChainPartner(survey=survey, **fields)
    partner.name_digest = digest_of_name(str(fields.get("name", "")))
    partner.email_digest = digest_of_email(str(fields.get("email", "")))
    problems: dict[str, list[Text]] = {}
    if not fields.get("email"):
        problems["email"] = [_("Without an address nobody can be asked.")]
    try:
        clean_record(partner)
    except InvalidInput as error:
        # That the name is known already is no fault: such a row is passed over.
        problems |= {name: texts for name, texts in error.fields.items() if name}
    if problems:
        raise InvalidInput.of({f"{number}.{name}": texts for name, texts in problems.items()})
    return partner


def _mail(actor: Actor, survey: ChainSurvey, partners: Iterable[ChainPartner], past: str) -> ChainSurvey:
    stopped = set(
        ChainMailStop.objects.filter(email_digest__in=[each.email_digest for each in partners]).values_list(
            "email_digest", flat=True
        )
    )
    asked = [each for each in partners if each.email_digest and each.email_digest not in stopped]
    if not asked:
        raise RuleViolation(_("Those who are left want no such mails; nobody can be asked."))
    _insist_on_few_mails(survey, len(asked))
    for partner in asked:
        partner.mails += 1
        partner.serial = partner.serial or 1
        if partner.state == PartnerState.ENTERED:
            partner.state = PartnerState.INVITED
        partner.version += 1
        partner.save(update_fields=["mails", "serial", "state", "version", "updated_at"])
    record_events(actor, f"partner.{past}", asked)
    ids = [(str(each.public_id), each.mails) for each in asked]
    transaction.on_commit(lambda: [send_invitation.enqueue(key, number) for key, number in ids])
    return _save(actor, survey, past, {"asked": len(asked)})


def _insist_on_few_mails(survey: ChainSurvey, more: int) -> None:
    since = timezone.now() - timedelta(days=1)
    lately = ChainPartner.objects.filter(survey__lead_id=survey.lead_id, updated_at__gte=since, mails__gt=0)
    sent = lately.filter(mailed_at__gte=since).count() + (
        lately.filter(mailed__lt=F("mails")).aggregate(waiting=Sum(F("mails") - F("mailed")))["waiting"] or 0
    )
    if sent + more > MAILS_A_DAY:
        raise RuleViolation(
            _("One enterprise sends at most %(limit)d of these mails a day. Go on tomorrow.")
            % {"limit": MAILS_A_DAY}
        )


def _insist_on_open(survey: ChainSurvey) -> None:
    if not survey.takes_answers(timezone.localdate()):
        raise RuleViolation(_("This survey is over. Open a new one."))


def _save(actor: Actor, survey: ChainSurvey, past: str, data: Mapping[str, Any] | None = None) -> ChainSurvey:
    survey.version += 1
    survey.save(force_update=True)
    record_event(actor, f"survey.{past}", survey, data)
    return survey
