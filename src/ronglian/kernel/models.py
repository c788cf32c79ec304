"""Rows every subject shares: the record's skeleton, events, idempotency rows."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.kernel.actor import ActorKind


class Record(models.Model):
    """记录: what has a public random id and a version for optimistic locking.

    Each event about it commits to the row after the write (see `kernel.log`), save UNLOGGED_FIELDS, which change
    without an event. LOGGED is False for what is made and dropped without events. Of KEEPS_BESIDE more is kept outside
    the row, sealed; its events commit to that as well.
    """

    LOGGED: ClassVar[bool] = True
    UNLOGGED_FIELDS: ClassVar[frozenset[str]] = frozenset()
    KEEPS_BESIDE: ClassVar[bool] = False

    public_id = models.UUIDField(_("public id"), default=uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        abstract = True


class Event(models.Model):
    """事件: what happened to what, by whom. Written in the transaction of the operation; never changed.

    `seq` is its number in the log, given after the commit. The digests are salted commitments; they stay when a
    person's name has to go.
    """

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    actor_kind = models.CharField(max_length=10, choices=ActorKind)
    actor_label = models.CharField(max_length=200)
    actor_id = models.UUIDField(null=True)
    data = models.JSONField(default=dict)
    occurred_at = models.DateTimeField(auto_now_add=True)
    seq = models.BigIntegerField(null=True, unique=True, editable=False)
    actor_digest = models.CharField(max_length=64, blank=True, editable=False)
    data_digest = models.CharField(max_length=64, blank=True, editable=False)
    row_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        indexes = (
            models.Index(fields=["subject_id", "id"]),
            models.Index(fields=["name", "occurred_at"]),
            models.Index(fields=["id"], name="event_without_number", condition=models.Q(seq__isnull=True)),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.subject_type}:{self.subject_id}"


class LogTile(models.Model):
    """日志树分块: up to 256 hashes of complete subtrees side by side, as in C2SP tlog-tiles."""

    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField(max_length=256 * 32)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["level", "index"], name="log_tile_once"),)

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class LogCheckpoint(models.Model):
    """日志检查点: a signed note saying how many entries the log has and what its root is."""

    size = models.BigIntegerField(unique=True)
    note = models.TextField()
    signed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"checkpoint of {self.size} entries"


class IdempotencyRecord(models.Model):
    """幂等键: an unsafe call that was carried out once, so that its repetition answers the same."""

    actor_id = models.UUIDField()
    key = models.CharField(max_length=120)
    operation = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    result_model = models.CharField(max_length=80)
    result_id = models.BigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["actor_id", "key"], name="idempotency_key_once"),)

    def __str__(self) -> str:
        return f"{self.operation} {self.key}"


class RateCount(models.Model):
    """频次计数: how often somebody asked in one second and in the one before; `key` is a keyed digest of who and what, for addresses are few."""

    key = models.CharField(max_length=64, unique=True)
    second = models.BigIntegerField()
    count = models.PositiveIntegerField()
    before = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.second}: {self.count}"


class WorkerBeat(models.Model):
    """后台进程心跳: when a background worker was last alive, for the reaper on another machine."""

    worker_id = models.CharField(max_length=64, unique=True)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker_id
