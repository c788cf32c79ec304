"""`ronglian evaluate`: how well the engine ranks, on needs, results and judgements of anybody's own. No Django."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from gettext import gettext as _
from pathlib import Path
from statistics import fmean

import click
from rich.table import Table

from ronglian.cli.language import gettext_noop
from ronglian.cli.output import as_json, console, print_json, progress_bar
from ronglian.engines.matching import ENGINE_VERSION, MatchIndex, NeedProfile
from ronglian.engines.matching.evaluate import (
    Interval,
    Judged,
    JudgedFileError,
    bootstrap_interval,
    load_judged,
    ndcg_at,
    recall_at,
    reciprocal_rank,
    spearman,
)

LEAST_JUDGED = 10
DEPTH = 100
# Records of an evaluation carry no dates, so every day gives the same answers.
ANY_DAY = date(2000, 1, 1)
Values = dict[str, list[float]]

file_argument = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(
    "evaluate",
    help=gettext_noop(
        "Rank the judged results of each need and print NDCG@10 and Spearman inside its pool (needs with ten or "
        "more judgements), and MRR and recall over the whole collection for the results of the highest level, each "
        "with a 95 % bootstrap interval over needs."
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
@as_json
def command(needs: Path, results: Path, judgements: Path, as_json: bool) -> None:
    """The command."""
    try:
        judged = load_judged(needs, results, judgements)
    except JudgedFileError as error:
        raise click.ClickException(str(error)) from error
    if not judged.levels:
        raise click.ClickException(_("{file} holds no judgements.").format(file=judgements))
    systems = {_("this engine"): _measure(judged), _("random order"): _measure_random(judged)}
    intervals = {
        system: {name: (bootstrap_interval(found), len(found)) for name, found in values.items() if found}
        for system, values in systems.items()
    }
    if as_json:
        print_json(_as_json(judged, intervals))
    else:
        _print(judged, intervals)


def _measure(judged: Judged) -> Values:
    index = MatchIndex.build(judged.needs, judged.results)
    values: Values = {}
    with progress_bar(_("needs")) as advance:
        wanted = [need for need in judged.needs if need.id in judged.levels]
        for number, need in enumerate(wanted, 1):
            _measure_pool(index, need, judged.levels[need.id], values)
            _measure_collection(index, need, judged, values)
            advance(number, len(wanted))
    return values


def _measure_pool(index: MatchIndex, need: NeedProfile, levels: Mapping[str, int], values: Values) -> None:
    if len(levels) < LEAST_JUDGED:
        return
    found = index.match_need(
        need, today=ANY_DAY, top=len(levels), allowed=frozenset(levels), include_excluded=True
    )
    scores = {match.result_id: match.score for match in found}
    _add_pool(list(levels.values()), [scores.get(result, 0.0) for result in levels], values)


def _add_pool(levels: list[int], scores: list[float], values: Values) -> None:
    for name, value in (("NDCG@10", ndcg_at(levels, scores)), ("Spearman", spearman(levels, scores))):
        if value is not None:
            values.setdefault(name, []).append(value)


def _measure_collection(index: MatchIndex, need: NeedProfile, judged: Judged, values: Values) -> None:
    """Only the results of the file's highest level count as right; the others may be right, nobody has said."""
    highest = max(level for levels in judged.levels.values() for level in levels.values())
    right = [result for result, level in judged.levels[need.id].items() if level == highest]
    if not right:
        return
    ranking = [match.result_id for match in index.match_need(need, today=ANY_DAY, top=DEPTH)]
    values.setdefault("MRR", []).append(reciprocal_rank(ranking, right))
    for depth in (10, DEPTH):
        values.setdefault(f"recall@{depth}", []).append(recall_at(ranking, right, depth))


def _measure_random(judged: Judged) -> Values:
    """What chance reaches inside the pools, so that the figures can be read."""
    chance = random.Random(0)  # noqa: S311 - a baseline, not a secret
    values: Values = {}
    for levels in judged.levels.values():
        if len(levels) >= LEAST_JUDGED:
            _add_pool(list(levels.values()), [chance.random() for _result in levels], values)
    return values


Intervals = Mapping[str, Mapping[str, tuple[Interval, int]]]


def _as_json(judged: Judged, intervals: Intervals) -> dict[str, object]:
    return {
        "engine": ENGINE_VERSION,
        "needs": len(judged.needs),
        "results": len(judged.results),
        "judged_needs": len(judged.levels),
        "measures": {
            system: {name: {**asdict(interval), "needs": count} for name, (interval, count) in found.items()}
            for system, found in intervals.items()
        },
    }


def _print(judged: Judged, intervals: Intervals) -> None:
    screen = console()
    pairs = fmean(len(levels) for levels in judged.levels.values())
    screen.print(
        _(
            "{needs} needs, {results} results, {judged} needs judged with {pairs:.1f} results on average"
        ).format(needs=len(judged.needs), results=len(judged.results), judged=len(judged.levels), pairs=pairs)
    )
    table = Table(box=None, padding=(0, 1), header_style="dim")
    for header in ("", _("measure"), _("mean"), _("95 % interval"), _("needs")):
        table.add_column(header, justify="left" if header in ("", _("measure")) else "right")
    for system, found in intervals.items():
        for name, (interval, count) in found.items():
            span = f"{interval.low:.3f} – {interval.high:.3f}"
            table.add_row(system, name, f"{interval.mean:.3f}", span, str(count))
    screen.print(table)
