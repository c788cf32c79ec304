"""赋权: an institution grants the team of a service result a share of its ownership, or its use for years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation, Person
from ronglian.apps.agreements.rights_enums import (
    LIVE_GRANTS,
    GrantedRight,
    GrantEnd,
    GrantForm,
    GrantObjectionState,
    GrantState,
)
from ronglian.apps.registry.models import Result
from ronglian.kernel.models import Record
from ronglian.kernel.sealed_field import SealedField

WHOLE = 10_000  # a hundred per cent, in hundredths of a per cent


class RightsGrant(Record):
    """职务科技成果赋权. `title` is what the public notice calls the result; plan, grounds and the law's answer are sealed.

    `share`: of the ownership, to the team as a whole, in hundredths of a per cent. `facts` are the conditions that the
    rulebook asks for, as the team stated them. `law` keeps the answer of the rule at the decision, with its lines.
    """

    owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="rights_grants", verbose_name=_("institution")
    )
    result = models.ForeignKey(
        Result, on_delete=models.PROTECT, related_name="rights_grants", verbose_name=_("result")
    )
    title = models.CharField(_("name of the result"), max_length=300)
    right = models.CharField(_("kind of right"), max_length=20, choices=GrantedRight)
    form = models.CharField(_("what is granted"), max_length=10, choices=GrantForm)
    share = models.PositiveIntegerField(
        _("share of the team"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(WHOLE)],
    )
    use_years = models.PositiveSmallIntegerField(
        _("years of use"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(99)]
    )
    facts: models.JSONField[Any, Any] = models.JSONField(_("conditions"), default=dict)
    plan = SealedField(_("conversion plan"), max_length=10_000)
    state = models.CharField(_("state"), max_length=10, choices=GrantState, default=GrantState.APPLIED)
    proposed_by = models.CharField(_("applied for by"), max_length=200)
    place = models.CharField(_("place of the institution"), max_length=20)
    as_of = models.DateField(_("by the law of"), null=True, blank=True)
    law = SealedField(_("what the law says"), default=dict, blank=True)
    grounds = SealedField(_("grounds of the decision"), max_length=3_000, default="", blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    decided_by = models.CharField(_("decided by"), max_length=200, blank=True)
    notice_from = models.DateField(_("public notice from"), null=True, blank=True)
    notice_until = models.DateField(_("public notice until"), null=True, blank=True)
    in_force_on = models.DateField(_("in force since"), null=True, blank=True)
    use_until = models.DateField(_("use until"), null=True, blank=True)
    title_changed_on = models.DateField(_("change of title registered on"), null=True, blank=True)
    title_evidence = models.CharField(_("evidence of the change of title"), max_length=300, blank=True)
    end_kind = models.CharField(_("why it ended"), max_length=10, choices=GrantEnd, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    ended_because = models.TextField(_("reason"), max_length=2_000, blank=True)

    if TYPE_CHECKING:
        owner_id: int
        result_id: int

    class Meta:
        verbose_name = _("grant of rights")
        verbose_name_plural = _("grants of rights")
        indexes = (
            models.Index(fields=["owner", "state"], name="rights_grant_by_owner"),
            models.Index(fields=["state", "notice_until"], name="rights_grant_noticed"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["result"],
                condition=models.Q(state__in=[str(state.value) for state in LIVE_GRANTS]),
                name="rights_grant_once_a_result",
            ),
            models.CheckConstraint(
                condition=models.Q(form="ownership", share__isnull=False, use_years=None)
                | models.Q(form="use", share=None, use_years__isnull=False),
                name="rights_grant_of_one_form",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("noticed", "drawn_up", "in_force", "ended"))
                | models.Q(decided_on__isnull=False, notice_from__isnull=False, notice_until__isnull=False),
                name="rights_grant_decided_and_noticed",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("in_force", "ended")) | models.Q(in_force_on__isnull=False),
                name="rights_grant_in_force_since",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="ended")
                | models.Q(ended_on__isnull=False) & ~models.Q(end_kind="") & ~models.Q(ended_because=""),
                name="rights_grant_ended_with_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="refused") | ~models.Q(ended_because=""),
                name="rights_grant_refused_with_reason",
            ),
        )

    def __str__(self) -> str:
        return self.title


class GrantMember(Record):
    """赋权对象: a person of the team, and the part of what is granted to the team (hundredths of a per cent)."""

    grant = models.ForeignKey(RightsGrant, on_delete=models.PROTECT, related_name="members")
    number = models.PositiveSmallIntegerField(_("number"))
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="grant_memberships")
    name = models.CharField(_("name"), max_length=100)
    share = models.PositiveIntegerField(
        _("part of the team's share"), validators=[MinValueValidator(1), MaxValueValidator(WHOLE)]
    )

    if TYPE_CHECKING:
        grant_id: int
        person_id: int

    class Meta:
        verbose_name = _("member of a grant")
        verbose_name_plural = _("members of a grant")
        constraints = (
            models.UniqueConstraint(fields=["grant", "person"], name="grant_member_once"),
            models.UniqueConstraint(fields=["grant", "number"], name="grant_member_numbered"),
        )

    def __str__(self) -> str:
        return self.name


class GrantObjection(Record):
    """赋权异议: somebody objects while the grant is on public notice; it waits for the answer."""

    grant = models.ForeignKey(RightsGrant, on_delete=models.PROTECT, related_name="objections")
    text = SealedField(_("objection"), max_length=2_000)
    objected_by = models.CharField(_("objected by"), max_length=200)
    state = models.CharField(
        _("state"), max_length=10, choices=GrantObjectionState, default=GrantObjectionState.OPEN
    )
    answer = SealedField(_("answer"), max_length=2_000, default="", blank=True)
    answered_by = models.CharField(_("answered by"), max_length=200, blank=True)

    if TYPE_CHECKING:
        grant_id: int

    class Meta:
        verbose_name = _("objection to a grant")
        verbose_name_plural = _("objections to grants")

    def __str__(self) -> str:
        return f"{self.grant_id} {self.objected_by}"


class RightsDeed(Record):
    """赋权协议: a written agreement between institution and team. Terms and both texts never change; the digest is signed."""

    grant = models.ForeignKey(RightsGrant, on_delete=models.PROTECT, related_name="deeds")
    number = models.PositiveSmallIntegerField(_("version"))
    terms = SealedField(_("terms"))
    text = SealedField(_("text of the agreement"))
    clauses_version = models.CharField(_("version of the clauses"), max_length=20)
    digest = models.CharField(_("digest"), max_length=64)
    proposed_by = models.CharField(_("drawn up by"), max_length=200)

    if TYPE_CHECKING:
        grant_id: int

    class Meta:
        verbose_name = _("agreement on rights")
        verbose_name_plural = _("agreements on rights")
        constraints = (models.UniqueConstraint(fields=["grant", "number"], name="rights_deed_numbered"),)

    def __str__(self) -> str:
        return f"{self.grant_id}/{self.number}"


class DeedSignature(Record):
    """赋权协议签署: by a member of the team, or, where none is named, for the institution."""

    deed = models.ForeignKey(RightsDeed, on_delete=models.PROTECT, related_name="signatures")
    member = models.ForeignKey(
        GrantMember, on_delete=models.PROTECT, related_name="signatures", null=True, blank=True
    )
    person = models.UUIDField()
    person_label = models.CharField(_("signed by"), max_length=200)
    digest = models.CharField(_("digest"), max_length=64)
    signed_at = models.DateTimeField(_("signed"), auto_now_add=True)

    if TYPE_CHECKING:
        deed_id: int
        member_id: int | None

    class Meta:
        verbose_name = _("signature of an agreement on rights")
        verbose_name_plural = _("signatures of agreements on rights")
        constraints = (
            models.UniqueConstraint(fields=["deed", "member"], name="deed_signed_once_by_each"),
            models.UniqueConstraint(
                fields=["deed"],
                condition=models.Q(member=None),
                name="deed_signed_once_for_the_institution",
            ),
        )

    def __str__(self) -> str:
        return f"{self.deed_id}: {self.person_label}"
