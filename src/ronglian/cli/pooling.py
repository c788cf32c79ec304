"""`ronglian pools`: common needs, found, invited and given up."""

from __future__ import annotations

from gettext import gettext as _
from typing import Any
from uuid import UUID

import click

from ronglian.apps.clinic.enums import PoolState
from ronglian.apps.clinic.models import Pool
from ronglian.apps.clinic.operations.pools import close_pool, invite_owners
from ronglian.apps.clinic.queries.pools import access_pool, list_pools
from ronglian.apps.clinic.tasks import find_pools
from ronglian.cli.failures import not_found
from ronglian.cli.language import gettext_noop
from ronglian.cli.output import as_json, print_json, print_rows
from ronglian.cli.records import keeper_of_the_machine
from ronglian.kernel.errors import NotFound


@click.command(
    "pools",
    help=gettext_noop(
        "Common needs. `list` shows them, `find` looks for new groups, `invite` POOL tells the owners, `close` POOL gives "
        "it up with a --note that they read."
    ),
)
@click.argument("action", type=click.Choice(["list", "find", "invite", "close"]), default="list")
@click.argument("pool", required=False, type=click.UUID)
@click.option("--note", default="", help=gettext_noop("Why it is given up."))
@as_json
def command(action: str, pool: UUID | None, note: str, as_json: bool) -> None:
    """The command."""
    actor = keeper_of_the_machine("pools")
    if action == "find":
        find_pools.func()
    if action in ("list", "find"):
        _present(list(list_pools(actor)), as_json)
        return
    if pool is None:
        raise click.UsageError(_("Say which POOL; `ronglian pools` shows them."))
    try:
        found = access_pool(actor, pool)
    except NotFound as error:
        raise not_found(str(pool)) from error
    if action == "invite":
        invite_owners(actor=actor, pool=found)
    else:
        close_pool(actor=actor, pool=found, reason=note)
    _present([access_pool(actor, pool)], as_json)


def _present(pools: list[Pool], as_json: bool) -> None:
    if as_json:
        print_json([_as_json(pool) for pool in pools])
        return
    print_rows(
        (_("id"), _("state"), _("owners"), _("likeness"), _("shared words")),
        [
            (pool.public_id, PoolState(pool.state).label, len(pool.shares.all()),
             f"{pool.explanation['score']:.2f}", "、".join(pool.explanation["words"]))
            for pool in pools
        ],
        _("No needs that say the same were found yet."),
    )  # fmt: skip


def _as_json(pool: Pool) -> dict[str, Any]:
    return {
        "id": str(pool.public_id),
        "state": pool.state,
        "likeness": pool.explanation["score"],
        "words": pool.explanation["words"],
        "needs": [str(share.need.public_id) for share in pool.shares.all()],
        "closed_because": pool.closed_because,
    }
