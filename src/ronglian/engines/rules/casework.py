"""Running cases: what a lawyer says has to come out, against what the rulebook says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ronglian.engines.rules.book import Case, Rulebook, UnknownName
from ronglian.engines.rules.evaluating import Answer, InputProblem, evaluate_rule
from ronglian.engines.rules.values import Unit, Unknown, Value, ValueProblem, read_value


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case and what came out. `faults` are `what, expected, found`; empty: it passed."""

    case: Case
    answer: Answer | None
    faults: tuple[tuple[str, str, str], ...] = ()

    @property
    def has_passed(self) -> bool:
        return not self.faults


def run_case(book: Rulebook, case: Case) -> Outcome:
    """Evaluate a case and compare. A case that cannot be evaluated fails with the reason."""
    try:
        answer = evaluate_rule(book, case.rule, on=case.on, place=case.place, inputs=_told(book, case))
    except (UnknownName, InputProblem) as problem:
        return Outcome(case, None, (("case", "can be evaluated", str(problem)),))
    faults = []
    if case.reasons:
        faults += _compare_reasons(case, answer)
        faults += _compare_provisional(book, case) if case.provisional is not None else []
    else:
        faults += _compare("value", case.expected, answer.value, answer.rule.unit)
    for name, expected in case.steps.items():
        faults += _compare_step(answer, name, expected)
    return Outcome(case, answer, tuple(faults))


def _told(book: Rulebook, case: Case) -> dict[str, Any]:
    """The inputs as texts: a bare number of a case would pass for fen."""
    inputs = book.rule(case.rule).inputs
    money = {name for name, spec in inputs.items() if spec.unit is Unit.MONEY}
    return {name: str(value) if name in money else value for name, value in case.inputs.items()}


def run_cases(book: Rulebook, *, below: str = "") -> tuple[Outcome, ...]:
    """All cases, or those whose file's path begins with `below` (`cn-33`, `cn-33/reward`)."""
    wanted = f"cases/{below.strip('/').removeprefix('cases/')}"
    return tuple(run_case(book, case) for case in book.cases if case.file.startswith(wanted))


def _compare_reasons(case: Case, answer: Answer) -> list[tuple[str, str, str]]:
    found = tuple(f"{reason.why}:{reason.subject.rpartition(':')[2]}" for reason in answer.reasons)
    missing = [
        reason
        for reason in case.reasons
        if reason not in found and reason not in {each.split(":")[0] for each in found}
    ]
    if answer.is_determined:
        return [("value", "not determined", show_plain(answer.value))]
    return [("reasons", ", ".join(missing), ", ".join(found))] if missing else []


def _compare_provisional(book: Rulebook, case: Case) -> list[tuple[str, str, str]]:
    """What would come out if all that is open were confirmed."""
    answer = evaluate_rule(
        book, case.rule, on=case.on, place=case.place, inputs=_told(book, case), provisional=True
    )
    return _compare("provisional", case.provisional, answer.value, answer.rule.unit)


def _compare_step(answer: Answer, name: str, expected: Any) -> list[tuple[str, str, str]]:
    try:
        line = answer.line(name)
    except KeyError:
        return [(name, str(expected), "there is no such step")]
    if expected is None:
        return [] if isinstance(line.value, Unknown) else [(name, "not determined", show_plain(line.value))]
    return _compare(name, expected, line.value, line.unit)


def _compare(what: str, expected: Any, value: Value, unit: Unit) -> list[tuple[str, str, str]]:
    try:
        wanted = read_value(expected, unit)
    except ValueProblem as problem:
        return [(what, f"a value of unit {unit}", str(problem))]
    return (
        [] if wanted == value and type(wanted) is type(value) else [(what, str(expected), show_plain(value))]
    )


def show_plain(value: Value) -> str:
    """A value for programs and test reports: fen and fractions as they are."""
    if isinstance(value, Unknown):
        return "not determined: " + ", ".join(f"{reason.why}:{reason.subject}" for reason in value.reasons)
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(value) if isinstance(value, tuple) else str(value)
