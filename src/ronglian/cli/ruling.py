"""`ronglian rules`: the law that is known, answers with their trace, cases, and whether the rulebook is whole. No Django."""

from __future__ import annotations

from datetime import UTC, date, datetime
from gettext import gettext as _
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from ronglian.cli.language import current_language, gettext_noop
from ronglian.cli.output import as_json, console, print_json
from ronglian.engines.rules import (
    BookProblem,
    InputProblem,
    Outcome,
    Rulebook,
    Unit,
    UnknownName,
    answer_document,
    check_book,
    evaluate_rule,
    find_formula,
    resolve,
    resolved_document,
    run_cases,
    trace,
    word_list,
    word_problem,
    word_value,
)
from ronglian.rulebook import load_rulebook

MARKS = {
    "head": "",
    "told": "  ",
    "source": "§ ",
    "formula": "  ",
    "reason": "? ",
    "open": "? ",
    "value": "",
    "note": "",
}

with_folder = click.option(
    "--with",
    "addition",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help=gettext_noop("A folder of rules of your own, laid over the packaged ones."),
)
on_date = click.option(
    "--date", "on", type=click.DateTime(["%Y-%m-%d"]), help=gettext_noop("The day; without it today.")
)
at_place = click.option(
    "--place",
    default="cn",
    show_default=True,
    help=gettext_noop("A place of the rulebook (cn, cn-33, cn-11-zgc) or a GB/T 2260 code (330106)."),
)


@click.group("rules", help=gettext_noop("Rules as code: what the law says at a place on a date, and why."))
def command() -> None:
    """The group."""


@command.command("list", help=gettext_noop("What is known at a place on a date, by topic."))
@on_date
@at_place
@with_folder
@as_json
def list_rules(on: datetime | None, place: str, addition: Path | None, as_json: bool) -> None:
    """Every parameter with its value, every rule with its place."""
    book, day = _book(addition), _day(on)
    _check_place(book, place)
    if as_json:
        print_json(_list_json(book, day, place))
        return
    screen, language = console(), current_language()
    for topic, title in book.topics.items():
        table = Table(
            box=None,
            padding=(0, 1),
            header_style="dim",
            title=title.in_language(language),
            title_justify="left",
        )
        for column in (_("Id"), _("What"), _("Value")):
            table.add_column(column)
        for parameter in (each for each in book.parameters.values() if each.topic == topic):
            value = resolve(book, parameter.id, on=day, place=place).value
            shown = (
                word_list(book, value, language=language)
                if isinstance(value, tuple)
                else word_value(value, parameter.unit, _, language=language)
            )
            table.add_row(parameter.id, parameter.title.in_language(language), shown)
        for rule in (each for each in book.rules.values() if each.topic == topic):
            found = find_formula(book, rule, on=day, place=place)
            shown = _("formula") if found.version else _("no formula here")
            table.add_row(rule.id, rule.title.in_language(language), shown)
        if table.row_count:
            screen.print(table)


@command.command(
    "explain", help=gettext_noop("The answer of a rule with every step, article and open question.")
)
@click.argument("rule")
@on_date
@at_place
@click.option(
    "--input",
    "inputs",
    multiple=True,
    metavar="NAME=VALUE",
    help=gettext_noop(
        "What the rule asks for: way=licence, turnover=500万元, agreed_share='60 %', state_set=yes."
    ),
)
@with_folder
@as_json
def explain(
    rule: str, on: datetime | None, place: str, inputs: tuple[str, ...], addition: Path | None, as_json: bool
) -> None:
    """A trace."""
    book = _book(addition)
    try:
        told = _told(book, rule, inputs)
        answer = evaluate_rule(book, rule, on=_day(on), place=place, inputs=told)
    except (UnknownName, InputProblem) as problem:
        raise click.ClickException(_problem(book, problem)) from problem
    if as_json:
        print_json(answer_document(book, answer))
        return
    screen = console()
    for line in trace(book, answer, _, language=current_language()):
        screen.print(f"{'  ' * line.depth}{MARKS.get(line.kind, '')}{line.text}", soft_wrap=True)


