"""问诊单: an enterprise's trouble in its own words, and what was asked and answered since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.clinic.enums import ConsultationState
from ronglian.apps.clinic.rules import visible_q
from ronglian.apps.registry.models import Need
from ronglian.kernel.actor import Actor
from ronglian.kernel.models import Record
from ronglian.kernel.sealed_field import SealedField

TITLE_LIMIT = 300
WORDS_LIMIT = 20_000
ANSWER_LIMIT = 4_000
MOST_ANSWERS = 60
MOST_CRITERIA = 30
CRITERION = ("quantity", "threshold", "method", "measured_by", "evidence")


def validate_answers(value: Any) -> None:
    """A list of {topic, text}, each topic once."""
    if not isinstance(value, list) or not all(
        isinstance(each, dict)
        and set(each) == {"topic", "text"}
        and all(isinstance(part, str) and part for part in each.values())
        for each in value
    ):
        raise ValidationError(_("Answers must be a list of topics with texts."))
    if any(len(each["text"]) > ANSWER_LIMIT or len(each["topic"]) > 100 for each in value):
        raise ValidationError(_("An answer has at most 4,000 characters."))
    if len({each["topic"] for each in value}) < len(value) or len(value) > MOST_ANSWERS:
        raise ValidationError(_("Each topic is answered once, and there are at most 60 of them."))


def validate_acceptance(value: Any) -> None:
    """A list of criteria, each with its five parts; what is not written yet is an empty text."""
    if not isinstance(value, list) or not all(
        isinstance(each, dict)
        and set(each) == set(CRITERION)
        and all(isinstance(part, str) and len(part) <= 500 for part in each.values())
        for each in value
    ):
        raise ValidationError(
            _("A criterion has a quantity, a threshold, a method, who measures, and the evidence.")
        )
    if len(value) > MOST_CRITERIA:
        raise ValidationError(_("An acceptance test has at most 30 criteria."))
    if any(not each["quantity"].strip() for each in value):
        raise ValidationError(_("Say what is measured in each criterion."))


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    """Queries that respect the policy."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(visible_q(actor))


class Consultation(Record):
    """问诊单. `words` is what the enterprise typed; nobody else changes it.

    What was told is nobody else's business until it is a need, so it is sealed in the database.
    """

    owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="consultations", verbose_name=_("organisation")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ConsultationState, default=ConsultationState.OPEN
    )
    title = SealedField(_("in one line"), max_length=TITLE_LIMIT)
    words = SealedField(_("in your own words"), max_length=WORDS_LIMIT, blank=True)
    answers = SealedField(_("answers"), default=list, blank=True, validators=[validate_answers])
    acceptance = SealedField(_("acceptance test"), default=list, blank=True, validators=[validate_acceptance])
    shown_to_managers = models.BooleanField(_("shown to technology managers"), default=False)
    need = models.OneToOneField(
        Need,
        on_delete=models.PROTECT,
        related_name="consultation",
        null=True,
        blank=True,
        verbose_name=_("need"),
    )
    closed_because = models.TextField(_("why it was closed"), max_length=500, blank=True)
    opened_by = models.CharField(_("opened by"), max_length=200, blank=True)

    objects: ClassVar[models.Manager[Any]] = ConsultationQuerySet.as_manager()
    if TYPE_CHECKING:
        owner_id: int

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        indexes = (
            models.Index(fields=["owner", "state", "-id"], name="consultation_owner"),
            models.Index(
                fields=["id"], name="consultation_shown", condition=models.Q(shown_to_managers=True)
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state=ConsultationState.CLOSED) | ~models.Q(closed_because=""),
                name="consultation_closed_with_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(state=ConsultationState.REGISTERED, need__isnull=False)
                | (~models.Q(state=ConsultationState.REGISTERED) & models.Q(need__isnull=True)),
                name="consultation_registered_has_need",
            ),
        )

    def __str__(self) -> str:
        return str(self.title)
