"""Technology managers for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from ronglian.apps.accounts.models import Person
from ronglian.apps.clinic.models import (
    AssignmentProposal,
    AssignmentRun,
    ManagerCertificate,
    TechnologyManager,
)
from ronglian.apps.clinic.operations.technology_managers import (
    add_certificate,
    confirm_manager,
    register_manager,
)
from ronglian.apps.registry.models import Need
from ronglian.kernel.events import record_event
from tests.factories import SYSTEM, make_person

COUNTS = ("cases", "managers", "places", "carried", "nobody_possible", "no_place_left", "small", "small_minimum",
          "small_held")  # fmt: skip
ENTRY: dict[str, Any] = {
    "name": "云岚",
    "level": "middle",
    "technology_fields": ["environment"],
    "regions": ["3205"],
    "languages": ["zh", "en"],
    "capacity": 3,
}


def make_manager(
    person: Person | None = None, *, is_confirmed: bool = True, takes_new: bool = True, **fields: Any
) -> TechnologyManager:
    """In the register, or waiting for it."""
    manager = register_manager(actor=SYSTEM, person=person or make_person(), fields={**ENTRY, **fields})
    if not takes_new:
        TechnologyManager.objects.filter(pk=manager.pk).update(takes_new=False)
    return confirm_manager(actor=SYSTEM, manager=manager) if is_confirmed else manager


def make_certificate(manager: TechnologyManager, number: str = "SN-机密-0001") -> ManagerCertificate:
    return add_certificate(
        actor=SYSTEM,
        manager=manager,
        title="中级技术经理人证书",
        number=number,
        issuer="示例协会",
        issued_on=date(2025, 5, 1),
    )


def make_proposal(manager: TechnologyManager, need: Need) -> AssignmentProposal:
    """The need proposed to the manager, as a run leaves it."""
    run = AssignmentRun(
        counts=dict.fromkeys(COUNTS, 1),
        value=100.0,
        bound=100.0,
        small_bonus=0.0,
        parameters_version="1",
        proposed_by="test",
    )
    run.save(force_insert=True)
    record_event(SYSTEM, "assignment.proposed", run)
    return AssignmentProposal.objects.create(run=run, need=need, manager=manager, parts={"carried": 100.0})
