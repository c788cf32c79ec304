"""The policy answers what `policy.tsv` says; and a fault put into it on purpose is noticed there."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from tests.authorization.equivalent_mutants import EQUIVALENT
from tests.authorization.mutants import Mutant, mutants, unchanged
from tests.authorization.policy import COLUMNS, Row, questions
from tests.authorization.policy_cases import open_to_all
from tests.authorization.policy_reads import SAME_RULE
from tests.authorization.policy_subjects import things
from tests.authorization.reach import Reach, table_of
from tests.authorization.world import Asker

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).with_name("policy.tsv")
HEAD = ("rule", "about", "through")
Table = dict[Row, dict[str, str]]
EVERY = 12  # the fast suite puts in each twelfth fault, and one of every function
LEAST_KILLED = 0.95


@pytest.fixture(scope="module")
def reach(asker: Asker, django_db_blocker: Any) -> Iterator[Reach]:
    """All questions asked once, of the policy as it is."""
    with django_db_blocker.unblock(), transaction.atomic():
        asked = questions(things(asker.world), open_to_all(asker.world))
        yield Reach(asker.world, asked)
        transaction.set_rollback(True)


def read_table() -> Table:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {
            (row["rule"], row["about"], row["through"]): {name: row[name] for name in COLUMNS if row[name]}
            for row in csv.DictReader(file, delimiter="\t")
        }


def test_each_rule_answers_what_the_table_says(reach: Reach) -> None:
    found = table_of(reach.answers)
    if os.environ.get("RONGLIAN_RENEW_MATRIX"):
        with TABLE.open("w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file, delimiter="\t", lineterminator="\n")
            lines.writerow([*HEAD, *COLUMNS])
            lines.writerows(
                [*row, *(answers.get(name, "") for name in COLUMNS)] for row, answers in found.items()
            )
    assert found == read_table()


def test_a_filter_and_its_predicate_say_the_same_in_the_table() -> None:
    table, compared = read_table(), 0
    for (rule, about, door), answers in table.items():
        if rule in SAME_RULE:
            for column, answer in answers.items():
                other = table[SAME_RULE[rule], about, door][column]
                assert (answer == "-") == (other == "-"), (rule, about, door, column)
                compared += 1
    assert compared > 3_000


def survivors(sample: list[Mutant], reach: Reach) -> list[str]:
    """The names of those that nobody notices. The policy as it is has to be among these, before and after."""
    honest = unchanged()
    assert reach.reaching(honest)
    assert reach.notice(honest) == ""
    alive = [mutant.name for mutant in sample if not reach.notice(mutant)]
    assert reach.notice(honest) == ""
    return [name for name in alive if name not in EQUIVALENT]


def sampled(everything: list[Mutant]) -> list[Mutant]:
    """Of each function the first fault, and of all of them each twelfth."""
    of_functions = [next(group) for _name, group in groupby(everything, key=lambda each: each.of)]
    chosen = {id(mutant) for mutant in [*of_functions, *everything[::EVERY]]}
    return [mutant for mutant in everything if id(mutant) in chosen]


def test_some_faults_in_the_policy_are_noticed(reach: Reach) -> None:
    sample = sampled(mutants())
    assert len(sample) >= 50
    alive = survivors(sample, reach)
    assert len(alive) <= (1 - LEAST_KILLED) * len(sample), alive


def test_what_is_called_equivalent_is_there() -> None:
    """A reason stays no longer than the line that it is about."""
    assert set(EQUIVALENT) <= {mutant.name for mutant in mutants()}


@pytest.mark.slow
def test_nearly_all_faults_in_the_policy_are_noticed(reach: Reach, capsys: Any) -> None:
    everything = mutants()
    alive = survivors(everything, reach)
    count = f"{len(everything)} mutants, {len(EQUIVALENT)} equivalent, {len(alive)} survive:"
    with capsys.disabled():
        print(f"\n{count}", *alive, sep="\n  ")  # noqa: T201 - to be judged
    assert len(alive) + len(EQUIVALENT) <= (1 - LEAST_KILLED) * len(everything)
