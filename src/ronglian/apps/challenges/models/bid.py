"""揭榜申请: a sealed answer to a challenge, and the opening by two holders of keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.challenges.enums import LIVE_BIDS, BidState, HolderRole, ReviewState
from ronglian.apps.challenges.models.challenge import Challenge
from ronglian.kernel.models import Record
from ronglian.kernel.sealed_field import SealedField


class Bid(Record):
    """揭榜申请. `envelope` is what two of three keys open, in base64; `content` is empty until they have.

    `received_at` is the server's clock inside the transaction that kept the bid. Events commit to `digest`, which fixes
    the envelope.
    """

    UNLOGGED_FIELDS: ClassVar[frozenset[str]] = frozenset({"envelope"})

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="bids")
    bidder = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="bids", verbose_name=_("bidder")
    )
    state = models.CharField(_("state"), max_length=10, choices=BidState, default=BidState.SEALED)
    envelope = models.TextField(_("sealed envelope"))
    digest = models.CharField(_("digest"), max_length=64)
    received_at = models.DateTimeField(_("received"))
    handed_in_by = models.CharField(_("handed in by"), max_length=200)
    content = SealedField(_("content"), null=True, blank=True)

    if TYPE_CHECKING:
        challenge_id: int
        bidder_id: int

    class Meta:
        verbose_name = _("bid")
        verbose_name_plural = _("bids")
        constraints = (
            models.UniqueConstraint(
                fields=["challenge", "bidder"],
                condition=models.Q(state__in=LIVE_BIDS),
                name="bid_live_once",
            ),
            models.UniqueConstraint(fields=["challenge", "digest"], name="bid_digest_once"),
            models.CheckConstraint(
                condition=models.Q(state=BidState.OPENED) ^ models.Q(content__isnull=True),
                name="bid_content_when_opened",
            ),
        )

    def __str__(self) -> str:
        return f"{self.challenge_id} {self.digest[:12]}"

    def is_reviewed_by(self, person: UUID | None) -> bool:
        """Whether the person was asked to review it and has not stood aside."""
        if person is None:
            return False
        asked = self.reviews.filter(reviewer__person__public_id=person)
        return asked.exclude(state=ReviewState.RECUSED).exists()


class Opening(Record):
    """开封: what the first holder left for the second. `peeled` opens nothing without the key of another holder."""

    challenge = models.OneToOneField(Challenge, on_delete=models.PROTECT, related_name="opening")
    first_role = models.CharField(_("first holder"), max_length=10, choices=HolderRole)
    first_person = models.UUIDField()
    first_label = models.CharField(_("first person"), max_length=200)
    first_at = models.DateTimeField(_("first layer opened"))
    peeled = SealedField(_("first layer"), null=True)
    second_role = models.CharField(_("second holder"), max_length=10, choices=HolderRole, blank=True)
    second_person = models.UUIDField(null=True)
    second_label = models.CharField(_("second person"), max_length=200, blank=True)
    second_at = models.DateTimeField(_("opened"), null=True)
    faults = models.JSONField(_("envelopes that did not open"), default=list)

    if TYPE_CHECKING:
        challenge_id: int

    class Meta:
        verbose_name = _("opening of the bids")
        verbose_name_plural = _("openings of bids")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(second_person__isnull=True)
                | ~models.Q(second_person=models.F("first_person")),
                name="opening_by_two_people",
            ),
            models.CheckConstraint(
                condition=models.Q(second_role="") | ~models.Q(second_role=models.F("first_role")),
                name="opening_by_two_roles",
            ),
            models.CheckConstraint(
                condition=models.Q(second_at__isnull=True) ^ models.Q(peeled__isnull=True),
                name="opening_forgets_the_first_layer",
            ),
        )

    def __str__(self) -> str:
        return f"{self.challenge_id}"
