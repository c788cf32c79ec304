"""Writing down who was shown confidential fields."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone

from ronglian.apps.disclosure.models import Annex, Viewing
from ronglian.apps.disclosure.queries.agreements import covering
from ronglian.apps.disclosure.queries.annexes import annex_text
from ronglian.apps.disclosure.rules import Held
from ronglian.kernel.actor import Actor
from ronglian.kernel.events import record_event
from ronglian.kernel.read_only import require_writable


def log_viewing(actor: Actor, record: Held, kind: str, fields: Sequence[str]) -> None:
    """Write the reading down, once for each person, record and day; without it nothing is shown.

    No operation: nobody asks for it, and it must not take the idempotency key of the call within which it happens.
    """
    viewing = Viewing(subject_type=kind, subject_id=record.public_id, fields=list(fields))
    if _is_known(actor, viewing):
        return
    nda = viewing.nda = covering(actor, record.owner_id, record.public_id).order_by("id")[0]
    told = {"record": str(record.public_id), "fields": list(fields)}
    _write(viewing, lambda: record_event(actor, "nda.details_shown", nda, told))


def read_annex(actor: Actor, annex: Annex) -> str:
    """What the annex says, which the actor may read; a reading by somebody of another organisation is written down."""
    if not (actor.is_system or actor.is_member(annex.owner_id)):
        viewing = Viewing(
            subject_type=annex.subject_type, subject_id=annex.subject_id, fields=["annex"], of_annex=True
        )
        if not _is_known(actor, viewing):
            _write(viewing, lambda: record_event(actor, "annex.shown", annex))
    return annex_text(annex)


def _is_known(actor: Actor, viewing: Viewing) -> bool:
    viewing.person_id, viewing.person_label = actor.person, actor.label
    viewing.viewed_on = timezone.localdate()
    same = Viewing.objects.filter(
        subject_id=viewing.subject_id, person_id=viewing.person_id, viewed_on=viewing.viewed_on
    )
    return same.filter(of_annex=viewing.of_annex).exists()


def _write(viewing: Viewing, tell: Callable[[], object]) -> None:
    require_writable()
    try:
        with transaction.atomic():
            viewing.save(force_insert=True)
            tell()
    except IntegrityError:  # the same person in two windows at once
        return
