"""What always holds of challenges and of the bids for them. None of it opens a bid or tells how many there are."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from ronglian.apps.challenges import showing_invariants  # noqa: F401 - declares those of showings
from ronglian.apps.challenges.enums import LIVE_BIDS, BidState, HolderRole, Phase
from ronglian.apps.challenges.models import Bid, Challenge, Opening, PaymentOrder, TeamMember, Try
from ronglian.apps.challenges.standing import list_digest
from ronglian.apps.challenges.teams import organisations_in
from ronglian.engines.proof.envelopes import envelope_digest
from ronglian.kernel.invariant import invariant, named
from ronglian.kernel.models import Event

AT_ONCE = 100  # envelopes are large


@invariant("challenges.bids_as_received", _("Every bid is the one of its receipt, byte for byte."))
def _other_than_received() -> Iterator[str]:
    rows = Bid.objects.order_by("pk")
    last = 0
    while batch := list(rows.filter(pk__gt=last).only("public_id", "digest", "envelope")[:AT_ONCE]):
        last = batch[-1].pk
        told = {
            event.subject_id: event.data.get("digest")
            for event in Event.objects.filter(
                name="bid.received", subject_id__in=[bid.public_id for bid in batch]
            )
        }
        for bid in batch:
            if not bid.digest == told.get(bid.public_id) == _digest_of(bid):
                yield f"bid {bid.public_id}"


@invariant("challenges.bids_in_time", _("No bid was taken at or after the closing."))
def _late_bids() -> Iterable[object]:
    return named(Bid.objects.filter(received_at__gte=F("challenge__closes_at")).only("public_id"))


@invariant("challenges.opened_after_closing", _("No bids were opened before they closed."))
def _early_openings() -> Iterable[object]:
    return named(Opening.objects.filter(first_at__lt=F("challenge__closes_at")).only("public_id"))


@invariant(
    "challenges.lists_as_published",
    _("The bids of every closed challenge are those of the list that was published."),
)
def _other_lists() -> Iterator[str]:
    for challenge in Challenge.objects.exclude(list_digest="").only("public_id", "list_digest").iterator():
        digests = Bid.objects.filter(challenge=challenge, state__in=LIVE_BIDS).values_list(
            "digest", flat=True
        )
        if list_digest(digests) != challenge.list_digest:
            yield f"challenge {challenge.public_id}"


@invariant(
    "challenges.keys_before_bids", _("Every challenge that takes bids has the keys of all three holders.")
)
def _without_keys() -> Iterable[object]:
    rows = Challenge.objects.filter(phase__in=(Phase.OPEN, Phase.SEALED))
    return named(rows.annotate(made=Count("keys")).filter(~Q(made=len(HolderRole))))


@invariant(
    "challenges.paid_within_what_was_promised",
    _(
        "The payment orders of no challenge come to more than it promised, and those of milestones are as planned."
    ),
)
def _paid_above() -> Iterator[str]:
    rows = Challenge.objects.annotate(ordered=Sum("payment_orders__amount_fen"))
    yield from named(rows.filter(reward_fen__gt=0, ordered__gt=F("reward_fen")).only("public_id"))
    yield from named(
        PaymentOrder.objects.filter(milestone__isnull=False)
        .exclude(amount_fen=F("milestone__amount_fen"))
        .only("public_id")
    )


@invariant("challenges.tries_in_time", _("No result file was scored at or after the closing of bids."))
def _late_tries() -> Iterable[object]:
    return named(
        Try.objects.filter(submitted_at__gte=F("evaluation__challenge__closes_at")).only("public_id")
    )


@invariant(
    "challenges.teams_in_bids_have_confirmed",
    _("Every organisation that an opened bid names as confirmed has answered for itself."),
)
def _named_without_asking() -> Iterator[str]:
    rows = Bid.objects.filter(state=BidState.OPENED).select_related("challenge").defer("envelope")
    for bid in rows.order_by("pk").iterator(AT_ONCE):
        answered = TeamMember.objects.filter(team__challenge=bid.challenge, team__lead=bid.bidder_id)
        known = set(answered.exclude(answered_at=None).values_list("organisation__public_id", flat=True))
        if organisations_in(bid) - known - {bid.bidder.public_id}:
            yield f"bid {bid.public_id}"


@invariant(
    "challenges.tries_within_limits",
    _("No organisation had more result files scored, on a day or in all, than the evaluation allows."),
)
def _too_many_tries() -> Iterator[str]:
    rows = Try.objects.order_by().values("evaluation__public_id", "bidder__public_id")
    in_all = rows.annotate(made=Count("pk")).filter(made__gt=F("evaluation__tries_in_all"))
    days = rows.annotate(day=TruncDate("submitted_at"), made=Count("pk"))
    for each in (*in_all, *days.filter(made__gt=F("evaluation__tries_a_day"))):
        yield f"evaluation {each['evaluation__public_id']}, organisation {each['bidder__public_id']}"


def _digest_of(bid: Bid) -> str:
    """Of the envelope as it is stored; empty where it is none."""
    try:
        return envelope_digest(base64.b64decode(bid.envelope, validate=True))
    except ValueError:
        return ""
