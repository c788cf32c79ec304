"""The policy itself as a table: each rule, asked by each actor about things in each state.

The rules are found, not listed: whatever stands in an app's modules of rules and whatever an operation asks. What a rule
is asked about follows from the name of its second parameter.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import FunctionType
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Model, Q
from django.utils import timezone

from ronglian.apps.accounts.models import Person
from ronglian.apps.accounts.queries.actors import actor_of_person, actor_of_secret
from ronglian.apps.clinic.case_rules import View
from ronglian.kernel.actor import ANONYMOUS, Actor, ActorKind, Office, Role, job_actor
from ronglian.kernel.errors import NotFound
from ronglian.kernel.operation import OPERATIONS
from tests.authorization.dimensions import ACTORS, LESSER
from tests.authorization.policy_reads import BESIDES, FILTERS, LISTS, LISTS_ABOUT, ONE_OF, WAYS, Things
from tests.authorization.world import World

Row = tuple[str, str, str]
SYSTEM_COLUMN = "system"
# Actors that no door makes today, or that a slip would make one day: what each condition is for shows in one of them.
UNUSUAL = ("member_of_both", "bureau_of_ours", "registered_bureau", "office_token", "reading_office_token")
# Columns that differ from `our_owner` by their token alone.
OF_TOKENS = frozenset({"reading_token", "plain_token", "expired_token", "revoked_token", "wrong_door"})
COLUMNS = (*ACTORS, SYSTEM_COLUMN, *UNUSUAL, *LESSER)
SHUT = "shut"
DOORS = ("person", "token")
APPS = ("accounts", "disclosure", "registry", "matching", "clinic", "prospecting", "challenges", "agreements")
# May be asked about several organisations at once.
OF_SEVERAL = frozenset({"registry.may_stage_import"})
# Answers no plain yes or no; other rules and the pages ask it.
NOT_ASKED = frozenset({"matching.matchable_for"})
Through = Mapping[str, Mapping[str, Actor | None]]


@dataclass(frozen=True, slots=True)
class Question:
    """One rule asked by one actor through one door, about all the things of its kind."""

    name: str
    door: str
    column: str
    ask: Callable[[Actor], Iterator[tuple[str, str]]]
    labels: tuple[str, ...]

    def cells(self, through: Through) -> Iterator[tuple[Row, str, str]]:
        """Row, column and answer of its cells."""
        actor = through[self.column][self.door] if self.door else ANONYMOUS
        answers = ((label, SHUT) for label in self.labels) if actor is None else self.ask(actor)
        for label, answer in answers:
            yield (self.name, label, self.door), self.column, answer


def questions(
    about: Mapping[str, Things], of_nobody: Mapping[str, Callable[[], dict[str, str]]]
) -> list[Question]:
    """All there are: rules, ways to one thing, lists, and the guards of the steps of a case."""
    asked: dict[str, tuple[Callable[[Actor], Iterator[tuple[str, str]]], tuple[str, ...]]] = {}
    for name, rule in rules().items():
        of = _asked_about(name, rule, about)
        asked[name] = (_asking(name, rule, of), tuple(of))
    for name, (besides, kind) in BESIDES.items():
        asked[name] = (_asking(name, besides, about[kind]), tuple(about[kind]))
    for name, (way, kind) in WAYS.items():
        asked[name] = (_leading(way, about[kind]), tuple(about[kind]))
    for name, read in LISTS.items():
        asked[name] = (_counting(lambda actor, _thing, read=read: read(actor), {"": None}), ("",))  # type: ignore[misc]
    for name, (read_about, kind) in LISTS_ABOUT.items():
        asked[name] = (_counting(read_about, about[kind]), tuple(about[kind]))
    for name, (one, kind) in ONE_OF.items():
        asked[name] = (_finding(one, about[kind]), tuple(about[kind]))
    found = [
        Question(name, door, column, ask, labels)
        for name, (ask, labels) in asked.items()
        for column in COLUMNS
        for door in _doors(column)
    ]
    for name, answers in of_nobody.items():
        found.append(
            Question(name, "", SYSTEM_COLUMN, lambda _actor, answers=answers: iter(answers().items()), ())  # type: ignore[misc]
        )
    return found


@cache
def rules() -> dict[str, Callable[..., Any]]:
    """`app.name` of each rule: functions of an actor in the apps' `rules`, and what operations ask."""
    found: dict[str, Callable[..., Any]] = {}
    for name in _rule_modules():
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
        if spec.allowed.__module__.split(".")[2] not in (*APPS, "kernel"):
            continue
        assert found.setdefault(_called(spec.allowed), spec.allowed) is spec.allowed, spec.allowed
    return {name: rule for name, rule in sorted(found.items()) if name not in NOT_ASKED}


def _rule_modules() -> Iterator[str]:
    for app in APPS:
        package = import_module(f"ronglian.apps.{app}")
        for each in iter_modules(package.__path__):
            if each.name == "rules" or each.name.endswith("_rules"):
                yield f"{package.__name__}.{each.name}"


