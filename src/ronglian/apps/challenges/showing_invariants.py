"""What always holds of bids shown to investors. Imported by `invariants`, where the app's invariants are looked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ronglian.apps.challenges.enums import BidState
from ronglian.apps.challenges.models import Showing, ShowingOutcome, ShowingReading
from ronglian.apps.challenges.showing_text import DIGESTS, digest_of
from ronglian.kernel.invariant import invariant, named


@invariant(
    "challenges.shown_by_the_bidder",
    _("Every bid that is shown to an investor is an opened one, shown by its bidder to somebody else than its issuer."),
)  # fmt: skip
def _shown_by_others() -> Iterable[object]:
    wrong = (
        ~Q(team=F("bid__bidder")) | ~Q(bid__state=BidState.OPENED) | Q(investor=F("bid__challenge__issuer"))
    )
    return named(Showing.objects.filter(wrong).only("public_id"))


@invariant(
    "challenges.shown_as_consented",
    _("Every agreement with an investor is over the text that was offered and the terms that were consented to."),
)  # fmt: skip
def _other_terms() -> Iterator[str]:
    rows = Showing.objects.select_related("bid", "team", "investor").defer("bid__envelope", "bid__content")
    for showing in rows.iterator(chunk_size=500):
        if showing.text_version not in DIGESTS or digest_of(showing) != showing.text_digest:
            yield f"showing {showing.public_id}"


@invariant(
    "challenges.shown_under_agreement",
    _("Every reading by an investor lies after its signature, before the withdrawal, and within the term."),
)
def _read_outside() -> Iterable[object]:
    outside = (
        Q(showing__signed_at__isnull=True)
        | Q(first_at__lt=F("showing__signed_at"))
        | Q(first_at__gt=F("showing__ended_at"))
        | Q(read_on__gt=F("showing__ends_on"))
    )
    return named(ShowingReading.objects.filter(outside))


@invariant(
    "challenges.outcomes_of_signed_showings",
    _("What became of a showing is told of such as were signed for alone."),
)
def _told_of_nothing() -> Iterable[object]:
    return named(ShowingOutcome.objects.filter(showing__signed_at__isnull=True).only("public_id"))
