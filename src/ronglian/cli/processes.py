"""`ronglian process`: process definitions listed, checked, drawn and tried out; a running one moved to another version."""

from __future__ import annotations

import json
from datetime import datetime
from gettext import gettext as _
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from django.utils import timezone
from rich.table import Table

from ronglian.cli.failures import REFUSED, Failure, not_found
from ronglian.cli.language import current_language, gettext_noop
from ronglian.cli.output import as_json, console, print_json
from ronglian.cli.records import keeper_of_the_machine
from ronglian.engines.process import Definition, Faulty
from ronglian.engines.process.drawing import draw
from ronglian.engines.process.showing import step_rows, timer_words
from ronglian.engines.process.simulating import Line, run_script, simulate
from ronglian.kernel.process.models import RunningProcess
from ronglian.kernel.process.operations import migrate_process
from ronglian.kernel.process.rulebook import check_file, rulebook

ACTIONS = ("list", "show", "validate", "draw", "simulate", "migrate")


@click.command(
    "process",
    help=gettext_noop(
        "Processes that are data. `list` shows all; `show` NAME its steps; `validate` FILE… checks definitions before they "
        "are put into the folder `processes`; `draw` NAME writes an SVG picture; `simulate` NAME plays it at random, or "
        "by --script; `migrate` PROCESS VERSION moves a running one to another version of its rules, with --reason. NAME is "
        "an id, with @VERSION for an older one, or a file. Exit code 1 if a file is faulty."
    ),
)
@click.argument("action", type=click.Choice(ACTIONS), default="list")
@click.argument("names", nargs=-1)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help=gettext_noop("Where to write the picture.")
)
@click.option("--runs", type=click.IntRange(1, 100_000), default=1000, show_default=True,
              help=gettext_noop("How many random runs."))  # fmt: skip
@click.option(
    "--seed",
    type=int,
    default=1,
    show_default=True,
    help=gettext_noop("The same seed gives the same numbers."),
)
@click.option("--script", type=click.Path(path_type=Path, exists=True),
              help=gettext_noop("A JSON file: start, facts, and lines of at, role, step and facts."))  # fmt: skip
@click.option("--reason", default="", help=gettext_noop("Why the rules change for what is running."))
@as_json
def command(
    action: str, names: tuple[str, ...], output: Path | None, runs: int, seed: int, script: Path | None, reason: str,
    as_json: bool,
) -> None:  # fmt: skip
    """The command."""
    if action == "list":
        _list(as_json)
    elif action == "validate":
        _validate(names)
    elif action == "migrate":
        _migrate(names, reason)
    else:
        if len(names) != 1:
            raise click.UsageError(_("Say which process; `ronglian process` lists them."))
        definition = _found(names[0])
        if action == "draw":
            _draw(definition, output)
        elif action == "show":
            _show(definition)
        elif script is not None:
            _play(definition, script, as_json)
        else:
            _simulate(definition, runs, seed, as_json)


def _found(name: str) -> Definition:
    if name.endswith((".yaml", ".yml")):
        return _read(Path(name))
    base, _at, version = name.partition("@")
    try:
        return rulebook().library.find(base, int(version) if version else None)
    except (KeyError, ValueError) as error:
        raise not_found(name) from error


def _read(path: Path) -> Definition:
    try:
        return check_file(path, rulebook())
    except OSError as error:
        raise click.BadParameter(f"{path}: {error.strerror}", param_hint="FILE") from error
    except UnicodeDecodeError as error:
        raise click.BadParameter(_("{path} is not UTF-8.").format(path=path), param_hint="FILE") from error
    except Faulty as error:
        raise Failure("\n".join(fault.say(current_language()) for fault in error.faults)) from error


def _list(as_json: bool) -> None:
    found = list(rulebook().library)
    if as_json:
        print_json([{"id": each.id, "version": each.version, "kind": each.kind, "zh": each.name.zh, "en": each.name.en,
                     "jurisdiction": each.jurisdiction, "valid_from": each.valid_from, "valid_to": each.valid_to}
                    for each in found])  # fmt: skip
        return
    table = Table(box=None, padding=(0, 1), header_style="dim")
    for header in (_("id"), _("version"), _("name"), _("place"), _("in force")):
        table.add_column(header, overflow="fold")
    for each in found:
        force = f"{each.valid_from or ''} – {each.valid_to or ''}"
        table.add_row(each.id, str(each.version), each.name.say(current_language()), each.jurisdiction, force)
    console().print(table)
    for fault in rulebook().faults:
        console(errors=True).print(fault.say(current_language()))


