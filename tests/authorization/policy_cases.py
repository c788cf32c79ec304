"""Cases in which each seat is somebody's of the table: both sides, who carries, who introduced, who is asked to take over."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any
from uuid import uuid4

from django.utils import timezone

from ronglian.apps.accounts.models import Person
from ronglian.apps.accounts.queries.actors import actor_of_person, digest_of_secret
from ronglian.apps.clinic.case_enums import (
    CaseSide,
    CaseStage,
    ContactChannel,
    ContactWith,
    FeeBase,
    FeePayer,
    NoteReader,
    StopReason,
)
from ronglian.apps.clinic.case_rules import Facts, refusals
from ronglian.apps.clinic.models import CalendarFeed, Case, ClinicSlot, Introduction, TechnologyManager
from ronglian.apps.clinic.operations.contacts import log_contact
from ronglian.apps.clinic.operations.fee_terms import propose_fee
from ronglian.apps.clinic.operations.hand_overs import accept_case, offer_case
from ronglian.apps.clinic.operations.hours import withdraw_slot
from ronglian.apps.clinic.operations.stop_objections import object_to_stop
from ronglian.apps.clinic.queries.cases import calendar_of
from ronglian.apps.clinic.queries.hours import access_slot
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound
from tests.authorization.policy_reads import Things
from tests.authorization.world import World
from tests.authorization.world_of_cases import CALENDAR_SECRET
from tests.factories import SYSTEM, make_need, make_organisation, make_result
from tests.factories.cases import actor_of, make_case
from tests.factories.clinic import make_slot
from tests.factories.technology_managers import make_manager

READERS = (NoteReader.AUTHOR, NoteReader.CARRIER, NoteReader.SIDE)
# What the guards are told of a case, from nothing done to all done, and each of it alone.
FACTS: dict[str, Facts] = {
    "nothing": Facts(False, 0, 0, False, "", ""),
    "introduction": Facts(True, 0, 0, False, "", ""),
    "introduction, objection": Facts(True, 1, 0, False, "", ""),
    "introduction, one side": Facts(True, 0, 1, False, "", ""),
    "introduction, both sides": Facts(True, 0, len(CaseSide), False, "", ""),
    "introduction, contract": Facts(True, 0, 0, True, "", ""),
    "contract": Facts(False, 0, 0, True, "", ""),
    "reason": Facts(False, 0, 0, False, StopReason.values[0], " "),
    "note": Facts(False, 0, 0, False, "", "因为"),
    "other reason, note": Facts(False, 0, 0, False, "something", "因为"),
    "reason, note": Facts(False, 0, 0, False, StopReason.values[0], "因为"),
}  # fmt: skip


def case_things(world: World) -> dict[str, Things]:
    """Cases, and what belongs to them. `technology_manager` becomes the colleague of `their_editor`, who carries ours."""
    colleague = make_manager(world.people["technology_manager"], name="同行", capacity=9)
    TechnologyManager.objects.filter(pk=colleague.pk).update(organisation=world.ours)
    cases = {**world.rest["case"], **_with_seats(world, colleague)}
    offer = _offered(cases["in diagnosis, theirs"], colleague)
    asked = _offered(cases["of strangers"], world.rest["manager"]["registered"])
    Case.objects.filter(pk=cases["in diagnosis"].pk).update(owner_named=False)
    cases = {label: _again(case) for label, case in cases.items()}
    introductions = {
        label: Introduction.objects.select_related("case__manager__person").get(case=case)
        for label, case in cases.items()
        if case.introduced_at is not None
    }
    slot, booking = world.rest["slot"]["open"], world.rest["booking"]["ours"]
    objections = {
        name: object_to_stop(
            actor=actor_of_person(world.people[name]), case=cases["stopped against both"], note="应当继续"
        )
        for name in ("our_owner", "their_owner")
    }
    return {
        "manager": {**world.rest["manager"], "colleague": colleague},
        "case": cases,
        "introduction": introductions,
        "told case": {label: cases[label] for label in ("introduced", "ours is not told yet", "changed hands", "stopped against both")},
        "contact": _contacts(world, cases, actor_of(colleague)),
        "part": {**world.rest["task"], "objection of ours": world.rest["objection"]["ours"]},
        "task": world.rest["task"],
        "terms": world.rest["terms"],
        "objection": {**world.rest["objection"], **objections},
        "hand_over": {**world.rest["hand_over"], "to a colleague": offer, "from a colleague": asked},
        "slot": {"open": slot},
        "_slot": {"open": slot},
        "booking": {"ours": booking},
    }  # fmt: skip


def _guarded() -> dict[str, str]:
    """For each step of a case and each set of facts how many guards refuse; where no step is, only that."""
    found = {}
    for stage, wanted in product(CaseStage.values, repeat=2):
        for label, facts in FACTS.items():
            against = refusals(stage, wanted, facts)
            found[f"{stage} to {wanted}: {label}"] = str(len(against)) if against else "yes"
    return found


def open_to_all(world: World) -> dict[str, Callable[[], dict[str, str]]]:
    """What asks for no actor: the guards of a case's steps, hours that may be booked, calendars at a secret address."""
    registered, waiting = (world.rest["manager"][label] for label in ("registered", "waiting"))
    slots = {
        label: make_slot(registered, days)
        for label, days in (("open", 5), ("withdrawn", 6), ("of who waits", 7))
    }
    withdraw_slot(actor=SYSTEM, slot=slots["withdrawn"])
    ClinicSlot.objects.filter(pk=slots["of who waits"].pk).update(manager=waiting)
    suspended = make_manager(name="停用")
    Person.objects.filter(pk=suspended.person.pk).update(is_active=False)
    for secret, manager in (("closed", registered), ("of the suspended", suspended)):
        ended = timezone.now() if secret == "closed" else None
        CalendarFeed.objects.create(manager=manager, digest=digest_of_secret(secret), revoked_at=ended)
    hours = {**{label: slot.public_id for label, slot in slots.items()}, "absent": uuid4()}
    secrets = {
        "open": CALENDAR_SECRET,
        **{name: name for name in ("closed", "of the suspended", "of nobody")},
    }
    return {
        "clinic.refusals": _guarded,
        "access_slot": lambda: {label: _led(access_slot, pk) for label, pk in hours.items()},
        "calendar_of": lambda: {label: _led(calendar_of, secret) for label, secret in secrets.items()},
    }


