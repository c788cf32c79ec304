"""`ronglian match --all`: every need with the whole catalogue, both ways, into a folder.

What the run works on is put into ``work`` inside the folder first: the index of that moment, the records in short
and the plan. Every step after that reads only this, so a run that was stopped goes on as it began, whatever has
changed in the database since. When all files are written, ``work`` goes and ``run.json`` stays.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from gettext import gettext as _
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from ronglian.apps.matching.queries.everything import CatalogueRow, catalogue_rows, whole_index
from ronglian.cli.failures import Failure, Stopped
from ronglian.cli.language import gettext_noop
from ronglian.cli.matching_tables import (
    LEFT_OUT_FILE,
    PAIRS_FILE,
    SUMMARY_FILE,
    matches_file,
    titles_of,
    write_matches,
)
from ronglian.cli.output import console, print_json, progress_bar
from ronglian.cli.records import keeper_of_the_machine
from ronglian.engines.matching import ENGINE_VERSION, IndexDamaged, MatchIndex
from ronglian.engines.matching.batch import (
    ROLES,
    Answer,
    Workforce,
    local_workforce,
    rank_everything,
    write_whole,
)
from ronglian.engines.matching.judged import JudgedFileError, load_needs, load_results
from ronglian.engines.matching.similarity import Role
from ronglian.kernel.log.carried import checkpoint_note

TOP = 20
WORK, RUN_FILE, INDEX_FILE, RECORDS_FILE, CHUNKS = (
    "work",
    "run.json",
    "match.index",
    "records.jsonl",
    "chunks",
)
file_argument = click.Path(exists=True, dir_okay=False, path_type=Path)

_OPTIONS = (
    click.option(
        "--folder",
        type=click.Path(file_okay=False, path_type=Path),
        default="match-all",
        show_default=True,
        help=gettext_noop("With --all: where the files go, and where a stopped run goes on."),
    ),
    click.option(
        "--again",
        is_flag=True,
        help=gettext_noop("With --all: begin anew and replace what the folder holds."),
    ),
    click.option(
        "--workers",
        type=click.IntRange(1),
        help=gettext_noop("With --all: how many processes; without it one for each core."),
    ),
    click.option(
        "--scheduler",
        metavar="ADDRESS",
        help=gettext_noop("With --all: let a Dask cluster do the work, tcp://host:port."),
    ),
    click.option(
        "--needs",
        type=file_argument,
        help=gettext_noop("With --all: needs from a file of JSON Lines (id, title, content; .gz too)."),
    ),
    click.option("--results", type=file_argument, help=gettext_noop("With --all: results from such a file.")),
    click.option(
        "--assign",
        is_flag=True,
        help=gettext_noop(
            "With --all: also propose who should get whom when attention is limited; of a finished run, too."
        ),
    ),
    click.option(
        "--per-need",
        type=click.IntRange(1),
        default=3,
        show_default=True,
        help=gettext_noop("With --assign: at most so many results for a need."),
    ),
    click.option(
        "--per-result",
        type=click.IntRange(1),
        default=3,
        show_default=True,
        help=gettext_noop("With --assign: at most so many needs for a result."),
    ),
)


def all_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that only `--all` takes; they reach the command as keywords of :class:`Order`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for."""

    folder: Path
    again: bool
    workers: int | None
    scheduler: str | None
    needs: Path | None
    results: Path | None
    assign: bool
    per_need: int
    per_result: int

    @property
    def source(self) -> str:
        """What is matched, as `run.json` says it."""
        return f"{self.needs} + {self.results}" if self.needs else "database"


def match_everything(order: Order, top: int | None, *, as_json: bool) -> None:
    """Begin or go on, until the folder holds all files."""
    if (order.needs is None) != (order.results is None):
        raise click.UsageError(_("--needs and --results go together."))
    if order.workers and order.scheduler:
        raise click.UsageError(_("--workers is for this machine; a cluster has its own workers."))
    try:
        with _alone(order.folder):
            run = _finished(order, top) or _run(order, top)
            proposed = _propose(order) if order.assign else None
    except KeyboardInterrupt:
        raise Stopped(
            _("Stopped. What is done is kept in {folder}; the same command goes on from there.").format(
                folder=order.folder
            )
        ) from None
    if as_json:
        print_json(run if proposed is None else {**run, "proposals": proposed})
        return
    console().print(
        _("{needs} needs and {results} results, the best {top} of each, as of {today}: {folder}").format(
            **run
        )
    )
    if proposed is not None:
        _print_proposals(proposed)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other runs out of the folder until this one ends, however it does; raises Failure where one is at work."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # it will tell what not everybody may see
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failure(
                _("Another run is at work in {folder}. Wait for it, or name another --folder.").format(
                    folder=folder
                )
            ) from None
        yield
    finally:
        os.close(handle)


def _propose(order: Order) -> dict[str, Any]:
    """A balanced list out of the finished lists."""
    from ronglian.cli.matching_assign import propose  # noqa: PLC0415 - numba costs a second, single matches need none

    return propose(order.folder, per_need=order.per_need, per_result=order.per_result)


def _print_proposals(proposed: dict[str, Any]) -> None:
    share = proposed["value"] / proposed["best_possible_at_most"] if proposed["value"] else 1.0
    text = _(
        "{pairs} proposals: {needs_served} needs get something, {results_used} results are used. Sum of scores "
        "{value:.0f}, at least {share:.2%} of the best possible. {blocking_pairs} pairs would rather have each other; "
        "without any such pair the sum is {stable_value:.0f}."
    )
    console().print(text.format(share=share, **proposed))


