"""The policy itself as a table: each rule, asked by each actor about things in each state.

The rules are found, not listed: whatever stands in an app's `rules` and whatever an operation asks. What a rule is
asked about follows from the name of its second parameter.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import FunctionType
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from ronglian.apps.accounts.enums import ConflictKind
from ronglian.apps.accounts.models import Organisation, Person
from ronglian.apps.accounts.operations.conflicts import declare_conflict
from ronglian.apps.accounts.queries.actors import actor_of_person, actor_of_secret
from ronglian.apps.accounts.queries.conflicts import access_conflict, list_conflicts
from ronglian.apps.accounts.queries.organisations import (
    access_organisation,
    access_own_token,
    list_members,
    own_organisations,
    own_tokens,
)
from ronglian.apps.accounts.queries.people import access_person, list_notable_people
from ronglian.apps.clinic.queries.consultations import access_consultation, list_consultations
from ronglian.apps.disclosure.enums import NdaState
from ronglian.apps.disclosure.models import Annex, Nda
from ronglian.apps.disclosure.queries.agreements import (
    access_nda,
    list_ndas,
    list_viewings,
    list_viewings_of,
    waiting_ndas,
)
from ronglian.apps.matching.queries.decisions import visible_decisions
from ronglian.apps.matching.rules import Pair
from ronglian.apps.registry.models import ImportBatch
from ronglian.apps.registry.queries.drafts import access_own_draft, own_drafts
from ronglian.apps.registry.queries.duplicates import access_duplicate, list_duplicates
from ronglian.apps.registry.queries.imports import access_import, list_imports
from ronglian.kernel.actor import ANONYMOUS, Actor, job_actor
from ronglian.kernel.errors import NotFound
from ronglian.kernel.operation import OPERATIONS
from tests.authorization.dimensions import ACTORS, NOUNS
from tests.authorization.world import World
from tests.factories import make_organisation, make_record

Things = Mapping[str, Any]
Row = tuple[str, str, str]
SYSTEM_COLUMN = "system"
COLUMNS = (*ACTORS, SYSTEM_COLUMN)
SHUT = "shut"
DOORS = ("person", "token")
APPS = ("accounts", "disclosure", "registry", "matching", "clinic")
RULE_MODULES = tuple(f"ronglian.apps.{app}.rules" for app in APPS)
# Filters are asked of these: the names of the models are those of the things below.
FILTERS: Mapping[str, str] = {
    "registry.visible_q": "record",
    "registry.open_details_q": "record",
    "registry.named_owner_q": "record",
    "disclosure.agreement_q": "record",
    "disclosure.annex_q": "annex",
    "clinic.visible_q": "consultation",
}
LISTS: Mapping[str, Callable[[Actor], QuerySet[Any]]] = {
    each.__name__: each
    for each in (
        list_conflicts, own_organisations, own_tokens, list_notable_people, list_consultations, list_ndas, waiting_ndas,
        visible_decisions, own_drafts, list_duplicates, list_imports,
    )
}  # fmt: skip
# Ways to one thing, by its public id, and what they are tried on.
WAYS: Mapping[str, tuple[Callable[[Actor, UUID], Any], str]] = {
    way.__name__: (way, about)
    for way, about in (
        (access_conflict, "declaration"), (access_organisation, "organisation"), (access_own_token, "token"),
        (access_person, "person"), (access_consultation, "consultation"), (access_nda, "nda"), (access_own_draft, "draft"),
        (access_duplicate, "candidate"), (access_import, "import"),
    )
}  # fmt: skip
# May be asked about several organisations at once.
OF_SEVERAL = frozenset({"registry.may_stage_import"})
# Answer no plain yes or no; other rules and the pages ask them.
NOT_ASKED = frozenset(
    {"matching.matchable_for",
     # Of cases, whose addresses stand in the other table.
     "clinic.may_answer", "clinic.may_confirm", "clinic.may_name", "clinic.may_take", "clinic.may_take_back", "clinic.may_work",
     "clinic.may_work_within",
     # Of clinic hours, likewise.
     "clinic.may_book", "clinic.may_change_booking", "clinic.may_keep_minutes", "clinic.may_offer",
     "clinic.may_withdraw_slot"}
)  # fmt: skip
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
    }
    needs = {state: record for state, record in records.items() if record.noun == "need"}
    persons = {"nobody": world.people["nobody"], "our_owner": world.people["our_owner"]}
    imports = {**world.rest["import"], **_imports_for_all()}
    return {
        "_target": {"": None},
        "organisation": organisations,
        "owner": organisations,
        "batch": imports,
        "import": world.rest["import"],
        "record": records,
        "annex": {state: Annex.objects.get(subject_id=record.public_id) for state, record in world.records["need"].items()},
        "nda": world.rest["agreement"],
        "pair": {state: Pair(need, world.their_result) for state, need in needs.items()},  # type: ignore[arg-type]
        "candidate": world.rest["pair"],
        "consultation": world.rest["consultation"],
        "subject": world.rest["consultation"],
        "triage": world.rest["triage"],
        "check": world.rest["check"],
        "need": needs,
        "pool": world.rest["pool"],
        "_pool": world.rest["pool"],
        "search": world.rest["search"],
        "_search": world.rest["search"],
        "proposal": world.rest["assignment"],
        "manager": world.rest["manager"],
        "certificate": world.rest["certificate"],
        "token": world.rest["token"],
        "draft": world.rest["draft"],
        "declaration": world.rest["conflict"],
        "person": persons,
    }  # fmt: skip


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


def _imports_for_all() -> dict[str, ImportBatch]:
    """Batches for several organisations at once; only held, not written."""
    return {f"{kind} of several": ImportBatch(kind=kind) for kind in ("needs", "organisations")}


@cache
def rules() -> dict[str, Callable[..., Any]]:
    """`app.name` of each rule: functions of an actor in the apps' `rules`, and what operations ask."""
    found: dict[str, Callable[..., Any]] = {}
    for name in RULE_MODULES:
        module = import_module(name)
        for function in vars(module).values():
            if (
                isinstance(function, FunctionType)
                and function.__module__ == name
                and _asks_an_actor(function)
            ):
                found[_called(function)] = function
    for app in APPS:  # an operation is known once its module was imported
        package = import_module(f"ronglian.apps.{app}.operations")
        for each in iter_modules(package.__path__):
            import_module(f"{package.__name__}.{each.name}")
    for spec in OPERATIONS.values():
        found[_called(spec.allowed)] = spec.allowed
    return {name: rule for name, rule in sorted(found.items()) if name not in NOT_ASKED}


