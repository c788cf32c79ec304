"""`ronglian train`: learn from decisions, put what was learned to use, take it back."""

from __future__ import annotations

from gettext import gettext as _
from typing import Any
from uuid import UUID

import click
from rich.table import Table

from ronglian.apps.matching.enums import TrainingState
from ronglian.apps.matching.models import TrainingRun
from ronglian.apps.matching.operations.training import activate_training, propose_training, revert_training
from ronglian.apps.matching.queries.training import list_runs
from ronglian.apps.matching.wording import factor_name
from ronglian.cli.failures import not_found
from ronglian.cli.language import gettext_noop
from ronglian.cli.output import as_json, console, print_json
from ronglian.cli.records import keeper_of_the_machine
from ronglian.engines.matching import FACTORS

LISTED = 20


@click.command(
    "train",
    help=gettext_noop(
        "Learn the points of the parts from decisions. `propose` learns and reports; `activate` RUN puts a run "
        "to use; `revert` RUN takes it back; `list` shows the runs so far."
    ),
)
@click.argument("action", type=click.Choice(["list", "propose", "activate", "revert"]), default="list")
@click.argument("run", required=False, type=click.UUID)
@as_json
def command(action: str, run: UUID | None, as_json: bool) -> None:
    """The command."""
    actor = keeper_of_the_machine("train")
    if action in ("activate", "revert"):
        if run is None:
            raise click.UsageError(_("Say which RUN; `ronglian train list` shows them."))
        operation = activate_training if action == "activate" else revert_training
        shown = [operation(actor=actor, run=_find(run))]
    elif action == "propose":
        shown = [propose_training(actor=actor)]
    else:
        shown = list(list_runs()[:LISTED])
    if as_json:
        print_json([_as_json(each) for each in shown])
        return
    if not shown:
        console().print(_("Nothing has been learned yet. `ronglian train propose` tries."))
    for each in shown:
        _print(each)


def _find(public_id: UUID) -> TrainingRun:
    run = list_runs().filter(public_id=public_id).first()
    if run is None:
        raise not_found(str(public_id))
    return run


def _print(run: TrainingRun) -> None:
    screen = console()
    state = TrainingState(run.state).label
    screen.rule(f"{run.public_id}  {run.version_before} → {run.version_after}  {state}", align="left")
    counts = {**run.counts, "verdict": run.report["verdict"]}
    text = _(
        "{decisions} decisions, {confirmed} confirmed, {needs} needs, {organisations} organisations; on held-out decisions: {verdict}"
    )
    screen.print(text.format(**counts))
    table = Table(box=None, padding=(0, 1), header_style="dim")
    for header in ("", _("before"), _("after"), _("change [95 % interval]")):
        table.add_column(header, justify="left" if not header else "right")
    for name, values in run.report["measures"].items():
        if values is not None:
            change = f"{values['change']:+.3f} [{values['low']:+.3f}, {values['high']:+.3f}]"
            table.add_row(name, f"{values['before']:.3f}", f"{values['after']:.3f}", change)
    for factor in FACTORS:
        before, after = run.points_before[factor], run.points_after[factor]
        table.add_row(factor_name(factor), f"{before:.2f}", f"{after:.2f}", f"{after - before:+.2f}")
    screen.print(table)


def _as_json(run: TrainingRun) -> dict[str, Any]:
    return {
        "id": str(run.public_id),
        "state": run.state,
        "version_before": run.version_before,
        "version_after": run.version_after,
        "points_before": {factor: run.points_before[factor] for factor in FACTORS},
        "points_after": {factor: run.points_after[factor] for factor in FACTORS},
        "data_digest": run.data_digest,
        "counts": run.counts,
        "report": run.report,
        "created_at": run.created_at,
        "activated_at": run.activated_at,
    }
