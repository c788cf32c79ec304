"""`ronglian cases`: the cases of technology managers."""

from __future__ import annotations

from collections.abc import Callable
from gettext import gettext as _
from typing import Any
from uuid import UUID

import click
from django.utils import timezone

from ronglian.apps.clinic.case_enums import CaseOrigin, CaseStage, StopReason
from ronglian.apps.clinic.models import Case
from ronglian.apps.clinic.operations.cases import advance_case, open_case, plan_case
from ronglian.apps.clinic.operations.hand_overs import offer_case
from ronglian.apps.clinic.queries.cases import access_case, list_cases
from ronglian.apps.clinic.queries.technology_managers import access_manager
from ronglian.apps.registry.models import Need
from ronglian.apps.registry.queries.records import access_record
from ronglian.cli.failures import not_found
from ronglian.cli.language import gettext_noop
from ronglian.cli.output import as_json, print_json, print_rows
from ronglian.cli.records import keeper_of_the_machine
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command(
    "cases",
    help=gettext_noop(
        "Cases of technology managers. `list` shows them, overdue ones marked; `open` has the --manager carry the --need; "
        "`plan` CASE says what comes next; `move` CASE goes to another --stage, a stop with --reason and --note; `offer` "
        "CASE asks the --manager to take it over."
    ),
)
@click.argument(
    "action", type=click.Choice(["list", "show", "open", "plan", "move", "offer"]), default="list"
)
@click.argument("case", required=False, type=click.UUID)
@click.option("--manager", type=click.UUID, help=gettext_noop("A technology manager by id."))
@click.option("--need", type=click.UUID, help=gettext_noop("A need by id."))
@click.option(
    "--stage", type=click.Choice(CaseStage.values), help=gettext_noop("The stage to go to, or to list.")
)
@click.option("--reason", type=click.Choice(StopReason.values), help=gettext_noop("Why it stops."))
@click.option(
    "--note", default="", help=gettext_noop("What happened, what comes next, or why it is offered.")
)
@click.option("--due", type=DAY, help=gettext_noop("The day by which the next step is due."))
@click.option("--contract", default="", help=gettext_noop("Number of the contract."))
@click.option("--amount", type=click.IntRange(0), help=gettext_noop("Amount of the contract in fen."))
@as_json
def command(action: str, case: UUID | None, as_json: bool, **said: Any) -> None:
    """The command."""
    actor = keeper_of_the_machine("cases")
    if action == "list":
        rows = list_cases(actor)
        shown = list(rows.filter(stage=said["stage"]) if said["stage"] else rows)
    elif action == "open":
        shown = [_open(actor, said)]
    else:
        if case is None:
            raise click.UsageError(_("Say which CASE; `ronglian cases` shows them."))
        try:
            found = access_case(actor, case)
        except NotFound as error:
            raise not_found(str(case)) from error
        ACTIONS[action](actor, found, said)
        shown = [access_case(actor, case)]
    _present(shown, as_json)


def _open(actor: Actor, said: dict[str, Any]) -> Case:
    if said["manager"] is None or said["need"] is None:
        raise click.UsageError(_("`open` takes a --manager and a --need."))
    need, manager = access_record(actor, Need, said["need"]), access_manager(actor, said["manager"])
    return open_case(actor=actor, manager=manager, need=need, origin=CaseOrigin.NEED)


def _plan(actor: Actor, case: Case, said: dict[str, Any]) -> None:
    due = said["due"].date() if said["due"] else None
    plan_case(actor=actor, case=case, next_step=said["note"], next_due=due)


def _move(actor: Actor, case: Case, said: dict[str, Any]) -> None:
    if said["stage"] is None:
        raise click.UsageError(_("Say to which --stage."))
    advance_case(
        actor=actor,
        case=case,
        stage=CaseStage(said["stage"]),
        reason=said["reason"] or "",
        note=said["note"],
        contract_number=said["contract"],
        amount_fen=said["amount"],
    )


def _offer(actor: Actor, case: Case, said: dict[str, Any]) -> None:
    if said["manager"] is None:
        raise click.UsageError(_("Say to which --manager."))
    taker = access_manager(actor, said["manager"])
    offer_case(actor=actor, case=case, taker=taker, reason=said["note"])


ACTIONS: dict[str, Callable[[Actor, Case, dict[str, Any]], None]] = {
    "show": lambda *_said: None,
    "plan": _plan,
    "move": _move,
    "offer": _offer,
}


def _present(cases: list[Case], as_json: bool) -> None:
    today = timezone.localdate()
    if as_json:
        print_json([_as_json(case) for case in cases])
        return
    print_rows(
        (_("id"), _("stage"), _("about"), _("technology manager"), _("next step"), _("overdue since")),
        [
            (case.public_id, CaseStage(case.stage).label, case.about, case.manager, case.next_step,
             case.overdue_since(today) or "")
            for case in cases
        ],
        _("There is no case. Technology managers open them from the page of a need or of a match."),
    )  # fmt: skip


def _as_json(case: Case) -> dict[str, Any]:
    names = ("version", "stage", "origin", "next_step", "next_due", "introduced_at", "stop_reason", "stop_note",
             "contract_number", "amount_fen")  # fmt: skip
    beside = {"need": case.need, "result": case.result, "seeker": case.seeker, "partner": case.partner,
              "manager": case.manager, "introducer": case.introducer}  # fmt: skip
    return {
        "id": str(case.public_id),
        **{name: getattr(case, name) for name in names},
        **{name: str(row.public_id) if row else None for name, row in beside.items()},
        "overdue_since": case.overdue_since(timezone.localdate()),
    }