def _show(definition: Definition) -> None:
    language, between = current_language(), ", "
    screen = console()
    screen.print(f"{definition.name.say(language)} ({definition.label})")
    table = Table(box=None, padding=(0, 1), header_style="dim")
    for header in (_("step"), _("from"), _("to"), _("who"), _("conditions and papers")):
        table.add_column(header, overflow="fold")
    for row in step_rows(definition):
        asked = [guard.reason.say(language) for guard in row.guards]
        asked += [f"+ {document.name.say(language)}" for document in row.documents]
        asked += [timer_words(definition, timer).say(language) for timer in row.timers]
        table.add_row(
            row.transition.name.say(language),
            between.join(each.say(language) for each in row.sources),
            between.join(each.say(language) for each in row.targets),
            between.join(each.name.say(language) for each in row.who),
            "\n".join(asked),
        )
    screen.print(table)


def _validate(names: tuple[str, ...]) -> None:
    if not names:
        raise click.UsageError(_("Say which FILE to check."))
    faulty = False
    for name in names:
        try:
            definition = _read(Path(name))
        except Failure as failure:
            faulty = True
            click.echo(failure.message)
        else:
            text = _("{file}: {label} is whole: {states} states, {steps} steps.")
            counts = {"states": len(definition.states), "steps": len(definition.transitions)}
            click.echo(text.format(file=name, label=definition.label, **counts))
    if faulty:
        raise click.exceptions.Exit(REFUSED)


def _draw(definition: Definition, output: Path | None) -> None:
    picture = draw(definition, current_language())
    if output is None:
        click.echo(picture)
        return
    output.write_text(picture + "\n", encoding="utf-8")
    console().print(_("Written: {file}").format(file=output))


def _simulate(definition: Definition, runs: int, seed: int, as_json: bool) -> None:
    found = simulate(definition, runs, seed)
    if as_json:
        ends = {
            name: {"runs": each.runs, "p10": each.p10, "p50": each.p50, "p90": each.p90}
            for name, each in found.by_end.items()
        }
        print_json({"process": definition.label, "runs": found.runs, "seed": seed, "unfinished": found.unfinished,
                    "ends": ends, "days_in_state": dict(found.days_in_state)})  # fmt: skip
        return
    table = Table(box=None, padding=(0, 1), header_style="dim")
    for header in (_("end"), _("runs"), _("10 % within days"), _("50 %"), _("90 %")):
        table.add_column(header, justify="left" if header == _("end") else "right")
    for name, each in found.by_end.items():
        table.add_row(definition.states[name].name.say(current_language()), str(each.runs),
                      f"{each.p10:.0f}", f"{each.p50:.0f}", f"{each.p90:.0f}")  # fmt: skip
    console().print(table)
    longest = sorted(found.days_in_state.items(), key=lambda each: -each[1])[:3]
    between = ", ".join(
        f"{definition.states[name].name.say(current_language())} {days:.0f}" for name, days in longest
    )
    console().print(_("Most days are spent in: {states}").format(states=between))
    console().print(
        _("Drawn at random from what the definition expects, seed {seed}; no promise.").format(seed=seed)
    )


def _play(definition: Definition, script: Path, as_json: bool) -> None:
    try:
        told = json.loads(script.read_text(encoding="utf-8"))
        facts = _facts(definition, told.get("facts", {}))
        lines = [
            Line(_moment(each["at"]), each["role"], each["step"], _facts(definition, each.get("facts", {})))
            for each in told["lines"]
        ]
        start = _moment(told["start"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        text = _("{file} is no script: {error}. It has start, facts and lines of at, role, step and facts.")
        raise Failure(text.format(file=script, error=error)) from error
    try:
        traces = run_script(definition, rulebook().calendar_of(definition), start, facts, lines)
    except KeyError as error:
        raise Failure(_("The process has no step {name}.").format(name=error)) from error
    if as_json:
        print_json([{"at": each.at, "role": each.role, "step": each.step, "states": each.states,
                     "reasons": [reason.words.say(current_language()) for reason in each.reasons]}
                    for each in traces])  # fmt: skip
        return
    for each in traces:
        states = ", ".join(definition.states[state].name.say(current_language()) for state in each.states)
        why = " ".join(reason.words.say(current_language()) for reason in each.reasons)
        mark = "✗" if each.reasons else "✓"
        click.echo(f"{mark} {each.at:%Y-%m-%d %H:%M} {each.role} {each.step} → {states} {why}".rstrip())


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else timezone.make_aware(moment)


def _facts(definition: Definition, told: dict[str, Any]) -> dict[str, Any]:
    """Moments are written as texts; everything else is what it is in JSON."""
    return {
        name: _moment(value) if value is not None and definition.facts[name].kind == "time" else value
        for name, value in told.items()
    }


def _migrate(names: tuple[str, ...], reason: str) -> None:
    if len(names) != 2 or not names[1].isdigit():
        raise click.UsageError(_("Say the id of the running PROCESS and the number of the VERSION."))
    try:
        process = RunningProcess.objects.get(public_id=UUID(names[0]))
    except (ValueError, RunningProcess.DoesNotExist) as error:
        raise not_found(names[0]) from error
    actor = keeper_of_the_machine("process")
    moved = migrate_process(
        actor=actor, process=process, number=int(names[1]), reason=reason, now=timezone.now()
    )
    console().print(_("Moved to {label}.").format(label=moved.definition.label))
