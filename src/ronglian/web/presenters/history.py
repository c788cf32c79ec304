"""Timeline and provenance: what happened to a record, and how far it can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Subquery
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ronglian.apps.registry.models import RegistryRecord
from ronglian.apps.registry.rules import may_see_owner
from ronglian.kernel.actor import Actor
from ronglian.kernel.events import events_about
from ronglian.kernel.models import LogCheckpoint

SHOWN = 50
HAPPENED: dict[str, Promise] = {
    "registered": _lazy("registered"),
    "imported": _lazy("imported"),
    "edited": _lazy("changed"),
    "published": _lazy("published"),
    "withdrawn": _lazy("withdrawn"),
    "confirmed": _lazy("confirmed that it still holds"),
    "merged": _lazy("merged with a duplicate"),
    "verified": _lazy("checked"),
    "matched": _lazy("matches stored"),
}


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the timeline. `who` and `note` stay empty for readers outside the organisation.

    `receipt` is the event whose receipt can be had, once a checkpoint covers it.
    """

    when: datetime
    what: str
    who: str
    note: str
    receipt: UUID | None


def timeline(actor: Actor, record: RegistryRecord) -> list[Happening]:
    """Newest first. People's names and reasons are for those who act for the organisation."""
    inside = is_inside(actor, record)
    covered = Subquery(LogCheckpoint.objects.order_by("-size").values("size")[:1])
    lines = []
    for event in events_about(record).annotate(covered=covered).order_by("-id")[:SHOWN]:
        what = HAPPENED.get(event.name.partition(".")[2])
        if what is not None:
            who = event.actor_label if inside else ""
            note = str(event.data.get("reason", "")) if inside else ""
            receipt = event.public_id if event.seq is not None and event.seq < (event.covered or 0) else None
            lines.append(Happening(event.occurred_at, str(what), who, note, receipt))
    return lines


def provenance(actor: Actor, record: RegistryRecord) -> list[tuple[str, str | SafeString]]:
    """How the record came here. A file's name could tell an anonymous owner's, so it is shown only beside the owner."""
    rows: list[tuple[str, str]] = [(_("How it came"), record.get_source_kind_display())]
    if may_see_owner(actor, record):
        rows += [(_("Source"), record.source_name), (_("Id in the source"), record.source_id)]
    if is_inside(actor, record):
        rows.append((_("Recorded by"), record.recorded_by))
    rows += [
        (_("Verification"), record.get_verification_display()),
        (_("Last confirmed"), record.confirmed_on.isoformat() if record.confirmed_on else _("never")),
        (_("Expires"), record.expires_on.isoformat() if record.expires_on else _("no date set")),
        (_("Version"), str(record.version)),
    ]
    return [(name, value) for name, value in rows if value]


def is_inside(actor: Actor, record: RegistryRecord) -> bool:
    return actor.is_system or actor.is_operator or actor.is_member(record.owner_id)
