"""A check-up on the page: the questions with what was answered, and the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ronglian.apps.clinic.models import Consultation
from ronglian.apps.prospecting.models import Checkup
from ronglian.apps.prospecting.queries.checkups import brought, troubles_of
from ronglian.apps.prospecting.questionnaire import questionnaires
from ronglian.web.context import short_language


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question; `choices` are (id, text, chosen)."""

    key: str
    text: str
    choices: list[tuple[str, str, bool]]
    words: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class SectionView:
    """One part of the questionnaire."""

    text: str
    questions: list[QuestionView]


@dataclass(frozen=True, slots=True)
class TroubleView:
    """What an answer points to, with the reason, and the consultation that came of it."""

    key: str
    section: str
    question: str
    choice: str
    words: str
    why: str
    presses: bool
    consultation: Consultation | None


def section_views(
    checkup: Checkup,
    typed: Mapping[str, Mapping[str, str]] | None = None,
    errors: Mapping[str, str] | None = None,
) -> list[SectionView]:
    """The questions; what was typed and refused stands in them as it was typed, with what is wrong beside it."""
    language, told = short_language(), {**dict(checkup.answers), **(typed or {})}
    views = []
    for section in questionnaires()[checkup.questionnaire].sections:
        questions = []
        for one in section.questions:
            answer = told.get(one.id, {"choice": "", "words": ""})
            choices = [
                (each.id, each.text.said(language), each.id == answer["choice"]) for each in one.choices
            ]
            questions.append(
                QuestionView(
                    one.id, one.text.said(language), choices, answer["words"], (errors or {}).get(one.id, "")
                )
            )
        views.append(SectionView(section.text.said(language), questions))
    return views


def trouble_views(checkup: Checkup) -> list[TroubleView]:
    language, there = short_language(), brought(checkup)
    return [
        TroubleView(
            each.question.id,
            each.section.text.said(language),
            each.question.text.said(language),
            each.choice.text.said(language),
            each.words,
            each.choice.why.said(language) if each.choice.why else "",
            each.choice.trouble > 1,
            there[each.question.id].consultation if each.question.id in there else None,
        )
        for each in troubles_of(checkup)
    ]


def progress(checkup: Checkup) -> tuple[int, int]:
    """How many questions are answered, of how many."""
    asked = sum(len(section.questions) for section in questionnaires()[checkup.questionnaire].sections)
    return len(dict(checkup.answers)), asked
