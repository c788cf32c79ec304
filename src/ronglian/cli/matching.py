"""`ronglian match`: a need, a result or a sentence with what fits it best, and why."""

from __future__ import annotations

from collections.abc import Iterable
from gettext import gettext as _
from typing import Any, TextIO, cast

import click
from click.core import ParameterSource
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ronglian.apps.matching.operations.matches import suggest_matches
from ronglian.apps.matching.queries.matches import MatchView, Side, match_need, match_result, match_text
from ronglian.apps.matching.wording import (
    describe_exclusion,
    describe_improvement,
    describe_move,
    describe_part,
    factor_name,
    metric_row_texts,
    verdict_sign,
)
from ronglian.apps.registry.models import Need, Result
from ronglian.cli.language import gettext_noop
from ronglian.cli.matching_all import Order, all_options, match_everything
from ronglian.cli.output import as_json, console, print_json
from ronglian.cli.records import find_record, keeper_of_the_machine, summary_of, title_of
from ronglian.engines.matching import Match

Subject = Need | Result | str

BAR = 12
TOP = 3


@click.command(
    "match",
    help=gettext_noop(
        "Match SUBJECT with what fits it best. SUBJECT is the id of a need or a result, its id in the file it "
        "came from, or a sentence. With --all every need is matched with the whole catalogue and every result, too, "
        "into a folder of files for analysis."
    ),
)
@click.argument("subject", required=False)
@click.option(
    "--file",
    type=click.File(encoding="utf-8", errors="replace"),
    help=gettext_noop("Take the sentence from a text file; - is standard input."),
)
@click.option(
    "--side",
    type=click.Choice(["results", "needs"]),
    default="results",
    show_default=True,
    help=gettext_noop("What a sentence is matched with."),
)
@click.option(
    "--top", type=click.IntRange(1, 1000), help=gettext_noop("How many; without it 3, and 20 with --all.")
)
@click.option("--excluded", is_flag=True, help=gettext_noop("Show those that a firm limit rules out, too."))
@click.option("--store", is_flag=True, help=gettext_noop("Store the matches as suggestions for both sides."))
@click.option("--all", "everything", is_flag=True, help=gettext_noop("Match every need and every result."))
@all_options
@as_json
def command(
    subject: str | None,
    file: TextIO | None,
    side: str,
    top: int | None,
    excluded: bool,
    store: bool,
    everything: bool,
    as_json: bool,
    **order: Any,
) -> None:
    """The command."""
    _refuse_mixture(everything, order)
    if everything:
        match_everything(Order(**order), top, as_json=as_json)
        return
    top = top or TOP
    if (subject is None) == (file is None):
        raise click.UsageError(_("Give an id, a sentence or --file, and only one of them."))
    actor = keeper_of_the_machine("match")
    record = find_record(actor, subject) if subject else None
    if record is None:
        if store:
            raise click.UsageError(_("Only the matches of a record can be stored, not those of a sentence."))
        text = subject if file is None else file.read()
        assert text is not None
        views = match_text(actor, text, side=cast(Side, side), top=top)
        present(text, views, as_json=as_json)
        return
    if store:
        suggest_matches(actor=actor, record=record, top=top)
    present(record, matches_of(record, top=top, excluded=excluded), as_json=as_json)


def _refuse_mixture(everything: bool, order: Iterable[str]) -> None:
    """An option of the other way to match would be ignored silently."""
    context = click.get_current_context()
    wrong = {"subject", "file", "side", "excluded", "store"} if everything else set(order)
    given = [
        parameter.get_error_hint(context)
        for parameter in context.command.params
        if parameter.name in wrong
        and context.get_parameter_source(parameter.name) is not ParameterSource.DEFAULT
    ]
    if given:
        text = _("{options} cannot be used with --all.") if everything else _("{options} needs --all.")
        raise click.UsageError(text.format(options=", ".join(given)))


def matches_of(record: Need | Result, *, top: int, excluded: bool = False) -> list[MatchView]:
    """The best matches of a need or of a result."""
    actor = keeper_of_the_machine("match")
    if isinstance(record, Need):
        return match_need(actor, record, top=top, include_excluded=excluded)
    return match_result(actor, record, top=top, include_excluded=excluded)


