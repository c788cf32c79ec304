"""Signing, granting, declining and revoking agreements about confidential details."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.disclosure.agreement_text import CURRENT, agreement_text
from ronglian.apps.disclosure.enums import OPEN_STATES, NdaState
from ronglian.apps.disclosure.models import Nda
from ronglian.apps.disclosure.rules import may_decide_nda, may_end_nda
from ronglian.apps.disclosure.tasks import tell_of_nda
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import Conflict, InvalidInput, RuleViolation
from ronglian.kernel.events import record_event, subject_type
from ronglian.kernel.models import Record
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_record

LASTS = timedelta(days=365)
LONGEST = timedelta(days=3 * 366)


def write_signature(
    actor: Actor,
    record: Record,
    owner: Organisation,
    organisation: Organisation,
    *,
    purpose: str,
    text_digest: str,
    at_once: bool,
    hides_owner: bool = False,
) -> Nda:
    """Write down that the actor signed for `organisation`; for the operations of the apps whose records these are.

    `text_digest` is that of the text that was shown. With `at_once` the agreement is in force from now; `hides_owner` where the record does not name its owner.
    """
    text = agreement_text(CURRENT)
    if text_digest != text.digest:
        raise RuleViolation(
            _("The text of the agreement was replaced meanwhile. Read the new one and sign that.")
        )
    kind, now = subject_type(record), timezone.now()
    nda = Nda(
        owner=owner,
        organisation=organisation,
        subject_type=kind,
        subject_id=record.public_id,
        asked_about_type=kind,
        asked_about_id=record.public_id,
        text_version=text.version,
        text_digest=text.digest,
        purpose=purpose,
        signed_by=actor.person,
        signed_by_label=actor.label,
        signed_at=now,
        hides_owner=hides_owner,
    )
    if at_once:
        _put_in_force(nda, timezone.localdate() + LASTS)
    known = Nda.objects.filter(
        organisation=organisation, asked_about_id=record.public_id, state__in=OPEN_STATES
    )
    if known.exists():  # the record is locked: nobody signs beside us
        raise Conflict(_("Your organisation has signed for this record already."))
    clean_record(nda)
    nda.save(force_insert=True)
    tell_of_nda.enqueue(str(nda.public_id))
    return nda


@operation("nda.grant", target="nda", allowed=may_decide_nda)
def grant_nda(*, actor: Actor, nda: Nda, ends_on: date | None = None, for_all: bool = False) -> Nda:
    """Let the receiving party read until `ends_on` (a year without one); `for_all` extends it to all one's records."""
    if nda.state != NdaState.REQUESTED:
        raise RuleViolation(_("Only an agreement that waits for you can be granted."))
    today = timezone.localdate()
    ends_on = ends_on or today + LASTS
    if not today <= ends_on <= today + LONGEST:
        raise InvalidInput.of({"ends_on": [_("The last day lies between today and three years from now.")]})
    if for_all and nda.hides_owner:
        raise RuleViolation(
            _(
                "The record is shown without your name; an agreement for all your records would tell whose it is."
            )
        )
    _put_in_force(nda, ends_on)
    if for_all:
        nda.subject_type, nda.subject_id = "", None
    return _decided(actor, nda, "nda.granted", {"ends_on": ends_on.isoformat(), "for_all": for_all})


@operation("nda.decline", target="nda", allowed=may_decide_nda)
def decline_nda(*, actor: Actor, nda: Nda, reason: str = "") -> Nda:
    """Do not let the receiving party read."""
    if nda.state != NdaState.REQUESTED:
        raise RuleViolation(_("Only an agreement that waits for you can be declined."))
    nda.state, nda.reason = NdaState.DECLINED, reason
    return _decided(actor, nda, "nda.declined", {})


@operation("nda.revoke", target="nda", allowed=may_end_nda)
def revoke_nda(*, actor: Actor, nda: Nda, reason: str = "") -> Nda:
    """End the right to read; the next request is refused. The receiving party may also take its signature back."""
    if nda.state not in (NdaState.GRANTED, NdaState.REQUESTED):
        raise RuleViolation(_("This agreement is over already."))
    nda.state, nda.reason = NdaState.REVOKED, reason
    return _decided(actor, nda, "nda.revoked", {})


def _put_in_force(nda: Nda, ends_on: date) -> None:
    nda.state = NdaState.GRANTED
    nda.starts_on, nda.ends_on = timezone.localdate(), ends_on
    nda.decided_at = timezone.now()


def _decided(actor: Actor, nda: Nda, event: str, data: dict[str, object]) -> Nda:
    nda.decided_at, nda.decided_by_label = timezone.now(), actor.label
    nda.version += 1
    clean_record(nda)
    nda.save(force_update=True)
    record_event(actor, event, nda, data)
    tell_of_nda.enqueue(str(nda.public_id))
    return nda
