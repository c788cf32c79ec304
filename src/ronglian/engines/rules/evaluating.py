"""A rule at a place on a date: value or reasons, with every step and every version it stands on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import Any

from ronglian.engines.rules.book import (
    InputSpec,
    ParameterVersion,
    Rounding,
    Rule,
    Rulebook,
    RuleVersion,
    Step,
    Text,
    Version,
)
from ronglian.engines.rules.expressions import Expression, advised_in, evaluate, names_in, take_branches
from ronglian.engines.rules.resolving import Resolved, find_formula, resolve
from ronglian.engines.rules.typed import unit_of
from ronglian.engines.rules.values import Exact, Reason, Unit, Unknown, Value, ValueProblem, Why, take_value

ENGINE = "1"


class InputProblem(ValueError):
    """Inputs that the rule does not know or cannot read: by name, what is wrong and what would be right."""

    def __init__(self, problems: Mapping[str, ValueProblem]) -> None:
        super().__init__("; ".join(f"{name}: {problem}" for name, problem in problems.items()))
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True)
class Line:
    """One step as it came out. `taken` is what was left of its expression once its conditions were known.

    `parameters` are those that count in it; `known` gives title, unit and value of all names; `inner` is the answer of
    the rule it asked.
    """

    step: Step
    unit: Unit
    value: Value
    parameters: tuple[Resolved, ...] = ()
    known: Mapping[str, tuple[Text, Unit, Value]] = field(default_factory=dict)
    taken: Expression | None = None
    conditions: tuple[tuple[Expression, bool], ...] = ()
    inner: Answer | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a rule says. `value` is fen (a whole Fraction) for money; an Unknown says why nothing is determined."""

    rule: Rule
    on: date
    place: str
    inputs: Mapping[str, Exact]
    assumed: tuple[str, ...]
    value: Value
    formula: RuleVersion | None
    lines: tuple[Line, ...]
    versions: tuple[Version, ...]
    open: tuple[Version, ...]
    book: str
    is_provisional: bool = False
    engine: str = ENGINE

    @property
    def is_determined(self) -> bool:
        return not isinstance(self.value, Unknown)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why it is not determined; empty where it is."""
        return self.value.reasons if isinstance(self.value, Unknown) else ()

    @property
    def fen(self) -> int:
        """The amount. Raises ValueError where the answer is no determined amount."""
        if self.rule.unit is not Unit.MONEY or not isinstance(self.value, Fraction):
            raise ValueError(f"{self.rule.id} gives no determined amount")
        return int(self.value)

    @property
    def is_met(self) -> bool | None:
        """Yes or no; None where it is not determined. Raises ValueError where the rule asks for something else."""
        if self.rule.unit is not Unit.FLAG:
            raise ValueError(f"{self.rule.id} gives no yes or no")
        return self.value if isinstance(self.value, bool) else None

    def line(self, name: str) -> Line:
        """A step as it came out, of this rule or of one it asked. Raises KeyError."""
        for line in self.lines:
            if line.step.id == name:
                return line
        for line in self.lines:
            if line.inner is not None:
                try:
                    return line.inner.line(name)
                except KeyError:
                    continue
        raise KeyError(name)

    def step(self, name: str) -> Value:
        """The value of a step. Raises KeyError."""
        return self.line(name).value


def evaluate_rule(
    book: Rulebook,
    name: str,
    *,
    on: date,
    place: str,
    inputs: Mapping[str, Any] | None = None,
    provisional: bool = False,
) -> Answer:
    """The answer of a rule. Raises UnknownName (rule or place) and InputProblem; open law gives reasons, no error.

    Money goes in as whole fen (int), shares as Fraction; texts (`500万元`, `50 %`) are read. An input that is not
    told is a reason where it would decide the answer. `provisional` asks what would come out if all that is open were
    confirmed: to be shown beside an answer that is not determined, never to be acted on.
    """
    rule = book.rule(name)
    book.jurisdiction(place)
    return _Evaluation(_Setting(book, on, place, provisional), rule, _taken(rule, inputs or {})).run()


@dataclass(frozen=True, slots=True)
class _Setting:
    book: Rulebook
    on: date
    place: str
    provisional: bool


def _taken(rule: Rule, given: Mapping[str, Any]) -> dict[str, Exact]:
    taken: dict[str, Exact] = {}
    problems: dict[str, ValueProblem] = {}
    for name, value in given.items():
        if name not in rule.inputs:
            problems[name] = ValueProblem("unknown", name, ", ".join(rule.inputs))
        elif value is not None:
            try:
                taken[name] = _take(rule.inputs[name], value)
            except ValueProblem as problem:
                problems[name] = problem
    if problems:
        raise InputProblem(problems)
    return taken


def _take(spec: InputSpec, value: Any) -> Exact:
    found = take_value(value, spec.unit)
    if spec.choices and found not in spec.choices:
        raise ValueProblem("choice", found, ", ".join(spec.choices))
    if isinstance(found, Fraction) and found < 0:
        raise ValueProblem("negative", value)
    return found


def inputs_of(book: Rulebook, name: str, *, on: date, place: str) -> tuple[InputSpec, ...]:
    """What the formula in force at the place asks for, its sub-rules included; all where there is none.

    Raises UnknownName.
    """
    rule = book.rule(name)
    needed = _named_inputs(book, rule, on, place)
    return tuple(spec for spec in rule.inputs.values() if needed is None or spec.id in needed)


def _named_inputs(book: Rulebook, rule: Rule, on: date, place: str) -> set[str] | None:
    found = find_formula(book, rule, on=on, place=place, provisional=True)
    if found.version is None:
        return None
    names: set[str] = set()
    for step in found.version.steps:
        for expression in (step.expression, *step.arguments.values()):
            names |= set(names_in(expression)) if expression else set()
        if step.rule is not None:
            names |= (_named_inputs(book, book.rule(step.rule), on, place) or set()) - set(step.arguments)
    return names


class _Evaluation:
    """One run of one rule; collects what it stands on."""

    def __init__(self, setting: _Setting, rule: Rule, inputs: Mapping[str, Value]) -> None:
        self.setting, self.rule, self.inputs = setting, rule, inputs
        self.book = setting.book
        self.assumed = {
            name: spec.default
            for name, spec in rule.inputs.items()
            if name not in inputs and spec.default is not None
        }
        self.lines: list[Line] = []
        self.resolved: dict[str, Resolved] = {}

    def run(self) -> Answer:
        setting = self.setting
        found = find_formula(
            setting.book, self.rule, on=setting.on, place=setting.place, provisional=setting.provisional
        )
        if found.version is None:
            return self._answer(Unknown(found.reasons), None, found.open)
        for step in found.version.steps:
            self.lines.append(self._line(step))
        value = next(line.value for line in self.lines if line.step.id == found.version.answer)
        return self._answer(value, found.version, found.open)

    def _answer(self, value: Value, formula: RuleVersion | None, beside: tuple[Version, ...]) -> Answer:
        used: dict[Version, None] = {formula: None} if formula else {}
        unsure = dict.fromkeys(beside)
        for line in self.lines:
            for resolved in line.parameters:
                used.update(dict.fromkeys(filter(None, (resolved.binding, resolved.advised))))
                unsure.update(dict.fromkeys(resolved.open))
            if line.inner:
                used.update(dict.fromkeys(line.inner.versions))
                unsure.update(dict.fromkeys(line.inner.open))
        told = {name: value for name, value in self.inputs.items() if not isinstance(value, Unknown)}
        return Answer(
            self.rule, self.setting.on, self.setting.place, told, self._assumed_names(), value, formula,
            tuple(self.lines), tuple(used), tuple(unsure), self.book.version,
        )  # fmt: skip

    def _assumed_names(self) -> tuple[str, ...]:
        named = {name for line in self.lines for name in line.known}
        return tuple(name for name in self.assumed if name in named)

    def _line(self, step: Step) -> Line:
        if step.silent is not None:
            reason = Reason(Why.LAW_IS_SILENT, self.rule.id, (), {"zh": step.silent.zh, "en": step.silent.en})
            return Line(step, self.rule.unit, Unknown((reason,)))
        if step.rule is not None:
            return self._asked(step, step.rule)
        assert step.expression is not None
        value = evaluate(step.expression, self._lookup)
        unit = unit_of(step.expression, self._unit)
        taken, conditions = take_branches(step.expression, self._lookup)
        counting = dict.fromkeys(
            name for one in (taken, *(test for test, _is in conditions)) for name in names_in(one)
        )
        parameters = tuple(self.resolved[name] for name in counting if name in self.resolved)
        known = {name: (self._title(name), self._unit(name), self._lookup(name, False)) for name in counting}
        advised = set(advised_in(taken))
        known |= {
            name: (title, unit, self._lookup(name, True))
            for name, (title, unit, _v) in known.items()
            if name in advised
        }
        return Line(step, unit, _rounded(value, step), parameters, known, taken, conditions)

    def _asked(self, step: Step, name: str) -> Line:
        asked = self.book.rule(name)
        told: dict[str, Value] = {**self.assumed, **self.inputs}
        passed = {key: value for key, value in told.items() if key in asked.inputs}
        for key, expression in step.arguments.items():
            passed[key] = evaluate(expression, self._lookup)
        inner = _Evaluation(self.setting, asked, passed).run()
        return Line(step, asked.unit, _rounded(inner.value, step), inner=inner)

    def _lookup(self, name: str, advised: bool) -> Value:
        setting = self.setting
        if "." in name:
            if name not in self.resolved:
                self.resolved[name] = resolve(
                    setting.book, name, on=setting.on, place=setting.place, provisional=setting.provisional
                )
            found = self.resolved[name]
            return found.advised_value if advised else found.value
        for line in self.lines:
            if line.step.id == name:
                return line.value
        known: dict[str, Value] = {**self.assumed, **self.inputs}
        return (
            known[name] if name in known else Unknown((Reason(Why.MISSING_INPUT, f"{self.rule.id}:{name}"),))
        )

    def _unit(self, name: str) -> Unit:
        if "." in name:
            return self.book.parameter(name).unit
        for line in self.lines:
            if line.step.id == name:
                return line.unit
        return self.rule.inputs[name].unit

    def _title(self, name: str) -> Text:
        if "." in name:
            return self.book.parameter(name).title
        for line in self.lines:
            if line.step.id == name:
                return line.step.title
        return self.rule.inputs[name].title


def _rounded(value: Value, step: Step) -> Value:
    if step.rounding is None or not isinstance(value, Fraction):
        return value
    match step.rounding:
        case Rounding.UP:
            return Fraction(ceil(value))
        case Rounding.DOWN:
            return Fraction(floor(value))
        case Rounding.HALF_UP:
            return Fraction(floor(value + Fraction(1, 2)))
    return value if value.denominator == 1 else Unknown((Reason(Why.NOT_WHOLE, step.id),))


def versions_of(answer: Answer) -> tuple[ParameterVersion, ...]:
    """The values of parameters that an answer stands on."""
    return tuple(version for version in answer.versions if isinstance(version, ParameterVersion))
