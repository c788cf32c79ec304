"""A match as a card and as a page: who fits whom, why, and why not more."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ronglian.apps.matching.queries.matches import MatchView
from ronglian.apps.matching.wording import (
    describe_exclusion,
    describe_improvement,
    describe_move,
    metric_row_texts,
)
from ronglian.apps.registry.models import RegistryRecord
from ronglian.engines.matching import Match, MetricRow
from ronglian.kernel.actor import Actor
from ronglian.web.context import short_language
from ronglian.web.presenters.cards import Card, record_card
from ronglian.web.presenters.scores import Bar, ScoreView, score_view
from ronglian.web.presenters.texts import mark_piece

TERMS_NAMED = 6
# From this nearness on a line says that the texts are near in meaning.
NEAR = 0.3
WORDED = 2


@dataclass(frozen=True, slots=True)
class MetricLine:
    """One metric of the need beside the claim, each with the sentence it was read from."""

    need: str
    need_sentence: SafeString
    claim: str
    claim_sentence: SafeString
    verdict: str
    sign: str
    label: str


@dataclass(frozen=True, slots=True)
class MatchCard:
    """A match in a list: the other side's card, the score, and the reasons in words."""

    card: Card
    url: str
    score: ScoreView
    shared: str
    reasons: list[Bar]
    signs: list[Bar]
    all_signs: list[Bar]
    exclusions: list[str]
    decisions: list[str]
    move: str


def match_card(actor: Actor, view: MatchView, other: RegistryRecord) -> MatchCard:
    """The card of `other`, with why it is here."""
    score = score_view(view.match)
    terms = [term.term for term in view.match.terms]
    told = told_bars(score)
    worded = [bar for bar in told if bar.factor == "metrics" or bar.verdict == "not_met"][:WORDED]
    url = (
        reverse("match", args=[view.need.public_id, view.result.public_id])
        if view.need and view.result
        else ""
    )
    return MatchCard(
        card=record_card(actor, other, terms=terms),
        url=url,
        score=score,
        shared=shared_words(view.match),
        reasons=[bar for bar in told if bar in worded],
        signs=[bar for bar in told if bar not in worded],
        all_signs=told,
        exclusions=exclusion_texts(view.match),
        decisions=[
            f"{decision.get_kind_display()}: {decision.get_reason_display()}" for decision in view.decisions
        ],
        move=describe_move(view.move) if view.move else "",
    )


def shared_words(match: Match) -> str:
    """The words both texts use, heaviest first; those of the page's language where there are enough of them.

    After them, whether the texts are near in meaning, as far as that was read.
    """
    words = [term.term for term in match.terms if len(term.term) > 2 or not term.term.isascii()]
    own = [word for word in words if word.isascii() == (short_language() == "en")]
    named = (own if len(own) > 1 else words)[:TERMS_NAMED]
    texts = [_("Shared words: %(words)s") % {"words": _(", ").join(named)}] if named else []
    nearness = match.parts[0].detail.get("meaning", 0.0)
    if nearness >= NEAR:
        texts.append(_("Near in meaning: %(percent).0f %%") % {"percent": 100 * nearness})
    return " · ".join(texts)


def told_bars(score: ScoreView) -> list[Bar]:
    """The factors beyond the text that say something of this pair. Freshness has its place on the pair's page."""
    silent = ("neutral", "not_stated")
    return [
        bar for bar in score.bars if bar.factor not in ("text", "freshness") and bar.verdict not in silent
    ]


def metric_lines(rows: tuple[MetricRow, ...]) -> list[MetricLine]:
    """The metric table of a match."""
    lines = []
    for row in rows:
        texts = metric_row_texts(row)
        lines.append(
            MetricLine(
                need=texts["need"],
                need_sentence=mark_piece(row.need.sentence, row.need.verbatim),
                claim=texts["claim"],
                claim_sentence=mark_piece(row.claim.sentence, row.claim.verbatim)
                if row.claim
                else SafeString(),
                verdict=row.verdict,
                sign=texts["sign"],
                label=texts["label"],
            )
        )
    return lines


def exclusion_texts(match: Match) -> list[str]:
    """Why the pair is not suggested."""
    return [describe_exclusion(each) for each in match.exclusions]


def improvement_texts(match: Match) -> list[str]:
    """What would raise the score by a point or more."""
    return [describe_improvement(each) for each in match.improvements if each.points >= 0.5]
