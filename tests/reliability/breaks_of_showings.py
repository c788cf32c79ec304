"""What breaks each invariant of bids shown to investors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from ronglian.apps.challenges.models import Showing, ShowingOutcome, ShowingReading
from ronglian.apps.challenges.operations.showing_readings import read_shown
from ronglian.apps.challenges.operations.showings import withdraw_showing
from tests.factories.showings import make_shown, make_signed, offer


def _told_unsigned() -> None:
    ShowingOutcome.objects.create(
        showing=offer(make_shown()), number=1, kind="met", happened_on=timezone.localdate(), told_by_label="x"
    )


def read_then(*, withdraw: bool = False, reading: Mapping[str, Any] | None = None, **showing: Any) -> None:
    """A reading as it should be, and then other than it could have come about."""
    shown = make_shown()
    made = make_signed(shown)
    read_shown(shown.reader, made)
    if withdraw:
        withdraw_showing(actor=shown.team, showing=made)
    ShowingReading.objects.filter(showing=made).update(**(reading or {"file": 0}))
    Showing.objects.filter(pk=made.pk).update(**showing or {"version": 2})


OF_SHOWINGS: dict[str, Callable[[], object]] = {
    "challenges.shown_by_the_bidder": lambda: (
        offer(shown := make_shown()),
        Showing.objects.update(team=shown.setting.issuer),
    ),
    "challenges.shown_as_consented": lambda: (offer(make_shown()), Showing.objects.update(parts=["price"])),
    "challenges.shown_under_agreement": lambda: read_then(
        reading={"first_at": timezone.now() - timedelta(days=1)}
    ),
    "challenges.outcomes_of_signed_showings": _told_unsigned,
}
