"""共性需求: needs of several small firms that say the same, as one need with a shared budget and several owners."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.clinic.enums import PoolState, ShareState
from ronglian.apps.clinic.pool_rules import visible_pools_q
from ronglian.apps.registry.models import Need
from ronglian.kernel.actor import Actor
from ronglian.kernel.models import Record
from ronglian.kernel.sealed_field import SealedField

TITLE_LIMIT = 300
TEXT_LIMIT = 4_000
LARGEST_FEN = 10**15


def validate_amount(value: Any) -> None:
    """None, or whole fen."""
    if value is not None and (type(value) is not int or not 0 <= value <= LARGEST_FEN):
        raise ValidationError(_("An amount is a whole number of fen, not negative."))


class PoolQuerySet(models.QuerySet["Pool"]):
    """Queries that respect the policy."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(visible_pools_q(actor))


class Pool(Record):
    """共性需求. `explanation` is what the engine found: likeness pair by pair and the words all share, public texts only.

    `need_version` is that of the published need as all approved it; any other means that somebody changed it since.
    """

    state = models.CharField(_("state"), max_length=10, choices=PoolState, default=PoolState.FOUND)
    explanation = models.JSONField(default=dict)
    engine_version = models.CharField(max_length=20)
    parameters_version = models.CharField(max_length=20)
    title = SealedField(_("title"), max_length=TITLE_LIMIT, blank=True, default="")
    summary = SealedField(_("what is wanted together"), max_length=TEXT_LIMIT, blank=True, default="")
    lead = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="pools_led",
        null=True,
        blank=True,
        verbose_name=_("lead"),
    )
    need = models.OneToOneField(
        Need,
        on_delete=models.PROTECT,
        related_name="pool",
        null=True,
        blank=True,
        verbose_name=_("need"),
    )
    need_version = models.PositiveIntegerField(null=True, blank=True)
    closed_because = models.TextField(_("why it is not pursued"), max_length=500, blank=True)

    objects: ClassVar[models.Manager[Any]] = PoolQuerySet.as_manager()
    if TYPE_CHECKING:
        lead_id: int | None
        need_id: int | None

    class Meta:
        verbose_name = _("common need")
        verbose_name_plural = _("common needs")
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state=PoolState.CLOSED) | ~models.Q(closed_because=""),
                name="pool_closed_with_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=PoolState.PUBLISHED)
                | models.Q(need__isnull=False, lead__isnull=False),
                name="pool_published_has_need_and_lead",
            ),
        )

    def __str__(self) -> str:
        return str(self.title) or f"#{self.public_id.hex[:8]}"


class PoolShare(Record):
    """共性需求份额: what one owner brings. What it shares and how much it gives are sealed; only those who joined read it."""

    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="shares")
    need = models.ForeignKey(
        Need, on_delete=models.PROTECT, related_name="pool_shares", verbose_name=_("need")
    )
    owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="pool_shares", verbose_name=_("organisation")
    )
    state = models.CharField(_("state"), max_length=10, choices=ShareState, default=ShareState.INVITED)
    told = SealedField(_("what you share with the others"), max_length=TEXT_LIMIT, blank=True, default="")
    budget_fen = SealedField(
        _("your part of the budget"), null=True, blank=True, validators=[validate_amount]
    )
    approved_version = models.PositiveIntegerField(null=True, blank=True)
    reason = models.TextField(_("reason"), max_length=500, blank=True)
    decided_by = models.CharField(_("decided by"), max_length=200, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    if TYPE_CHECKING:
        owner_id: int
        need_id: int
        pool_id: int

    class Meta:
        verbose_name = _("share of a common need")
        verbose_name_plural = _("shares of a common need")
        indexes = (models.Index(fields=["owner", "state"], name="pool_share_owner"),)
        constraints = (
            models.UniqueConstraint(fields=["pool", "owner"], name="pool_share_owner_once"),
            models.UniqueConstraint(fields=["pool", "need"], name="pool_share_need_once"),
        )

    def __str__(self) -> str:
        return f"{self.owner}: {self.state}"
