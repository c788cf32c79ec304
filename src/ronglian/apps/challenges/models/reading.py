"""查阅记录: who read an opened bid, for the bidder to see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.challenges.models.bid import Bid
from ronglian.apps.challenges.models.review import Reviewer


class BidReading(models.Model):
    """查阅记录: that a person was shown an opened bid, once a day. A reviewer stands in it by number alone."""

    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="readings")
    reviewer = models.ForeignKey(Reviewer, on_delete=models.PROTECT, null=True, related_name="readings")
    person_id = models.UUIDField()
    person_label = models.CharField(max_length=200, blank=True)
    read_on = models.DateField()
    first_at = models.DateTimeField(auto_now_add=True)
    is_late = models.BooleanField(_("after another bid had won"), default=False)

    if TYPE_CHECKING:
        bid_id: int
        reviewer_id: int | None

    class Meta:
        verbose_name = _("reading of a bid")
        verbose_name_plural = _("readings of bids")
        constraints = (
            models.UniqueConstraint(fields=["bid", "person_id", "read_on"], name="bid_reading_once_a_day"),
        )

    def __str__(self) -> str:
        return f"{self.bid_id} {self.read_on}"
