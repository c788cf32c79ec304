"""A seeded recipe for collections of any size over real texts (合成语料).

The texts lie in ``../shared/data`` and are never copied into the project. A record takes its title from one real
text and its body from clauses of that text and of others, so that lengths, characters and word frequencies stay
those of real records while no two records are alike. Facts (field, region, readiness, price and so on) are drawn
at random, each left out for a part of the records, as real records leave them out.

The vocabulary is that of the sources: unlike in a real collection it stops growing beyond some 100,000 records.
"""

import gzip
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from ronglian.engines.matching import NeedProfile, ResultProfile
from ronglian.engines.text import Comparison, Metric

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
TODAY = date(2026, 6, 1)
SEED = 20260601
ENGLISH_SHARE = 0.1
METRIC_SHARE = 0.1
OWN_CLAUSES, FOREIGN_CLAUSES = 4, 2

_CLAUSE = re.compile(r"[^，。；;\n]{4,60}[，。；;\n]?")
_SENTENCE = re.compile(r"[^.;\n]{20,300}[.;\n]?")
_DIVISIONS = tuple(f"C{number}" for number in range(13, 44))
_REGIONS = tuple(
    f"{province}{city:02d}" for province in (11, 31, 32, 33, 37, 42, 44, 51) for city in (1, 2, 3, 5)
)
_FIELDS = tuple(f"F{number:02d}" for number in range(1, 25))
_MODES = ("transfer", "licence", "joint", "commission", "equity")
_METRICS = (("纯度", "%"), ("效率", "%"), ("抗拉强度", "MPa"), ("使用寿命", "h"), ("工作温度", "℃"))


@dataclass(frozen=True, slots=True)
class Source:
    """One real text: its title and its clauses."""

    title: str
    clauses: tuple[str, ...]


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a JSON-lines file, packed or not."""
    with (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8") as file
    ):
        for line in file:
            yield json.loads(line)


def read_sources() -> tuple[list[Source], list[Source]]:
    """The Chinese and the English texts."""
    chinese: list[Source] = []
    for name, body in (
        ("patents-zh/results.jsonl", "content"),
        ("fields-zh/abstracts.jsonl", "abstract"),
        ("needs-results-zh/needs.jsonl", "content"),
    ):
        for record in read_lines(DATA / name):
            clauses = tuple(_CLAUSE.findall(record[body] or ""))
            if clauses:
                chinese.append(Source(record["title"] or clauses[0], clauses))
    english = []
    for record in read_lines(DATA / "needs-results-en/results.jsonl.gz"):
        clauses = tuple(_SENTENCE.findall(record.get("content") or ""))
        if clauses:
            english.append(Source(record.get("title") or clauses[0], clauses))
    return chinese, english


def make_results(size: int, seed: int = SEED) -> Iterator[ResultProfile]:
    """``size`` results; the first n are the same whatever the size."""
    chance = random.Random(seed)
    sources = read_sources()
    for number in range(size):
        title, body = _text(chance, sources)
        price = chance.choice((None, *range(10, 400, 10)))
        yield ResultProfile(
            id=f"r{number:07d}",
            title=title,
            body=body,
            maturity=chance.choice((None, *range(1, 10))),
            price_low_fen=None if price is None else price * 1_000_000,
            owner=f"o{number % 5000}",
            metrics=_metrics(chance, claim=True),
            **_facts(chance),
        )


def make_needs(size: int, seed: int = SEED + 1) -> Iterator[NeedProfile]:
    """``size`` needs in the likeness of the results; half of them state no budget and no readiness."""
    chance = random.Random(seed)
    sources = read_sources()
    for number in range(size):
        title, body = _text(chance, sources)
        budget = chance.choice((None, *range(10, 400, 10)))
        stated = chance.random() < 0.5
        yield NeedProfile(
            id=f"n{number:07d}",
            title=title,
            body=body,
            minimum_maturity=chance.choice(range(1, 8)) if stated else None,
            budget_high_fen=budget * 1_000_000 if stated and budget else None,
            metrics=_metrics(chance, claim=False),
            **_facts(chance),
        )


def real_needs() -> list[NeedProfile]:
    """The needs of real enterprises, text only."""
    return [
        NeedProfile(record["id"], record["title"], record["content"] or "")
        for record in read_lines(DATA / "needs-results-zh/needs.jsonl")
    ]


def _text(chance: random.Random, sources: tuple[list[Source], list[Source]]) -> tuple[str, str]:
    pool = sources[1] if chance.random() < ENGLISH_SHARE else sources[0]
    own = chance.choice(pool)
    clauses = [chance.choice(own.clauses) for _ in range(OWN_CLAUSES)]
    clauses += [chance.choice(chance.choice(pool).clauses) for _ in range(FOREIGN_CLAUSES)]
    chance.shuffle(clauses)
    return own.title, "".join(dict.fromkeys(clauses))


def _facts(chance: random.Random) -> dict[str, Any]:
    return {
        "technology_field": chance.choice((None, *_FIELDS)),
        "industry": chance.choice((None, *_DIVISIONS)),
        "region": chance.choice((None, *_REGIONS)),
        "modes": frozenset(chance.sample(_MODES, chance.randrange(3))),
        "confirmed_on": TODAY - timedelta(days=chance.randrange(900)),
        "expires_on": TODAY + timedelta(days=chance.randrange(-30, 600)),
    }


def _metrics(chance: random.Random, *, claim: bool) -> tuple[Metric, ...]:
    if chance.random() >= METRIC_SHARE:
        return ()
    name, unit = chance.choice(_METRICS)
    value = float(chance.randrange(50, 100))
    comparison = Comparison.EQUAL if claim else Comparison.AT_LEAST
    high = value if claim else None
    return (Metric(name, comparison, value, high, unit, f"{name}{value:g}{unit}", "", f"{value:g}{unit}"),)
