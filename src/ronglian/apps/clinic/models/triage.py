"""分诊: which way a trouble goes, as a technology manager decided it; and whether the need is real."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.clinic.enums import Route
from ronglian.apps.clinic.models.consultation import Consultation
from ronglian.apps.clinic.triage_enums import CheckFinding, CheckMeans
from ronglian.apps.registry.models import Need
from ronglian.engines.diagnosis import Reason
from ronglian.kernel.models import Record
from ronglian.kernel.sealed_field import SealedField

MINUTES_LIMIT = 4_000
OBJECTION_LIMIT = 1_000


def validate_reasons(value: Any) -> None:
    """A list of the codes by which the engine proposes a route."""
    if not isinstance(value, list) or not set(value) <= set(Reason):
        raise ValidationError(_("Reasons must be codes of the triage."))


class Triage(Record):
    """分诊单. `proposed` and `reasons` are the engine's, `route` and `minutes` the technology manager's.

    A decision is never changed; a later one about the same trouble takes its place. The minutes and the objection
    are sealed like the consultation.
    """

    consultation = models.ForeignKey(
        Consultation,
        on_delete=models.PROTECT,
        related_name="triages",
        null=True,
        blank=True,
        verbose_name=_("consultation"),
    )
    need = models.ForeignKey(
        Need, on_delete=models.PROTECT, related_name="triages", null=True, blank=True, verbose_name=_("need")
    )
    proposed = models.CharField(_("proposed way"), max_length=10, choices=Route)
    reasons = models.JSONField(_("reasons"), default=list, blank=True, validators=[validate_reasons])
    route = models.CharField(_("way"), max_length=10, choices=Route)
    minutes = SealedField(_("minutes"), max_length=MINUTES_LIMIT)
    decided_by = models.CharField(_("decided by"), max_length=200)
    objection = SealedField(_("objection"), max_length=OBJECTION_LIMIT, default="", blank=True)
    is_objected = models.BooleanField(_("objected to"), default=False)

    if TYPE_CHECKING:
        consultation_id: int | None
        need_id: int | None

    class Meta:
        verbose_name = _("triage")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(consultation__isnull=True, need__isnull=False)
                | models.Q(consultation__isnull=False, need__isnull=True),
                name="triage_about_one",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_route_display()}"

    @property
    def owner_id(self) -> int:
        about = self.consultation or self.need
        assert about is not None
        return about.owner_id


class AuthenticityCheck(Record):
    """真需求核验: what somebody from outside found out, by what means; every reader of the need sees it in words."""

    need = models.ForeignKey(
        Need, on_delete=models.PROTECT, related_name="authenticity_checks", verbose_name=_("need")
    )
    means = models.CharField(_("by what means"), max_length=10, choices=CheckMeans)
    checked_on = models.DateField(_("day of the check"))
    finding = models.CharField(_("finding"), max_length=10, choices=CheckFinding)
    what = models.TextField(_("what was verified"), max_length=1000)
    checked_by = models.CharField(_("checked by"), max_length=200)
    objection = models.TextField(_("objection"), max_length=OBJECTION_LIMIT, blank=True)
    objected_by = models.CharField(_("objected by"), max_length=200, blank=True)
    answer = models.TextField(_("answer to the objection"), max_length=OBJECTION_LIMIT, blank=True)
    answered_by = models.CharField(_("answered by"), max_length=200, blank=True)
    is_upheld = models.BooleanField(_("the check stands"), default=True)

    if TYPE_CHECKING:
        need_id: int

    class Meta:
        verbose_name = _("authenticity check")
        verbose_name_plural = _("authenticity checks")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(answer="") | ~models.Q(objection=""), name="check_answered_if_objected"
            ),
            models.CheckConstraint(
                condition=models.Q(is_upheld=True) | ~models.Q(answer=""), name="check_dropped_with_answer"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_finding_display()} ({self.get_means_display()})"
