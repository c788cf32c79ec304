"""Reading reviews, rankings, awards and objections."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from ronglian.apps.challenges.enums import AwardState, ReviewState
from ronglian.apps.challenges.models import (
    Award,
    Bid,
    BidFeedback,
    Challenge,
    ChallengeObjection,
    Review,
    Reviewer,
    ReviewRecord,
)
from ronglian.apps.challenges.queries.challenges import access_challenge
from ronglian.apps.challenges.rules import is_authority
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound


def own_reviews(actor: Actor) -> QuerySet[Review]:
    """What the actor is asked to review, what waits first."""
    if actor.person_id is None or not actor.may_read_confidential:
        return Review.objects.none()
    rows = Review.objects.filter(reviewer__person__public_id=actor.person_id)
    return (
        rows.select_related("bid__challenge", "reviewer__person")
        .defer("bid__envelope", "bid__content")
        .order_by("state", "-id")
    )


def access_review(actor: Actor, public_id: UUID) -> Review:
    """One's own review; raises NotFound."""
    rows = own_reviews(actor).exclude(state=ReviewState.RECUSED)
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def reviewers_of(actor: Actor, challenge: Challenge) -> QuerySet[Reviewer]:
    """Who reviews: for the issuer's people. Everybody else learns their numbers alone."""
    rows = Reviewer.objects.filter(challenge=challenge)
    if not _organises(actor, challenge):
        return rows.none()
    return rows.select_related("person").order_by("number")


def reviews_of_challenge(actor: Actor, challenge: Challenge) -> QuerySet[Review]:
    """All reviews of a challenge: for the issuer's people."""
    rows = Review.objects.filter(bid__challenge=challenge)
    if not _organises(actor, challenge):
        return rows.none()
    return (
        rows.select_related("bid__bidder", "reviewer__person")
        .defer("bid__envelope", "bid__content")
        .order_by("bid__received_at", "reviewer__number")
    )


def latest_record(actor: Actor, challenge: Challenge) -> ReviewRecord | None:
    """The ranking with all that it rests on: the issuer's at once, everybody's once an award was proposed."""
    is_public = Award.objects.filter(challenge=challenge).exists()
    if not (is_public or _organises(actor, challenge)):
        return None
    return ReviewRecord.objects.filter(challenge=challenge).order_by("-number").first()


def standing_awards(challenge: Challenge) -> QuerySet[Award]:
    """The awards that stand, by place: public from the public notice on."""
    rows = Award.objects.filter(challenge=challenge, state=AwardState.STANDING)
    return rows.select_related("bid__bidder").defer("bid__envelope", "bid__content").order_by("place")


def objections_of(actor: Actor, challenge: Challenge) -> QuerySet[ChallengeObjection]:
    """What was said against the award: public once it was answered, before that to the bureau, the issuer and who raised it."""
    rows = ChallengeObjection.objects.filter(challenge=challenge).select_related("by").order_by("id")
    if _organises(actor, challenge) or is_authority(actor):
        return rows
    own = Q(by_id__in=actor.organisation_ids) if actor.may_read_confidential else Q(pk__in=())
    return rows.filter(own | ~Q(is_upheld=None))


def access_award_objection(actor: Actor, public_id: UUID) -> ChallengeObjection:
    """One objection of a challenge that the actor may see; raises NotFound."""
    found = ChallengeObjection.objects.filter(public_id=public_id).select_related("challenge").first()
    if found is None:
        raise NotFound
    challenge = access_challenge(actor, found.challenge.public_id)
    if not objections_of(actor, challenge).filter(pk=found.pk).exists():
        raise NotFound
    return found


def feedback_of(actor: Actor, bid: Bid) -> BidFeedback | None:
    """What a loser was told: for the bidder's and the issuer's people."""
    if not (actor.is_member(bid.bidder_id) or _organises(actor, bid.challenge)):
        return None
    return BidFeedback.objects.filter(bid=bid).first()


def _organises(actor: Actor, challenge: Challenge) -> bool:
    """The issuer's people; a token only where it was given what is confidential."""
    return actor.is_system or (actor.may_read_confidential and actor.is_member(challenge.issuer_id))


def access_award(actor: Actor, public_id: UUID) -> Award:
    """An award that stands, of a challenge that the actor may see; raises NotFound."""
    rows = Award.objects.filter(public_id=public_id, state=AwardState.STANDING)
    found = rows.select_related("challenge", "bid__bidder").defer("bid__envelope", "bid__content").first()
    if found is None:
        raise NotFound
    access_challenge(actor, found.challenge.public_id)
    return found