def _asks_an_actor(function: FunctionType) -> bool:
    return (
        not function.__name__.startswith("_")
        and next(iter(inspect.signature(function).parameters), "") == "actor"
    )


def _called(function: Callable[..., Any]) -> str:
    return f"{function.__module__.split('.')[2]}.{function.__name__}"


def actors(world: World) -> dict[str, dict[str, Actor | None]]:
    """The actors as they come through each door, read anew; None where the door stays shut."""
    now = timezone.now()
    through: dict[str, dict[str, Actor | None]] = {}
    for name, who in ACTORS.items():
        if not who.is_person:
            through[name] = dict.fromkeys(DOORS, ANONYMOUS)
            continue
        person = Person.objects.get(pk=world.people[name].pk)
        secret = world.passports[name].secret
        through[name] = {"person": actor_of_person(person), "token": actor_of_secret(secret, now)}
    through[SYSTEM_COLUMN] = dict.fromkeys(DOORS, job_actor("keeper"))
    return through


def cells(world: World, about: dict[str, Things], first: str = "") -> Iterator[tuple[Row, str, str]]:
    """Row, column and answer of every cell; those of the app `first` before the others."""
    through = [
        (door, column, actor) for column, found in actors(world).items() for door, actor in found.items()
    ]
    for name, rule in sorted(rules().items(), key=lambda each: not each[0].startswith(first)):
        for door, column, actor in through:
            for label, answer in _answers(name, rule, about, actor):
                yield (name, label, door), column, answer
    for name, (way, kind) in WAYS.items():
        for label, thing in about[kind].items():
            for door, column, actor in through:
                yield (
                    (name, label, door),
                    column,
                    SHUT if actor is None else _led(way, actor, thing.public_id),
                )
    for name, read in [*LISTS.items(), *_lists_about(about)]:
        for door, column, actor in through:
            yield (name, "", door), column, SHUT if actor is None else _counted(read, actor)


def _answers(
    name: str, rule: Callable[..., Any], about: dict[str, Things], actor: Actor | None
) -> Iterator[tuple[str, str]]:
    """What the rule says of each thing; a filter is asked once for all of them."""
    parameters = list(inspect.signature(rule).parameters)
    asked = about[FILTERS[name] if name in FILTERS else parameters[1] if len(parameters) > 1 else "_target"]
    if name in OF_SEVERAL:
        asked = {**asked, "several": None}
    if actor is None:
        yield from ((label, SHUT) for label in asked)
    elif name in FILTERS:
        passed: dict[type[Model], set[Any]] = {}
        for label, thing in asked.items():
            if type(thing) not in passed:
                passed[type(thing)] = _passing(rule(actor), type(thing))
            yield label, _yes(thing.pk in passed[type(thing)])
    else:
        for label, thing in asked.items():
            yield label, _yes(rule(actor, thing) if len(parameters) > 1 else rule(actor))


def _passing(condition: Q, model: type[Model]) -> set[Any]:
    """The rows that the filter lets through; one about a column that their kind has not lets all through."""
    has_columns = all(
        hasattr(model, name) or name not in str(condition) for name in ("under_nda", "anonymous")
    )
    rows = model._base_manager.filter(condition) if has_columns else model._base_manager.all()
    return set(rows.values_list("pk", flat=True))


def _lists_about(about: dict[str, Things]) -> Iterator[tuple[str, Callable[[Actor], QuerySet[Any]]]]:
    yield "list_members of ours", lambda actor: list_members(actor, about["organisation"]["ours"])
    yield "list_viewings of agreement", lambda actor: list_viewings(actor, about["nda"]["in force"])
    need = about["record"]["under_agreement"]
    yield "list_viewings_of need", lambda actor: list_viewings_of(actor, need.owner_id, need.public_id)


def _led(way: Callable[[Actor, UUID], Any], actor: Actor, public_id: UUID) -> str:
    """Whether the way leads there, and nowhere for an id that nothing has."""
    with suppress(NotFound):
        way(actor, uuid4())
        return "leads astray"
    try:
        found = way(actor, public_id)
    except NotFound:
        return "404"
    return _yes(getattr(found, "candidate", found).public_id == public_id)


def _yes(answer: object) -> str:
    return "yes" if answer else "-"


def _counted(read: Callable[[Actor], QuerySet[Any]], actor: Actor) -> str:
    try:
        return str(read(actor).count())
    except NotFound:
        return "404"
