"""Whether a guard is met by the facts: met, not met, or not known (守卫条件). Kleene's three values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from ronglian.engines.process.definition import (
    Comparison,
    Compound,
    Definition,
    FactKind,
    PartsTest,
    Test,
    Value,
)

Facts = Mapping[str, Value | None]


def is_met(
    definition: Definition, test: Test, facts: Facts, outcomes: Sequence[str], day: date
) -> bool | None:
    """True, False, or None where the facts do not tell. `outcomes`: how the ended sub-processes ended.

    Raises TypeError where a fact is of another kind than declared: that is a mistake of the caller's.
    """
    match test:
        case Compound(how=how, tests=tests):
            answers = [is_met(definition, each, facts, outcomes, day) for each in tests]
            return _combined(how, answers)
        case PartsTest(outcome=outcome, least=least, most=most):
            number = list(outcomes).count(outcome)
            return number >= least and (most is None or number <= most)
        case Comparison():
            return _compared(definition, test, facts, day)


def unknown_facts(definition: Definition, test: Test, facts: Facts) -> list[str]:
    """The declared facts that the test needs and nobody gave."""
    match test:
        case Compound(tests=tests):
            return [name for each in tests for name in unknown_facts(definition, each, facts)]
        case Comparison(fact=fact, relation=relation):
            return [fact] if relation != "known" and facts.get(fact) is None else []
        case PartsTest():
            return []


def _combined(how: str, answers: Iterable[bool | None]) -> bool | None:
    found = list(answers)
    if how == "any":
        return True if True in found else None if None in found else False
    if how == "all":
        return False if False in found else None if None in found else True
    return False if True in found else None if None in found else True


def _compared(definition: Definition, test: Comparison, facts: Facts, day: date) -> bool | None:
    value = facts.get(test.fact)
    if test.relation == "known":
        return (value is not None) is test.literal
    if value is None:
        return None
    kind = definition.facts[test.fact].kind
    if not _is_of(kind, value):
        raise TypeError(f"the fact {test.fact} is of kind {kind}, not {type(value).__name__}")
    other = definition.parameters[test.parameter].on(day) if test.parameter else test.literal
    if other is None:
        return None
    return _related(test.relation, value, other)


def _related(relation: str, value: Value, other: object) -> bool:
    match relation:
        case "is":
            return value == other
        case "is_not":
            return value != other
        case "one_of":
            return isinstance(other, tuple) and value in other
    assert isinstance(value, int | float)
    assert isinstance(other, int | float)
    match relation:
        case "at_least":
            return value >= other
        case "at_most":
            return value <= other
        case "more_than":
            return value > other
        case _:
            return value < other


def _is_of(kind: FactKind, value: Value) -> bool:
    match kind:
        case "yes_no":
            return isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "money":
            return isinstance(value, int) and not isinstance(value, bool)
        case "text":
            return isinstance(value, str)
        case "time":
            return isinstance(value, datetime)
