"""The page of a consultation: what was understood, what is asked next, how far it has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ronglian.apps.clinic.models import Consultation
from ronglian.apps.clinic.queries.questions import next_questions
from ronglian.apps.clinic.queries.triage import propose_for_consultation
from ronglian.apps.clinic.reading import Reading, profile_consultation, read_consultation
from ronglian.apps.clinic.wording import (
    SLOTS,
    clarity_name,
    question_effect,
    question_text,
    topic_name,
)
from ronglian.apps.matching.queries.matches import MatchView, match_profile
from ronglian.engines.diagnosis import Score
from ronglian.engines.text import Metric, format_metric
from ronglian.kernel.actor import Actor
from ronglian.web.context import short_language
from ronglian.web.presenters.matches import MatchCard, match_card
from ronglian.web.presenters.pages import UNREAD_REASONS
from ronglian.web.presenters.texts import mark_piece, money_range
from ronglian.web.presenters.triage import proposal_view

SHOWN_MATCHES = 5
SHOWN_QUESTIONS = 5


@dataclass(frozen=True, slots=True)
class PartView:
    """A part of a score in words; `share` is per cent."""

    name: str
    points: int
    maximum: int
    share: str
    is_full: bool


@dataclass(frozen=True, slots=True)
class AskedView:
    """A question as it is asked; `choices` are words to choose from."""

    topic: str
    name: str
    text: str
    effect: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FitView:
    """A result that fits; `alike` counts further ones of the same title, which say nothing new."""

    card: MatchCard
    alike: int


def consultation_page(actor: Actor, consultation: Consultation) -> dict[str, Any]:
    """Everything the page shows beside its forms."""
    reading = read_consultation(consultation)
    views = match_profile(actor, profile_consultation(consultation, reading), owner_id=consultation.owner_id)
    matches = _each_title_once(actor, views)
    best = matches[0].card.score.total if matches else None
    proposal = propose_for_consultation(consultation, reading, best)
    questions = next_questions(consultation, reading)
    return {
        "reading": reading,
        "passages": _passages(reading),
        "now": _metric_texts(reading.sheet.now),
        "wanted": _metric_texts(reading.sheet.wanted),
        "unread": [
            (mark_piece(piece.sentence, piece.verbatim), UNREAD_REASONS.get(piece.reason, ""))
            for piece in reading.sheet.unread
            if piece.reason not in ("not_technical", "identifier")
        ],
        "budget": money_range(reading.sheet.budget.low_fen, reading.sheet.budget.high_fen)
        if reading.sheet.budget
        else "",
        "completeness": round(reading.completeness.total),
        "completeness_parts": _parts(reading.completeness, topic_name),
        "clarity": round(reading.clarity.total),
        "clarity_parts": _parts(reading.clarity, clarity_name),
        "questions": [
            AskedView(
                each.topic,
                topic_name(each.topic),
                question_text(each.topic),
                question_effect(each),
                each.choices,
            )
            for each in questions[:SHOWN_QUESTIONS]
        ],
        "more_questions": max(0, len(questions) - SHOWN_QUESTIONS),
        "answers": [
            (each["topic"], topic_name(each["topic"]), each["text"]) for each in consultation.answers
        ],
        "matches": matches,
        "proposal": proposal,
        "triage": proposal_view(proposal),
    }


def _each_title_once(actor: Actor, views: Sequence[MatchView]) -> list[FitView]:
    """The best of each title: the same result registered by several platforms is shown once."""
    best: dict[str, MatchView] = {}
    counts = Counter(view.result.title for view in views if view.result)
    for view in views:
        if view.result:
            best.setdefault(view.result.title, view)
    return [
        FitView(match_card(actor, view, view.result), counts[title] - 1)
        for title, view in [*best.items()][:SHOWN_MATCHES]
        if view.result
    ]


def _passages(reading: Reading) -> list[tuple[str, list[str]]]:
    """Each sentence as it was typed, with what was understood by it."""
    return [
        (each.text.strip(), [str(SLOTS[slot]) for slot in each.slots])
        for each in reading.sheet.passages
        if each.text.strip()
    ]


def _metric_texts(metrics: tuple[Metric, ...]) -> list[tuple[str, Any]]:
    return [
        (format_metric(each, short_language()), mark_piece(each.sentence, each.verbatim)) for each in metrics
    ]


def _parts(score: Score, name_of: Callable[[str], str]) -> list[PartView]:
    return [
        PartView(
            name=name_of(part.name),
            points=round(part.points),
            maximum=round(part.maximum),
            share=f"{100 * part.points / part.maximum:.0f}",
            is_full=part.points >= part.maximum,
        )
        for part in score.parts
    ]
