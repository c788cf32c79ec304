"""Rows every subject shares: the record's skeleton, events, idempotency rows."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.kernel.actor import ActorKind


class Record(models.Model):
    """记录: what has a public random id and a version for optimistic locking."""

    public_id = models.UUIDField(_("public id"), default=uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        abstract = True


class Event(models.Model):
    """事件: what happened to what, by whom. Written in the transaction of the operation; never changed."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    actor_kind = models.CharField(max_length=10, choices=ActorKind)
    actor_label = models.CharField(max_length=200)
    actor_id = models.UUIDField(null=True)
    data = models.JSONField(default=dict)
    occurred_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = (models.Index(fields=["subject_id", "id"]), models.Index(fields=["name", "occurred_at"]))

    def __str__(self) -> str:
        return f"{self.name} {self.subject_type}:{self.subject_id}"


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


class WorkerBeat(models.Model):
    """后台进程心跳: when a background worker was last alive, for the reaper on another machine."""

    worker_id = models.CharField(max_length=64, unique=True)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker_id
