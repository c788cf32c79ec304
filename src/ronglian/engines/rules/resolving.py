"""Which value of a parameter, which formula, which list holds at a place on a date, and what had to be passed over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Generic, TypeVar

from ronglian.engines.rules.book import (
    ChecklistVersion,
    Direction,
    Effect,
    Parameter,
    ParameterVersion,
    Rule,
    Rulebook,
    RuleVersion,
    Version,
)
from ronglian.engines.rules.values import Exact, Reason, Unknown, Value, Why

V = TypeVar("V", bound=Version)


@dataclass(frozen=True, slots=True)
class Resolved:
    """The value that binds and what stands beside it.

    `advised` is what a `may` allows beyond the binding value; `open` are versions that count once they are confirmed;
    `passed_over` are versions in force that do not decide, e.g. a nation's floor below a province's.
    """

    parameter: Parameter
    value: Value
    binding: ParameterVersion | None = None
    advised: ParameterVersion | None = None
    open: tuple[ParameterVersion, ...] = ()
    passed_over: tuple[ParameterVersion, ...] = ()

    @property
    def advised_value(self) -> Value:
        """What is advised; the binding value where nothing is."""
        return self.advised.value if self.advised else self.value


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a set of versions, all taken as true, comes to."""

    binding: ParameterVersion | None = None
    advised: ParameterVersion | None = None
    conflict: tuple[ParameterVersion, ...] = ()

    @property
    def value(self) -> Exact | None:
        return self.binding.value if self.binding and not self.conflict else None


def resolve(book: Rulebook, name: str, *, on: date, place: str, provisional: bool = False) -> Resolved:
    """The value of a parameter. Raises UnknownName; whatever the law leaves open is an Unknown with reasons.

    `provisional` asks what would hold if all that is open were confirmed: never to be acted on as law.
    """
    parameter = book.parameter(name)
    in_order = _in_order(book, parameter.versions, place)
    active = [version for version in in_order if version.is_active(on, provisional=provisional)]
    unsure = [version for version in in_order if version.validity.may_cover(on) and version not in active]
    sure = _outcome(parameter, active)
    beside = tuple(unsure)
    if deciding := _deciding(parameter, in_order, active, unsure, sure):
        references = tuple(version.reference for version in deciding)
        return Resolved(
            parameter, Unknown((Reason(Why.OPEN_QUESTION, parameter.id, references),)), open=beside
        )
    if sure.conflict:
        references = tuple(version.reference for version in sure.conflict)
        return Resolved(parameter, Unknown((Reason(Why.CONFLICT, parameter.id, references),)), open=beside)
    if sure.binding is None:
        return Resolved(
            parameter, Unknown((_absent(parameter.id, in_order, on),)), None, sure.advised, beside
        )
    passed = tuple(version for version in active if version not in (sure.binding, sure.advised))
    return Resolved(parameter, sure.binding.value, sure.binding, sure.advised, beside, passed)


def _in_order(book: Rulebook, versions: Iterable[V], place: str) -> list[V]:
    """Those of the nation first, those of the place last; earlier ones before later ones."""
    depth = {one.id: at for at, one in enumerate(book.chain(place))}
    here = [version for version in versions if version.jurisdiction in depth]
    return sorted(here, key=lambda version: (depth[version.jurisdiction], version.validity.certain))


def _outcome(parameter: Parameter, versions: Sequence[ParameterVersion]) -> _Outcome:
    binding: ParameterVersion | None = None
    advised: ParameterVersion | None = None
    conflict: tuple[ParameterVersion, ...] = ()
    for version in versions:
        if version.effect is Effect.REPLACE or (version.effect is Effect.MUST and binding is None):
            binding, conflict = version, ()
            advised = None if version.effect is Effect.REPLACE else advised
        elif version.effect is Effect.MAY:
            advised = version
        elif binding is not None and version.value != binding.value:
            if parameter.direction is Direction.NONE:
                conflict = (binding, version)
            elif _is_stricter(parameter, version, binding):
                binding = version
        elif binding is not None:
            binding = version  # the same, said nearer
    if advised and binding and not _is_stricter(parameter, advised, binding):
        advised = None
    return _Outcome(binding, advised, conflict)


def _is_stricter(parameter: Parameter, one: ParameterVersion, other: ParameterVersion) -> bool:
    if parameter.direction is Direction.NONE:
        return one.value != other.value
    assert not isinstance(one.value, tuple | str | date)
    assert not isinstance(other.value, tuple | str | date)
    return one.value > other.value if parameter.direction is Direction.FLOOR else one.value < other.value


def _deciding(
    parameter: Parameter,
    in_order: list[ParameterVersion],
    active: list[ParameterVersion],
    unsure: list[ParameterVersion],
    sure: _Outcome,
) -> list[ParameterVersion]:
    """The open versions that would change what binds if they were true, alone or together with others."""
    found: dict[str, ParameterVersion] = {}
    for size in range(1, len(unsure) + 1):
        for taken in combinations(unsure, size):
            together = [version for version in in_order if version in active or version in taken]
            if _outcome(parameter, together).value != sure.value:
                found.update({version.reference: version for version in taken})
        if found:
            break
    return list(found.values())


def _absent(subject: str, versions: Sequence[Version], on: date) -> Reason:
    """Nothing is in force: it ended, or it has not begun, or nothing is known at all."""
    ended = [version for version in versions if version.validity.until and version.validity.until < on]
    if ended:
        last = max(ended, key=lambda version: version.validity.until or on)
        assert last.validity.until is not None
        return Reason(Why.ENDED, subject, (last.reference,), {"until": last.validity.until.isoformat()})
    later = tuple(version.reference for version in versions if version.validity.possible > on)
    return Reason(Why.NOT_IN_FORCE, subject, later[:1])


@dataclass(frozen=True, slots=True)
class Found(Generic[V]):
    """A formula or list in force, or why there is none."""

    version: V | None
    reasons: tuple[Reason, ...] = ()
    open: tuple[V, ...] = ()


def find_formula(
    book: Rulebook, rule: Rule, *, on: date, place: str, provisional: bool = False
) -> Found[RuleVersion]:
    """The formula that is nearest to the place. An open one that would stand in its place makes it undetermined."""
    return _nearest(book, rule.id, rule.versions, on, place, provisional=provisional)


def find_checklist(book: Rulebook, name: str, *, on: date, place: str) -> Found[ChecklistVersion]:
    """The list in force. Raises UnknownName."""
    return _nearest(book, name, book.checklist(name).versions, on, place, provisional=False)


def _nearest(
    book: Rulebook, subject: str, versions: Sequence[V], on: date, place: str, *, provisional: bool
) -> Found[V]:
    in_order = _in_order(book, versions, place)
    candidates = [version for version in in_order if version.validity.may_cover(on)]
    if not candidates:
        return Found(None, (_absent(subject, in_order, on),))
    unsure = tuple(version for version in candidates if not version.is_active(on, provisional=provisional))
    if candidates[-1] in unsure:
        references = tuple(version.reference for version in unsure)
        return Found(None, (Reason(Why.OPEN_QUESTION, subject, references),), unsure)
    return Found(candidates[-1], (), unsure)
