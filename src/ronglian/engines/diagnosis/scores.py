"""How complete and how clear a need is, each a sum of parts that say why (完整度与清晰度).

Both go from 0 to 100. The weights are our own; docs/explanation/algorithms/diagnosis.md gives the reasons and what
was measured on real needs.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ronglian.engines.diagnosis.cues import ENOUGH_OBJECT_WORDS, VAGUE, names_a_thing
from ronglian.engines.diagnosis.sheet import NeedSheet, Slot

COMPLETENESS_POINTS: Mapping[Slot, float] = {
    Slot.PROBLEM: 18.0,
    Slot.GOAL: 18.0,
    Slot.ACCEPTANCE: 12.0,
    Slot.OBJECT: 10.0,
    Slot.BASELINE: 10.0,
    Slot.CONSTRAINT: 8.0,
    Slot.CONDITION: 6.0,
    Slot.TRIED: 6.0,
    Slot.BUDGET: 6.0,
    Slot.DEADLINE: 6.0,
}
# A goal in words alone cannot be compared with what a result claims.
GOAL_WITHOUT_NUMBERS = 0.4

CLARITY_POINTS: Mapping[str, float] = {
    "measurable": 30.0,
    "object": 25.0,
    "problem": 20.0,
    "plain": 15.0,
    "relevant": 10.0,
}
ENOUGH_METRICS = 3
# A sheet may tell this much about the firm before it hides the need.
FIRM_SHARE = 0.3
# Promising words in a hundred characters at which nothing of the points is left.
VAGUE_RATE = 4.0
SHORTEST = 100


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score: points of a maximum, and the words it rests on (得分构成)."""

    name: str
    points: float
    maximum: float
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """Parts whose points add up to ``total`` of 100 (评分)."""

    total: float
    parts: tuple[Part, ...]


def score_completeness(sheet: NeedSheet, stated: frozenset[Slot] = frozenset()) -> Score:
    """What the sheet tells of what a partner has to know. ``stated`` names what fields beside the text tell."""
    parts = []
    for slot, maximum in COMPLETENESS_POINTS.items():
        told = bool(specific_words(sheet)) if slot is Slot.OBJECT else sheet.tells(slot)
        share = 1.0 if slot in stated or told else 0.0
        if slot is Slot.GOAL and share and not sheet.wanted and slot not in stated:
            share = GOAL_WITHOUT_NUMBERS
        parts.append(Part(slot.value, share * maximum, maximum, _evidence(sheet, slot)))
    return _sum(parts)


def specific_words(sheet: NeedSheet) -> tuple[str, ...]:
    """The words of the object that name a thing; 系统, 智能 and 应用 name none."""
    return tuple(word for word in sheet.object_words if names_a_thing(word))


def _evidence(sheet: NeedSheet, slot: Slot) -> tuple[str, ...]:
    if slot is Slot.OBJECT:
        return sheet.object_words
    if slot is Slot.GOAL and sheet.wanted:
        return tuple(metric.verbatim for metric in sheet.wanted)
    if slot is Slot.BUDGET:
        return (sheet.budget.verbatim,) if sheet.budget else ()
    if slot is Slot.DEADLINE:
        return (sheet.deadline,) if sheet.deadline else ()
    return sheet.said(slot)


def score_clarity(sheet: NeedSheet) -> Score:
    """Whether a stranger can tell what is wanted; a text without content has none."""
    specific = specific_words(sheet)
    problems = sheet.said(Slot.PROBLEM)
    vague = tuple(dict.fromkeys(match.group() for match in VAGUE.finditer(f"{sheet.title}\n{sheet.text}")))
    shares: dict[str, tuple[float, tuple[str, ...]]] = {
        "measurable": (
            min(1.0, len(sheet.wanted) / ENOUGH_METRICS),
            tuple(metric.verbatim for metric in sheet.wanted),
        ),
        "object": (min(1.0, len(specific) / ENOUGH_OBJECT_WORDS), specific),
        "problem": (_problem_share(sheet, problems), problems),
        "plain": (_plain_share(sheet), vague),
        "relevant": (_relevant_share(sheet), sheet.said(Slot.BACKGROUND)),
    }
    return _sum(
        [
            Part(name, shares[name][0] * maximum, maximum, shares[name][1])
            for name, maximum in CLARITY_POINTS.items()
        ]
    )


def _problem_share(sheet: NeedSheet, problems: tuple[str, ...]) -> float:
    """A fault that names the thing it happens to counts in full, a fault alone for a half."""
    if not problems:
        return 0.0
    return 1.0 if any(word in said.lower() for said in problems for word in sheet.object_words) else 0.5


def _plain_share(sheet: NeedSheet) -> float:
    whole = f"{sheet.title}\n{sheet.text}"
    if not sheet.text.strip():
        return 0.0
    rate = 100.0 * sum(1 for _ in VAGUE.finditer(whole)) / max(SHORTEST, len(whole))
    return max(0.0, 1.0 - rate / VAGUE_RATE)


def _relevant_share(sheet: NeedSheet) -> float:
    length = len(sheet.text)
    if not sheet.text.strip():
        return 0.0
    firm = sum(
        each.end - each.start
        for each in sheet.passages
        if each.slots and each.slots[0] in (Slot.BACKGROUND, Slot.CONDITION)
    )
    return min(1.0, max(0.0, 1.0 - (firm / length - FIRM_SHARE) / (1.0 - FIRM_SHARE)))


def _sum(parts: list[Part]) -> Score:
    return Score(sum(part.points for part in parts), tuple(parts))
