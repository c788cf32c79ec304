"""Technology managers through each door."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ronglian.apps.clinic.models import AssignmentRun, TechnologyManager
from ronglian.apps.registry.models import Need
from ronglian.kernel.actor import Role
from tests.api.calls import Caller, secret_of
from tests.factories import make_member, make_organisation, make_person, make_record
from tests.factories.technology_managers import make_manager
from tests.parity.doors import Doors, assert_same, latest

SENT = {
    "name": "云岚",
    "level": "senior",
    "technology_fields": ["environment", "new_materials"],
    "regions": ["3205", "31"],
    "languages": ["zh", "en"],
    "capacity": 30,
    "summary": "促成过三项合作",
}
TYPED = {**SENT, "regions": "江苏省苏州市、上海市"}


def same_registered(doors: Doors) -> None:
    organisation = str(doors.organisation.public_id)
    doors.post("/work/manager/", {**TYPED, "organisation": organisation})
    by_web = latest(TechnologyManager)
    other = Caller(secret_of(make_member(doors.organisation, Role.OWNER)))
    response = other.post(
        "/managers", {**SENT, "organisation": organisation, "name_en": "", "summary_en": ""}
    )
    assert response.status_code == 201, response.content
    assert_same(by_web, latest(TechnologyManager))


def _two(doors: Doors) -> tuple[TechnologyManager, TechnologyManager, Caller]:
    """One who sits at the site's screen, and one with a program."""
    person = make_person()
    at_site, by_program = make_manager(make_person()), make_manager(person)
    doors.web.force_login(at_site.person)
    return at_site, by_program, Caller(secret_of(person))


def same_edited(doors: Doors) -> None:
    at_site, by_program, caller = _two(doors)
    doors.post("/work/manager/", {**TYPED, "version": str(at_site.version)})
    etag = {"If-Match": f'"{by_program.version}"'}
    assert caller.patch(f"/managers/{by_program.public_id}", SENT, **etag).status_code == 200
    assert_same(*TechnologyManager.objects.order_by("id"))


def same_paused(doors: Doors) -> None:
    _at_site, by_program, caller = _two(doors)
    doors.post("/work/manager/pause/", {"takes_new": ""})
    assert caller.post(f"/managers/{by_program.public_id}/pause", {"takes_new": False}).status_code == 200
    assert_same(*TechnologyManager.objects.order_by("id"))


def same_confirmed(doors: Doors) -> None:
    first, second = (make_manager(is_confirmed=False) for _door in range(2))
    doors.web.force_login(make_person(offices=["bureau"]))
    doors.post(f"/work/register/{first.public_id}/confirm/", {})
    doors.cli("managers", "confirm", str(second.public_id))
    assert_same(*TechnologyManager.objects.order_by("id"))


def same_assignments_proposed(doors: Doors) -> None:
    make_manager(capacity=2)
    for _number in range(3):
        make_record(Need, make_organisation())
    doors.web.force_login(make_person(offices=["bureau"]))
    doors.post("/work/assignments/propose/", {})
    doors.cli("managers", "assign")
    assert_same(*AssignmentRun.objects.order_by("id"))


COMPARED: Mapping[str, Callable[[Doors], None]] = {
    "manager.register": same_registered,
    "manager.edit": same_edited,
    "manager.pause": same_paused,
    "manager.confirm": same_confirmed,
    "assignment.propose": same_assignments_proposed,
}
