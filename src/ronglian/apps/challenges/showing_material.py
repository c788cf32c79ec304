"""What an investor reads of a bid: the parts that the team has chosen and nothing else. Reviewers stand in it by number."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ronglian.apps.challenges.enums import AwardState, ReviewState
from ronglian.apps.challenges.milestones import KIND
from ronglian.apps.challenges.models import Award, Bid, Milestone, Review, ReviewRecord, Showing
from ronglian.apps.challenges.showing_enums import ShownPart
from ronglian.kernel.models import Event
from ronglian.kernel.process.models import RunningProcess

OF_THE_WINNER = "bidder"


@dataclass(frozen=True, slots=True)
class Score:
    """One criterion of one review."""

    criterion: str
    weight: int
    score: int
    comment: str


@dataclass(frozen=True, slots=True)
class ReviewGiven:
    """What one reviewer, by number, gave the bid."""

    reviewer: int
    scores: tuple[Score, ...]


@dataclass(frozen=True, slots=True)
class MilestoneReached:
    """A milestone, where it stands, and what the winner handed in for it. `amount_fen` only where the price is shown."""

    number: int
    title: str
    asked: str
    due_at: datetime
    process: RunningProcess | None
    evidence: tuple[tuple[str, str], ...]
    amount_fen: int | None


@dataclass(frozen=True, slots=True)
class Material:
    """The parts by name; what is not shown is None. `scores_wait`: shown once the record of the review is public."""

    parts: frozenset[str]
    proposal: str | None = None
    answers: tuple[tuple[str, str], ...] = ()
    days: int | None = None
    partners: tuple[Mapping[str, Any], ...] = ()
    files: tuple[str, ...] | None = None
    reviews: tuple[ReviewGiven, ...] | None = None
    place: int | None = None
    scores_wait: bool = False
    milestones: tuple[MilestoneReached, ...] | None = None
    price_fen: int | None = None


def material_of(showing: Showing) -> Material:
    """What is shown. Whether the reader may have it is asked before (`operations.showing_readings`)."""
    bid = Bid.objects.select_related("challenge").defer("envelope").get(pk=showing.bid_id)
    content: Mapping[str, Any] = bid.content or {}
    parts = frozenset(showing.parts)
    material = Material(parts)
    if ShownPart.PROPOSAL in parts:
        labels = [question["label"] for question in bid.challenge.eligibility]
        material = replace(
            material,
            proposal=content["proposal"],
            answers=tuple(zip(labels, content["answers"], strict=False)),
            days=content.get("days"),
            partners=tuple(content.get("partners", ())),
        )
    if ShownPart.FILES in parts:
        material = replace(
            material, files=tuple(str(each["name"]) for each in content.get("attachments", ()))
        )
    if ShownPart.SCORES in parts:
        material = _with_scores(material, bid)
    if ShownPart.MILESTONES in parts:
        reached = _milestones(bid, with_amounts=ShownPart.PRICE in parts)
        material = replace(material, milestones=reached)
    if ShownPart.PRICE in parts:
        material = replace(material, price_fen=content.get("price_fen"))
    return material


def _with_scores(material: Material, bid: Bid) -> Material:
    """Once an award was proposed, when the record of the review is public; not while others may still be swayed."""
    if not Award.objects.filter(challenge=bid.challenge_id).exists():
        return replace(material, scores_wait=True)
    rows = Review.objects.filter(bid=bid, state=ReviewState.SUBMITTED).order_by("reviewer__number")
    criteria = [(str(row["title"]), int(row["weight"])) for row in bid.challenge.rubric]
    reviews = tuple(
        ReviewGiven(
            number,
            tuple(
                Score(title, weight, score, comment)
                for (title, weight), score, comment in zip(criteria, scores, comments, strict=True)
            ),
        )
        for number, scores, comments in rows.values_list("reviewer__number", "scores", "comments")
    )
    return replace(material, reviews=reviews, place=_place_of(bid))


def _place_of(bid: Bid) -> int | None:
    record = ReviewRecord.objects.filter(challenge=bid.challenge_id).order_by("-number").first()
    places = record.record["ranking"]["places"] if record else ()
    return next((int(one["place"]) for one in places if one["bid"] == bid.digest), None)


def _milestones(bid: Bid, *, with_amounts: bool) -> tuple[MilestoneReached, ...]:
    """Of the award of this bid that stands; with what the winner handed in, without what the issuer noted."""
    rows = Milestone.objects.filter(award__bid=bid, award__state=AwardState.STANDING).order_by(
        "award", "number"
    )
    found = list(rows)
    processes = _processes([one.public_id for one in found])
    handed_in = _handed_in([one.public_id for one in processes.values()])
    return tuple(
        MilestoneReached(
            one.number,
            one.title,
            one.evidence,
            one.due_at,
            process := processes.get(one.public_id),
            handed_in.get(process.public_id, ()) if process else (),
            one.amount_fen if with_amounts else None,
        )
        for one in found
    )


def _processes(milestones: Collection[Any]) -> dict[Any, RunningProcess]:
    rows = RunningProcess.objects.filter(subject_kind=KIND, subject_id__in=milestones)
    return {one.subject_id: one for one in rows.select_related("kept", "parent")}


def _handed_in(processes: Collection[Any]) -> dict[Any, tuple[tuple[str, str], ...]]:
    """By process, each document of a step that the winner took: its name in the scheme, and what it says."""
    found: dict[Any, tuple[tuple[str, str], ...]] = {}
    for event in Event.objects.filter(name="process.advanced", subject_id__in=processes).order_by("id"):
        if OF_THE_WINNER in event.data.get("roles", ()):
            documents = tuple(dict(event.data.get("documents", {})).items())
            found[event.subject_id] = found.get(event.subject_id, ()) + documents
    return found
