"""信件: a mail that is to be written to one person, kept until it was sent."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models.person import Person


class Letter(models.Model):
    """信件: one for each key. It holds ids, never texts: what it says is written when it is sent, for who may read it then.

    `taken_at` is when a worker began to send it. A worker that dies then has perhaps sent it; the repetition carries the
    same Message-ID, by which mail systems know it.
    """

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=200, unique=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="letters")
    payload: models.JSONField[Any, Any] = models.JSONField(default=dict)
    written_at = models.DateTimeField(auto_now_add=True)
    taken_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    was_sent = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        indexes = (
            models.Index(fields=["id"], name="letter_waiting", condition=models.Q(done_at__isnull=True)),
        )

    def __str__(self) -> str:
        return self.key
