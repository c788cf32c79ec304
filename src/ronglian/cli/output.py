"""What the commands print: tables and bars for people, JSON for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from ronglian.cli.language import gettext_noop

WIDEST = 110
Advance = Callable[[int, int | None], None]

as_json = click.option("--json", "as_json", is_flag=True, help=gettext_noop("JSON on standard output."))


def console(*, errors: bool = False) -> Console:
    """Where text for people goes; plain when it is not a terminal."""
    found = Console(stderr=errors, highlight=False, markup=False, emoji=False)
    if found.width > WIDEST or not found.is_terminal:
        found.width = WIDEST
    return found


def print_rows(headers: Sequence[str], rows: Sequence[Sequence[Any]], empty: str) -> None:
    """A table for people, or what to do where there is nothing."""
    if not rows:
        console().print(empty)
        return
    table = Table(box=None, padding=(0, 1), header_style="dim")
    for header in headers:
        table.add_column(header, overflow="fold")
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    console().print(table)


def print_json(value: Any) -> None:
    """One JSON value, readable, in UTF-8, with nothing around it."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


@contextmanager
def progress_bar(title: str) -> Iterator[Advance]:
    """Shows how far long work is; on standard error, where it does not disturb what is piped."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console(errors=True), disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task(title, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
