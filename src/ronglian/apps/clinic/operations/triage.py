"""Showing a trouble to the technology managers, their decision where it goes, and the firm's objection."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.queries.conflicts import has_conflict
from ronglian.apps.clinic.enums import ConsultationState, Route
from ronglian.apps.clinic.models import Consultation, Triage
from ronglian.apps.clinic.queries.triage import latest_triage
from ronglian.apps.clinic.rules import may_tell
from ronglian.apps.clinic.triage_rules import may_object_to_triage, may_triage
from ronglian.apps.registry.models import Need
from ronglian.engines.diagnosis import Triage as Proposal
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_json, clean_record


@operation("consultation.show", target="consultation", allowed=may_tell)
def show_to_managers(*, actor: Actor, consultation: Consultation, shown: bool) -> Consultation:
    """Let the technology managers read it, or no longer."""
    if consultation.state != ConsultationState.OPEN:
        raise RuleViolation(_("This consultation is over; there is nothing to show."))
    if consultation.shown_to_managers == shown:
        raise RuleViolation(_("It is so already."))
    consultation.shown_to_managers = shown
    consultation.version += 1
    consultation.save(update_fields=["shown_to_managers", "version", "updated_at"])
    record_event(actor, "consultation.shown" if shown else "consultation.hidden", consultation)
    return consultation


@operation("triage.decide", target="subject", allowed=may_triage)
def decide_triage(
    *, actor: Actor, subject: Consultation | Need, proposal: Proposal, route: Route, minutes: str
) -> Triage:
    """Confirm the proposed way or choose another, with minutes. Takes the place of an earlier decision."""
    insist_on_no_conflict(actor, subject)
    triage = Triage(
        consultation=subject if isinstance(subject, Consultation) else None,
        need=subject if isinstance(subject, Need) else None,
        proposed=proposal.route.value,
        reasons=[reason.value for reason in proposal.reasons],
        route=route,
        minutes=str(clean_json(minutes)),
        decided_by=actor.label,
    )
    if not triage.minutes:
        raise InvalidInput.of({"minutes": [_("Say in the minutes what was talked about and why.")]})
    clean_record(triage)
    triage.save(force_insert=True)
    record_event(actor, "triage.decided", triage, {"proposed": triage.proposed, "route": triage.route})
    return triage


@operation("triage.object", target="triage", allowed=may_object_to_triage)
def object_to_triage(*, actor: Actor, triage: Triage, objection: str) -> Triage:
    """Say why the way is wrong; the trouble waits for a technology manager again."""
    about = triage.consultation or triage.need
    assert about is not None
    latest = latest_triage(about)
    if latest is None or latest.pk != triage.pk:
        raise RuleViolation(_("A later decision has taken its place."))
    if triage.is_objected:
        raise RuleViolation(_("Your organisation has objected already; a technology manager decides anew."))
    triage.objection = str(clean_json(objection))
    if not triage.objection:
        raise InvalidInput.of({"objection": [_("Say what is wrong with it.")]})
    triage.is_objected = True
    triage.version += 1
    clean_record(triage)
    triage.save(force_update=True)
    record_event(actor, "triage.objected", triage)
    return triage


def insist_on_no_conflict(actor: Actor, subject: Consultation | Need) -> None:
    """Who is tied to the firm decides nothing about it."""
    if actor.person_id and has_conflict(actor.person_id, subject.owner_id, timezone.localdate()):
        raise RuleViolation(
            _("You have declared a relation to this organisation; another technology manager decides.")
        )