def _asks_an_actor(function: FunctionType) -> bool:
    return (
        not function.__name__.startswith("_")
        and next(iter(inspect.signature(function).parameters), "") == "actor"
    )


def _called(function: Callable[..., Any]) -> str:
    return f"{function.__module__.split('.')[2]}.{function.__name__}"


def actors(world: World) -> Through:
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
    through[SYSTEM_COLUMN] = {"person": job_actor("keeper")}
    through |= {name: {"person": actor} for name, actor in _unusual(world).items()}
    for name in LESSER:
        through[name] = {"token": actor_of_secret(world.lesser[name], now)}
    return through


def _doors(column: str) -> tuple[str, ...]:
    if column in OF_TOKENS or column in LESSER:
        return ("token",)
    return DOORS if column in ACTORS else ("person",)


def _unusual(world: World) -> dict[str, Actor]:
    ours, theirs = world.ours.pk, world.theirs.pk
    manager = actor_of_person(world.people["their_editor"])
    bureau = actor_of_person(world.people["bureau"])
    every = frozenset(Office)
    token = replace(bureau, kind=ActorKind.TOKEN, offices=every, is_operator=True)
    return {
        "member_of_both": replace(
            bureau, offices=frozenset(), memberships={ours: Role.VIEWER, theirs: Role.EDITOR}
        ),
        "bureau_of_ours": replace(bureau, offices=every, memberships={ours: Role.VIEWER}),
        "registered_bureau": replace(manager, offices=every),
        "office_token": token,
        "reading_office_token": replace(token, may_write=False),
    }


def _asked_about(name: str, rule: Callable[..., Any], about: Mapping[str, Things]) -> Things:
    parameters = list(inspect.signature(rule).parameters)
    kind = FILTERS.get(name) or (parameters[1] if len(parameters) > 1 else "_target")
    # What a rule is given and does not look at may be nothing.
    of = about["_target"] if kind.startswith("_") and kind not in about else about[kind]
    return {**of, "several": None} if name in OF_SEVERAL else of


def _asking(name: str, rule: Callable[..., Any], of: Things) -> Callable[[Actor], Iterator[tuple[str, str]]]:
    """What the rule says of each thing; a filter is asked once for all of them."""

    def of_each(actor: Actor) -> Iterator[tuple[str, str]]:
        for label, thing in of.items():
            yield label, _said(rule, actor, *((thing,) if takes_thing else ()))

    def of_all(actor: Actor) -> Iterator[tuple[str, str]]:
        passed: dict[type[Model], set[Any]] = {}
        for label, thing in of.items():
            if type(thing) not in passed:
                passed[type(thing)] = _passing(rule(actor), type(thing))
            yield label, _yes(thing.pk in passed[type(thing)])

    takes_thing = len(inspect.signature(rule).parameters) > 1
    return of_all if name in FILTERS else of_each


def _said(rule: Callable[..., Any], actor: Actor, *thing: Any) -> str:
    try:
        answer = rule(actor, *thing)
    except StopIteration:  # speaks for no side
        return "-"
    if isinstance(answer, View):
        seats = [seat for seat in ("carries", "introduced", "is_offered") if getattr(answer, seat)]
        return " ".join([_yes(answer), *seats, *sorted(answer.sides)])
    return answer if isinstance(answer, str) else _yes(answer)


def _passing(condition: Q, model: type[Model]) -> set[Any]:
    """The rows that the filter lets through; one about a column that their kind has not lets all through."""
    has_columns = all(
        hasattr(model, name) or name not in str(condition) for name in ("under_nda", "anonymous")
    )
    rows = model._base_manager.filter(condition) if has_columns else model._base_manager.all()
    return set(rows.values_list("pk", flat=True))


def _leading(way: Callable[[Actor, UUID], Any], to: Things) -> Callable[[Actor], Iterator[tuple[str, str]]]:
    """Whether the way leads to each thing, and nowhere for an id that nothing has."""

    def lead(actor: Actor) -> Iterator[tuple[str, str]]:
        with suppress(NotFound):
            way(actor, uuid4())
            yield "", "leads astray"
        for label, thing in to.items():
            try:
                found = way(actor, thing.public_id)
                yield label, _yes(getattr(found, "candidate", found).public_id == thing.public_id)
            except NotFound:
                yield label, "404"

    return lead


def _finding(one: Callable[[Actor, Any], Any], of: Things) -> Callable[[Actor], Iterator[tuple[str, str]]]:
    """Whether there is one of each thing."""

    def find(actor: Actor) -> Iterator[tuple[str, str]]:
        for label, thing in of.items():
            try:
                yield label, _yes(one(actor, thing) is not None)
            except NotFound:
                yield label, "404"

    return find


def _counting(read: Callable[[Actor, Any], Any], of: Things) -> Callable[[Actor], Iterator[tuple[str, str]]]:
    def count(actor: Actor) -> Iterator[tuple[str, str]]:
        for label, thing in of.items():
            try:
                rows = read(actor, thing)
                yield label, str(rows if isinstance(rows, int) else rows.count())
            except NotFound:
                yield label, "404"

    return count


def _yes(answer: object) -> str:
    return "yes" if answer else "-"