@command.command(
    "test", help=gettext_noop("Run the cases, all or those below a place and topic: cn-33/reward.")
)
@click.argument("path", default="")
@with_folder
@as_json
def test(path: str, addition: Path | None, as_json: bool) -> None:
    """The cases; fails where one does."""
    outcomes = run_cases(_book(addition), below=path)
    if not outcomes:
        raise click.ClickException(_("There are no cases below {path}.").format(path=path))
    failed = [outcome for outcome in outcomes if not outcome.has_passed]
    if as_json:
        print_json({"cases": len(outcomes), "failed": [_failed_json(outcome) for outcome in failed]})
    else:
        _show_outcomes(outcomes, failed)
    if failed:
        raise SystemExit(1)


@command.command(
    "check", help=gettext_noop("Whether the rulebook is whole: names, types, validity, sources, cases.")
)
@with_folder
@as_json
def check(addition: Path | None, as_json: bool) -> None:
    """Faults; fails where there is one that is not only a notice."""
    book = _book(addition)
    faults = check_book(book)
    wrong = [fault for fault in faults if not fault.is_notice]
    if as_json:
        listed = [{"where": each.where, "text": each.text, "is_notice": each.is_notice} for each in faults]
        print_json({"version": book.version, "faults": listed})
    else:
        screen = console()
        for fault in faults:
            screen.print(f"{'·' if fault.is_notice else '✗'} {fault.where}: {fault.text}", soft_wrap=True)
        said = _(
            "Rulebook {version}: {parameters} parameters, {rules} rules, {cases} cases; {faults} faults."
        )
        screen.print(
            said.format(
                version=book.version, parameters=len(book.parameters), rules=len(book.rules), cases=len(book.cases),
                faults=len(wrong),
            )
        )  # fmt: skip
    if wrong:
        raise SystemExit(1)


def _list_json(book: Rulebook, day: date, place: str) -> dict[str, Any]:
    parameters = [resolved_document(resolve(book, name, on=day, place=place)) for name in book.parameters]
    rules = [
        {"id": rule.id, "topic": rule.topic, "gives": rule.unit.value, "inputs": list(rule.inputs)}
        for rule in book.rules.values()
    ]
    return {
        "version": book.version,
        "places": list(book.jurisdictions),
        "parameters": parameters,
        "rules": rules,
    }


def _book(addition: Path | None) -> Rulebook:
    try:
        return load_rulebook(addition)
    except (BookProblem, OSError) as problem:
        raise click.ClickException(str(problem)) from problem


def _day(on: datetime | None) -> date:
    return on.date() if on else datetime.now(UTC).astimezone().date()


def _check_place(book: Rulebook, place: str) -> None:
    try:
        book.jurisdiction(place)
    except UnknownName as problem:
        raise click.ClickException(_problem(book, problem)) from problem


def _problem(book: Rulebook, problem: UnknownName | InputProblem) -> str:
    if isinstance(problem, InputProblem):
        return "\n".join(f"{name}: {word_problem(each, _)}" for name, each in problem.problems.items())
    if problem.kind == "place":
        return _("{place} is no place of the rulebook. `ronglian rules list --json` names them.").format(
            place=problem.name
        )
    return _("No rule is called {name}. `ronglian rules list` shows them all.").format(name=problem.name)


def _told(book: Rulebook, rule: str, inputs: tuple[str, ...]) -> dict[str, Any]:
    """NAME=VALUE pairs; a bare number of an amount is refused, since it would be read as fen."""
    told: dict[str, Any] = {}
    for pair in inputs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise click.ClickException(_("{pair} is not of the form NAME=VALUE.").format(pair=pair))
        spec = book.rule(rule).inputs.get(name.strip())
        is_list = spec is not None and spec.unit is Unit.LIST
        told[name.strip()] = [each.strip() for each in value.split(",")] if is_list else value.strip()
    return told


def _show_outcomes(outcomes: tuple[Outcome, ...], failed: list[Outcome]) -> None:
    screen = console()
    for outcome in failed:
        screen.print(f"✗ {outcome.case.file} [{outcome.case.id}]")
        for what, expected, found in outcome.faults:
            said = _("    {what}: expected {expected}, found {found}")
            screen.print(said.format(what=what, expected=expected, found=found), soft_wrap=True)
    screen.print(
        _("{passed} of {total} cases pass.").format(passed=len(outcomes) - len(failed), total=len(outcomes))
    )


def _failed_json(outcome: Outcome) -> dict[str, Any]:
    faults = [
        {"what": what, "expected": expected, "found": found} for what, expected, found in outcome.faults
    ]
    return {"case": outcome.case.id, "file": outcome.case.file, "faults": faults}
