"""What the clinic understood of a consultation, with what was answered since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ronglian.apps.clinic.enums import Topic
from ronglian.apps.clinic.models import Consultation
from ronglian.engines.diagnosis import (
    Criterion,
    NeedSheet,
    Score,
    Slot,
    draft_criteria,
    is_complete,
    read_sheet,
    score_clarity,
    score_completeness,
)
from ronglian.engines.matching import NeedProfile
from ronglian.engines.text import Metric, read_metrics

# Headings that the reader of need sheets knows; a metric that was asked for is a goal.
HEADINGS: Mapping[str, str] = {
    Topic.PROBLEM: "问题",
    Topic.GOAL: "目标",
    Topic.ACCEPTANCE: "验收",
    Topic.OBJECT: "对象",
    Topic.BASELINE: "目前",
    Topic.CONSTRAINT: "约束",
    Topic.CONDITION: "现有条件",
    Topic.TRIED: "已尝试",
    Topic.BUDGET: "预算",
    Topic.DEADLINE: "期限",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """A consultation as understood: the sheet of words and answers, and both scores (问诊读数)."""

    sheet: NeedSheet
    completeness: Score
    clarity: Score
    criteria: tuple[Criterion, ...]

    @property
    def has_acceptance_test(self) -> bool:
        return is_complete(self.criteria)


def read_consultation(consultation: Consultation) -> Reading:
    """Read what was told so far; the words themselves stay as they are."""
    sheet = read_sheet(consultation.title, told_text(consultation, headed=True))
    criteria = tuple(Criterion(**each) for each in consultation.acceptance)
    stated = {Slot(each["topic"]) for each in consultation.answers if each["topic"] in set(Slot)}
    if is_complete(criteria):
        stated.add(Slot.ACCEPTANCE)
    return Reading(
        sheet=sheet,
        completeness=score_completeness(sheet, frozenset(stated - {Slot.GOAL})),
        clarity=score_clarity(sheet),
        criteria=criteria or draft_criteria(sheet),
    )


def told_text(consultation: Consultation, *, headed: bool = False) -> str:
    """The words, then each answer on a line of its own; `headed` puts what was asked in front, as in a need sheet.

    So "82 %" told of today is not taken for a goal, nor the days of a trial run for a deadline.
    """
    parts = [consultation.words]
    for each in consultation.answers:
        topic = each["topic"]
        text = each["text"] if topic in Topic.values else f"{topic} {each['text']}"
        heading = HEADINGS.get(topic, HEADINGS[Topic.GOAL])
        parts.append(f"{heading}：{text}" if headed and not text.startswith(heading) else text)
    return "\n".join(part for part in parts if part)


def wanted_metrics(consultation: Consultation, sheet: NeedSheet) -> tuple[Metric, ...]:
    """The goals with numbers, those of the acceptance test where there is one."""
    lines = "\n".join(
        f"{each['quantity']} {each['threshold']}" for each in consultation.acceptance if each["threshold"]
    )
    return read_metrics(lines).metrics or sheet.wanted


def profile_consultation(consultation: Consultation, reading: Reading) -> NeedProfile:
    """The consultation as the matching engine takes a need."""
    owner, budget = consultation.owner, reading.sheet.budget
    return NeedProfile(
        id=str(consultation.public_id),
        title=consultation.title,
        body=told_text(consultation),
        metrics=wanted_metrics(consultation, reading.sheet),
        industry=owner.industry or None,
        region=owner.region or None,
        budget_low_fen=budget.low_fen if budget else None,
        budget_high_fen=budget.high_fen if budget else None,
    )
