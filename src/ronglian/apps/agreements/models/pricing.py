"""定价: how the price of a result that is transferred or licensed was found, its public notice, and what supports it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.agreements.enums import (
    NoticeReach,
    PricedWay,
    PriceMethod,
    PriceObjectionState,
    PriceState,
    RelatedTo,
    RoyaltyBase,
)
from ronglian.apps.agreements.pricing_rules import visible_prices_q
from ronglian.apps.registry.models import Result
from ronglian.kernel.actor import Actor
from ronglian.kernel.models import Record
from ronglian.kernel.sealed_field import SealedField

MOST_RATE = 10_000  # hundredths of a per cent


class Valuation(Record):
    """价格测算 by cost, market and income: assumptions as typed, and what the engine made of them. Its holder's own, sealed.

    `found` keeps ranges, tables, the aggregate of comparable contracts as it was, and the version of the engine.
    """

    holder = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="valuations", verbose_name=_("held by")
    )
    result = models.ForeignKey(
        Result, on_delete=models.PROTECT, related_name="valuations", verbose_name=_("result")
    )
    way = models.CharField(_("way of conversion"), max_length=10, choices=PricedWay)
    assumptions = SealedField(_("assumptions"))
    grounds = SealedField(_("grounds of the assumptions"), max_length=3000)
    found = SealedField(_("what was found"))
    valued_on = models.DateField(_("valued on"))
    made_by = models.CharField(_("made by"), max_length=200)

    if TYPE_CHECKING:
        holder_id: int
        result_id: int

    class Meta:
        verbose_name = _("price support")
        verbose_name_plural = _("price supports")

    def __str__(self) -> str:
        return f"{self.result_id} {self.valued_on}"


class PriceFindingQuerySet(models.QuerySet["PriceFinding"]):
    """Queries that respect the policy."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(visible_prices_q(actor))


class PriceFinding(Record):
    """定价: by agreement with its public notice, or by listing, auction or tender. The basis is the seller's own, sealed.

    `price_fen` is the price that is proposed, or the least that is asked for; `found_fen` the one that was found. `law` keeps the
    answer of the rule on the days of notice as it was given.
    """

    seller = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="price_findings", verbose_name=_("seller")
    )
    result = models.ForeignKey(
        Result, on_delete=models.PROTECT, related_name="price_findings", verbose_name=_("result")
    )
    valuation = models.ForeignKey(
        Valuation, on_delete=models.PROTECT, related_name="price_findings", null=True, blank=True
    )
    title = models.CharField(_("name of the result"), max_length=300)
    way = models.CharField(_("way of conversion"), max_length=10, choices=PricedWay)
    method = models.CharField(_("how the price is found"), max_length=10, choices=PriceMethod)
    state = models.CharField(_("state"), max_length=10, choices=PriceState, default=PriceState.PREPARED)
    state_set = models.BooleanField(_("research body or university set up by the state"))
    price_fen = models.BigIntegerField(_("price"), validators=[MinValueValidator(0)])
    royalty_rate = models.PositiveIntegerField(
        _("royalty"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MOST_RATE)]
    )
    royalty_base = models.CharField(_("royalty of"), max_length=15, choices=RoyaltyBase, blank=True)
    basis = SealedField(_("basis of the price"), max_length=3000)
    buyer = models.CharField(_("buyer"), max_length=200, blank=True)
    related_to = models.CharField(_("buyer is related to"), max_length=10, choices=RelatedTo)
    related_how = models.TextField(_("how they are related"), max_length=1000, blank=True)
    reach = models.CharField(_("who reads the notice"), max_length=10, choices=NoticeReach, blank=True)
    place = models.CharField(_("place"), max_length=20)
    noticed_at = models.CharField(_("where it is published"), max_length=500, blank=True)
    notice_from = models.DateField(_("public from"), null=True, blank=True)
    notice_until = models.DateField(_("public until"), null=True, blank=True)
    law = models.JSONField(default=dict, blank=True)
    found_fen = models.BigIntegerField(
        _("price that was found"), null=True, blank=True, validators=[MinValueValidator(0)]
    )
    found_on = models.DateField(_("found on"), null=True, blank=True)
    evidence = SealedField(_("evidence"), max_length=2000, default="", blank=True)
    withdrawn_because = models.TextField(_("why it was withdrawn"), max_length=1000, blank=True)
    proposed_by = models.CharField(_("proposed by"), max_length=200)

    objects: ClassVar[models.Manager[Any]] = PriceFindingQuerySet.as_manager()
    if TYPE_CHECKING:
        seller_id: int
        result_id: int

    class Meta:
        verbose_name = _("price finding")
        verbose_name_plural = _("price findings")
        indexes = (
            models.Index(fields=["seller", "state"], name="price_by_seller"),
            models.Index(fields=["reach", "state", "notice_until"], name="price_on_notice"),
        )
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state__in=("noticed", "offered", "found"))
                | models.Q(notice_from__isnull=False, notice_until__isnull=False) & ~models.Q(reach=""),
                name="price_was_public",
            ),
            models.CheckConstraint(
                condition=models.Q(state="found", found_fen__isnull=False, found_on__isnull=False)
                | ~models.Q(state="found"),
                name="price_found_on_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(related_to="none") | ~models.Q(related_how=""),
                name="price_says_how_related",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="withdrawn") | ~models.Q(withdrawn_because=""),
                name="price_withdrawn_with_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(royalty_rate=None, royalty_base="")
                | models.Q(royalty_rate__isnull=False) & ~models.Q(royalty_base=""),
                name="price_royalty_of_something",
            ),
        )

    def __str__(self) -> str:
        return self.title


class PriceObjection(Record):
    """定价异议: somebody objects to a price while it is on public notice; it is not found before the answer."""

    finding = models.ForeignKey(PriceFinding, on_delete=models.PROTECT, related_name="objections")
    text = SealedField(_("objection"), max_length=2000)
    person = models.UUIDField(null=True, blank=True)
    objected_by = models.CharField(_("objected by"), max_length=200)
    state = models.CharField(
        _("state"), max_length=10, choices=PriceObjectionState, default=PriceObjectionState.OPEN
    )
    answer = SealedField(_("answer"), max_length=2000, default="", blank=True)
    answered_by = models.CharField(_("answered by"), max_length=200, blank=True)

    if TYPE_CHECKING:
        finding_id: int

    class Meta:
        verbose_name = _("objection to a price")
        verbose_name_plural = _("objections to prices")
        constraints = (
            models.UniqueConstraint(
                fields=["finding", "person"],
                condition=models.Q(state="open"),
                name="price_objection_once_a_person",
            ),
        )

    def __str__(self) -> str:
        return f"{self.finding_id} {self.objected_by}"
