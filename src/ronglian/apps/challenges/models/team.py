"""创新联合体: those who answer a challenge together, and what each of them has confirmed."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.challenges.enums import STANDING_MEMBERS, MemberState
from ronglian.apps.challenges.models.challenge import Challenge
from ronglian.kernel.models import Record
from ronglian.kernel.sealed_field import SealedField

WHOLE = 100  # per cent


class Team(Record):
    """创新联合体 for one challenge, led by who hands in the bid.

    It is its members' own: that there is one tells that a bid is coming. What each does is part of the bid, so it is sealed.
    """

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="teams")
    lead = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="teams_led",
        verbose_name=_("leading organisation"),
    )
    role = SealedField(_("what the leading organisation does"))
    share = models.PositiveSmallIntegerField(
        _("share of the leading organisation, per cent"), validators=[MaxValueValidator(WHOLE)]
    )
    lacks = SealedField(_("what the team lacks"), default="", blank=True)

    if TYPE_CHECKING:
        challenge_id: int
        lead_id: int

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        constraints = (models.UniqueConstraint(fields=["challenge", "lead"], name="team_once"),)

    def __str__(self) -> str:
        return f"{self.challenge_id} {self.lead_id}"

    def asks(self, organisations: Collection[int]) -> bool:
        """Whether one of these organisations, by row number, was asked to join and has not said no."""
        return self.members.filter(organisation_id__in=organisations, state__in=STANDING_MEMBERS).exists()


class TeamMember(Record):
    """联合体成员: an organisation that was asked to join, with its part. What it confirmed is this part and no other."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="members")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="team_memberships")
    role = SealedField(_("what the member does"))
    share = models.PositiveSmallIntegerField(
        _("share of the member, per cent"), validators=[MinValueValidator(0), MaxValueValidator(WHOLE)]
    )
    state = models.CharField(_("state"), max_length=10, choices=MemberState, default=MemberState.ASKED)
    answered_by = models.CharField(_("answered by"), max_length=200, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    if TYPE_CHECKING:
        team_id: int
        organisation_id: int

    class Meta:
        verbose_name = _("member of a team")
        verbose_name_plural = _("members of teams")
        constraints = (
            models.UniqueConstraint(fields=["team", "organisation"], name="team_member_once"),
            models.CheckConstraint(
                condition=models.Q(state=MemberState.ASKED) ^ models.Q(answered_at__isnull=False),
                name="team_member_answered_when",
            ),
        )

    def __str__(self) -> str:
        return f"{self.team_id} {self.organisation_id}"
