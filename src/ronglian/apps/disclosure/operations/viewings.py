"""Writing down who was shown confidential fields."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone

from ronglian.apps.disclosure.models import Viewing
from ronglian.apps.disclosure.queries.agreements import covering
from ronglian.apps.disclosure.rules import Held
from ronglian.kernel.actor import Actor
from ronglian.kernel.events import record_event
from ronglian.kernel.read_only import require_writable


def log_viewing(actor: Actor, record: Held, kind: str, fields: Sequence[str]) -> None:
    """Write the reading down, once for each person, record and day; without it nothing is shown.

    No operation: nobody asks for it, and it must not take the idempotency key of the call within which it happens.
    """
    today = timezone.localdate()
    known = Viewing.objects.filter(subject_id=record.public_id, person_id=actor.person, viewed_on=today)
    if known.exists():
        return
    require_writable()
    nda = covering(actor, record.owner_id, record.public_id).order_by("id")[0]
    viewing = Viewing(
        nda=nda,
        subject_type=kind,
        subject_id=record.public_id,
        person_id=actor.person,
        person_label=actor.label,
        viewed_on=today,
        fields=list(fields),
    )
    try:
        with transaction.atomic():
            viewing.save(force_insert=True)
            record_event(
                actor, "nda.details_shown", nda, {"record": str(record.public_id), "fields": list(fields)}
            )
    except IntegrityError:  # the same person in two windows at once
        return
