"""What a process definition says (流程定义). Read from data by `reading`, checked by `checking`.

The meaning of each part: docs/explanation/algorithms/processes.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from ronglian.engines.text.wording import Words

CLOCK = "clock"
Outcome = Literal["success", "failure", "cancelled"]
OUTCOMES: tuple[Outcome, ...] = ("success", "failure", "cancelled")
FactKind = Literal["yes_no", "number", "money", "text", "time"]
FACT_KINDS: tuple[FactKind, ...] = ("yes_no", "number", "money", "text", "time")
Value = bool | int | float | str | datetime
Unit = Literal["hours", "days", "working_days", "months"]
UNITS: tuple[Unit, ...] = ("hours", "days", "working_days", "months")


class DeadlineUnknown(LookupError):
    """A deadline cannot be computed; `words` say what is missing."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


@dataclass(frozen=True, slots=True)
class Duration:
    """A period: so many hours, days, working days or months."""

    number: int
    unit: Unit

    @property
    def words(self) -> Words:
        zh = {"hours": "小时", "days": "日", "working_days": "个工作日", "months": "个月"}[self.unit]
        unit = self.unit.replace("_", " ")
        return Words(f"{self.number}{zh}", f"{self.number} {unit if self.number != 1 else unit[:-1]}")


@dataclass(frozen=True, slots=True)
class Named:
    """Something declared by id and name: a role, a document."""

    id: str
    name: Words


@dataclass(frozen=True, slots=True)
class Source:
    """What a definition or one of its rules rests on."""

    id: str
    title: Words
    issued: date | None = None
    issuer: str = ""
    place: str = ""
    note: Words | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """What the subject's records have to tell: `money` is in fen, `time` an aware moment."""

    id: str
    name: Words
    kind: FactKind


@dataclass(frozen=True, slots=True)
class Dated:
    """A value and the days on which it holds, both included."""

    value: Value | Duration
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that a rule can change: dated values, newest wins. `unit`: `yuan` (held in fen), `%`, or nothing."""

    id: str
    name: Words
    values: tuple[Dated, ...]
    source: str = ""
    unit: str = ""

    def on(self, day: date) -> Value | Duration | None:
        """The value on that day; None where none holds."""
        holding = [
            each
            for each in self.values
            if (each.since is None or each.since <= day) and (each.until is None or day <= each.until)
        ]
        return max(holding, key=lambda each: each.since or date.min).value if holding else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """`fact` compared by `relation` with a literal, or with the parameter named by `parameter`."""

    fact: str
    relation: Literal["is", "is_not", "at_least", "at_most", "more_than", "less_than", "one_of", "known"]
    literal: Value | tuple[Value, ...] = True
    parameter: str = ""


@dataclass(frozen=True, slots=True)
class PartsTest:
    """How many sub-processes of the state ended with this outcome."""

    outcome: Outcome
    least: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Compound:
    """All, any or none of the tests below."""

    how: Literal["all", "any", "none"]
    tests: tuple[Test, ...]


Test = Comparison | PartsTest | Compound


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition with the sentence that is said where it is not met."""

    id: str
    reason: Words
    test: Test
    source: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """状态. `parts` names the process whose cases run while the token is here.

    `stage` says in a word that programs know what the state is for, whatever it is called: `open`, `sealed`, `review`.
    """

    id: str
    name: Words
    stage: str = ""
    end: Outcome | None = None
    parts: str = ""
    note: Words | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """For simulation: waiting days (least, likely, most) and the share among exclusive steps."""

    days: tuple[float, float, float] = (0.0, 0.0, 0.0)
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Transition:
    """步骤. Takes tokens from all of `sources`, or from the first of them that has one where `is_any`."""

    id: str
    name: Words
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    roles: tuple[str, ...]
    is_any: bool = False
    guards: tuple[str, ...] = ()
    produces: tuple[str, ...] = ()
    not_before: Duration | str | None = None
    cancels: bool = False
    source: str = ""
    note: Words | None = None
    expects: Expected = Expected()


@dataclass(frozen=True, slots=True)
class Timer:
    """期限. Runs while `state` has a token: fires the first possible of `fires`, or reminds the roles of `reminds`."""

    id: str
    name: Words
    state: str
    after: Duration | str | None = None
    at: str = ""
    fires: tuple[str, ...] = ()
    reminds: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Instalment:
    """A part of a subsidy: `amount` in fen, or None for what is left; paid when `step` is taken."""

    step: str
    amount: int | str | None


@dataclass(frozen=True, slots=True)
class Subsidy:
    """Share of a base, capped, in instalments; the texts name parameters. Shares in per cent, money in fen."""

    id: str
    name: Words
    base: str
    share_least: str
    share_most: str
    cap: str
    instalments: tuple[Instalment, ...]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Migration:
    """Which state of an older version becomes which of this one."""

    from_version: int
    states: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Definition:
    """流程定义: everything a process is, as one value."""

    id: str
    version: int
    name: Words
    summary: Words
    kind: str
    jurisdiction: str
    valid_from: date | None
    valid_to: date | None
    confidence: str
    calendar: str
    start: str
    states: Mapping[str, State]
    transitions: Mapping[str, Transition]
    roles: Mapping[str, Named]
    facts: Mapping[str, Fact] = field(default_factory=dict)
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    guards: Mapping[str, Guard] = field(default_factory=dict)
    documents: Mapping[str, Named] = field(default_factory=dict)
    timers: Mapping[str, Timer] = field(default_factory=dict)
    subsidies: Mapping[str, Subsidy] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    migration: Migration | None = None

    @property
    def label(self) -> str:
        """Id and version as one word: `national_challenge@1`."""
        return f"{self.id}@{self.version}"

    def from_state(self, state: str) -> list[Transition]:
        """The transitions that take a token from this state, in the order written."""
        return [each for each in self.transitions.values() if state in each.sources]

    def duration(self, given: Duration | str, day: date) -> Duration:
        """A period, or the parameter's value on that day. Raises DeadlineUnknown where none holds."""
        if isinstance(given, Duration):
            return given
        value = self.parameters[given].on(day)
        if not isinstance(value, Duration):
            name = self.parameters[given].name
            raise DeadlineUnknown(
                Words(f"{day}没有有效的“{name.zh}”。", f"On {day} there is no “{name.en}” in force.")
            )
        return value
