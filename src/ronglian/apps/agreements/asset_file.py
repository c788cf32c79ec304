"""The ledger of service results as a CSV file, as an audit or a department asks for it."""

from __future__ import annotations

import csv
import io

from django.utils.translation import gettext as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.agreements.queries.assets import list_assets, moves_of
from ronglian.apps.agreements.rights_enums import AssetState
from ronglian.apps.registry.exports import guard
from ronglian.kernel.actor import Actor


def ledger_file(actor: Actor, owner: Organisation) -> bytes:
    """Every entry, in the order of the numbers, in the reader's language. Raises NotFound for everybody outside."""
    entries = list(list_assets(actor, owner))
    moves = moves_of(entries)
    buffer = io.StringIO(newline="")
    buffer.write("\ufeff")  # without the mark Excel takes UTF-8 for the machine's code page
    writer = csv.writer(buffer)
    writer.writerow(
        [
            _("Number"), _("Result"), _("Kind of right"), _("Stage"), _("State"), _("Entered on"), _("Value (yuan)"),
            _("Basis of the value"), _("Counted in value preservation"), _("What happened"), _("Why it was written off"),
        ]
    )  # fmt: skip
    for entry in entries:
        told = "; ".join(
            f"{move.day.isoformat()} {move.state.label} {move.text}".strip() for move in moves[entry.pk]
        )
        cells = (
            str(entry.number), entry.result.headline or entry.result.headline_en, entry.get_right_display(),
            entry.get_stage_display(), str(AssetState(entry.derived_state).label), entry.entered_on.isoformat(),
            "" if entry.value_fen is None else f"{entry.value_fen // 100}.{entry.value_fen % 100:02d}",
            entry.value_basis, _("no"), told, entry.written_off_because,
        )  # fmt: skip
        writer.writerow([guard(cell) for cell in cells])
    return buffer.getvalue().encode()
