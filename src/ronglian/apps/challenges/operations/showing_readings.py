"""Reading what is shown, which is written down where somebody of the investor reads."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from ronglian.apps.challenges.models import Bid, Showing, ShowingReading
from ronglian.apps.challenges.showing_enums import ShownPart
from ronglian.apps.challenges.showing_material import Material, material_of
from ronglian.apps.challenges.showing_rules import may_read_shown
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound
from ronglian.kernel.events import record_event
from ronglian.kernel.read_only import require_writable


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file of a shown bid."""

    name: str
    data: bytes


def read_shown(actor: Actor, showing: Showing) -> Material:
    """The parts that are shown; raises NotFound where the actor may not read them now.

    No operation: nobody asks for it, and it must not take the idempotency key of the call within which it happens.
    """
    log_reading(actor, showing)
    return material_of(showing)


def read_shown_file(actor: Actor, showing: Showing, number: int) -> ShownFile:
    """One file, by its number from 1; raises NotFound where there is none, or none for this reader."""
    if not may_read_shown(actor, showing) or ShownPart.FILES not in showing.parts:
        raise NotFound
    content = Bid.objects.defer("envelope").get(pk=showing.bid_id).content or {}
    files = content.get("attachments", [])
    if not 1 <= number <= len(files):
        raise NotFound
    log_reading(actor, showing, number)
    chosen = files[number - 1]
    return ShownFile(str(chosen["name"]), base64.b64decode(chosen["data"]))


def log_reading(actor: Actor, showing: Showing, file: int = 0) -> None:
    """Write the reading down, once for each person, day and file; without it nothing is shown. The team's own is not.

    The row is locked meanwhile and the clock read after that, so that nobody reads past a withdrawal.
    """
    if not may_read_shown(actor, showing):
        raise NotFound
    if actor.is_member(showing.team_id):
        return
    same = ShowingReading.objects.filter(showing=showing, person_id=actor.person, file=file)
    if same.filter(read_on=timezone.localdate()).exists():
        return
    require_writable()
    try:
        with transaction.atomic():
            locked = Showing.objects.select_for_update().get(pk=showing.pk)
            if not may_read_shown(actor, locked):
                raise NotFound
            now = timezone.now()
            ShowingReading(
                showing=locked,
                person_id=actor.person,
                person_label=actor.label,
                file=file,
                read_on=timezone.localdate(now),
                first_at=now,
            ).save(force_insert=True)
            record_event(actor, "showing.read", locked, {"file": file})
    except IntegrityError:  # the same person in two windows at once
        return
