"""Scores against formulas written out by hand, in another way than the engine computes them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import isqrt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronglian.engines.scoring import METRICS, MILLION, MetricError, compute_score, format_score

CLASSES = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcde")), min_size=1, max_size=40)
NUMBER = st.decimals(min_value=-(10**6), max_value=10**6, places=6, allow_nan=False)
NUMBERS = st.lists(st.tuples(NUMBER, NUMBER), min_size=1, max_size=30)
RANKED = st.lists(
    st.tuples(st.integers(0, 1), st.integers(-3, 3).map(Decimal)), min_size=2, max_size=25
).filter(lambda pairs: {truth for truth, _answer in pairs} == {0, 1})


def score(metric: str, pairs: list[tuple[Any, Any]]) -> int:
    answers = {str(at): truth for at, (truth, _answer) in enumerate(pairs)}
    return compute_score(metric, answers, {str(at): answer for at, (_truth, answer) in enumerate(pairs)})


def rounded(value: Fraction) -> int:
    """To millionths, half to even, in whole numbers."""
    whole, rest = divmod(value.numerator * MILLION, value.denominator)
    twice = 2 * rest - value.denominator
    return whole + (twice > 0 or (twice == 0 and whole % 2 == 1))


def test_the_worked_tables_of_the_page() -> None:
    classes = [("a", "a"), ("a", "b"), ("b", "b"), ("c", "b")]
    assert score("accuracy", classes) == 500_000
    assert score("macro_f1", classes) == 388_889  # (2/3 + 1/2 + 0) / 3
    numbers = [
        (Decimal("1.0"), Decimal("1.5")),
        (Decimal("2.0"), Decimal("2.0")),
        (Decimal("4.0"), Decimal("3.0")),
    ]
    assert score("mae", numbers) == 500_000
    assert score("rmse", numbers) == 645_497  # √(1.25 / 3) = 0.6454972…
    ranked = [(1, Decimal("0.9")), (0, Decimal("0.4")), (1, Decimal("0.4")), (0, Decimal("0.1"))]
    assert score("auc", ranked) == 875_000  # 3.5 of 4 pairs


@given(CLASSES)
def test_accuracy_counts_hits(pairs: list[tuple[str, str]]) -> None:
    hits = len([1 for truth, answer in pairs if truth == answer])
    assert score("accuracy", pairs) == rounded(Fraction(hits, len(pairs)))


@given(CLASSES)
def test_macro_f1_is_the_mean_of_precision_and_recall_by_class(pairs: list[tuple[str, str]]) -> None:
    found = []
    for label in {one for pair in pairs for one in pair}:
        hit = sum(pair == (label, label) for pair in pairs)
        said = sum(answer == label for _truth, answer in pairs)
        there = sum(truth == label for truth, _answer in pairs)
        if not hit:
            found.append(Fraction(0))
            continue
        precision, recall = Fraction(hit, said), Fraction(hit, there)
        found.append(2 * precision * recall / (precision + recall))
    assert score("macro_f1", pairs) == rounded(sum(found, Fraction(0)) / len(found))


@given(NUMBERS)
def test_mae_is_the_mean_distance(pairs: list[tuple[Decimal, Decimal]]) -> None:
    distances = [abs(Fraction(truth) - Fraction(answer)) for truth, answer in pairs]
    assert score("mae", pairs) == rounded(sum(distances, Fraction(0)) / len(pairs))


@given(NUMBERS)
def test_rmse_is_the_nearest_millionth_to_the_root(pairs: list[tuple[Decimal, Decimal]]) -> None:
    mean = sum(((Fraction(a) - Fraction(b)) ** 2 for a, b in pairs), Fraction(0)) / len(pairs)
    found = score("rmse", pairs)
    below, above = Fraction(2 * found - 1, 2 * MILLION), Fraction(2 * found + 1, 2 * MILLION)
    assert found == 0 or below**2 <= mean
    assert mean <= above**2
    assert abs(found - isqrt(int(mean * MILLION**2))) <= 1


@given(RANKED)
def test_auc_compares_every_pair(pairs: list[tuple[int, Decimal]]) -> None:
    ones = [answer for truth, answer in pairs if truth]
    zeros = [answer for truth, answer in pairs if not truth]
    won = sum(
        (Fraction(one > zero) + Fraction(one == zero, 2) for one in ones for zero in zeros), Fraction(0)
    )
    assert score("auc", pairs) == rounded(won / (len(ones) * len(zeros)))


@given(RANKED, st.integers(1, 5), st.integers(-7, 7))
def test_auc_knows_the_order_alone(pairs: list[tuple[int, Decimal]], factor: int, shift: int) -> None:
    moved = [(truth, answer**3 * factor + shift) for truth, answer in pairs]
    assert score("auc", moved) == score("auc", pairs)
    turned = [(truth, -answer) for truth, answer in pairs]
    assert abs(score("auc", pairs) + score("auc", turned) - MILLION) <= 1


@given(st.randoms(), CLASSES, NUMBERS)
def test_the_order_of_rows_changes_nothing(
    chance: Any, classes: list[tuple[str, str]], numbers: list[tuple[Decimal, Decimal]]
) -> None:
    for metric, pairs in (("macro_f1", classes), ("rmse", numbers), ("mae", numbers)):
        mixed: list[tuple[Any, Any]] = list(pairs)
        chance.shuffle(mixed)
        assert score(metric, mixed) == score(metric, list(pairs))


@given(NUMBERS)
def test_the_right_answers_are_the_best_ones(pairs: list[tuple[Decimal, Decimal]]) -> None:
    right = [(truth, truth) for truth, _answer in pairs]
    for metric in ("rmse", "mae"):
        assert score(metric, right) == 0 <= score(metric, pairs)
    labelled = [(str(truth), str(answer)) for truth, answer in pairs]
    for metric in ("accuracy", "macro_f1"):
        assert (
            score(metric, [(truth, truth) for truth, _answer in labelled])
            == MILLION
            >= score(metric, labelled)
        )


def test_far_apart_numbers_stay_exact() -> None:
    tiny, huge = Decimal("1e-400"), Decimal(10**9)
    assert score("mae", [(huge, tiny), (huge, -tiny)]) == 10**15
    assert score("rmse", [(huge, -huge)]) == 2 * 10**15
    assert score("auc", [(1, Decimal("1e-399")), (0, tiny)]) == MILLION


def test_halves_are_rounded_to_even() -> None:
    half = Decimal("0.0000005")
    assert [score("mae", [(Decimal(0), half * odd)]) for odd in (1, 3, 5)] == [0, 2, 2]
    assert [score("rmse", [(Decimal(0), half * odd)]) for odd in (1, 3, 5)] == [0, 2, 2]


def test_one_class_alone_has_no_auc_and_no_rows_have_no_score() -> None:
    with pytest.raises(MetricError, match="one class"):
        score("auc", [(1, Decimal(1)), (1, Decimal(2))])
    for metric in METRICS:
        with pytest.raises(MetricError, match="no rows"):
            score(metric, [])


def test_scores_are_written_with_six_decimals() -> None:
    assert [format_score(one) for one in (0, 1, 875_000, MILLION, -1, 12_345_678)] == [
        "0.000000", "0.000001", "0.875000", "1.000000", "-0.000001", "12.345678"
    ]  # fmt: skip
