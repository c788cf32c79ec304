"""The policy answers what `policy.tsv` says; and a fault put into it on purpose is noticed there."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import transaction

from tests.authorization.mutants import Mutant, living, mutants, unchanged
from tests.authorization.policy import COLUMNS, Row, Things, cells, things
from tests.authorization.world import Asker

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).with_name("policy.tsv")
HEAD = ("rule", "about", "through")
Table = dict[Row, dict[str, str]]
SAMPLE = 6
LEAST_KILLED = 0.95


@pytest.fixture(scope="module")
def about(asker: Asker, django_db_blocker: Any) -> Iterator[dict[str, Things]]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield things(asker.world)
        transaction.set_rollback(True)


def read_table() -> Table:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {
            (row["rule"], row["about"], row["through"]): {name: row[name] for name in COLUMNS}
            for row in csv.DictReader(file, delimiter="\t")
        }


def test_each_rule_answers_what_the_table_says(asker: Asker, about: dict[str, Things]) -> None:
    found: Table = {}
    for row, column, answer in cells(asker.world, about):
        found.setdefault(row, {})[column] = answer
    if os.environ.get("RONGLIAN_RENEW_MATRIX"):
        with TABLE.open("w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file, delimiter="\t", lineterminator="\n")
            lines.writerow([*HEAD, *COLUMNS])
            lines.writerows([*row, *(answers[name] for name in COLUMNS)] for row, answers in found.items())
    assert found == read_table()


def difference(mutant: Mutant, asker: Asker, about: dict[str, Things], table: Table) -> str:
    """The first cell that is not the table's, or the error there was; empty where nothing is noticed."""
    first = mutant.module.split(".")[2] if ".apps." in mutant.module else ""
    with living(mutant):
        try:
            with transaction.atomic():
                for row, column, answer in cells(asker.world, about, first):
                    if table[row][column] != answer:
                        return f"{row} {column}: {answer}"
        except Exception as error:
            return f"{type(error).__name__}: {error}"
    return ""


def survivors(sample: list[Mutant], asker: Asker, about: dict[str, Things]) -> list[str]:
    """The names of those that nobody notices. The policy as it is has to be among these, before and after."""
    table, honest = read_table(), unchanged()
    assert difference(honest, asker, about, table) == ""
    alive = [mutant.name for mutant in sample if not difference(mutant, asker, about, table)]
    assert difference(honest, asker, about, table) == ""
    return alive


@pytest.mark.slow
def test_some_faults_in_the_policy_are_noticed(asker: Asker, about: dict[str, Things]) -> None:
    sample = Random(20261125).sample(mutants(), SAMPLE)
    assert survivors(sample, asker, about) == []


@pytest.mark.slow
def test_nearly_all_faults_in_the_policy_are_noticed(
    asker: Asker, about: dict[str, Things], capsys: Any
) -> None:
    everything = mutants()
    alive = survivors(everything, asker, about)
    with capsys.disabled():
        print(f"\n{len(everything)} mutants, {len(alive)} survive:", *alive, sep="\n  ")  # noqa: T201 - to be judged
    assert len(everything) >= 50
    assert len(alive) <= (1 - LEAST_KILLED) * len(everything)
