"""`ronglian hours`: clinic hours and their bookings."""

from __future__ import annotations

from gettext import gettext as _
from typing import Any
from uuid import UUID

import click
from django.utils import timezone

from ronglian.apps.clinic.hours_enums import BookingState
from ronglian.apps.clinic.operations.hours import cancel_booking, offer_slot, withdraw_slot
from ronglian.apps.clinic.queries.hours import access_booking, access_slot, list_bookings, open_slots
from ronglian.apps.clinic.queries.technology_managers import access_manager
from ronglian.cli.failures import not_found
from ronglian.cli.language import gettext_noop
from ronglian.cli.output import as_json, print_json, print_rows
from ronglian.cli.records import keeper_of_the_machine
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound


@click.command(
    "hours",
    help=gettext_noop(
        "Clinic hours. `list` shows those that can be booked, `bookings` what was booked; `offer` MANAGER offers one, "
        "`withdraw` HOUR takes it back, `cancel` BOOKING cancels with a --note that both sides read."
    ),
)
@click.argument(
    "action", type=click.Choice(["list", "bookings", "offer", "withdraw", "cancel"]), default="list"
)
@click.argument("what", required=False, type=click.UUID)
@click.option(
    "--starts",
    type=click.DateTime(formats=["%Y-%m-%dT%H:%M"]),
    help=gettext_noop("When it begins, local time."),
)
@click.option(
    "--minutes", type=click.IntRange(15, 240), default=60, show_default=True, help=gettext_noop("How long.")
)
@click.option("--place", default="", help=gettext_noop("Where; without it the hour is online."))
@click.option("--joining", default="", help=gettext_noop("Room or link, for whoever has booked."))
@click.option("--note", default="", help=gettext_noop("Why it is cancelled."))
@as_json
def command(action: str, what: UUID | None, as_json: bool, **said: Any) -> None:
    """The command."""
    actor = keeper_of_the_machine("hours")
    if (what is None) != (action in ("list", "bookings")):
        raise click.UsageError(
            _("`offer` takes a MANAGER, `withdraw` an HOUR and `cancel` a BOOKING; the others take nothing.")
        )
    if what is not None:
        try:
            _act(actor, action, what, said)
        except NotFound as error:
            raise not_found(str(what)) from error
    if action in ("bookings", "cancel"):
        _bookings(actor, as_json)
    else:
        _slots(as_json)


def _act(actor: Actor, action: str, what: UUID, said: dict[str, Any]) -> None:
    if action == "withdraw":
        withdraw_slot(actor=actor, slot=access_slot(what))
    elif action == "cancel":
        cancel_booking(actor=actor, booking=access_booking(actor, what), reason=said["note"])
    elif said["starts"] is None:
        raise click.UsageError(_("Say when it --starts, such as 2026-12-01T09:30."))
    else:
        offer_slot(
            actor=actor,
            manager=access_manager(actor, what),
            starts_at=timezone.make_aware(said["starts"]),
            minutes=said["minutes"],
            is_online=not said["place"],
            place=said["place"],
            joining=said["joining"],
        )


def _slots(as_json: bool) -> None:
    rows = list(open_slots())
    if as_json:
        names = ("starts_at", "ends_at", "is_online", "place")
        print_json(
            [
                {"id": str(row.public_id), "manager": str(row.manager.public_id),
                 **{name: getattr(row, name) for name in names}}
                for row in rows
            ]
        )  # fmt: skip
        return
    print_rows(
        (_("id"), _("begins"), _("technology manager"), _("place")),
        [
            (row.public_id, f"{timezone.localtime(row.starts_at):%Y-%m-%d %H:%M}", row.manager,
             row.place or _("online"))
            for row in rows
        ],
        _("No hour can be booked. Technology managers offer them under My work."),
    )  # fmt: skip


def _bookings(actor: Actor, as_json: bool) -> None:
    rows = list(list_bookings(actor))
    if as_json:
        print_json(
            [
                {"id": str(row.public_id), "state": row.state, "hour": str(row.slot.public_id),
                 "starts_at": row.slot.starts_at, "consultation": str(row.consultation.public_id)}
                for row in rows
            ]
        )  # fmt: skip
        return
    print_rows(
        (_("id"), _("begins"), _("technology manager"), _("organisation"), _("state")),
        [
            (row.public_id, f"{timezone.localtime(row.slot.starts_at):%Y-%m-%d %H:%M}", row.slot.manager,
             row.consultation.owner, BookingState(row.state).label)
            for row in rows
        ],
        _("Nothing is booked."),
    )  # fmt: skip