def _led(way: Callable[[Any], Any], key: object) -> str:
    try:
        found = way(key)
    except NotFound:
        return "404"
    return (
        "yes"
        if getattr(found, "public_id", key) == key or isinstance(found, TechnologyManager)
        else "leads astray"
    )


def _with_seats(world: World, colleague: TechnologyManager) -> dict[str, Case]:
    """Ours as the side of the result, before and after it is introduced; and one that changed hands."""
    carrying = actor_of(colleague)
    ours: Any = world.records["result"]["public"]
    sought: Any = world.their_need
    third, need = make_result(make_organisation()), world.records["need"]["public"]
    handed: Any = make_case(colleague, need=need, result=third, stage=CaseStage.INTRODUCED)  # type: ignore[arg-type]
    for reader in READERS:
        log_contact(
            actor=carrying, case=handed, with_whom=ContactWith.SEEKER, channel=ContactChannel.PHONE, note="私", reader=reader
        )  # fmt: skip
    taker = world.rest["manager"]["registered"]
    accept_case(
        actor=actor_of(taker), hand_over=offer_case(actor=carrying, case=handed, taker=taker, reason="转岗")
    )
    propose_fee(
        actor=actor_of(taker),
        case=_again(handed),
        base=FeeBase.MONEY_PAID,
        rate=500,
        payer=FeePayer.HALF_EACH,
    )
    return {
        "of strangers": make_case(
            colleague, need=make_need(make_organisation()), result=make_result(make_organisation())
        ),
        "ours is not told yet": make_case(colleague, need=sought, result=make_result(world.ours)),
        "stopped against both": make_case(
            colleague, need=sought, result=make_result(world.ours), stage=CaseStage.STOPPED
        ),
        "ours is the partner": make_case(colleague, need=sought, result=ours, stage=CaseStage.INTRODUCED),
        "changed hands": handed,
        "in diagnosis, theirs": make_case(
            make_manager(name="第三人"), need=sought, result=make_result(make_organisation())
        ),
    }


def _offered(case: Case, taker: TechnologyManager) -> Any:
    return offer_case(actor=actor_of(case.manager), case=case, taker=taker, reason="转岗")


def _contacts(world: World, cases: dict[str, Case], colleague: Actor) -> dict[str, Any]:
    """Talks with each side, for each reader, in cases of which somebody is left out."""
    manager = actor_of_person(world.people["their_editor"])
    authors = {
        "introduced": manager,
        "changed hands": manager,
        "ours is the partner": colleague,
        "ours is not told yet": colleague,
    }
    found = {}
    for (label, author), whom, reader in product(authors.items(), ContactWith, READERS):
        if not (whom == ContactWith.OTHERS and reader == NoteReader.SIDE):
            found[f"{label}: {reader} {whom}"] = log_contact(
                actor=author, case=cases[label], with_whom=whom, channel=ContactChannel.PHONE, note="机密", reader=reader
            )  # fmt: skip
    for row in cases["changed hands"].contacts.filter(author__person__public_id=colleague.person_id):
        found[f"of the one before: {row.reader}"] = row
    return found


def _again(case: Case) -> Case:
    fresh: Case = Case.objects.select_related(
        "manager__person", "introducer__person", "offered_to__person"
    ).get(pk=case.pk)
    return fresh
