"""Consultations, triage and checks for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from ronglian.apps.accounts.models import Organisation, Person
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.clinic.enums import Route
from ronglian.apps.clinic.models import (
    AuthenticityCheck,
    ClinicSlot,
    Consultation,
    SlotBooking,
    TechnologyManager,
    Triage,
)
from ronglian.apps.clinic.operations.checks import record_check
from ronglian.apps.clinic.operations.consultations import open_consultation
from ronglian.apps.clinic.operations.hours import book_slot, offer_slot
from ronglian.apps.clinic.operations.triage import decide_triage, show_to_managers
from ronglian.apps.clinic.triage_enums import CheckFinding, CheckMeans
from ronglian.apps.registry.models import Need
from ronglian.engines.diagnosis import Reason
from ronglian.engines.diagnosis import Route as ProposedRoute
from ronglian.engines.diagnosis import Triage as Proposal
from tests.factories import SYSTEM

UNCLEAR = Proposal(ProposedRoute.DIAGNOSE, (Reason.UNCLEAR, Reason.INCOMPLETE))


def open_shown(
    person: Person, owner: Organisation, title: str = "漆膜不匀", words: str = "返工率8%"
) -> Consultation:
    """A trouble that its organisation shows to the technology managers."""
    actor = actor_of_person(person)
    told = open_consultation(actor=actor, owner=owner, title=title, words=words)
    return show_to_managers(actor=actor, consultation=told, shown=True)


def make_triage(subject: Consultation | Need, route: Route = Route.DIAGNOSE) -> Triage:
    """A decision, made on the machine; a trouble that is not shown is shown for it alone."""
    if isinstance(subject, Consultation) and not subject.shown_to_managers:
        subject = show_to_managers(actor=SYSTEM, consultation=subject, shown=True)
        triage = decide_triage(
            actor=SYSTEM, subject=subject, proposal=UNCLEAR, route=route, minutes="机密纪要"
        )
        show_to_managers(actor=SYSTEM, consultation=subject, shown=False)
        return triage
    return decide_triage(actor=SYSTEM, subject=subject, proposal=UNCLEAR, route=route, minutes="机密纪要")


def make_slot(manager: TechnologyManager, days: float = 1.0, **fields: Any) -> ClinicSlot:
    """An hour that begins in so many days."""
    begins = timezone.now() + timedelta(days=days)
    said = {"is_online": True, "joining": "机密会议号", **fields}
    return offer_slot(actor=SYSTEM, manager=manager, starts_at=begins, minutes=60, **said)


def make_booking(slot: ClinicSlot, consultation: Consultation, *, allows_preread: bool = True) -> SlotBooking:
    return book_slot(actor=SYSTEM, slot=slot, consultation=consultation, allows_preread=allows_preread)


def make_check(need: Any, what: str = "现场看到产线和废品") -> AuthenticityCheck:
    return record_check(
        actor=SYSTEM,
        need=need,
        means=CheckMeans.SITE_VISIT,
        checked_on=timezone.localdate(),
        finding=CheckFinding.GENUINE,
        what=what,
    )
