"""技术合同认定登记: party B fills in the form, hands it in, and records what the registration body decided.

The body is outside; the platform keeps what was handed in and decided, so that rewards, tax relief and statistics rest on it.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from ronglian.apps.agreements.enums import AgreementState, RegistrationState
from ronglian.apps.agreements.models import Agreement, Registration
from ronglian.apps.agreements.queries.registrations import standing_registration
from ronglian.apps.agreements.registration_form import (
    entry_of,
    form_rows,
    missing_of,
    particulars_of,
    read_particulars,
)
from ronglian.apps.agreements.rules import may_register
from ronglian.apps.agreements.tasks import AgreementNews, tell_of_agreement
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput, RuleViolation, Text
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_record


@operation("registration.fill_in", target="agreement", allowed=may_register)
def fill_in_registration(*, actor: Actor, agreement: Agreement, particulars: Any) -> Registration:
    """Keep what the form needs beside the contract; begins a registration where none stands."""
    if agreement.signed_id is None or agreement.state == AgreementState.ABANDONED:
        raise RuleViolation(_("A contract is registered once both have signed it."))
    read = read_particulars(particulars)
    row = standing_registration(agreement)
    if row is not None and row.state != RegistrationState.PREPARING:
        raise RuleViolation(_("The form was handed in; what changes later is told to the registration body."))
    row = row or Registration(agreement=agreement)
    row.particulars = asdict(read)
    return _save(actor, row, "filled_in")


@operation("registration.hand_in", target="agreement", allowed=may_register)
def hand_in_registration(
    *, actor: Actor, agreement: Agreement, registration: Registration, body: str, day: date
) -> Registration:
    """Note that the form went to a registration body. Refused while the form lacks something."""
    _insist(registration, RegistrationState.PREPARING, _("This form was handed in already."))
    rows = form_rows(agreement, particulars_of(registration), "zh")
    if missing := missing_of(rows):
        labels = _text(", ").join(row.label for row in missing)
        raise RuleViolation(_("The form lacks: %(labels)s.") % {"labels": labels})
    if not body.strip():
        raise InvalidInput.of({"body": [_("Name the registration body.")]})
    _insist_on_day(day, agreement.signed_on)
    registration.body, registration.handed_in_on = body, day
    registration.state = RegistrationState.HANDED_IN
    return _save(actor, registration, "handed_in")


@operation("registration.record", target="agreement", allowed=may_register)
def record_registration(
    *,
    actor: Actor,
    agreement: Agreement,
    registration: Registration,
    number: str,
    day: date,
    turnover_fen: int,
    technology_fen: int,
) -> Registration:
    """Record the certificate: its number, and both amounts as the body verified them."""
    _insist(registration, RegistrationState.HANDED_IN, _("The form has to be handed in first."))
    if not number.strip():
        raise InvalidInput.of({"number": [_("The certificate states it: 16 digits, an old one 14.")]})
    if Registration.objects.filter(number=number.strip()).exclude(pk=registration.pk).exists():
        raise InvalidInput.of({"number": [_("Another contract carries this number.")]})
    _insist_on_day(day, registration.handed_in_on)
    registration.number, registration.decided_on = number.strip(), day
    registration.state = RegistrationState.REGISTERED
    _set_amounts(agreement, registration, turnover_fen, technology_fen)
    _save(actor, registration, "registered")
    tell_of_agreement.enqueue(str(agreement.public_id), AgreementNews.REGISTERED.value)
    return registration


@operation("registration.refuse", target="agreement", allowed=may_register)
def refuse_registration(
    *, actor: Actor, agreement: Agreement, registration: Registration, day: date, reason: str
) -> Registration:
    """Record that the body did not recognise it, and why; another form may be filled in."""
    _insist(registration, RegistrationState.HANDED_IN, _("The form has to be handed in first."))
    _insist_on_reason(reason, _("Say why the body did not recognise it."))
    _insist_on_day(day, registration.handed_in_on)
    registration.decided_on, registration.reason = day, reason
    registration.state = RegistrationState.REFUSED
    return _save(actor, registration, "refused")


@operation("registration.change", target="agreement", allowed=may_register)
def change_registration(
    *,
    actor: Actor,
    agreement: Agreement,
    registration: Registration,
    day: date,
    turnover_fen: int,
    technology_fen: int,
    reason: str,
) -> Registration:
    """Record a change of the registration with the same body: other amounts, and why."""
    _insist(registration, RegistrationState.REGISTERED, _("Only a registration that stands is changed."))
    _insist_on_reason(reason, _("Say what changed in the contract."))
    _insist_on_day(day, registration.decided_on)
    registration.decided_on, registration.reason = day, reason
    _set_amounts(agreement, registration, turnover_fen, technology_fen)
    return _save(actor, registration, "changed")


@operation("registration.cancel", target="agreement", allowed=may_register)
def cancel_registration(
    *, actor: Actor, agreement: Agreement, registration: Registration, day: date, reason: str
) -> Registration:
    """Record that it was cancelled with the body, as after the end of the contract; the number stays on record."""
    _insist(registration, RegistrationState.REGISTERED, _("Only a registration that stands is cancelled."))
    _insist_on_reason(reason, _("Say why it was cancelled."))
    _insist_on_day(day, registration.decided_on)
    registration.decided_on, registration.reason = day, reason
    registration.state = RegistrationState.CANCELLED
    return _save(actor, registration, "cancelled")


def _set_amounts(agreement: Agreement, row: Registration, turnover_fen: int, technology_fen: int) -> None:
    if not 0 <= technology_fen <= turnover_fen:
        text = _("The technology amount is a part of the turnover: from zero up to it.")
        raise InvalidInput.of({"technology_fen": [text]})
    row.turnover_fen, row.technology_fen = turnover_fen, technology_fen
    row.counted = asdict(entry_of(agreement, particulars_of(row), turnover_fen, technology_fen))


def _insist(row: Registration, state: RegistrationState, text: Text) -> None:
    if row.state != state:
        raise RuleViolation(text)


def _insist_on_reason(reason: str, text: Text) -> None:
    if not reason.strip():
        raise InvalidInput.of({"reason": [text]})


def _insist_on_day(day: date, earliest: date | None) -> None:
    if day > timezone.localdate():
        raise InvalidInput.of({"day": [_("This day has not come yet.")]})
    if earliest is not None and day < earliest:
        text = _("This day lies before %(day)s, when the step before was taken.")
        raise InvalidInput.of({"day": [text % {"day": earliest.isoformat()}]})


def _save(actor: Actor, row: Registration, past: str) -> Registration:
    row.version += 0 if row.pk is None else 1
    clean_record(row)
    row.save()
    record_event(
        actor, f"registration.{past}", row, {"agreement": str(row.agreement.public_id), "number": row.number}
    )
    return row
