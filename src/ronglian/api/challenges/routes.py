"""Open challenges for programs: read them, hand in and take back bids, read the record of a review.

Keys are made and bids opened at the site, by people: a passphrase belongs into no program.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from ninja import Query, Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from ronglian.api.authentication import ApiRequest, signed_in
from ronglian.api.calling import repeatable
from ronglian.api.fields import Id, Strict
from ronglian.api.paging import Page, PageParameters, paginate
from ronglian.apps.accounts.queries.organisations import access_organisation
from ronglian.apps.challenges.bid_content import Attachment, BidContent, Partner
from ronglian.apps.challenges.enums import BidState, ChallengeKind, Openness, Phase, RewardKind
from ronglian.apps.challenges.models import Bid, Challenge
from ronglian.apps.challenges.operations.bids import hand_in_bid, withdraw_bid
from ronglian.apps.challenges.queries.challenges import (
    access_bid,
    access_challenge,
    list_challenges,
    own_bids,
    published_digests,
    receipt_event,
)
from ronglian.apps.challenges.queries.reviews import latest_record, standing_awards
from ronglian.kernel.errors import InvalidInput, NotFound
from ronglian.kernel.log.proofs import opened_receipt

challenges = Router(tags=["challenges"])
bids = Router(tags=["challenges"], auth=signed_in)


class ChallengeCriterion(BaseModel):
    """One criterion of the acceptance test."""

    quantity: str
    threshold: str
    method: str
    measured_by: str
    evidence: str


class ReviewCriterion(BaseModel):
    """One criterion of the review. `anchors[score]` says what earns the score."""

    title: str
    weight: int = Field(description="Per cent.")
    anchors: list[str]


class QuestionToBidders(BaseModel):
    """What a bidder answers beside the proposal."""

    label: str
    required: bool


class AwardShown(BaseModel):
    """定榜."""

    place: int
    bidder: UUID
    reason: str


class ChallengeListed(BaseModel):
    """榜单, as it stands in a list."""

    id: UUID
    version: int
    issuer: UUID
    scheme: str = Field(description="The process it goes through, as at /processes/.")
    phase: Phase
    kind: ChallengeKind
    openness: Openness
    title: str
    title_en: str
    text: str
    text_en: str
    reward_kind: RewardKind
    reward_fen: int
    acceptance: list[ChallengeCriterion]
    rubric: list[ReviewCriterion]
    eligibility: list[QuestionToBidders]
    is_blind: bool
    compensation: str
    published_at: datetime | None
    closes_at: datetime | None


class ChallengeShown(ChallengeListed):
    """榜单, with what has become of its bids."""

    list_digest: str = Field(
        description="SHA-256 over the sorted digests of the bids, a line each; empty before they close."
    )
    digests: list[str]
    awards: list[AwardShown]


class PartnerIn(Strict):
    """A member of the consortium."""

    name: str
    role: str
    share: int = Field(description="Of the reward, in whole per cents; all together 100.")


class AttachmentIn(Strict):
    """A file, base64."""

    name: str
    data: str


class BidIn(Strict):
    """揭榜申请. Sealed on arrival; nothing of it can be read back before the opening."""

    bidder: Id
    proposal: str
    answers: list[str] = Field(default=[], description="One for each question to bidders, in their order.")
    price_fen: int | None = None
    days: int | None = None
    partners: list[PartnerIn] = Field(default=[])
    attachments: list[AttachmentIn] = Field(default=[])


class Withdrawing(Strict):
    """Whose bid is taken back."""

    bidder: Id


class BidShown(BaseModel):
    """揭榜申请, without its content: the digest fixes it."""

    id: UUID
    challenge: UUID
    bidder: UUID
    state: BidState
    digest: str
    received_at: datetime


class ChallengesAsked(PageParameters):
    """Which challenges."""

    phase: Phase | None = Field(None, description="Those in this phase.")


@challenges.get(
    "", response=Page[ChallengeListed], operation_id="list_challenges", summary="The published challenges"
)
def list_all(request: ApiRequest, parameters: Query[ChallengesAsked]) -> Any:
    """Those open for bids first, then the latest."""
    parameters.check_names(request)
    rows = list_challenges(request.auth, parameters.phase.value if parameters.phase else "")

    def present(page: Sequence[Challenge]) -> list[ChallengeListed]:
        return [ChallengeListed(**_listed(one)) for one in page]

    return paginate(request, rows, rows.count(), parameters, present)


@challenges.get(
    "/{uuid:public_id}", response=ChallengeShown, operation_id="get_challenge", summary="Read one challenge"
)
def get_one(request: ApiRequest, public_id: UUID) -> Any:
    """The question, the acceptance test, the rules and, once there is one, the award."""
    return show_challenge(access_challenge(request.auth, public_id))


@challenges.get(
    "/{uuid:public_id}/review-record",
    response=dict[str, Any],
    operation_id="get_review_record",
    summary="Read the record of the review",
)
def get_record(request: ApiRequest, public_id: UUID) -> Any:
    """What `ronglian challenge verify` computes the ranking from; 404 before an award was proposed."""
    record = latest_record(request.auth, access_challenge(request.auth, public_id))
    if record is None:
        raise NotFound
    return record.record


@challenges.post(
    "/{uuid:public_id}/bids",
    response={201: BidShown},
    operation_id="hand_in_bid",
    summary="Hand in a bid",
    auth=signed_in,
)
@repeatable
def hand_in(request: ApiRequest, public_id: UUID, body: BidIn) -> Any:
    """One handed in before by the same bidder is replaced. 409 at and after the closing."""
    bid = hand_in_bid(
        actor=request.auth,
        challenge=access_challenge(request.auth, public_id),
        bidder=access_organisation(request.auth, body.bidder),
        content=_content(body),
    )
    return Status(201, show_bid(bid))


@challenges.post(
    "/{uuid:public_id}/bids/withdraw",
    response=BidShown,
    operation_id="withdraw_bid",
    summary="Take a bid back",
    auth=signed_in,
)
@repeatable
def withdraw(request: ApiRequest, public_id: UUID, body: Withdrawing) -> Any:
    """Before they close; its envelope is never opened."""
    challenge = access_challenge(request.auth, public_id)
    bidder = access_organisation(request.auth, body.bidder)
    return show_bid(withdraw_bid(actor=request.auth, challenge=challenge, bidder=bidder))


@bids.get("", response=Page[BidShown], operation_id="list_bids", summary="Your bids")
def list_own(request: ApiRequest, parameters: Query[PageParameters]) -> Any:
    """Those of your organisations, the latest first."""
    parameters.check_names(request)
    rows = own_bids(request.auth)

    def present(page: Sequence[Bid]) -> list[BidShown]:
        return [show_bid(one) for one in page]

    return paginate(request, rows, rows.count(), parameters, present)


@bids.get(
    "/{uuid:public_id}/receipt",
    response=dict[str, Any],
    operation_id="get_bid_receipt",
    summary="Read the receipt of a bid",
)
def get_bid_receipt(request: ApiRequest, public_id: UUID) -> Any:
    """What proves offline that the bid was here at that moment; 404 until the log is signed, within a minute."""
    bid = access_bid(request.auth, public_id)
    if not request.auth.is_member(bid.bidder_id):
        raise NotFound
    return opened_receipt(receipt_event(bid))


def show_challenge(challenge: Challenge) -> ChallengeShown:
    awards = [
        AwardShown(place=one.place, bidder=one.bid.bidder.public_id, reason=one.reason)
        for one in standing_awards(challenge)
    ]
    return ChallengeShown(
        **_listed(challenge),
        list_digest=challenge.list_digest,
        digests=published_digests(challenge),
        awards=awards,
    )


def _listed(challenge: Challenge) -> dict[str, Any]:
    """What a list and a single challenge both tell."""
    names = ChallengeListed.model_fields.keys() - {"id", "issuer"}
    return {
        "id": challenge.public_id,
        "issuer": challenge.issuer.public_id,
        **{name: getattr(challenge, name) for name in names},
    }


def show_bid(bid: Bid) -> BidShown:
    return BidShown(
        id=bid.public_id,
        challenge=bid.challenge.public_id,
        bidder=bid.bidder.public_id,
        state=BidState(bid.state),
        digest=bid.digest,
        received_at=bid.received_at,
    )


def _content(body: BidIn) -> BidContent:
    return BidContent(
        proposal=body.proposal,
        answers=tuple(body.answers),
        price_fen=body.price_fen,
        days=body.days,
        partners=tuple(Partner(one.name, one.role, one.share) for one in body.partners),
        attachments=tuple(Attachment(one.name, _decoded(one.data)) for one in body.attachments),
    )


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidInput.of({"attachments": [_("The content of a file is base64.")]}) from error
