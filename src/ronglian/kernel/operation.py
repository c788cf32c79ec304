"""The one way to write: lock → permission → rules → write → event, in one transaction.

    @operation("need.publish", target="need", allowed=may_publish)
    def publish_need(*, actor: Actor, need: Need) -> Need: ...

`target` names the argument that is locked before permission is checked (None for operations that create
from nothing). `allowed(actor, target)` answers a Verdict. The function checks the rules, writes, and calls
`record_event`; what the world hears goes through `transaction.on_commit`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from django.db import models, transaction

from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotAllowed, NotFound
from ronglian.kernel.events import insisting_on_an_event
from ronglian.kernel.idempotency import remember, replayed, take_claim
from ronglian.kernel.permission import Verdict
from ronglian.kernel.read_only import require_writable

security = logging.getLogger("ronglian.security")
P = ParamSpec("P")
R = TypeVar("R", bound=models.Model)


@dataclass(frozen=True, slots=True)
class OperationSpec:
    """What the doors, the parity tests and the reference page know of an operation."""

    name: str
    function: Callable[..., models.Model]
    target: str | None
    allowed: Callable[[Actor, Any], Verdict]


OPERATIONS: dict[str, OperationSpec] = {}


def operation(
    name: str, *, allowed: Callable[[Actor, Any], Verdict], target: str | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare an operation `noun.verb`. Called with keywords only; returns the row it is about."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            actor = cast(Actor, kwargs["actor"])
            require_writable()
            claim = take_claim()
            with transaction.atomic():
                if target is not None and isinstance(kwargs[target], models.Model):
                    kwargs[target] = _locked(kwargs[target])
                verdict = allowed(actor, kwargs.get(target) if target else None)
                if not verdict:
                    security.info("refused: %s to %s %s", name, actor.kind, actor.token_id or actor.person_id)
                    raise NotAllowed(_sentence(verdict))
                if claim is not None:
                    earlier = replayed(claim, actor, name)
                    if earlier is not None:
                        return cast(R, earlier)
                with insisting_on_an_event(name):
                    result = function(*args, **kwargs)
                if claim is not None:
                    remember(claim, actor, name, result)
            return result

        if name in OPERATIONS:
            raise AssertionError(f"two operations are called {name}")
        OPERATIONS[name] = OperationSpec(name, run, target, allowed)
        return run

    return decorate


def _locked(row: Any) -> Any:
    """The row as it is now, locked until the transaction ends (on SQLite the write gate has locked all)."""
    manager = type(row)._base_manager
    try:
        return manager.select_for_update().get(pk=row.pk)
    except type(row).DoesNotExist as error:
        raise NotFound from error


def _sentence(verdict: Verdict) -> str:
    return " ".join(str(part) for part in (verdict.reason, verdict.who_can) if part)
