"""What the rules are asked about: of each kind a thing in every state that makes a difference to some rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from ronglian.apps.accounts.enums import ConflictKind
from ronglian.apps.accounts.models import ConflictDeclaration, Organisation, Person
from ronglian.apps.accounts.operations.conflicts import declare_conflict
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.clinic.assignment_enums import DeclineReason, ProposalState
from ronglian.apps.clinic.models import AssignmentProposal, Consultation, Service
from ronglian.apps.clinic.operations.consultations import (
    close_consultation,
    open_consultation,
    register_consultation,
)
from ronglian.apps.clinic.operations.triage import object_to_triage
from ronglian.apps.disclosure.enums import NdaState
from ronglian.apps.disclosure.models import Annex, Nda, Viewing
from ronglian.apps.matching.rules import Pair
from ronglian.apps.registry.models import ImportBatch
from ronglian.apps.registry.operations.disclosure import keep_annex
from tests.api.calls import secret_of
from tests.authorization.dimensions import LESSER, NOUNS
from tests.authorization.policy_cases import case_things
from tests.authorization.policy_reads import Things
from tests.authorization.world import World
from tests.authorization.world_of_showings import over
from tests.factories import SYSTEM, make_organisation, make_record
from tests.factories.clinic import make_triage, open_shown
from tests.factories.pools import make_pool
from tests.factories.rights import Team, applied, make_team
from tests.factories.services import make_request, make_service
from tests.factories.technology_managers import make_proposal

# Agreements of the reading organisation that do not let it read, and one that does; each with an owner of its own.
AGREEMENTS: Mapping[str, Mapping[str, Any]] = {
    "agreement of today": {},
    "agreement from tomorrow": {"starts_on": 1, "ends_on": 9},
    "agreement until yesterday": {"starts_on": -9, "ends_on": -1},
    "agreement declined": {"state": NdaState.DECLINED},
    "agreement revoked": {"state": NdaState.REVOKED},
    "agreement waiting": {"state": NdaState.REQUESTED},
    "agreement about another record": {"is_about_another": True},
    "agreement of another organisation": {"is_of_another": True},
    "agreement about a draft": {"record": {"state": "draft"}},
}


def things(world: World) -> dict[str, Things]:
    """What the rules are asked about, by the name of their second parameter."""
    organisations = {"ours": world.ours, "theirs": world.theirs}
    records = {
        **world.records["need"],
        "expert": world.records["expert"]["public"],
        **_agreed(world),
        "of a tie": _of_a_tie(world),
        "of a tie that is over": _of_a_tie_of_days(world, -9, -1),
        "of a tie to come": _of_a_tie_of_days(world, 1, 9),
        "of a tie that ends": _of_a_tie_of_days(world, -9, 9),
    }
    needs = {state: record for state, record in records.items() if record.noun == "need"}
    persons = {name: world.people[name] for name in ("nobody", "our_owner", "their_editor")}
    imports = {**world.rest["import"], **_imports_for_all()}
    told, pools = (
        _consultations(world),
        {**world.rest["pool"], "of theirs": make_pool([world.theirs, make_organisation()])},
    )
    services = {**world.rest["service"], "of who waits": _service_of(world.rest["manager"]["waiting"])}
    ties = ("of a tie", "of a tie that is over", "of a tie to come", "of a tie that ends")
    Person.objects.filter(pk=world.people["suspended"].pk).update(suspended_at=timezone.now())
    _readings(world)
    declined = make_proposal(world.rest["manager"]["registered"], needs["expired"])  # type: ignore[arg-type]  # a need
    AssignmentProposal.objects.filter(pk=declined.pk).update(
        state=ProposalState.DECLINED, reason=DeclineReason.values[0]
    )
    for name, (person, may_write, confidential) in LESSER.items():
        world.lesser[name] = secret_of(world.people[person], may_write=may_write, confidential=confidential)
    return {
        **world.rest,
        "_target": {"": None},
        "organisation": organisations,
        "tied": {**organisations, **{label: records[label].owner for label in ties}},
        "owner": organisations,
        "batch": imports,
        "import": {**world.rest["import"], "started by nobody": _import_of(world.people["nobody"])},
        "record": records,
        "read record": {"under_agreement": records["under_agreement"]},
        "annex": {
            **{state: Annex.objects.get(subject_id=record.public_id) for state, record in world.records["need"].items()},
            "nobody is named for": keep_annex(actor=SYSTEM, record=records["of a tie"], text="附件"),
        },
        "nda": world.rest["agreement"],
        "agreement": world.rest["contract"],
        "dispute": world.rest["dispute"],
        "finding": world.rest["price"],
        "valuation": world.rest["price support"],
        "_priced": {label: one.finding for label, one in world.rest["price objection"].items()},
        "grant": {**world.rest["grant"], "over": world.rest["grant notice over"]["notice over"], **_grants(world)},
        "entry": world.rest["asset"],
        "result": world.records["result"],
        "challenge": world.rest["challenge"],
        "bid": world.rest["bid"],
        "question": world.rest["question"],
        "attempt": world.rest["attempt"],
        "review": world.rest["bid review"],
        "milestone": world.rest["milestone"],
        "showing": {**world.rest["showing"], "over": over(world.rest["showing"]["signed"], world.rest["award"]["of another"].bid)},
        "payment_order": world.rest["payment order"],
        "team": world.rest["team"],
        "team_member": world.rest["team member"],
        "award": world.rest["award"],
        "_objection": world.rest["award objection"],
        "suggestion": world.rest["suggestion"],
        "_run": world.rest["drafting"],
        "checkup": world.rest["checkup"],
        "survey": world.rest["survey"],
        "partner": world.rest["partner"],
        "_partner": world.rest["partner"],
        "lead": organisations,
        "pair": {state: Pair(need, world.their_result) for state, need in needs.items()},  # type: ignore[arg-type]
        "candidate": world.rest["pair"],
        "consultation": told,
        "subject": {**told, **{f"need {state}": needs[state] for state in ("public", "draft")}},
        "triage": {**world.rest["triage"], **_triages(world, told)},
        "check": world.rest["check"],
        "need": needs,
        "carried need": {"public": needs["public"], "theirs": world.their_need},
        "pool": pools,
        "_pool": pools,
        "shares": {label: list(pool.shares.all()) for label, pool in pools.items()},
        "search": world.rest["search"],
        "_search": world.rest["search"],
        "service": services,
        "request": {**world.rest["service_request"], "of the manager": make_request(services["of a manager"], world.ours)},
        "provider": {**organisations, **world.rest["manager"]},
        "proposal": world.rest["assignment"],
        "manager": world.rest["manager"],
        "certificate": world.rest["certificate"],
        "token": world.rest["token"],
        "draft": world.rest["draft"],
        "declaration": world.rest["conflict"],
        "person": persons,
        **case_things(world),
    }  # fmt: skip


def _grants(world: World) -> dict[str, Any]:
    """One of ours that names editors of both sides, and one of theirs that names nobody of the table."""
    office = actor_of_person(world.people["our_owner"])
    of_editors = Team(world.ours, office, world.people["our_editor"], world.people["their_editor"])
    return {"of editors": applied(of_editors), "of theirs": applied(make_team(world.theirs))}


def _agreed(world: World) -> dict[str, Any]:
    """Needs of several organisations, each with one agreement of the reading organisation."""
    reading = Organisation.objects.get(
        pk=next(iter(actor_of_person(world.people["agreement_reader"]).memberships))
    )
    today, found = timezone.localdate(), {}
    for label, change in AGREEMENTS.items():
        owner = make_organisation()
        record = make_record(NOUNS["need"], owner, label, under_nda=True, **change.get("record", {}))
        about = uuid4() if "is_about_another" in change else record.public_id
        Nda.objects.create(
            owner=owner, organisation=world.theirs if "is_of_another" in change else reading,
            state=change.get("state", NdaState.GRANTED), subject_type="need", subject_id=about,
            asked_about_type="need", asked_about_id=record.public_id, text_version="2026-1", text_digest="0" * 64,
            purpose="试", signed_by=uuid4(), signed_by_label="试", signed_at=timezone.now(),
            starts_on=today + timedelta(days=change.get("starts_on", 0)), ends_on=today + timedelta(days=change.get("ends_on", 0)),
        )  # fmt: skip
        found[label] = record
    return found


def _of_a_tie(world: World) -> Any:
    """A need of a firm that the bureau's person has declared a tie to."""
    record = make_record(NOUNS["need"], make_organisation(), "of a tie")
    bureau = actor_of_person(world.people["bureau"])
    declare_conflict(actor=bureau, organisation=record.owner, kind=ConflictKind.SHARES)
    return record


