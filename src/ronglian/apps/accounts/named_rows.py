"""The name of a person in the rows of others: who recorded, decided or opened something. It goes with the account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Q

from ronglian.apps.accounts.models import Person
from ronglian.kernel.actor import Actor
from ronglian.kernel.events import record_events, subject_type
from ronglian.kernel.log.entries import logged_fields
from ronglian.kernel.models import Event, Record
from ronglian.kernel.sealing import personal_digest

# Not `signed_by_label`, `seeker_accepted_by` and `partner_accepted_by`: who signed a contract stays named in it. Neither
# `first_label` and `second_label`: who opened bids stays named in the minutes, and in `person_label` whose key it was.
NAMING = ("recorded_by", "decided_by", "decided_by_label", "opened_by", "started_by_label", "confirmed_by", "verified_by",
          "proposed_by", "activated_by", "noted_by", "booked_by", "answered_by", "raised_by", "checked_by", "objected_by", "handed_in_by", "made_by")  # fmt: skip
AT_ONCE = 500


def erase_name(actor: Actor, person: Person, events: Any) -> None:
    """Put a digest in the place of the name in every row that an event of the person is about.

    Only there, for others may have the same name. The event commits to the row as it stands then; the digest is the same
    everywhere, so that one can see that one and the same person did it, and not who. `events` are those of the person.
    """
    labels = set(events.exclude(actor_label="").order_by().values_list("actor_label", flat=True).distinct())
    instead = f"#{personal_digest(str(person.public_id))[:8]}"
    for kind, ids in _subjects(events).items():
        for model in apps.get_models():
            if issubclass(model, Record) and subject_type(model) == kind:
                for column in _naming_columns(model):
                    for start in range(0, len(ids), AT_ONCE):
                        _replace(actor, model, column, ids[start : start + AT_ONCE], labels, instead)


def _replace(
    actor: Actor, model: type[Record], column: str, ids: list[UUID], labels: set[str], instead: str
) -> None:
    named = Q(public_id__in=ids) & Q(**{f"{column}__in": labels})
    rows = list(model._base_manager.filter(named).order_by("pk"))
    model._base_manager.filter(pk__in=[row.pk for row in rows]).update(**{column: instead})
    if rows and column in logged_fields(model):
        record_events(actor, f"{subject_type(model)}.name_erased", rows)


def _subjects(events: Any) -> dict[str, list[UUID]]:
    found: dict[str, list[UUID]] = {}
    for kind, public_id in events.order_by().values_list("subject_type", "subject_id").distinct():
        found.setdefault(kind, []).append(public_id)
    return found


def _naming_columns(model: type[Record]) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if field.name in NAMING]


def events_of(person: Person, tokens: Any) -> Any:
    """What the person did, at a screen or by a token."""
    return Event.objects.filter(Q(actor_id=person.public_id) | Q(actor_id__in=tokens))
