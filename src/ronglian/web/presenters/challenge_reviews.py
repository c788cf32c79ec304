"""The review of a challenge as its page shows it: who reviews, how far it is, the ranking, the award, objections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ronglian.apps.agreements.from_award import READY
from ronglian.apps.agreements.models import Agreement
from ronglian.apps.agreements.queries.agreements import agreement_of_award
from ronglian.apps.challenges.enums import BidState, Phase, ReviewState
from ronglian.apps.challenges.models import Award, Bid, Challenge, Review, Reviewer
from ronglian.apps.challenges.queries.reviews import (
    latest_record,
    objections_of,
    reviewers_of,
    reviews_of_challenge,
    standing_awards,
)
from ronglian.apps.challenges.reviewing import losers, rules_of
from ronglian.apps.challenges.rules import is_authority
from ronglian.engines.review import Disagreement, disagreements
from ronglian.engines.review import Review as Scored
from ronglian.kernel.actor import Actor
from ronglian.web.work.access import writable_organisations
from ronglian.web.work.forms.challenge_reviews import (
    AnswerForm,
    AssignForm,
    AwardForm,
    FeedbackForm,
    ObjectionForm,
    ReviewerForm,
)

OPEN_TO_OBJECTIONS = frozenset({"publicity", "objection", "appeal_window"})


@dataclass(frozen=True, slots=True)
class ReviewerLine:
    reviewer: Reviewer
    assigned: int
    handed_in: int


@dataclass(frozen=True, slots=True)
class BidLine:
    """A bid under review, as the issuer sees it."""

    bid: Bid
    reviews: list[Review]
    apart: list[str]


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A place of the ranking; `bid` None where the reader may not know whose it is."""

    place: int | None
    name: str
    digest: str
    adjusted: str
    mean: str
    parts: list[str]


def points(hundredths: int) -> str:
    return f"{hundredths / 100:.2f}"


def review_page(actor: Actor, challenge: Challenge, stages: Sequence[str]) -> dict[str, Any]:
    """What the page of a challenge shows of its review to this reader."""
    if challenge.published_at is None:
        return {}
    is_member, may_change = actor.is_member(challenge.issuer_id), actor.may_write_for(challenge.issuer_id)
    reviews = list(reviews_of_challenge(actor, challenge))
    record = latest_record(actor, challenge)
    awards = list(standing_awards(challenge))
    lost = losers(challenge) if is_member and awards else []
    own = writable_organisations(actor) if actor.is_signed_in else []
    return {
        "reviewer_lines": _reviewer_lines(reviewers_of(actor, challenge), reviews),
        "reviewer_form": ReviewerForm()
        if may_change and challenge.phase in (Phase.OPEN, Phase.SEALED, Phase.REVIEW)
        else None,
        "assign_form": AssignForm() if may_change and challenge.phase == Phase.REVIEW else None,
        "bid_lines": _bid_lines(challenge, reviews),
        "may_rank": may_change and challenge.phase == Phase.REVIEW,
        "record": record,
        "places": _places(actor, challenge, record.record if record else None, awards),
        "award_form": _award_form(challenge, record.record)
        if may_change and record and challenge.phase == Phase.REVIEW
        else None,
        "awards": awards,
        "contracts": _contracts(actor, challenge, awards),
        "losers": [(bid, getattr(bid, "feedback", None)) for bid in lost],
        "feedback_form": FeedbackForm() if may_change else None,
        "objections": objections_of(actor, challenge),
        "objection_form": ObjectionForm(own=own) if own and OPEN_TO_OBJECTIONS & set(stages) else None,
        "answer_form": AnswerForm() if is_authority(actor) else None,
    }


def _contracts(
    actor: Actor, challenge: Challenge, awards: Sequence[Award]
) -> list[tuple[Award, Agreement | None]]:
    """For the issuer and each winner: the contract of an award, or None where it can be drafted now."""
    if challenge.phase not in READY:
        return []
    sides = [
        award
        for award in awards
        if actor.may_write_for(challenge.issuer_id) or actor.may_write_for(award.bid.bidder_id)
    ]
    return [(award, agreement_of_award(actor, award)) for award in sides if not actor.is_system]


def _reviewer_lines(reviewers: Any, reviews: Sequence[Review]) -> list[ReviewerLine]:
    found = []
    for reviewer in reviewers:
        own = [one for one in reviews if one.reviewer_id == reviewer.pk and one.state != ReviewState.RECUSED]
        found.append(ReviewerLine(reviewer, len(own), sum(one.state == ReviewState.SUBMITTED for one in own)))
    return found


def _bid_lines(challenge: Challenge, reviews: Sequence[Review]) -> list[BidLine]:
    """The bids with their reviews, and where the reviewers of one lie apart."""
    handed_in = [
        Scored(str(one.bid_id), str(one.reviewer_id), tuple(one.scores))
        for one in reviews
        if one.state == ReviewState.SUBMITTED
    ]
    apart = disagreements(rules_of(challenge), handed_in) if handed_in else []
    lines: dict[int, BidLine] = {}
    for one in reviews:
        said = [_apart(challenge, each) for each in apart if each.bid == str(one.bid_id)]
        lines.setdefault(one.bid_id, BidLine(one.bid, [], said)).reviews.append(one)
    return list(lines.values())


def _apart(challenge: Challenge, one: Disagreement) -> str:
    """Which criterion the reviewers see differently; empty for the totals."""
    return "" if one.criterion is None else str(challenge.rubric[one.criterion]["title"])


def _names(challenge: Challenge) -> dict[str, Bid]:
    rows = (
        Bid.objects.filter(challenge=challenge, state=BidState.OPENED)
        .select_related("bidder")
        .defer("envelope", "content")
    )
    return {bid.digest: bid for bid in rows}


def _places(actor: Actor, challenge: Challenge, record: Any, awards: Sequence[Any]) -> list[PlaceLine]:
    """The ranking; bidders who did not win are named to themselves and to the issuer alone."""
    if record is None:
        return []
    named, winners = _names(challenge), {award.bid_id for award in awards}
    lines = []
    for row in record["ranking"]["places"]:
        bid = named[row["bid"]]
        told = actor.is_member(challenge.issuer_id) or actor.is_member(bid.bidder_id) or bid.pk in winners
        lines.append(
            PlaceLine(
                row["place"], bid.bidder.name if told else "", row["bid"], points(row["adjusted"]), points(row["mean"]),
                [points(part) for part in row["parts"]],
            )
        )  # fmt: skip
    return lines


def _award_form(challenge: Challenge, record: Any) -> AwardForm:
    return AwardForm(bids=ranked_bids(challenge, record))


def ranked_bids(challenge: Challenge, record: Any) -> list[tuple[Bid, str]]:
    """The bids in the order of the ranking, with place, bidder and score as a label."""
    named = _names(challenge)
    return [
        (
            named[row["bid"]],
            f"{row['place'] or '–'}. {named[row['bid']].bidder.name} ({points(row['adjusted'])})",
        )
        for row in record["ranking"]["places"]
    ]