def present(subject: Subject, views: list[MatchView], *, as_json: bool) -> None:
    """Print the subject and its matches."""
    if as_json:
        head = subject if isinstance(subject, str) else summary_of(subject)
        print_json({"subject": head, "matches": [_as_json(subject, view) for view in views]})
        return
    screen = console()
    _print_subject(screen, subject)
    if not views:
        screen.print(_("Nothing fits. Say more of what it has to do, or look at --excluded."))
    for place, view in enumerate(views, 1):
        _print_match(screen, place, _other(subject, view), view.match)
        if view.move:
            screen.print(Text(f"   {describe_move(view.move)}", style="dim"))


def _other(subject: Subject, view: MatchView) -> Need | Result:
    """The record that was found: the side that the subject is not."""
    found = view.need if isinstance(subject, Result) or view.result is None else view.result
    assert found is not None
    return found


def _as_json(subject: Subject, view: MatchView) -> dict[str, Any]:
    match = view.match
    return {
        "record": summary_of(_other(subject, view)),
        **match.to_dict(),
        "words": {
            "parts": {part.factor: describe_part(part) for part in match.parts},
            "exclusions": [describe_exclusion(each) for each in match.exclusions],
            "improvements": [describe_improvement(each) for each in match.improvements],
            "move": describe_move(view.move) if view.move else None,
        },
    }


def _print_subject(screen: Console, subject: Subject) -> None:
    if isinstance(subject, str):
        screen.rule(Text(" ".join(subject.split())[:100], style="bold"), align="left")
        return
    screen.rule(Text(f"{subject._meta.verbose_name} · {title_of(subject)}", style="bold"), align="left")
    screen.print(Text(f"{title_of(subject.owner)} · {subject.public_id}", style="dim"))
    body = subject.body_en if title_of(subject) == subject.headline_en else subject.body
    if body:
        screen.print(Text(body))


def _print_match(screen: Console, place: int, found: Need | Result, match: Match) -> None:
    screen.print()
    head = Text(f"{place}. {title_of(found)}", style="bold")
    head.append(f"   {match.score:.0f} / 100", style="bold green")
    screen.print(head)
    screen.print(Text(f"   {title_of(found.owner)} · {found.public_id}", style="dim"))
    screen.print(_parts_table(match))
    if match.metric_rows:
        screen.print(_metrics_table(match))
    _print_list(screen, _("Ruled out:"), (describe_exclusion(each) for each in match.exclusions))
    _print_list(
        screen,
        _("Why not higher:"),
        (describe_improvement(each) for each in match.improvements[:3] if each.points >= 1),
    )


def _parts_table(match: Match) -> Table:
    """One line for each factor that the need asks for; the points add up to the score."""
    table = Table(box=None, padding=(0, 1), show_header=False)
    for part in match.parts:
        if part.verdict == "neutral":
            continue
        filled = round(BAR * part.points / part.maximum) if part.maximum else 0
        bar = Text("█" * filled, style="green").append("░" * (BAR - filled), style="dim")
        points = f"{part.points:.1f} / {part.maximum:.0f}"
        table.add_row(
            "  ", factor_name(part.factor), bar, points, verdict_sign(part.verdict), describe_part(part)
        )
    table.columns[3].justify = "right"
    return table


def _metrics_table(match: Match) -> Table:
    table = Table(box=None, padding=(0, 1), header_style="dim")
    for header in ("  ", _("needed"), _("claimed"), "", _("verdict")):
        table.add_column(header)
    for row in match.metric_rows:
        words = metric_row_texts(row)
        table.add_row("  ", words["need"], words["claim"] or "—", words["sign"], words["label"])
    return table


def _print_list(screen: Console, title: str, lines: Iterable[str]) -> None:
    margin = Text(f"   {title} ", style="dim")
    for number, line in enumerate(lines):
        start = margin if number == 0 else Text(" " * margin.cell_len)
        screen.print(start + Text(line))
