"""`ronglian surveys`: surveys along an enterprise's chain."""

from __future__ import annotations

from datetime import date, datetime
from gettext import gettext as _
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from ronglian.apps.prospecting.models import ChainSurvey
from ronglian.apps.prospecting.operations.surveys import (
    close_survey,
    enter_partners,
    invite_partners,
    open_survey,
    remind_partners,
)
from ronglian.apps.prospecting.partner_file import read_partner_file
from ronglian.apps.prospecting.queries.coverage import Coverage, read_coverage
from ronglian.apps.prospecting.queries.surveys import access_survey, list_surveys
from ronglian.cli.failures import Failure, not_found
from ronglian.cli.language import gettext_noop
from ronglian.cli.output import as_json, console, print_json
from ronglian.cli.records import find_organisation, keeper_of_the_machine
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound

ACTIONS = ("list", "open", "enter", "invite", "remind", "coverage", "close")


@click.command(
    "surveys",
    help=gettext_noop(
        "Surveys along an enterprise's chain. `list` shows them; `open` begins one for --lead with --title and --until; "
        "`enter` SURVEY takes the partners of --file; `invite` and `remind` SURVEY send mails; `coverage` SURVEY counts; "
        "`close` SURVEY ends it with a --reason."
    ),
)
@click.argument("action", type=click.Choice(ACTIONS), default="list")
@click.argument("survey", required=False, type=click.UUID)
@click.option("--lead", help=gettext_noop("The lead enterprise: name, credit code or id."))
@click.option("--title", default="", help=gettext_noop("What it is about, in one line."))
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help=gettext_noop("Last day for answers."))
@click.option(
    "--file",
    "partners",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=gettext_noop("The list of partners: XLSX, CSV or JSON Lines."),
)
@click.option(
    "--reminds", is_flag=True, help=gettext_noop("Remind those who are silent by itself, twice at most.")
)
@click.option("--reason", default="", help=gettext_noop("Why it is closed."))
@as_json
def command(action: str, survey: Any, as_json: bool, **options: Any) -> None:
    """The command."""
    actor = keeper_of_the_machine("surveys")
    if action == "list":
        _print_surveys(list(list_surveys(actor)), as_json=as_json)
        return
    if action == "open":
        _print_surveys([_open(actor, **options)], as_json=as_json)
        return
    if survey is None:
        raise click.UsageError(_("Say which SURVEY; `ronglian surveys` shows them."))
    try:
        found = access_survey(actor, survey)
    except NotFound as error:
        raise not_found(str(survey)) from error
    if action == "coverage":
        _print_coverage(read_coverage(found), as_json=as_json)
    else:
        _print_surveys([_change(actor, action, found, **options)], as_json=as_json)


def _open(
    actor: Actor, *, lead: str | None, title: str, until: datetime | None, reminds: bool, **_rest: Any
) -> ChainSurvey:
    if lead is None or until is None:
        raise click.UsageError(_("`open` takes --lead, --title and --until."))
    last: date = until.date()
    return open_survey(
        actor=actor, lead=find_organisation(actor, lead), title=title, closes_on=last, reminds=reminds
    )


def _change(
    actor: Actor, action: str, survey: ChainSurvey, *, partners: Path | None, reason: str, **_rest: Any
) -> ChainSurvey:
    if action == "enter":
        if partners is None:
            raise click.UsageError(_("`enter` takes --file."))
        with partners.open("rb") as stream:
            read = read_partner_file(stream, partners.name)
        if read.wrong:
            raise Failure("\n".join([_("Nothing was entered."), *map(str, read.wrong)]))
        return enter_partners(actor=actor, survey=survey, rows=read.rows)
    if action == "close":
        return close_survey(actor=actor, survey=survey, reason=reason)
    return (invite_partners if action == "invite" else remind_partners)(actor=actor, survey=survey)


def _print_surveys(surveys: list[ChainSurvey], *, as_json: bool) -> None:
    if as_json:
        print_json([
            {"id": str(each.public_id), "lead": each.lead.name, "title": each.title, "state": each.state,
             "closes_on": each.closes_on}
            for each in surveys
        ])  # fmt: skip
        return
    if not surveys:
        console().print(_("No survey yet. `ronglian surveys open` begins one."))
        return
    table = Table(box=None, padding=(0, 1), header_style="dim")
    for header in (_("id"), _("lead"), _("title"), _("state"), _("until")):
        table.add_column(header, overflow="fold")
    for each in surveys:
        state = str(each.get_state_display())
        table.add_row(str(each.public_id), each.lead.name, each.title, state, f"{each.closes_on:%Y-%m-%d}")
    console().print(table)


def _print_coverage(rows: tuple[Coverage, ...], *, as_json: bool) -> None:
    names = ("entered", "invited", "replied", "told", "published")
    if as_json:
        print_json([{name: getattr(each, name) for name in ("tier", *names)} for each in rows])
        return
    table = Table(box=None, padding=(0, 1), header_style="dim")
    for header in (
        _("tier"),
        _("on the list"),
        _("invited"),
        _("answered"),
        _("told a need"),
        _("published"),
    ):
        table.add_column(header, justify="right")
    for each in rows:
        counts = [getattr(each, name) for name in names]
        shown = ["< 5" if count is None else str(count) for count in counts]
        table.add_row(str(each.tier) if each.tier else _("all"), *shown)
    console().print(table)
