"""A challenge as a document to print: the call with its rules, and, as far as they are public, list of bids, ranking and award."""

from __future__ import annotations

from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ronglian.apps.challenges.enums import ChallengeKind, Openness, Phase, RewardKind, ScoreMetric
from ronglian.apps.challenges.models import Challenge
from ronglian.apps.challenges.queries.challenges import published_digests
from ronglian.apps.challenges.queries.evaluation import evaluation_of
from ronglian.apps.challenges.queries.reviews import latest_record, standing_awards
from ronglian.engines.text import format_money
from ronglian.kernel.actor import Actor
from ronglian.kernel.documents import (
    LOCALES,
    Block,
    Document,
    Facts,
    Heading,
    Language,
    Note,
    Paragraph,
    Table,
)


def challenge_document(actor: Actor, challenge: Challenge, language: Language) -> Document:
    """What the reader sees of it, without what only the issuer sees."""
    with translation.override(LOCALES[language]):
        english = language == "en"
        blocks: list[Block] = [
            Facts(_facts(challenge, language)),
            Heading(_("The question")),
            Paragraph((challenge.text_en if english else "") or challenge.text),
            *_acceptance(challenge),
            *_rules(challenge),
            *_evaluation(challenge),
            *_after_the_closing(actor, challenge),
        ]
        return Document(
            title=(challenge.title_en if english else "") or challenge.title,
            subtitle=_("Open challenge"),
            blocks=tuple(blocks),
            foot=f"{challenge.issuer.name} · {challenge.public_id}",
            language=language,
        )


def _facts(challenge: Challenge, language: Language) -> tuple[tuple[str, str], ...]:
    reward = format_money(challenge.reward_fen, language) if challenge.reward_fen else ""
    rows = [
        (_("Issuer"), challenge.issuer.name),
        (_("Kind"), str(ChallengeKind(challenge.kind).label)),
        (_("Who may bid"), str(Openness(challenge.openness).label)),
        (str(RewardKind(challenge.reward_kind).label).capitalize(), reward or "–"),
        (_("Bids close"), _moment(challenge.closes_at)),
        (_("Stands at"), str(Phase(challenge.phase).label)),
    ]
    return tuple(rows)


def _acceptance(challenge: Challenge) -> list[Block]:
    if not challenge.acceptance:
        return []
    heads = (_("Quantity"), _("Threshold"), _("Method"), _("Measured by"), _("Evidence"))
    names = ("quantity", "threshold", "method", "measured_by", "evidence")
    rows = tuple(tuple(row[name] for name in names) for row in challenge.acceptance)
    return [Heading(_("Acceptance test")), Table(heads, rows)]


def _rules(challenge: Challenge) -> list[Block]:
    blocks: list[Block] = [Heading(_("Rules"))]
    if challenge.rubric:
        heads = (_("Criterion"), _("Weight"), _("What earns 0"), _("What earns 3"), _("What earns 5"))
        rows = tuple(
            (row["title"], f"{row['weight']} %", *(row["anchors"][score] for score in (0, 3, 5)))
            for row in challenge.rubric
        )
        blocks.append(Table(heads, rows))
    if challenge.eligibility:
        asked = "\n".join(f"{number}. {row['label']}" for number, row in enumerate(challenge.eligibility, 1))
        blocks += [Heading(_("What bidders are asked")), Paragraph(asked)]
    if challenge.compensation:
        blocks += [Heading(_("If it is withdrawn")), Paragraph(challenge.compensation)]
    return blocks


def _evaluation(challenge: Challenge) -> list[Block]:
    """By what result files are scored; the answers and which rows are public stay out."""
    evaluation = evaluation_of(challenge)
    if evaluation is None:
        return []
    better = _("higher is better") if evaluation.higher_is_better else _("lower is better")
    public, rows = evaluation.public_rows, evaluation.rows
    facts = (
        (_("Metric"), f"{ScoreMetric(evaluation.metric).label}, {better}"),
        (
            _("Rows"),
            _("%(public)d public, %(hidden)d hidden") % {"public": public, "hidden": rows - public},
        ),
        (_("Columns"), f"{evaluation.key_column}, {evaluation.value_column}"),
        (
            _("Tries of an organisation"),
            _("%(day)s a day, %(all)s in all")
            % {"day": evaluation.tries_a_day, "all": evaluation.tries_in_all},
        ),
    )
    return [Heading(_("Automatic evaluation")), Facts(facts)]


def _after_the_closing(actor: Actor, challenge: Challenge) -> list[Block]:
    """What became public since: digests of the bids, the ranking with its record, the award."""
    blocks: list[Block] = []
    if digests := published_digests(challenge):
        lines = "\n".join(f"{number}. {digest}" for number, digest in enumerate(digests, 1))
        blocks += [
            Heading(_("The list of bids as published at the closing")),
            Note(lines),
            Note(f"SHA-256 {challenge.list_digest}"),
        ]
    awards = list(standing_awards(challenge))
    if awards:
        rows = tuple((str(one.place), one.bid.bidder.name, one.reason or "–") for one in awards)
        heads = (pgettext("ranking", "Place"), _("Winner"), _("Reason"))
        blocks += [Heading(_("Award")), Table(heads, rows)]
    record = latest_record(actor, challenge)
    if record is not None:
        blocks += _ranking(record.record)
    return blocks


def _ranking(record: dict[str, Any]) -> list[Block]:
    rows = tuple(
        (str(row["place"] or "–"), row["bid"], f"{row['adjusted'] / 100:.2f}", f"{row['mean'] / 100:.2f}")
        for row in record["ranking"]["places"]
    )
    heads = (pgettext("ranking", "Place"), _("Bid"), _("Adjusted"), _("Mean"))
    text = _("Anybody computes the ranking again from the record: ronglian challenge verify.")
    return [Heading(_("Ranking")), Table(heads, rows), Note(text)]


def _moment(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else "–"
