"""产业链调研: a lead enterprise's partners are asked what troubles them, and answer by a link."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, validate_email
from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.prospecting.enums import ChainRelation, PartnerState, SurveyState
from ronglian.apps.prospecting.rules import visible_surveys_q
from ronglian.apps.registry.models import Need
from ronglian.kernel.actor import Actor
from ronglian.kernel.identifiers import IdentifierError, check_uscc
from ronglian.kernel.models import Record
from ronglian.kernel.sealed_field import SealedField

TITLE_LIMIT = 200
MESSAGE_LIMIT = 2_000
NAME_LIMIT = 200
PRODUCT_LIMIT = 300
EMAIL_LIMIT = 254
DEEPEST_TIER = 4
NEED_TITLE_LIMIT = 300
ANSWERS = ("trouble", "today", "wanted", "tried", "offer")
ANSWER_LIMIT = 4_000


def validate_written(value: Any) -> None:
    """One line with something in it."""
    if not isinstance(value, str) or not value.strip():
        raise ValidationError(_("This field is required."), code="required")


def validate_code(value: Any) -> None:
    """A unified social credit code, or nothing."""
    try:
        if value:
            check_uscc(value)
    except IdentifierError as error:
        raise ValidationError(
            _("This is no unified social credit code. Leave it empty if you do not know it.")
        ) from error


def validate_address(value: Any) -> None:
    """An e-mail address; empty once it is forgotten."""
    if value:
        validate_email(value)


def validate_told(value: Any) -> None:
    """Answers to the questions, none of them longer than ANSWER_LIMIT."""
    if not isinstance(value, dict) or not set(value) <= set(ANSWERS):
        raise ValidationError(_("Answers must be a list of topics with texts."))
    if any(not isinstance(text, str) or len(text) > ANSWER_LIMIT for text in value.values()):
        raise ValidationError(_("An answer has at most 4,000 characters."))


class ChainSurveyQuerySet(models.QuerySet["ChainSurvey"]):
    """Queries that respect the policy."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(visible_surveys_q(actor))


class ChainSurvey(Record):
    """产业链调研. `message` is what the partners read above the questions; `closes_on` is the last day for an answer.

    Where it `reminds` by itself, those who are silent get the same mails that the lead could send, at the same distance.
    """

    lead = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="surveys", verbose_name=_("lead enterprise")
    )
    title = models.CharField(_("what it is about"), max_length=TITLE_LIMIT)
    message = models.TextField(_("what the partners read"), max_length=MESSAGE_LIMIT, blank=True)
    closes_on = models.DateField(_("last day for answers"))
    reminds = models.BooleanField(_("reminds by itself"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=SurveyState, default=SurveyState.OPEN)
    closed_because = models.TextField(_("why it was closed"), max_length=500, blank=True)
    opened_by = models.CharField(_("opened by"), max_length=200, blank=True)

    objects: ClassVar[models.Manager[Any]] = ChainSurveyQuerySet.as_manager()
    if TYPE_CHECKING:
        lead_id: int

    class Meta:
        verbose_name = _("survey along a chain")
        verbose_name_plural = _("surveys along a chain")
        indexes = (models.Index(fields=["lead", "-id"], name="chain_survey_lead"),)
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state=SurveyState.CLOSED) | ~models.Q(closed_because=""),
                name="chain_survey_closed_with_reason",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def takes_answers(self, today: date) -> bool:
        return self.state == SurveyState.OPEN and today <= self.closes_on


class ChainPartner(Record):
    """受邀单位: one partner of the lead enterprise, its place in the chain and what became of the invitation.

    Who supplies whom is a business secret, so name, product and address are sealed; `name_digest` and `email_digest` find
    them again. `mails` were asked for and `mailed` of them sent; `serial` belongs to the link that holds.
    """

    UNLOGGED_FIELDS = frozenset({"mailed", "mailed_at"})

    survey = models.ForeignKey(ChainSurvey, on_delete=models.PROTECT, related_name="partners")
    name = SealedField(_("name"), max_length=NAME_LIMIT, validators=[validate_written])
    name_digest = models.CharField(max_length=64, editable=False)
    uscc = SealedField(
        _("unified social credit code"), max_length=18, blank=True, default="", validators=[validate_code]
    )
    tier = models.PositiveSmallIntegerField(
        _("tier"), default=1, validators=[MinValueValidator(1), MaxValueValidator(DEEPEST_TIER)]
    )
    relation = models.CharField(_("relation"), max_length=10, choices=ChainRelation)
    product = SealedField(_("product or process"), max_length=PRODUCT_LIMIT, blank=True, default="")
    email = SealedField(
        _("e-mail of the contact"),
        max_length=EMAIL_LIMIT,
        blank=True,
        default="",
        validators=[validate_address],
    )
    email_digest = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    state = models.CharField(_("state"), max_length=10, choices=PartnerState, default=PartnerState.ENTERED)
    serial = models.PositiveIntegerField(default=0, editable=False)
    mails = models.PositiveSmallIntegerField(default=0, editable=False)
    mailed = models.PositiveSmallIntegerField(default=0, editable=False)
    mailed_at = models.DateTimeField(_("last mail"), null=True, blank=True)
    if TYPE_CHECKING:
        survey_id: int

    class Meta:
        verbose_name = _("partner in a chain")
        verbose_name_plural = _("partners in a chain")
        constraints = (models.UniqueConstraint(fields=["survey", "name_digest"], name="chain_partner_once"),)
        indexes = (models.Index(fields=["survey", "state"], name="chain_partner_state"),)

    def __str__(self) -> str:
        return f"#{self.public_id.hex[:8]}"


class ChainNeed(Record):
    """链上需求: what a partner told, with its place in the chain.

    The answer is sealed, and nobody reads it, until somebody of the partner takes it over as a draft of the partner's
    organisation; from then on `need` holds it and the sealed texts are empty.
    """

    partner = models.ForeignKey(ChainPartner, on_delete=models.PROTECT, related_name="told")
    title = SealedField(_("in one line"), max_length=NEED_TITLE_LIMIT, blank=True, default="")
    answers = SealedField(_("answers"), default=dict, blank=True, validators=[validate_told])
    need = models.OneToOneField(
        Need,
        on_delete=models.PROTECT,
        related_name="chain_place",
        null=True,
        blank=True,
        verbose_name=_("need"),
    )
    tier = models.PositiveSmallIntegerField(_("tier"))
    relation = models.CharField(_("relation"), max_length=10, choices=ChainRelation)
    about = SealedField(_("product or process"), max_length=PRODUCT_LIMIT, blank=True, default="")

    if TYPE_CHECKING:
        partner_id: int
        need_id: int | None

    class Meta:
        verbose_name = _("need told in a survey")
        verbose_name_plural = _("needs told in a survey")

    def __str__(self) -> str:
        return f"#{self.public_id.hex[:8]}"


class ChainMailStop(Record):
    """停止邀请: an address whose holder wants no invitations any more, from nobody; as a keyed digest."""

    email_digest = models.CharField(max_length=64, unique=True, editable=False)

    class Meta:
        verbose_name = _("no more invitations")
        verbose_name_plural = _("no more invitations")

    def __str__(self) -> str:
        return self.email_digest[:8]
