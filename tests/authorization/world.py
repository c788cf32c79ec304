"""One world for the whole matrix: two organisations, whatever one of them holds, and somebody in every column."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone

from ronglian.apps.accounts.enums import ConflictKind
from ronglian.apps.accounts.models import ApiToken, Membership, Organisation, Person
from ronglian.apps.accounts.operations.conflicts import declare_conflict
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.clinic.models import Pool, TechnologyManager
from ronglian.apps.clinic.operations.consultations import open_consultation
from ronglian.apps.clinic.operations.pools import join_pool, word_pool
from ronglian.apps.clinic.operations.services import withdraw_service
from ronglian.apps.disclosure.agreement_text import agreement_text
from ronglian.apps.disclosure.models import Nda
from ronglian.apps.disclosure.operations.agreements import grant_nda
from ronglian.apps.disclosure.operations.annexes import name_annex_reader
from ronglian.apps.matching.enums import DecisionKind, DecisionReason
from ronglian.apps.matching.keeper import keeper
from ronglian.apps.matching.models import TrainingRun
from ronglian.apps.matching.operations.matches import decide_match
from ronglian.apps.matching.operations.training import propose_training
from ronglian.apps.matching.rules import Pair
from ronglian.apps.registry.models import Draft, DuplicateCandidate, ImportBatch, RegistryRecord
from ronglian.apps.registry.operations.disclosure import keep_annex, sign_nda
from ronglian.apps.registry.operations.drafts import keep_draft
from ronglian.apps.registry.operations.imports import check_import, stage_import
from ronglian.apps.registry.operations.searches import save_search
from ronglian.kernel.actor import Actor
from ronglian.kernel.events import subject_type
from tests.api.calls import secret_of
from tests.authorization.dimensions import ABSENT, ACTORS, NOUNS, STATES, Who, states_of
from tests.authorization.world_of_cases import cases_of
from tests.authorization.world_of_challenges import challenges_of
from tests.authorization.world_of_contracts import contracts_of
from tests.authorization.world_of_disputes import disputes_of
from tests.authorization.world_of_prices import prices_of
from tests.authorization.world_of_rights import rights_of
from tests.authorization.world_of_showings import showings_of
from tests.factories import SYSTEM, make_member, make_organisation, make_person, make_record
from tests.factories.checkups import make_checkup
from tests.factories.clinic import make_booking, make_check, make_slot, make_triage, open_shown
from tests.factories.decisions import make_decisions
from tests.factories.drafting import make_run
from tests.factories.pools import make_pool
from tests.factories.services import make_accepted, make_request, make_service
from tests.factories.surveys import make_waiting_survey, partners_of
from tests.factories.technology_managers import make_certificate, make_manager, make_proposal
from tests.rendering import plain_pages

OUR_NAME = "我方单位"
QUIET_NAME = "不愿具名单位"
SECRET = "仅签约后可见之秘方"
ANNEX = "仅具名者可见之附件"
CSV = "需求名称\n甲\n"
Subject = Any


def title_of(noun: str, state: str) -> str:
    return f"电镀废水六价铬 {noun} {state}"


@dataclass(frozen=True, slots=True)
class Passport:
    """What an actor shows at each door."""

    session: str = ""
    secret: str = ""

    def headers(self, kind: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"} if kind == "token" and self.secret else {}


@dataclass
class World:
    """All there is. `subjects(about)` are the rows of an endpoint: a label and the thing it names."""

    ours: Organisation
    theirs: Organisation
    people: Mapping[str, Person]
    passports: Mapping[str, Passport]
    records: Mapping[str, Mapping[str, RegistryRecord]]
    their_need: RegistryRecord
    their_result: RegistryRecord
    rest: Mapping[str, Mapping[str, Subject]]
    lesser: dict[str, str] = field(
        default_factory=dict
    )  # secrets of lesser tokens, where the policy is asked

    def subjects(self, about: str) -> dict[str, Subject]:
        if about == "site":
            return {"": None}
        things = self.records.get(about) or self.rest[about]
        nowhere = copy(next(iter(things.values())))
        nowhere.public_id = uuid4()
        return {**things, ABSENT: nowhere}


def build() -> World:
    ours = make_organisation(OUR_NAME)
    # Holds the anonymous need alone, so that its name stands nowhere else; whoever acts for us acts for it, too.
    quiet = make_organisation(QUIET_NAME)
    theirs = make_organisation("他方单位")
    sides = {"ours": ours, "theirs": theirs, "reading": make_organisation("签约单位", kind="investor")}
    people = {name: _person(who, sides) for name, who in ACTORS.items() if who.is_person}
    for name, who in ACTORS.items():
        if who.of == "ours" and who.role is not None:
            Membership.objects.create(person=people[name], organisation=quiet, role=who.role)
    passports = {
        name: _passport(who, people[name]) if who.is_person else Passport() for name, who in ACTORS.items()
    }
    for name, who in ACTORS.items():
        if who.is_suspended:
            Person.objects.filter(pk=people[name].pk).update(is_active=False)
    records = {
        noun: {
            state: _record(noun, state, quiet if state == "anonymous" else ours) for state in states_of(noun)
        }
        for noun in NOUNS
    }
    their_need = make_record(NOUNS["need"], theirs, "电镀废水六价铬深度处理")
    their_result = make_record(NOUNS["result"], theirs, "电镀废水六价铬还原技术")
    for record in (each for states in records.values() for each in states.values()):
        annex = keep_annex(actor=SYSTEM, record=record, text=ANNEX)
        name_annex_reader(actor=SYSTEM, annex=annex, email=people["annex_reader"].email)
    decide_match(
        actor=actor_of_person(people["our_owner"]),
        pair=Pair(records["need"]["public"], their_result),  # type: ignore[arg-type]  # a need and a result
        kind=DecisionKind.CONFIRMED,
        reason=DecisionReason.FITS_PROBLEM,
    )
    managers = {
        "registered": make_manager(people["their_editor"], name=title_of("manager", "registered")),
        "waiting": make_manager(
            people["our_editor"], is_confirmed=False, name=title_of("manager", "waiting")
        ),
    }
    survey = make_waiting_survey(ours, title_of("survey", "ours"))
    told = open_consultation(
        actor=actor_of_person(people["our_owner"]), owner=ours, title=title_of("consultation", "ours"), words="超标",
    )  # fmt: skip
    draft = make_run(told)
    return World(
        ours, theirs, people, passports, records, their_need, their_result,
        rest={
            "organisation": {"ours": ours},
            "import": {state: make_import(ours, state) for state in ("staged", "checked")},
            "draft": {"our_owner's": _draft(people["our_owner"])},
            "token": {"our_owner's": ApiToken.objects.filter(person=people["our_owner"]).latest("id")},
            "pair": {
                "of public records": _pair(records["need"]["public"], their_need),
                "with a hidden record": _pair(records["need"]["own_organisation"], their_need),
            },
            "run": _runs(),
            "agreement": {
                "asked for by theirs": _agreement(people["their_owner"], records, theirs),
                "in force": grant_nda(
                    actor=actor_of_person(people["our_owner"]),
                    nda=_agreement(people["agreement_reader"], records, sides["reading"]),
                    for_all=True,
                ),
            },
            **cases_of(managers["registered"], records["need"]["public"], actor_of_person(people["our_owner"])),  # type: ignore[arg-type]  # a need
            **challenges_of(ours, theirs, actor_of_person(people["our_owner"]), actor_of_person(people["their_owner"]), people["annex_reader"]),
            **showings_of(theirs, sides["reading"], people["their_owner"], people["agreement_reader"]),
            **prices_of(ours, records["result"]["public"], actor_of_person(people["our_owner"]), actor_of_person(people["their_owner"])),  # type: ignore[arg-type]  # a result
            **contracts_of(ours, theirs, actor_of_person(people["our_owner"]), actor_of_person(people["their_owner"])),
            **disputes_of(ours, theirs, actor_of_person(people["our_owner"]), actor_of_person(people["their_owner"]),
                          sides["reading"], managers["registered"]),
            **rights_of(ours, actor_of_person(people["our_owner"]), people["our_viewer"], people["their_viewer"]),
            "manager": managers,
            "assignment": {"proposed": make_proposal(managers["registered"], records["need"]["anonymous"])},
            "certificate": {"of who waits": make_certificate(managers["waiting"])},
            "person": {"nobody": people["nobody"]},
            "conflict": {
                "our_owner's": declare_conflict(
                    actor=actor_of_person(people["our_owner"]), organisation=theirs, kind=ConflictKind.SHARES
                ),
            },
            "search": {
                "our_owner's": save_search(
                    actor=actor_of_person(people["our_owner"]), kind="needs", query="q=铬", frequency="daily", known=[]
                ),
            },
            "pool": {
                "found": make_pool([ours, make_organisation()], invited=False),
                "ours to answer": make_pool([ours, make_organisation()]),
                "led by ours": _led(ours, actor_of_person(people["our_owner"])),
            },
            "consultation": {
                "ours": told,
                "shown": open_shown(people["our_owner"], ours, title_of("consultation", "shown")),
            },
            "drafting": {"of ours": draft},
            "suggestion": {"of ours": draft.suggestions.get()},
            "survey": {"ours": survey},
            "checkup": {"ours": make_checkup(ours)},
            "partner": dict(zip(("invited", "entered"), partners_of(survey), strict=True)),
            "slot": {"open": make_slot(managers["registered"], 2)},
            "booking": {"ours": make_booking(make_slot(managers["registered"], 3), told, allows_preread=False)},
            **services_of(ours, theirs, managers["registered"]),
            "triage": {"of ours": make_triage(told)},
            "check": {state: make_check(records["need"][state]) for state in ("public", "draft")},
        },
    )  # fmt: skip


@contextmanager
def standing(folder: Path) -> Iterator[Asker]:
    """The world with its own files, undone afterwards."""
    around = transaction.atomic()
    around._from_testcase = True  # type: ignore[attr-defined]  # as Django's own TestCase marks its transactions
    with override_settings(UPLOADS=folder / "uploads", STATIC_ROOT=folder), around, plain_pages():
        keeper._folder = folder / "index"
        keeper.forget()
        yield Asker(build())
        keeper.forget()
        transaction.set_rollback(True)


def _person(who: Who, sides: Mapping[str, Organisation]) -> Person:
    if who.role is None:
        return make_person(is_operator=who.is_operator, offices=[who.office] if who.office else [])
    return make_member(sides[who.of], who.role)


def _passport(who: Who, person: Person) -> Passport:
    client = Client()
    client.force_login(person)
    secret = secret_of(person, may_write=who.token != "reading", confidential=who.token != "plain")
    token = ApiToken.objects.filter(person=person)
    if who.token == "expired":
        token.update(expires_at=timezone.now() - timedelta(seconds=1))
    if who.token == "revoked":
        token.update(revoked_at=timezone.now())
    return Passport(client.cookies["sessionid"].value, secret)


def _record(noun: str, state: str, owner: Organisation) -> RegistryRecord:
    model, fields = NOUNS[noun], dict(STATES[state])
    if state == "under_agreement":
        fields[model.nda_fields[0]] = SECRET
    later = {name: fields.pop(name) for name in ("expires_on",) if name in fields}
    record = make_record(model, owner, title_of(noun, state), **fields)
    if later:
        model.objects.filter(pk=record.pk).update(**later)
        record.refresh_from_db()
    return record


def _agreement(
    person: Person, records: Mapping[str, Mapping[str, RegistryRecord]], organisation: Organisation
) -> Nda:
    """Signed for the need that has details under an agreement."""
    return sign_nda(
        actor=actor_of_person(person),
        record=records["need"]["under_agreement"],
        organisation=organisation,
        purpose="评估合作",
        text_digest=agreement_text().digest,
    )


def make_import(owner: Organisation, state: str) -> ImportBatch:
    file = SimpleUploadedFile("needs.csv", CSV.encode())
    batch = stage_import(actor=SYSTEM, owner=owner, kind="needs", file=file, filename="needs.csv")
    return check_import(actor=SYSTEM, batch=batch) if state == "checked" else batch


def _draft(person: Person) -> Draft:
    return keep_draft(actor=actor_of_person(person), form="needs", subject="", fields={"title": "没写完"})


def _pair(one: RegistryRecord, other: RegistryRecord) -> DuplicateCandidate:
    first, second = sorted((one.public_id, other.public_id))
    return DuplicateCandidate.objects.create(
        subject_type=subject_type(type(one)),
        first_id=first,
        second_id=second,
        reason="near_text",
        similarity=0.9,
    )


def services_of(
    ours: Organisation, theirs: Organisation, manager: TechnologyManager
) -> Mapping[str, Mapping[str, Subject]]:
    """Ours offers one that theirs asked for, and one no longer; a manager of theirs offers one, too."""
    offered = make_service(ours, title=title_of("service", "ours"))
    ended = withdraw_service(
        actor=SYSTEM, service=make_service(ours, title=title_of("service", "withdrawn")), reason="停办"
    )
    return {
        "service": {
            "ours": offered,
            "withdrawn": ended,
            "of a manager": make_service(manager, title=title_of("service", "of a manager")),
        },
        "service_request": {
            "asked": make_request(make_service(ours), theirs),
            "accepted": make_accepted(make_service(ours), theirs),
        },
    }


def _led(ours: Organisation, actor: Actor) -> Pool:
    pool = make_pool([ours, make_organisation()])
    join_pool(actor=actor, pool=pool, owner=ours, told=SECRET, budget_fen=None)
    return word_pool(actor=actor, pool=pool, title="共性文本", summary="")


def _runs() -> dict[str, TrainingRun]:
    """A proposed run and one in use, as they come out of decisions; the decisions themselves are undone."""
    with transaction.atomic():
        make_decisions()
        run = propose_training(actor=SYSTEM)
        transaction.set_rollback(True)
    found = {}
    for state in ("proposed", "active"):
        fresh = copy(run)
        fresh.pk, fresh.public_id, fresh.state = None, uuid4(), state
        fresh.save(force_insert=True)
        found[state] = fresh
    return found


class Absent(NamedTuple):
    """What an actor is answered about a thing that is not there."""

    cell: str
    status: int
    fingerprint: str


class Asker:
    """Sends requests as one of the actors, each with fresh cookies, by one client."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.client = Client()
        self.absent: dict[tuple[str, int], Absent] = {}

    def ask(self, actor: str, door: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
        who, passport = ACTORS[actor], self.world.passports[actor]
        shown = who.at_web if door == "web" else who.at_api
        self.client.cookies = SimpleCookie({"sessionid": passport.session} if shown == "session" else {})
        sent: dict[str, Any] = {"headers": {"Accept-Language": "en", **passport.headers(shown), **headers}}
        if method in ("GET", "HEAD"):
            return self.client.generic(method, path, **sent)
        if door == "web" or (isinstance(body, dict) and "file" in body):
            return self.client.post(path, body or {}, **sent)
        return self.client.generic(
            method, path, b"" if body is None else _json(body), "application/json", **sent
        )


def _json(body: Any) -> bytes:

    return json.dumps(body).encode()
