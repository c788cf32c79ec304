"""The rulebook as values: places, sources, parameters, rules, checklists, cases (规则库)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from ronglian.engines.rules.expressions import Expression
from ronglian.engines.rules.values import Exact, Unit


class UnknownName(LookupError):
    """A rule, parameter, checklist or place that the rulebook does not hold."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"no {kind} is called {name!r}")
        self.kind, self.name = kind, name


class Level(StrEnum):
    """层级: how far down a place stands."""

    NATION = "nation"
    PROVINCE = "province"
    CITY = "city"
    ZONE = "zone"


class Effect(StrEnum):
    """How a value acts on what the level above says."""

    MUST = "must"
    MAY = "may"
    REPLACE = "replace"


class Direction(StrEnum):
    """Which of two binding values is the stricter."""

    FLOOR = "floor"
    CEILING = "ceiling"
    NONE = "none"


class Confidence(StrEnum):
    """可信度: H verbatim or two agreeing sources, M one secondary source, L recollection. Only H is active."""

    HIGH = "H"
    MEDIUM = "M"
    LOW = "L"


class Mark(StrEnum):
    """How a source was read: S statute verbatim, P public page, G public file, K knowledge without text, D derived."""

    STATUTE = "S"
    PAGE = "P"
    FILE = "G"
    KNOWLEDGE = "K"
    DERIVED = "D"


@dataclass(frozen=True, slots=True)
class Text:
    """The same in both languages."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """English for `en`, else Chinese."""
        return self.en if language.startswith("en") else self.zh


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """法域: a place with law of its own, and the one it lies in. `region` is its GB/T 2260 code, short."""

    id: str
    name: Text
    level: Level
    parent: str | None = None
    region: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """依据: a document, as the reference gives it."""

    id: str
    document: Text
    mark: Mark
    link: str = ""


@dataclass(frozen=True, slots=True)
class Validity:
    """有效期. `certain` is the day from which it surely holds; before it, from `possible` on, it may.

    `until` is the last day; None is open. After `sure_until` it may still hold, but nobody has established it.
    """

    possible: date
    certain: date
    until: date | None = None
    sure_until: date | None = None

    def may_cover(self, on: date) -> bool:
        return self.possible <= on and (self.until is None or on <= self.until)

    def surely_covers(self, on: date) -> bool:
        return self.certain <= on and all(
            last is None or on <= last for last in (self.until, self.sure_until)
        )


@dataclass(frozen=True, slots=True)
class Version:
    """One text of the law about one parameter, rule or checklist at one place."""

    subject: str
    jurisdiction: str
    validity: Validity
    source: Source
    article: str
    confidence: Confidence
    note: Text | None = None

    @property
    def reference(self) -> str:
        """`cn-33/reward.floor.transfer@2025-04-19`: names it among all versions."""
        return f"{self.jurisdiction}/{self.subject}@{self.validity.certain.isoformat()}"

    def is_active(self, on: date, *, provisional: bool = False) -> bool:
        """Sure enough, and surely in force; `provisional` takes what is open as confirmed."""
        if provisional:
            return self.validity.may_cover(on)
        return self.confidence is Confidence.HIGH and self.validity.surely_covers(on)


@dataclass(frozen=True, slots=True)
class ParameterVersion(Version):
    """A dated value."""

    value: Exact = False
    effect: Effect = Effect.MUST


@dataclass(frozen=True, slots=True)
class Parameter:
    """参数: something that the law puts a value to."""

    id: str
    topic: str
    title: Text
    unit: Unit
    direction: Direction = Direction.NONE
    versions: tuple[ParameterVersion, ...] = ()


@dataclass(frozen=True, slots=True)
class InputSpec:
    """What has to be told to a rule. `choices` are the texts it may have; `default` is taken where nothing is told."""

    id: str
    title: Text
    unit: Unit
    choices: Mapping[str, Text] = field(default_factory=dict, hash=False)
    default: Exact | None = None


class Rounding(StrEnum):
    """How an amount becomes whole fen. `exact` refuses to round."""

    EXACT = "exact"
    UP = "up"
    DOWN = "down"
    HALF_UP = "half_up"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a formula: an expression, or another rule, or what the law leaves open."""

    id: str
    title: Text
    expression: Expression | None = None
    rule: str | None = None
    arguments: Mapping[str, Expression] = field(default_factory=dict, hash=False)
    silent: Text | None = None
    rounding: Rounding | None = None
    article: str = ""


@dataclass(frozen=True, slots=True)
class RuleVersion(Version):
    """A dated formula."""

    steps: tuple[Step, ...] = ()
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """规则: a question that the law answers."""

    id: str
    topic: str
    title: Text
    unit: Unit
    inputs: Mapping[str, InputSpec] = field(default_factory=dict, hash=False)
    choices: Mapping[str, Text] = field(default_factory=dict, hash=False)  # what a text of the answer means
    versions: tuple[RuleVersion, ...] = ()


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One matter of a checklist: what it is about, what the law says where a contract does not."""

    id: str
    matter: Text
    says: Text
    article: str
    kinds: tuple[str, ...] = ()  # kinds of contract it concerns; none: all


@dataclass(frozen=True, slots=True)
class ChecklistVersion(Version):
    """A dated list."""

    items: tuple[ChecklistItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Checklist:
    """清单: what a law requires or presumes, to be gone through by a person."""

    id: str
    topic: str
    title: Text
    versions: tuple[ChecklistVersion, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """案例: inputs and what has to come out. `expected` None means: not determined, for `reasons`.

    `provisional` is what would come out if all that is open were confirmed.
    """

    id: str
    file: str
    rule: str
    place: str
    on: date
    inputs: Mapping[str, object] = field(hash=False)
    expected: object = None
    steps: Mapping[str, object] = field(default_factory=dict, hash=False)
    reasons: tuple[str, ...] = ()
    provisional: object = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """规则库: everything, by id. `version` is the first 12 characters of a SHA-256 over its files."""

    jurisdictions: Mapping[str, Jurisdiction]
    parameters: Mapping[str, Parameter]
    rules: Mapping[str, Rule]
    checklists: Mapping[str, Checklist]
    topics: Mapping[str, Text]
    cases: tuple[Case, ...] = ()
    version: str = ""

    def jurisdiction(self, place: str) -> Jurisdiction:
        """By its id (`cn-33`) or by a GB/T 2260 code (`33`, `330106`): the smallest that holds it. Raises UnknownName."""
        if place in self.jurisdictions:
            return self.jurisdictions[place]
        for length in range(len(place), 1, -1):
            if f"cn-{place[:length]}" in self.jurisdictions:
                return self.jurisdictions[f"cn-{place[:length]}"]
        raise UnknownName("place", place)

    def chain(self, place: str) -> tuple[Jurisdiction, ...]:
        """From the nation down to the place."""
        return tuple(reversed([*self._upward(self.jurisdiction(place))]))

    def _upward(self, lowest: Jurisdiction) -> Iterator[Jurisdiction]:
        one: Jurisdiction | None = lowest
        while one is not None:
            yield one
            one = self.jurisdictions[one.parent] if one.parent else None

    def rule(self, name: str) -> Rule:
        """Raises UnknownName."""
        if name not in self.rules:
            raise UnknownName("rule", name)
        return self.rules[name]

    def parameter(self, name: str) -> Parameter:
        """Raises UnknownName."""
        if name not in self.parameters:
            raise UnknownName("parameter", name)
        return self.parameters[name]

    def checklist(self, name: str) -> Checklist:
        """Raises UnknownName."""
        if name not in self.checklists:
            raise UnknownName("checklist", name)
        return self.checklists[name]
