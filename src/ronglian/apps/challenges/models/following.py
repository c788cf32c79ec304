"""订阅: who is told by mail of what happens to a challenge, or of every new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Person
from ronglian.apps.challenges.models.challenge import Challenge
from ronglian.kernel.models import Record


class Following(Record):
    """订阅 of a person: of one challenge, or of all that are published, without one."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="followings")
    challenge = models.ForeignKey(
        Challenge, on_delete=models.PROTECT, null=True, blank=True, related_name="followings"
    )

    if TYPE_CHECKING:
        person_id: int
        challenge_id: int | None

    class Meta:
        verbose_name = _("following of a challenge")
        verbose_name_plural = _("followings of challenges")
        constraints = (
            models.UniqueConstraint(fields=["person", "challenge"], name="following_once"),
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(challenge__isnull=True), name="following_all_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.challenge_id or '*'}"