def _finished(order: Order, top: int | None) -> dict[str, Any] | None:
    """The run that the folder holds whole, if proposals are all that is still to be made of it."""
    done, begun = order.folder / RUN_FILE, order.folder / WORK / RUN_FILE
    if order.again or begun.exists() or not done.exists():
        return None
    run: dict[str, Any] = json.loads(done.read_text(encoding="utf-8"))
    if not order.assign or (run["source"], run["top"]) != (order.source, top or run["top"]):
        raise Failure(
            _("{folder} holds a finished run. --again replaces it; --folder names another.").format(
                folder=order.folder
            )
        )
    return _with_files(order, run)


def _with_files(order: Order, run: dict[str, Any]) -> dict[str, Any]:
    files = [
        matches_file(order.folder, role).with_suffix(suffix)
        for role in ROLES
        for suffix in (".csv", ".jsonl")
    ]
    return {**run, "folder": str(order.folder), "files": [str(file) for file in files]}


def _run(order: Order, top: int | None) -> dict[str, Any]:
    folder, work = order.folder, order.folder / WORK
    if order.again:
        shutil.rmtree(work, ignore_errors=True)
        for name in (RUN_FILE, PAIRS_FILE, LEFT_OUT_FILE, SUMMARY_FILE):
            (folder / name).unlink(missing_ok=True)
    if not (work / RUN_FILE).exists():
        _begin(order, top or TOP)
    run = json.loads((work / RUN_FILE).read_text(encoding="utf-8"))
    if (run["source"], run["top"]) != (order.source, top or run["top"]):
        raise Failure(
            _(
                "{folder} holds a run that was begun with other records ({source}) or another --top ({top}). --again "
                "begins anew; --folder names another."
            ).format(folder=folder, **run)
        )
    _rank(order, run)
    titles = titles_of(_read_rows(work))
    write_matches(work / CHUNKS, folder, titles)
    write_whole(folder / RUN_FILE, json.dumps(run, ensure_ascii=False, indent=2) + "\n")
    shutil.rmtree(work)
    return _with_files(order, run)


def _begin(order: Order, top: int) -> None:
    """Put what the run works on into the folder; `run.json` comes last, so that half of it is never gone on with."""
    work = order.folder / WORK
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700)
    checkpoint = "" if order.needs is not None else checkpoint_note()
    with console(errors=True).status(_("Reading the records")):
        if order.needs is not None and order.results is not None:
            index, rows = _read_files(order.needs, order.results)
        else:
            index = whole_index()
            rows = catalogue_rows(keeper_of_the_machine("match"), index)
        index.save(work / INDEX_FILE)
        with (work / RECORDS_FILE).open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    run = {
        "today": timezone.localdate().isoformat(),
        "top": top,
        "source": order.source,
        "needs": len(index.ids("needs")),
        "results": len(index.ids("results")),
        "engine": ENGINE_VERSION,
        "parameters": index.version,
        "checkpoint": checkpoint,
    }
    write_whole(work / RUN_FILE, json.dumps(run))


def _read_files(needs: Path, results: Path) -> tuple[MatchIndex, Iterable[CatalogueRow]]:
    try:
        asked, offered = load_needs(needs), load_results(results)
        index = MatchIndex.build(asked, offered)
    except (JudgedFileError, ValueError) as error:
        raise Failure(str(error)) from error
    rows = [CatalogueRow("needs", each.id, each.title, "", "") for each in asked]
    return index, rows + [CatalogueRow("results", each.id, each.title, "", "") for each in offered]


def _read_rows(work: Path) -> Iterator[CatalogueRow]:
    with (work / RECORDS_FILE).open(encoding="utf-8") as file:
        for line in file:
            yield CatalogueRow(*json.loads(line))


def _rank(order: Order, run: dict[str, Any]) -> None:
    work = order.folder / WORK
    owners: dict[Role, dict[str, str]] = {role: {} for role in ROLES}
    for row in _read_rows(work):
        if row.owner:
            owners["needs" if row.side == "needs" else "results"][row.id] = row.owner
    try:
        with progress_bar(_("records")) as advance:
            rank_everything(
                work / INDEX_FILE,
                work / CHUNKS,
                today=date.fromisoformat(run["today"]),
                top=run["top"],
                owners=owners,
                workforce=_workforce(order),
                progress=advance,
            )
    except IndexDamaged as error:
        raise Failure(
            _("{error}\nThe folder's copy of the index is damaged; --again begins anew.").format(error=error)
        ) from error


def _workforce(order: Order) -> Workforce:
    if order.scheduler is None:
        return local_workforce(order.workers)
    try:
        cluster = import_module("ronglian.cli.matching_cluster")
    except ModuleNotFoundError as error:
        if error.name not in ("distributed", "dask"):
            raise
        raise Failure(_("--scheduler needs Dask: pip install 'ronglian[cluster]'")) from error
    return _told(cluster.cluster_workforce(order.scheduler), cluster.ClusterError)


def _told(work: Workforce, failure: type[Exception]) -> Workforce:
    """The same work; what it cannot do is told without a trace."""

    def told(*arguments: Any) -> Generator[Answer, None, None]:
        try:
            yield from work(*arguments)
        except failure as error:
            raise Failure(str(error)) from error

    return told
