"""Idempotency keys: a repeated unsafe call has one effect and one answer.

A door wraps its call in `idempotency(key, body)`; the first operation inside claims the key in its own
transaction. The same key with another body or another operation is a conflict.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import Conflict
from ronglian.kernel.models import IdempotencyRecord


@dataclass(frozen=True, slots=True)
class _Claim:
    key: str
    digest: str


_claim: ContextVar[_Claim | None] = ContextVar("idempotency_claim", default=None)


@contextmanager
def idempotency(key: str | None, body: bytes) -> Iterator[None]:
    """Give the operation called inside an idempotency key; without a key, nothing happens."""
    token = _claim.set(_Claim(key, hashlib.sha256(body).hexdigest()) if key else None)
    try:
        yield
    finally:
        _claim.reset(token)


def take_claim() -> _Claim | None:
    """The key of the surrounding call; an operation called by this one does not see it again."""
    claim = _claim.get()
    _claim.set(None)
    return claim


def replayed(claim: _Claim, actor: Actor, operation: str) -> models.Model | None:
    """The result of the first call with this key, or None when this is the first."""
    record = IdempotencyRecord.objects.filter(actor_id=_owner(actor), key=claim.key).first()
    if record is None:
        return None
    if record.digest != claim.digest or record.operation != operation:
        raise Conflict(_("This idempotency key was already used for a different request. Use a new key."))
    result: models.Model = apps.get_model(record.result_model)._default_manager.get(pk=record.result_id)
    return result


def remember(claim: _Claim, actor: Actor, operation: str, result: models.Model) -> None:
    """Tie the key to the result, in the transaction of the operation."""
    try:
        with transaction.atomic():
            IdempotencyRecord.objects.create(
                actor_id=_owner(actor),
                key=claim.key,
                operation=operation,
                digest=claim.digest,
                result_model=result._meta.label,
                result_id=result.pk,
            )
    except IntegrityError as error:
        raise Conflict(
            _("The same idempotency key is being used by another request right now. Try again.")
        ) from error


def _owner(actor: Actor) -> UUID:
    owner = actor.token_id or actor.person_id
    if owner is None:
        raise Conflict(_("An idempotency key needs a signed-in caller."))
    return owner