def _of_a_tie_of_days(world: World, starts: int, ends: int) -> Any:
    """The same with a tie that does not hold today."""
    record, today = _of_a_tie(world), timezone.localdate()
    days = {"starts_on": today + timedelta(days=starts), "ends_on": today + timedelta(days=ends)}
    ConflictDeclaration.objects.filter(organisation=record.owner).update(**days)
    return record


def _consultations(world: World) -> dict[str, Any]:
    """Besides those of the world: one of the manager's own organisation, one shown and then closed, one made a need."""
    ours, theirs = actor_of_person(world.people["our_owner"]), actor_of_person(world.people["their_owner"])
    closed = open_shown(world.people["our_owner"], world.ours, "closed")
    registered = open_shown(world.people["our_owner"], world.ours, "漆膜不匀")
    make_triage(registered)
    made = register_consultation(actor=ours, consultation=registered)
    NOUNS["need"].objects.filter(pk=made.need_id).update(state="published")
    return {
        **world.rest["consultation"],
        "theirs": open_consultation(actor=theirs, owner=world.theirs, title="他方", words="超标"),
        "closed": close_consultation(actor=ours, consultation=closed, reason="已解决"),
        "registered": Consultation.objects.get(pk=registered.pk),
    }


def _triages(world: World, told: Things) -> dict[str, Any]:
    """Decisions about needs; that about one was objected to, so it waits again."""
    need: Any = world.records["need"]["anonymous"]
    objected = make_triage(world.their_need)  # type: ignore[arg-type]  # a need
    return {
        "of a need of ours": make_triage(need),
        "objected": object_to_triage(
            actor=actor_of_person(world.people["their_owner"]), triage=objected, objection="不对"
        ),
    }


