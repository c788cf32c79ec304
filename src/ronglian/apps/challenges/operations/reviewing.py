"""Reviewing bids: naming reviewers, assigning them, scores, and the ranking that follows from the published rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Person
from ronglian.apps.challenges.enums import Phase, ReviewState
from ronglian.apps.challenges.models import Bid, Challenge, Review, Reviewer, ReviewRecord
from ronglian.apps.challenges.reviewing import (
    bids_under_review,
    computed_record,
    digest_of_record,
    fits_of,
    reviews_missing,
    rules_of,
)
from ronglian.apps.challenges.rules import may_change, may_review
from ronglian.apps.challenges.tasks import tell_reviewers
from ronglian.engines.review import assign_reviewers, review_total
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import Conflict, InvalidInput, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_json, clean_record, clean_text

MOST_EACH = 15
LONGEST_COMMENT = 3000


@operation("challenge.name_reviewer", target="challenge", allowed=may_change)
def name_reviewer(
    *, actor: Actor, challenge: Challenge, email: str, expertise: str = "", limit: int = 10
) -> Challenge:
    """Ask a person with an account here to review. Whom conflicts exclude is decided bid by bid, at the assignment."""
    if challenge.published_at is None or challenge.phase not in (Phase.OPEN, Phase.SEALED, Phase.REVIEW):
        raise RuleViolation(_("Reviewers are named from the publication until the review ends."))
    person = Person.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if person is None:
        raise InvalidInput.of(
            {"email": [_("Nobody with this e-mail has signed up. Ask them to sign up first.")]}
        )
    if Reviewer.objects.filter(challenge=challenge, person=person).exists():
        raise Conflict(_("This person reviews already."))
    last = Reviewer.objects.filter(challenge=challenge).aggregate(last=Max("number"))["last"] or 0
    reviewer = Reviewer(challenge=challenge, person=person, number=last + 1, expertise=expertise, limit=limit)
    clean_record(reviewer)
    reviewer.save(force_insert=True)
    record_event(
        actor, "reviewer.named", reviewer, {"challenge": str(challenge.public_id), "number": reviewer.number}
    )
    return challenge


@operation("challenge.assign_reviews", target="challenge", allowed=may_change)
def assign_reviews(*, actor: Actor, challenge: Challenge, each: int) -> Challenge:
    """Give every opened bid `each` reviewers: the assignment of greatest fit, nobody with a conflict.

    What was handed in stays and counts; the rest is assigned anew. Who has stood aside from a bid is not asked about it again.
    """
    _insist_review(challenge)
    if not 1 <= each <= MOST_EACH:
        raise InvalidInput.of({"each": [_("State 1 to 15 reviewers for each bid.")]})
    bids = bids_under_review(challenge)
    reviewers = list(Reviewer.objects.filter(challenge=challenge).select_related("person").order_by("number"))
    if not bids or not reviewers:
        raise RuleViolation(_("There are no opened bids, or no reviewers are named yet."))
    fits, wanted = fits_of(bids, reviewers), np.full(len(bids), each)
    limits = np.array([reviewer.limit for reviewer in reviewers], np.int64)
    rows = {bid.pk: row for row, bid in enumerate(bids)}
    columns = {reviewer.pk: column for column, reviewer in enumerate(reviewers)}
    for review in Review.objects.filter(bid__in=bids).exclude(state=ReviewState.ASSIGNED):
        row, column = rows[review.bid_id], columns[review.reviewer_id]
        fits.allowed[row, column] = False
        if review.state == ReviewState.SUBMITTED:
            wanted[row] = max(0, wanted[row] - 1)
            limits[column] = max(0, limits[column] - 1)
    found = assign_reviewers(fits.fit, fits.allowed, limits, wanted)
    if not found.is_possible:
        raise RuleViolation(_shortage(found.shortages, found.missing, bids, wanted))
    for review in Review.objects.filter(bid__in=bids, state=ReviewState.ASSIGNED):
        record_event(actor, "review.taken_back", review)
        review.delete()
    for row, chosen in enumerate(found.reviewers):
        for column in chosen:
            _assign(
                actor, bids[row], reviewers[column], float(fits.fit[row, column]), fits.shared[row, column]
            )
    record_event(actor, "challenge.reviews_assigned", challenge, {"each": each, "bids": len(bids)})
    transaction.on_commit(lambda: tell_reviewers.enqueue(str(challenge.public_id)))
    return challenge


def _assign(actor: Actor, bid: Bid, reviewer: Reviewer, fit: float, shared: Sequence[str]) -> None:
    review = Review(bid=bid, reviewer=reviewer, why={"fit": round(fit, 3), "shared": list(shared)})
    review.save(force_insert=True)
    record_event(actor, "review.assigned", review, {"bid": bid.digest, "reviewer": reviewer.number})


@operation("review.submit", target="review", allowed=may_review)
def submit_review(
    *, actor: Actor, review: Review, scores: Sequence[int], comments: Sequence[str], reason: str = ""
) -> Review:
    """Hand in a review, or change one that was handed in, with a reason; both are kept."""
    challenge = review.bid.challenge
    _insist_review(challenge)
    if review.state == ReviewState.RECUSED:
        raise RuleViolation(_("You have stood aside from this bid."))
    try:
        review_total(rules_of(challenge), tuple(scores))
    except ValueError as error:
        raise InvalidInput.of({"scores": [_("Each criterion has a whole score from 0 to 5.")]}) from error
    if len(comments) != len(scores) or any(not text.strip() for text in comments):
        raise InvalidInput.of({"comments": [_("Say for each criterion why it earns this score.")]})
    if any(len(text) > LONGEST_COMMENT for text in comments):
        raise InvalidInput.of({"comments": [_("A comment has at most 3,000 characters.")]})
    if review.state == ReviewState.SUBMITTED:
        if not reason.strip():
            raise InvalidInput.of({"reason": [_("Say why you change your scores; both are kept.")]})
        before = {"scores": review.scores, "reason": clean_text(reason), "until": timezone.now().isoformat()}
        review.revisions = [*review.revisions, before]
    review.scores, review.comments = list(scores), clean_json(list(comments))
    review.state, review.submitted_at = ReviewState.SUBMITTED, timezone.now()
    review.version += 1
    review.save(force_update=True)
    record_event(
        actor, "review.submitted", review, {"bid": review.bid.digest, "revision": len(review.revisions)}
    )
    return review


@operation("review.recuse", target="review", allowed=may_review)
def recuse_review(*, actor: Actor, review: Review, reason: str) -> Review:
    """Stand aside from one bid, with a reason; the issuer then assigns anew."""
    _insist_review(review.bid.challenge)
    if not reason.strip():
        raise InvalidInput.of(
            {"reason": [_("Say what ties you to the bidder, or why you cannot judge this bid.")]}
        )
    review.state, review.submitted_at, review.recused_because = ReviewState.RECUSED, None, clean_text(reason)
    review.scores, review.comments = [], []
    review.version += 1
    review.save(force_update=True)
    record_event(actor, "review.recused", review, {"bid": review.bid.digest})
    return review


@operation("challenge.rank", target="challenge", allowed=may_change)
def rank_challenge(*, actor: Actor, challenge: Challenge) -> Challenge:
    """Compute the ranking by the published formula, and keep it with all that it rests on."""
    _insist_review(challenge)
    if reviews_missing(challenge):
        raise RuleViolation(
            _("All reviews have to be handed in, and each bid needs one, before the ranking is computed.")
        )
    record: dict[str, Any] = computed_record(challenge)
    last = ReviewRecord.objects.filter(challenge=challenge).aggregate(last=Max("number"))["last"] or 0
    kept = ReviewRecord(challenge=challenge, number=last + 1, record=record, digest=digest_of_record(record))
    kept.save(force_insert=True)
    said = {"challenge": str(challenge.public_id), "number": kept.number, "digest": kept.digest}
    record_event(actor, "reviewrecord.made", kept, said)
    return challenge


def _insist_review(challenge: Challenge) -> None:
    if challenge.phase != Phase.REVIEW:
        raise RuleViolation(_("Bids are reviewed after the opening and before the award."))


def _shortage(shortages: Sequence[Any], missing: int, bids: Sequence[Any], wanted: Any) -> str:
    """Which bids lack how many, in words; a bid is named by the beginning of its digest."""
    if not shortages:
        return str(
            _(
                "The reviewers' limits leave %(missing)d reviews open. Name more reviewers, or raise their limits."
            )
            % {"missing": missing}
        )
    named = ", ".join(f"{bids[one.bid].digest[:8]} ({one.possible}/{wanted[one.bid]})" for one in shortages)
    return str(
        _("Too few reviewers without a conflict of interest for these bids: %(bids)s. Name more reviewers.")
        % {"bids": named}
    )
