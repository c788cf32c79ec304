"""榜单: a question that an enterprise or a bureau sets, the rules by which the answers are judged, and who holds the keys."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.challenges.enums import ChallengeKind, HolderRole, Openness, Phase, RewardKind
from ronglian.apps.challenges.rules import visible_challenges_q
from ronglian.apps.clinic.models import TechnologyManager
from ronglian.apps.clinic.models.consultation import validate_acceptance
from ronglian.apps.registry.models import Need
from ronglian.kernel.actor import Actor
from ronglian.kernel.models import Record

MOST_CRITERIA = 20
MOST_QUESTIONS = 20
WHOLE = 100


def validate_rubric(value: Any) -> None:
    """A list of {title, weight, anchors}: weights are whole per cents that add up to 100, anchors text for score 0 to 5."""
    if not isinstance(value, list) or not all(
        isinstance(each, dict)
        and set(each) == {"title", "weight", "anchors"}
        and isinstance(each["title"], str)
        and isinstance(each["weight"], int)
        and isinstance(each["anchors"], list)
        and all(isinstance(anchor, str) and len(anchor) <= 300 for anchor in each["anchors"])
        for each in value
    ):
        raise ValidationError(_("A criterion of the review has a title, a weight and anchors."))
    if len(value) > MOST_CRITERIA:
        raise ValidationError(_("A review has at most 20 criteria."))
    if any(not each["title"].strip() or not 1 <= each["weight"] <= WHOLE for each in value):
        raise ValidationError(_("Each criterion has a title, and a weight of 1 to 100 per cent."))
    if value and sum(each["weight"] for each in value) != WHOLE:
        raise ValidationError(_("The weights of the criteria add up to 100 per cent."))


def validate_eligibility(value: Any) -> None:
    """A list of {label, required}: what a bidder answers beside the proposal."""
    if not isinstance(value, list) or not all(
        isinstance(each, dict)
        and set(each) == {"label", "required"}
        and isinstance(each["label"], str)
        and each["label"].strip()
        and len(each["label"]) <= 300
        and isinstance(each["required"], bool)
        for each in value
    ):
        raise ValidationError(_("A question to bidders is a text, and says whether it has to be answered."))
    if len(value) > MOST_QUESTIONS:
        raise ValidationError(_("At most 20 questions to bidders."))


class ChallengeQuerySet(models.QuerySet["Challenge"]):
    """Queries that respect the policy."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(visible_challenges_q(actor))


class Challenge(Record):
    """榜单. Where it is, is its process's to say; `phase` repeats that in few words for lists and the policy.

    `stated` holds what the scheme wants to know and no record of the platform tells, by the scheme's own names.
    `list_digest` is fixed when bids close: SHA-256 over the sorted digests of the sealed bids, a line each.
    """

    issuer = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="challenges", verbose_name=_("issuer")
    )
    need = models.ForeignKey(
        Need,
        on_delete=models.PROTECT,
        related_name="challenges",
        null=True,
        blank=True,
        verbose_name=_("need"),
    )
    scheme = models.CharField(_("scheme"), max_length=60)
    phase = models.CharField(_("phase"), max_length=10, choices=Phase, default=Phase.DRAFT)
    kind = models.CharField(_("kind"), max_length=20, choices=ChallengeKind)
    openness = models.CharField(_("openness"), max_length=10, choices=Openness, default=Openness.PUBLIC)
    title = models.CharField(_("title"), max_length=200)
    title_en = models.CharField(_("English title"), max_length=300, blank=True)
    text = models.TextField(_("the question"), max_length=10_000, blank=True)
    text_en = models.TextField(_("the question in English"), max_length=20_000, blank=True)
    reward_kind = models.CharField(_("reward"), max_length=10, choices=RewardKind)
    reward_fen = models.BigIntegerField(_("amount"), default=0, validators=[MinValueValidator(0)])
    acceptance = models.JSONField(
        _("acceptance test"), default=list, blank=True, validators=[validate_acceptance]
    )
    rubric = models.JSONField(
        _("criteria of the review"), default=list, blank=True, validators=[validate_rubric]
    )
    eligibility = models.JSONField(
        _("questions to bidders"), default=list, blank=True, validators=[validate_eligibility]
    )
    is_blind = models.BooleanField(_("reviewers do not learn who bid"), default=True)
    tells_number_of_bids = models.BooleanField(
        _("the number of bids is shown before they close"), default=False
    )
    compensation = models.TextField(_("compensation if it is withdrawn"), max_length=1000, blank=True)
    closes_at = models.DateTimeField(_("bids close"), null=True, blank=True)
    stated = models.JSONField(_("what the scheme asks"), default=dict, blank=True)
    manager = models.ForeignKey(
        TechnologyManager,
        on_delete=models.PROTECT,
        related_name="challenges",
        null=True,
        blank=True,
        verbose_name=_("technology manager with a key"),
    )
    escrow = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="challenges_in_escrow",
        null=True,
        blank=True,
        verbose_name=_("escrow"),
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    list_digest = models.CharField(_("digest of the list of bids"), max_length=64, blank=True)

    objects: ClassVar[models.Manager[Any]] = ChallengeQuerySet.as_manager()
    if TYPE_CHECKING:
        issuer_id: int
        escrow_id: int | None
        manager_id: int | None

    class Meta:
        verbose_name = _("challenge")
        verbose_name_plural = _("challenges")
        indexes = (
            models.Index(fields=["phase", "-id"], name="challenge_by_phase"),
            models.Index(fields=["issuer", "-id"], name="challenge_by_issuer"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(phase__in=("draft", "check", "withdrawn"))
                | models.Q(published_at__isnull=False, closes_at__isnull=False),
                name="challenge_published_with_closing",
            ),
            models.CheckConstraint(
                condition=models.Q(escrow__isnull=True) | ~models.Q(escrow=models.F("issuer")),
                name="challenge_escrow_apart",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def invites(self, organisations: Collection[int]) -> bool:
        """Whether one of these organisations, by row number, is invited."""
        return self.invitations.filter(organisation_id__in=organisations).exists()


class Invitation(Record):
    """邀请: an organisation that may answer a challenge by invitation."""

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="invitations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="invitations")

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = (models.UniqueConstraint(fields=["challenge", "organisation"], name="invitation_once"),)

    def __str__(self) -> str:
        return f"{self.challenge_id} {self.organisation_id}"


class HolderKey(Record):
    """密钥: the key of one holder. The private half is kept under a passphrase that is stored nowhere."""

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="keys")
    role = models.CharField(_("role"), max_length=10, choices=HolderRole)
    person = models.UUIDField(_("person"))
    person_label = models.CharField(_("person"), max_length=200)
    public_key = models.CharField(_("public key"), max_length=44)
    kept_key = models.TextField(_("private key under a passphrase"), max_length=1000)

    if TYPE_CHECKING:
        challenge_id: int

    class Meta:
        verbose_name = _("key of a holder")
        verbose_name_plural = _("keys of holders")
        constraints = (
            models.UniqueConstraint(fields=["challenge", "role"], name="holder_key_once_a_role"),
            models.UniqueConstraint(fields=["challenge", "person"], name="holder_key_once_a_person"),
        )

    def __str__(self) -> str:
        return f"{self.challenge_id} {self.role}"
