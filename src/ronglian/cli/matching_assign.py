"""`ronglian match --all --assign`: from the lists of a finished run to one balanced list of proposals."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from gettext import gettext as _
from pathlib import Path
from typing import Any

import numpy as np

from ronglian.cli.matching_tables import (
    DIGITS,
    LEFT_OUT_FILE,
    PAIRS_FILE,
    SUMMARY_FILE,
    guarded,
    matches_file,
    written_whole,
)
from ronglian.engines.matching.assign import Assignment, Candidates, assign, stable_assignment
from ronglian.engines.matching.batch import ROLES, write_whole
from ronglian.engines.matching.similarity import Role

Titles = Mapping[Role, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Lists:
    """The records of a finished run by number, in the order of their ids, and the pairs of both sides' lists."""

    ids: Mapping[Role, list[str]]
    titles: Titles
    candidates: Candidates


def propose(folder: Path, *, per_need: int, per_result: int) -> dict[str, Any]:
    """Write the proposals into the folder and answer the summary."""
    lists = read_lists(folder)
    found = assign(lists.candidates, seats=per_need, capacity=per_result)
    stable = stable_assignment(lists.candidates, seats=per_need, capacity=per_result)
    with written_whole(folder / PAIRS_FILE, mark=True) as file:
        csv.writer(file).writerows(guarded(row) for row in _pair_rows(lists, found))
    with written_whole(folder / LEFT_OUT_FILE, mark=True) as file:
        csv.writer(file).writerows(guarded(row) for row in _left_out_rows(lists, found))
    graph = found.candidates
    summary = {
        "per_need": per_need,
        "per_result": per_result,
        "candidates": len(graph.scores),
        "pairs": len(found.pairs),
        "needs_served": len(np.unique(graph.rows[found.held])),
        "results_used": len(np.unique(graph.columns[found.held])),
        "value": round(found.value, DIGITS),
        "best_possible_at_most": round(found.bound, DIGITS),
        "blocking_pairs": found.blocking,
        "stable_value": round(stable.value, DIGITS),
    }
    write_whole(folder / SUMMARY_FILE, json.dumps(summary, indent=2) + "\n")
    return summary


def read_lists(folder: Path) -> Lists:
    """Both sides' lists; a pair counts that stands in either. Raises FileNotFoundError."""
    titles: dict[Role, dict[str, str]] = {role: {} for role in ROLES}
    pairs: list[tuple[str, str, float]] = []
    for role in ROLES:
        with matches_file(folder, role).open(encoding="utf-8") as file:
            for line in file:
                row = json.loads(line)
                titles[role][row["id"]] = row["title"]
                for match in row["matches"]:
                    need, result = (row["id"], match["id"]) if role == "needs" else (match["id"], row["id"])
                    pairs.append((need, result, match["score"]))
    ids = {role: list(titles[role]) for role in ROLES}
    places = {role: {each: place for place, each in enumerate(ids[role])} for role in ROLES}
    candidates = Candidates.of(
        len(ids["needs"]),
        len(ids["results"]),
        [places["needs"][need] for need, _result, _score in pairs],
        [places["results"][result] for _need, result, _score in pairs],
        [score for _need, _result, score in pairs],
    )
    return Lists(ids, titles, candidates)


def _pair_rows(lists: Lists, found: Assignment) -> Iterator[list[Any]]:
    yield [
        _("need"),
        _("title of the need"),
        _("result"),
        _("title of the result"),
        _("score"),
        _("place in the need's list"),
        _("place in the result's list"),
        _("price of the result"),
        _("why not its first choice"),
    ]
    graph = found.candidates
    for pair, of_need, of_result in zip(found.pairs, *found.places(), strict=True):
        need, result = int(graph.rows[pair]), int(graph.columns[pair])
        yield [
            *_named(lists, "needs", need),
            *_named(lists, "results", result),
            round(float(graph.scores[pair]), DIGITS),
            int(of_need),
            int(of_result),
            round(float(found.prices[result]), DIGITS),
            _given_up(lists, found, int(pair)),
        ]


def _given_up(lists: Lists, found: Assignment, pair: int) -> str:
    """The best result that the need does not get although it stands higher in its list, and its price."""
    graph = found.candidates
    for better in range(int(graph.starts[graph.rows[pair]]), pair):
        if not found.held[better]:
            result = int(graph.columns[better])
            return _("{result} scores {score:.1f}, but is in demand: its price is {price:.1f}").format(
                result=lists.ids["results"][result], score=graph.scores[better], price=found.prices[result]
            )
    return ""


def _left_out_rows(lists: Lists, found: Assignment) -> Iterator[list[Any]]:
    """Who got nothing, and why."""
    yield [_("side"), _("id"), _("title"), _("why"), _("best candidate"), _("score"), _("its price")]
    graph = found.candidates
    by_result = np.lexsort((graph.rows, -graph.scores, graph.columns))
    for role, numbers, order in (
        ("needs", graph.rows, np.arange(len(graph.rows))),
        ("results", graph.columns, by_result),
    ):
        side: Role = "needs" if role == "needs" else "results"
        served = set(numbers[found.held].tolist())
        firsts = np.searchsorted(numbers[order], np.arange(len(lists.ids[side]) + 1)).tolist()
        for number in range(len(lists.ids[side])):
            if number not in served:
                first = order[firsts[number]] if firsts[number] < firsts[number + 1] else None
                yield [side, *_named(lists, side, number), *_reason(lists, found, side, first)]


def _reason(lists: Lists, found: Assignment, side: Role, first: int | None) -> list[Any]:
    """Why a record got nothing; `first` is its best pair."""
    graph = found.candidates
    if first is None:
        return [_("nothing fits it"), "", "", ""]
    score = round(float(graph.scores[first]), DIGITS)
    if side == "results":
        need = lists.ids["needs"][graph.rows[first]]
        return [_("the needs that it fits are better served by others"), need, score, ""]
    result = int(graph.columns[first])
    price = round(float(found.prices[result]), DIGITS)
    return [_("all that fits it is in greater demand"), lists.ids["results"][result], score, price]


def _named(lists: Lists, side: Role, number: int) -> tuple[str, str]:
    record = lists.ids[side][number]
    return record, lists.titles[side].get(record, "")
