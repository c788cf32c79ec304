"""What has to hold of a rulebook before anything is evaluated: names, types, gaps and overlaps of validity, conflicts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby, pairwise

from ronglian.engines.rules.book import (
    Case,
    Confidence,
    Direction,
    Effect,
    Level,
    Parameter,
    ParameterVersion,
    Rounding,
    Rule,
    Rulebook,
    RuleVersion,
    Step,
    Version,
)
from ronglian.engines.rules.expressions import Expression, ExpressionProblem, names_in
from ronglian.engines.rules.typed import unit_of
from ronglian.engines.rules.values import Unit

_DEPTH = {Level.NATION: 0, Level.PROVINCE: 1, Level.CITY: 2, Level.ZONE: 3}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong at `where`. `is_notice`: it may be meant so (a gap between two versions)."""

    where: str
    text: str
    is_notice: bool = False


def check_book(book: Rulebook) -> tuple[Fault, ...]:
    """All faults; empty: the book is whole."""
    return tuple(_faults(book))


def _faults(book: Rulebook) -> Iterator[Fault]:
    yield from _places(book)
    for parameter in book.parameters.values():
        yield from _versions(book, parameter.id, parameter.topic, parameter.versions)
        yield from _levels(book, parameter)
    for rule in book.rules.values():
        yield from _versions(book, rule.id, rule.topic, rule.versions)
        yield from _formulas(book, rule)
    for checklist in book.checklists.values():
        yield from _versions(book, checklist.id, checklist.topic, checklist.versions)
    for name in sorted(book.parameters.keys() & book.rules.keys()):
        yield Fault(name, "is both a parameter and a rule")
    yield from _cases(book)


def _places(book: Rulebook) -> Iterator[Fault]:
    for one in book.jurisdictions.values():
        if one.parent is None:
            if one.level is not Level.NATION:
                yield Fault(one.id, "only a nation lies in nothing; name its parent")
        elif one.parent not in book.jurisdictions:
            yield Fault(one.id, f"lies in {one.parent!r}, which is no known place")
        elif _DEPTH[book.jurisdictions[one.parent].level] >= _DEPTH[one.level]:
            yield Fault(one.id, f"a {one.level} does not lie in a {book.jurisdictions[one.parent].level}")


def _versions(book: Rulebook, subject: str, topic: str, versions: Sequence[Version]) -> Iterator[Fault]:
    if topic not in book.topics:
        yield Fault(subject, f"its topic {topic!r} does not stand in topics.yaml")
    if not versions:
        yield Fault(subject, "has no version")
    in_order = sorted(versions, key=lambda one: (one.jurisdiction, one.validity.certain))
    for place, group in groupby(in_order, key=lambda one: one.jurisdiction):
        if place not in book.jurisdictions:
            yield Fault(subject, f"{place!r} is no known place; add it to jurisdictions.yaml")
        yield from _succession(subject, list(group))


def _succession(subject: str, versions: Sequence[Version]) -> Iterator[Fault]:
    for version in versions:
        validity = version.validity
        if validity.until is not None and validity.until < validity.certain:
            yield Fault(version.reference, f"ends on {validity.until}, before it begins")
        if version.source.mark.value in ("K", "D") and version.confidence.value == "H":
            yield Fault(version.reference, "knowledge without a text at hand is not of confidence H")
    for earlier, later in pairwise([one for one in versions if one.confidence is Confidence.HIGH]):
        until = earlier.validity.until
        if until is None or until >= later.validity.certain:
            yield Fault(later.reference, f"overlaps {earlier.reference}; say in that one when it ends")
        elif until + timedelta(days=1) < later.validity.possible:
            yield Fault(later.reference, f"leaves a gap after {earlier.reference}", is_notice=True)


