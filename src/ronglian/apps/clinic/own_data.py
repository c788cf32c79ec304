"""What the clinic holds about a person: the entry in the register of technology managers, and the cases carried."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Person
from ronglian.apps.accounts.personal import add_part
from ronglian.apps.clinic.case_enums import NoteReader
from ronglian.apps.clinic.manager_enums import ManagerState
from ronglian.apps.clinic.models import (
    CalendarFeed,
    Case,
    ClinicSlot,
    Contact,
    ManagerCertificate,
    Service,
    TechnologyManager,
)
from ronglian.apps.clinic.service_enums import ServiceState
from ronglian.kernel.actor import job_actor
from ronglian.kernel.errors import RuleViolation
from ronglian.kernel.events import record_event


def register() -> None:
    add_part("cases", _cases, _erase_cases)
    add_part("technology_manager", _entry, _erase_entry)


def _entry(person: Person) -> dict[str, Any]:
    manager = TechnologyManager.objects.filter(person=person).select_related("organisation").first()
    if manager is None:
        return {}
    names = ("name", "name_en", "level", "state", "technology_fields", "regions", "languages", "capacity",
             "takes_new", "summary", "summary_en", "ended_because")  # fmt: skip
    certificates = [
        {
            "title": row.title,
            "number": row.number,
            "issuer": row.issuer,
            "issued_on": row.issued_on.isoformat(),
        }
        for row in ManagerCertificate.objects.filter(manager=manager).order_by("id")
    ]
    return {
        "organisation": manager.organisation.name if manager.organisation else None,
        "certificates": certificates,
        "services": [
            {"title": row.title, "summary": row.summary, "state": row.state}
            for row in Service.objects.filter(manager=manager).order_by("id")
        ],
        **{name: getattr(manager, name) for name in names},
    }


def _erase_entry(person: Person) -> None:
    """Name, profile and certificates go; the empty entry stays, so that cases keep whose they were."""
    manager = TechnologyManager.objects.filter(person=person).first()
    if manager is None:
        return
    actor = job_actor("person.erase")
    for certificate in ManagerCertificate.objects.filter(manager=manager):
        ManagerCertificate.objects.filter(pk=certificate.pk).delete()
        record_event(actor, "certificate.dropped", certificate)
    for service in Service.objects.filter(manager=manager):
        service.state, service.withdrawn_because = ServiceState.WITHDRAWN, "erased"
        service.title = service.summary = "–"
        service.title_en = service.summary_en = service.price_note = service.recorded_by = ""
        service.save()
        record_event(actor, "service.erased", service)
    manager.state, manager.ended_because = ManagerState.ENDED, "erased"
    manager.name = manager.name_en = manager.summary = manager.summary_en = manager.recorded_by = ""
    manager.organisation, manager.takes_new = None, False
    manager.save()
    record_event(actor, "manager.erased", manager)


def _cases(person: Person) -> dict[str, Any]:
    """What the person carries or carried, and every note of a contact that the person wrote."""
    cases = Case.objects.filter(manager__person=person).order_by("id")
    contacts = Contact.objects.filter(author__person=person).select_related("case").order_by("id")
    slots = ClinicSlot.objects.filter(manager__person=person).order_by("id")
    if not (cases or contacts or slots):
        return {}
    return {
        "carried": [
            {"id": str(case.public_id), "stage": case.stage, "next_step": case.next_step} for case in cases
        ],
        "contacts": [
            {
                "case": str(one.case.public_id),
                "happened_at": one.happened_at.isoformat(),
                "with": one.with_whom,
                "by": one.channel,
                "people": one.names,
                "note": one.note,
                "reader": one.reader,
            }
            for one in contacts
        ],
        "clinic_hours": [
            {"begins": slot.starts_at.isoformat(), "place": slot.place, "joining": slot.joining}
            for slot in slots
        ],
    }


def _erase_cases(person: Person) -> None:
    """Notes for nobody else go, hours and the calendar end; what was written for a case stays with the case.

    Raises RuleViolation while cases are open: their sides would be left without anybody, and nobody would be told.
    """
    carried = Case.objects.still_open().filter(manager__person=person).count()
    if carried:
        raise RuleViolation(
            _("You carry %(count)d open cases. Hand them over, or end them with a reason, first.")
            % {"count": carried}
        )
    actor = job_actor("person.erase")
    for note in Contact.objects.filter(author__person=person, reader=NoteReader.AUTHOR):
        Contact.objects.filter(pk=note.pk).delete()
        record_event(actor, "contact.erased", note)
    for slot in ClinicSlot.objects.filter(manager__person=person):
        slot.joining, slot.is_withdrawn = "", slot.is_withdrawn or slot.starts_at > timezone.now()
        slot.save(update_fields=["joining", "is_withdrawn", "updated_at"])
        record_event(actor, "slot.erased", slot)
    for feed in CalendarFeed.objects.filter(manager__person=person, revoked_at=None):
        feed.revoked_at = timezone.now()
        feed.save(update_fields=["revoked_at", "updated_at"])
        record_event(actor, "calendar.closed", feed)