def _service_of(manager: Any) -> Service:
    """Of somebody who does not stand in the register."""
    service = make_service(make_organisation())
    Service.objects.filter(pk=service.pk).update(owner=None, manager=manager)
    found: Service = Service.objects.select_related("manager__person").get(pk=service.pk)
    return found


def _import_of(person: Person) -> ImportBatch:
    """For several organisations, sent by somebody of none of them."""
    batch: ImportBatch = ImportBatch.objects.create(
        kind="organisations", file_name="一.csv", file_digest="0" * 64, file_size=1, file_format="csv",
        source_name="一", started_by=person.public_id, started_by_label="甲",
    )  # fmt: skip
    return batch


def _readings(world: World) -> None:
    """One under the agreement in force, and one of something else under another."""
    for nda, about in ((world.rest["agreement"]["in force"], world.records["need"]["under_agreement"].public_id),
                       (world.rest["agreement"]["asked for by theirs"], uuid4())):  # fmt: skip
        Viewing.objects.create(
            nda=nda, subject_type="need", subject_id=about, person_id=uuid4(), person_label="甲",
            viewed_on=timezone.localdate(), fields=["details"],
        )  # fmt: skip


def _imports_for_all() -> dict[str, ImportBatch]:
    """Batches for several organisations at once; only held, not written."""
    return {f"{kind} of several": ImportBatch(kind=kind) for kind in ("needs", "organisations")}