def _levels(book: Rulebook, parameter: Parameter) -> Iterator[Fault]:
    """Two `must` on the way from the nation to a place, in force together and neither the stricter: nobody could say."""
    if parameter.direction is not Direction.NONE:
        if parameter.unit in (Unit.FLAG, Unit.TEXT, Unit.LIST, Unit.DATE):
            yield Fault(parameter.id, f"a {parameter.unit} has no direction")
        return
    musts = [
        one
        for one in parameter.versions
        if one.effect is Effect.MUST and one.jurisdiction in book.jurisdictions
    ]
    for lower in musts:
        above = {one.id for one in book.chain(lower.jurisdiction)} - {lower.jurisdiction}
        for upper in musts:
            if upper.jurisdiction in above and upper.value != lower.value and _meet(upper, lower):
                yield Fault(
                    lower.reference,
                    f"contradicts {upper.reference}; say effect: replace, or give a direction",
                )


def _meet(one: ParameterVersion, other: ParameterVersion) -> bool:
    starts = max(one.validity.certain, other.validity.certain)
    return all(each.validity.until is None or starts <= each.validity.until for each in (one, other))


def _formulas(book: Rulebook, rule: Rule) -> Iterator[Fault]:
    for name, spec in rule.inputs.items():
        if spec.choices and spec.unit is not Unit.TEXT:
            yield Fault(f"{rule.id}:{name}", "only a text has choices")
    for version in rule.versions:
        try:
            units: dict[str, Unit] = {}
            for step in version.steps:
                units[step.id] = _step_unit(book, rule, step, units)
            _fits_answer(rule, version, units)
        except ExpressionProblem as problem:
            yield Fault(version.reference, str(problem))


def _step_unit(book: Rulebook, rule: Rule, step: Step, units: dict[str, Unit]) -> Unit:
    if step.id in units or step.id in rule.inputs:
        raise ExpressionProblem(f"step {step.id!r} has the name of an input or of an earlier step")
    if step.silent is not None:
        return rule.unit
    if step.expression is not None:
        return _unit(book, rule, step.expression, units)
    asked = book.rules.get(step.rule or "")
    if asked is None:
        raise ExpressionProblem(f"step {step.id!r} asks {step.rule!r}, which is no rule")
    for name, expression in step.arguments.items():
        if name not in asked.inputs:
            raise ExpressionProblem(f"step {step.id!r} tells {name!r}, for which {asked.id} does not ask")
        found = _unit(book, rule, expression, units)
        if found is not asked.inputs[name].unit:
            raise ExpressionProblem(
                f"step {step.id!r} tells {name} as {found}, not as {asked.inputs[name].unit}"
            )
    return asked.unit


def _unit(book: Rulebook, rule: Rule, expression: Expression, units: dict[str, Unit]) -> Unit:
    def of(name: str) -> Unit:
        if name in units:
            return units[name]
        if name in rule.inputs:
            return rule.inputs[name].unit
        if name in book.parameters:
            return book.parameters[name].unit
        raise ExpressionProblem(f"{name!r} is no input, no earlier step and no parameter")

    names_in(expression)
    return unit_of(expression, of)


def _fits_answer(rule: Rule, version: RuleVersion, units: dict[str, Unit]) -> None:
    found = units[version.answer]
    step = next(step for step in version.steps if step.id == version.answer)
    if found is not rule.unit and not (rule.unit is Unit.NUMBER and step.silent):
        raise ExpressionProblem(f"the answer {version.answer!r} is {found}, but the rule gives {rule.unit}")
    if rule.unit is Unit.MONEY and step.expression is not None and step.rounding is None:
        raise ExpressionProblem(
            f"the answer {version.answer!r} is an amount; say round: {', '.join(Rounding)}"
        )


def _cases(book: Rulebook) -> Iterator[Fault]:
    seen: set[str] = set()
    tried: set[str] = set()
    for case in book.cases:
        if case.id in seen:
            yield Fault(case.file, f"{case.id!r} is the name of two cases")
        seen.add(case.id)
        tried.add(case.rule)
        yield from _case(book, case)
    for name in sorted(book.rules.keys() - tried):
        yield Fault(name, "has no case")


def _case(book: Rulebook, case: Case) -> Iterator[Fault]:
    if case.rule not in book.rules:
        yield Fault(f"{case.file} [{case.id}]", f"asks {case.rule!r}, which is no rule")
    folder = case.file.split("/")[1]
    if folder not in book.jurisdictions:
        yield Fault(case.file, f"{folder!r} is no known place")
