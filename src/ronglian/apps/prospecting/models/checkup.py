"""企业体检: an enterprise's answers to a short questionnaire, and the consultations that came of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.clinic.models import Consultation
from ronglian.apps.prospecting.checkup_rules import visible_checkups_q
from ronglian.kernel.actor import Actor
from ronglian.kernel.models import Record
from ronglian.kernel.sealed_field import SealedField

WORDS_LIMIT = 2_000
MOST_ANSWERS = 200


def validate_checked(value: Any) -> None:
    """By question, what was chosen and said."""
    if not isinstance(value, dict) or len(value) > MOST_ANSWERS:
        raise ValidationError(_("Answers must be a list of topics with texts."))
    for each in value.values():
        if not isinstance(each, dict) or set(each) != {"choice", "words"}:
            raise ValidationError(_("Answers must be a list of topics with texts."))
        if len(each["words"]) > WORDS_LIMIT:
            raise ValidationError(_("Your own words have at most 2,000 characters for each question."))


class CheckupQuerySet(models.QuerySet["Checkup"]):
    """Queries that respect the policy."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(visible_checkups_q(actor))


class Checkup(Record):
    """企业体检. What an enterprise says of its weak points is nobody else's business, so the answers are sealed."""

    owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="checkups", verbose_name=_("organisation")
    )
    questionnaire = models.CharField(_("questionnaire"), max_length=20)
    answers = SealedField(_("answers"), default=dict, blank=True, validators=[validate_checked])
    opened_by = models.CharField(_("opened by"), max_length=200, blank=True)

    objects: ClassVar[models.Manager[Any]] = CheckupQuerySet.as_manager()
    if TYPE_CHECKING:
        owner_id: int

    class Meta:
        verbose_name = _("check-up of an enterprise")
        verbose_name_plural = _("check-ups of enterprises")
        indexes = (models.Index(fields=["owner", "-id"], name="checkup_owner"),)

    def __str__(self) -> str:
        return f"#{self.public_id.hex[:8]}"


class CheckupFinding(Record):
    """体检发现: an answer that was brought to the clinic."""

    checkup = models.ForeignKey(Checkup, on_delete=models.PROTECT, related_name="findings")
    question = models.CharField(_("question"), max_length=60)
    consultation = models.OneToOneField(
        Consultation, on_delete=models.PROTECT, related_name="finding", verbose_name=_("consultation")
    )

    if TYPE_CHECKING:
        checkup_id: int

    class Meta:
        verbose_name = _("finding of a check-up")
        verbose_name_plural = _("findings of a check-up")
        constraints = (models.UniqueConstraint(fields=["checkup", "question"], name="checkup_finding_once"),)

    def __str__(self) -> str:
        return f"{self.checkup_id}: {self.question}"
