"""What the clinic holds about a person: the entry in the register of technology managers."""

from __future__ import annotations

from typing import Any

from ronglian.apps.accounts.models import Person
from ronglian.apps.accounts.personal import add_part
from ronglian.apps.clinic.manager_enums import ManagerState
from ronglian.apps.clinic.models import ManagerCertificate, TechnologyManager
from ronglian.kernel.actor import job_actor
from ronglian.kernel.events import record_event


def register() -> None:
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
    manager.state, manager.ended_because = ManagerState.ENDED, "erased"
    manager.name = manager.name_en = manager.summary = manager.summary_en = manager.recorded_by = ""
    manager.organisation, manager.takes_new = None, False
    manager.save()
    record_event(actor, "manager.erased", manager)
