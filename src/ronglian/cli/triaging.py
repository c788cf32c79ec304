"""`ronglian triage`: which way troubles go, and whether needs are real."""

from __future__ import annotations

from gettext import gettext as _
from typing import Any
from uuid import UUID

import click
from django.utils import timezone

from ronglian.apps.clinic.enums import Route
from ronglian.apps.clinic.models import Consultation
from ronglian.apps.clinic.operations.checks import record_check
from ronglian.apps.clinic.operations.triage import decide_triage
from ronglian.apps.clinic.queries.consultations import access_consultation
from ronglian.apps.clinic.queries.triage import propose, waiting_consultations, waiting_needs
from ronglian.apps.clinic.triage_enums import CheckFinding, CheckMeans
from ronglian.apps.clinic.wording import REASONS
from ronglian.apps.registry.models import Need
from ronglian.apps.registry.queries.records import access_record
from ronglian.cli.failures import not_found
from ronglian.cli.language import gettext_noop
from ronglian.cli.output import as_json, print_json, print_rows
from ronglian.cli.records import keeper_of_the_machine
from ronglian.engines.diagnosis import Triage as Proposal
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound

Subject = Consultation | Need


@click.command(
    "triage",
    help=gettext_noop(
        "Troubles that wait to be sent a way. `list` shows them, `show` SUBJECT what the rules propose and why, `decide` "
        "SUBJECT sends it the --route with --note as minutes, `check` SUBJECT notes that a need was found to be real or "
        "not. SUBJECT is a consultation or a need by id."
    ),
)
@click.argument("action", type=click.Choice(["list", "show", "decide", "check"]), default="list")
@click.argument("subject", required=False, type=click.UUID)
@click.option(
    "--route", type=click.Choice(Route.values), help=gettext_noop("Which way; without it the proposed one.")
)
@click.option("--note", default="", help=gettext_noop("The minutes, or what was verified."))
@click.option("--means", type=click.Choice(CheckMeans.values), default=CheckMeans.CALL.value, show_default=True,
              help=gettext_noop("By what it was checked."))  # fmt: skip
@click.option("--finding", type=click.Choice(CheckFinding.values), default=CheckFinding.GENUINE.value, show_default=True,
              help=gettext_noop("What was found."))  # fmt: skip
@as_json
def command(action: str, subject: UUID | None, as_json: bool, **said: Any) -> None:
    """The command."""
    actor = keeper_of_the_machine("triage")
    if action == "list":
        rows: list[Subject] = [*waiting_consultations(actor), *waiting_needs(actor)]
        _present([(row, None) for row in rows], as_json)
        return
    if subject is None:
        raise click.UsageError(_("Say which SUBJECT; `ronglian triage` shows them."))
    found = _find(actor, subject)
    if action == "check":
        _check(actor, found, said)
        return
    proposal = propose(actor, found)
    if action == "decide":
        route = Route(said["route"] or proposal.route.value)
        decide_triage(actor=actor, subject=found, proposal=proposal, route=route, minutes=said["note"])
    _present([(found, proposal)], as_json)


def _find(actor: Actor, public_id: UUID) -> Subject:
    try:
        return access_record(actor, Need, public_id)
    except NotFound:
        pass
    try:
        return access_consultation(actor, public_id)
    except NotFound as error:
        raise not_found(str(public_id)) from error


def _check(actor: Actor, found: Subject, said: dict[str, Any]) -> None:
    if not isinstance(found, Need):
        raise click.UsageError(_("A need is checked, not a consultation."))
    record_check(
        actor=actor,
        need=found,
        means=CheckMeans(said["means"]),
        checked_on=timezone.localdate(),
        finding=CheckFinding(said["finding"]),
        what=said["note"],
    )


def _present(rows: list[tuple[Subject, Proposal | None]], as_json: bool) -> None:
    if as_json:
        print_json([_as_json(row, proposal) for row, proposal in rows])
        return
    print_rows(
        (_("id"), _("title"), _("since"), _("proposed way"), _("reasons")),
        [
            (
                row.public_id,
                row.title,
                f"{timezone.localtime(row.created_at):%Y-%m-%d}",
                Route(proposal.route.value).label if proposal else "",
                ", ".join(str(REASONS[reason]) for reason in proposal.reasons) if proposal else "",
            )
            for row, proposal in rows
        ],
        _("Nothing waits for triage."),
    )


def _as_json(row: Subject, proposal: Proposal | None) -> dict[str, Any]:
    return {
        "id": str(row.public_id),
        "kind": "need" if isinstance(row, Need) else "consultation",
        "title": str(row.title),
        "since": timezone.localtime(row.created_at).date(),
        "proposed": proposal.route.value if proposal else None,
        "reasons": [reason.value for reason in proposal.reasons] if proposal else [],
    }
