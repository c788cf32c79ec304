"""`ronglian keys`: a new key for what is sealed, and the end of the old ones."""

from __future__ import annotations

import logging
from gettext import gettext as _

import click

from ronglian.cli.failures import Failure
from ronglian.cli.language import gettext_noop
from ronglian.cli.output import console, progress_bar
from ronglian.cli.records import keeper_of_the_machine
from ronglian.kernel.resealing import count_by_key, reseal_all, reseal_everything
from ronglian.kernel.sealing import KeysElsewhere, add_data_key, data_keys, retire_data_keys

security = logging.getLogger("ronglian.security")


@click.command(
    "keys",
    help=gettext_noop(
        "The keys that seal confidential values: `status` counts what each opens, `rotate` puts a new one in front and "
        "seals everything anew in the background, `reseal` does so here and now, `retire` forgets the old ones once nothing "
        "needs them."
    ),
)
@click.argument("step", type=click.Choice(["status", "rotate", "reseal", "retire"]), default="status")
def command(step: str) -> None:
    """The command."""
    try:
        {"status": _status, "rotate": _rotate, "reseal": _reseal, "retire": _retire}[step]()
    except KeysElsewhere as error:
        raise Failure(
            _(
                "The keys come from RONGLIAN_DATA_KEYS. Change it there: newest first, old ones behind it until "
                "`ronglian keys status` shows that nothing needs them."
            )
        ) from error


def _status() -> None:
    counted = count_by_key()
    lost = counted.pop(None, 0)
    for place, number in sorted(counted.items(), key=lambda each: each[0] or 0):
        console().print(_("Key {place}: {number} values").format(place=(place or 0) + 1, number=number))
    console().print(_("No key opens: {number} values").format(number=lost))


def _rotate() -> None:
    add_data_key()
    security.warning("a new data key is in front; there are %d", len(data_keys()))
    reseal_everything.enqueue()
    console().print(_("A new key seals from now on. The worker seals anew what the old ones sealed."))
    console().print(_("Back up the keys now: ronglian backup FOLDER --keys KEYS"))


def _reseal() -> None:
    actor = keeper_of_the_machine("keys")
    with progress_bar(_("Sealing anew")) as advance:
        found = reseal_all(actor, advance)
    console().print(_("Sealed anew: {number} values").format(number=found.values))
    for place, number in sorted(found.lost.items()):
        console().print(_("{place}: {number} values that no key opens").format(place=place, number=number))


def _retire() -> None:
    counted = count_by_key()
    needed = sum(number for place, number in counted.items() if place != 0)
    if needed:
        raise Failure(
            _(
                "{number} values still need an old key, or none opens them. Run `ronglian keys reseal` first."
            ).format(number=needed)
        )
    retire_data_keys()
    security.warning("old data keys are retired")
    console().print(
        _("The old keys are gone. Backups from before need them: keep those you keep backups of.")
    )
