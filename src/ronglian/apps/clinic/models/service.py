"""技术转移服务: what technology managers and organisations offer, and who asked for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.clinic.models.technology_manager import TechnologyManager, validate_regions
from ronglian.apps.clinic.service_enums import Met, PriceBasis, RequestState, ServiceKind, ServiceState
from ronglian.apps.clinic.service_rules import visible_requests_q, visible_services_q
from ronglian.apps.registry.enums import TechnologyField
from ronglian.apps.registry.models import Need
from ronglian.apps.registry.models.record import EachOf
from ronglian.kernel.actor import Actor
from ronglian.kernel.models import Record
from ronglian.kernel.provenance import Provenance
from ronglian.kernel.sealed_field import SealedField

USUAL_ANSWER_DAYS = 5
LONGEST_ANSWER_DAYS = 30
TITLE_LIMIT = 120
TEXT_LIMIT = 4_000
PRICE_LIMIT = 300
WORD_LIMIT = 500


class ServiceQuerySet(models.QuerySet["Service"]):
    """Queries that respect the policy."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(visible_services_q(actor))


class Service(Record, Provenance):
    """技术转移服务 (GB/T 34670-2017). Offered by an organisation or by a technology manager, never by both.

    `answer_days` are the days within which the provider promises to answer whoever asks.
    """

    owner = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="services",
        null=True,
        blank=True,
        verbose_name=_("organisation"),
    )
    manager = models.ForeignKey(
        TechnologyManager,
        on_delete=models.PROTECT,
        related_name="services",
        null=True,
        blank=True,
        verbose_name=_("technology manager"),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ServiceState, default=ServiceState.OFFERED, db_index=True
    )
    kind = models.CharField(_("kind of service"), max_length=12, choices=ServiceKind, db_index=True)
    title = models.CharField(_("title"), max_length=TITLE_LIMIT)
    title_en = models.CharField(_("English title"), max_length=2 * TITLE_LIMIT, blank=True)
    summary = models.TextField(_("what is done and delivered"), max_length=TEXT_LIMIT)
    summary_en = models.TextField(_("the same in English"), max_length=2 * TEXT_LIMIT, blank=True)
    technology_fields = models.JSONField(
        _("technology fields"), default=list, blank=True, validators=[EachOf(TechnologyField)]
    )
    regions = models.JSONField(_("regions"), default=list, blank=True, validators=[validate_regions])
    price_basis = models.CharField(
        _("price basis"), max_length=8, choices=PriceBasis, default=PriceBasis.AGREED
    )
    price_note = models.CharField(_("what it costs"), max_length=PRICE_LIMIT, blank=True)
    answer_days = models.PositiveSmallIntegerField(
        _("days to an answer"),
        default=USUAL_ANSWER_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_ANSWER_DAYS)],
    )
    withdrawn_because = models.CharField(_("why it is no longer offered"), max_length=WORD_LIMIT, blank=True)

    objects: ClassVar[models.Manager[Any]] = ServiceQuerySet.as_manager()
    if TYPE_CHECKING:
        owner_id: int | None
        manager_id: int | None

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(owner=None, manager__isnull=False)
                | models.Q(owner__isnull=False, manager=None),
                name="service_has_one_provider",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ServiceState.WITHDRAWN) | ~models.Q(withdrawn_because=""),
                name="service_withdrawn_with_reason",
            ),
        )

    def __str__(self) -> str:
        return self.title


class ServiceRequest(Record):
    """服务申请. What is wished for is between the two sides, and sealed."""

    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, related_name="requests", verbose_name=_("service")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="service_requests", verbose_name=_("asked by")
    )
    need = models.ForeignKey(
        Need,
        on_delete=models.PROTECT,
        related_name="service_requests",
        null=True,
        blank=True,
        verbose_name=_("need"),
    )
    state = models.CharField(
        _("state"), max_length=12, choices=RequestState, default=RequestState.ASKED, db_index=True
    )
    wish = SealedField(_("what is wished for"), max_length=TEXT_LIMIT)
    asked_by = models.CharField(_("asked by (person)"), max_length=200)
    asked_at = models.DateTimeField(_("asked at"))
    answer_due = models.DateField(_("answer due on"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answer = SealedField(_("answer"), max_length=TEXT_LIMIT, default="", blank=True)
    met = models.CharField(_("whether it helped"), max_length=8, choices=Met, blank=True)
    confirmed_at = models.DateTimeField(_("delivery confirmed at"), null=True, blank=True)

    if TYPE_CHECKING:
        service_id: int
        organisation_id: int
        need_id: int | None

    class Meta:
        verbose_name = _("request for a service")
        verbose_name_plural = _("requests for services")
        constraints = (
            models.UniqueConstraint(
                fields=["service", "organisation"],
                condition=models.Q(state=RequestState.ASKED),
                name="service_asked_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=(RequestState.ASKED, RequestState.TAKEN_BACK))
                | models.Q(answered_at__isnull=False),
                name="service_request_answered_before",
            ),
            models.CheckConstraint(
                condition=models.Q(state=RequestState.CONFIRMED, confirmed_at__isnull=False)
                & ~models.Q(met="")
                | ~models.Q(state=RequestState.CONFIRMED) & models.Q(confirmed_at=None, met=""),
                name="service_confirmed_with_verdict",
            ),
        )

    @classmethod
    def visible_to(cls, actor: Actor) -> models.QuerySet[ServiceRequest]:
        return cls.objects.filter(visible_requests_q(actor))

    def __str__(self) -> str:
        return f"#{self.public_id.hex[:8]}"
