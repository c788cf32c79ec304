"""A need's metric against a claim."""

import pytest

from ronglian.engines.matching import DEFAULT_PARAMETERS
from ronglian.engines.matching.metric_pairs import compare_metrics, metrics_share, name_similarity
from ronglian.engines.text import Comparison, Metric

C = Comparison


def metric(
    comparison: Comparison, low: float | None, high: float | None, unit: str = "mg/L", name: str = "氨氮浓度"
) -> Metric:
    return Metric(name, comparison, low, high, unit, "")


@pytest.mark.parametrize(
    ("needed", "claim", "verdict", "ratio"),
    [
        (metric(C.AT_LEAST, 95, None, "%"), metric(C.EQUAL, 96, 96, "%"), "met", 96 / 95),
        (metric(C.AT_LEAST, 95, None, "%"), metric(C.AT_LEAST, 95, None, "%"), "met", 1.0),
        (metric(C.AT_LEAST, 95, None, "%"), metric(C.AT_LEAST, 90, None, "%"), "not_met", 90 / 95),
        (metric(C.AT_LEAST, 95, None, "%"), metric(C.BETWEEN, 90, 99, "%"), "not_met", 90 / 95),
        (metric(C.AT_LEAST, 95, None, "%"), metric(C.AT_MOST, None, 99, "%"), "not_stated", None),
        (metric(C.AT_LEAST, 95, None, "%"), metric(C.AT_MOST, None, 90, "%"), "not_met", 90 / 95),
        (metric(C.ABOVE, 95, None, "%"), metric(C.EQUAL, 95, 95, "%"), "not_met", 1.0),
        (metric(C.ABOVE, 95, None, "%"), metric(C.ABOVE, 95, None, "%"), "met", 1.0),
        (metric(C.AT_MOST, None, 5), metric(C.AT_MOST, None, 4), "met", 1.25),
        (metric(C.AT_MOST, None, 5), metric(C.EQUAL, 10, 10), "not_met", 0.5),
        (metric(C.AT_MOST, None, 5), metric(C.EQUAL, 4000, 4000, "μg/L"), "met", 1.25),
        (metric(C.BELOW, None, 5), metric(C.EQUAL, 5, 5), "not_met", 1.0),
        (metric(C.EQUAL, 100, 100), metric(C.EQUAL, 101, 101), "met", 1.0),
        (metric(C.EQUAL, 100, 100), metric(C.EQUAL, 110, 110), "not_met", 100 / 110),
        (metric(C.ABOUT, 100, 100), metric(C.EQUAL, 109, 109), "met", 1.0),
        (metric(C.BETWEEN, 10, 20), metric(C.EQUAL, 15, 15), "met", 1.0),
        (metric(C.BETWEEN, 10, 20), metric(C.BETWEEN, 5, 30), "met", 1.0),
        (metric(C.BETWEEN, 10, 20), metric(C.BETWEEN, 15, 25), "not_met", 0.5),
        (metric(C.BETWEEN, 10, 20), metric(C.AT_LEAST, 15, None), "not_stated", None),
        (metric(C.DECREASE_BY, 30, None, "%"), metric(C.DECREASE_BY, 40, None, "%"), "met", 40 / 30),
        (metric(C.DECREASE_BY, 30, None, "%"), metric(C.DECREASE_BY, 20, None, "%"), "not_met", 20 / 30),
    ],
)
def test_verdicts(needed: Metric, claim: Metric, verdict: str, ratio: float | None) -> None:
    (row,) = compare_metrics([needed], [claim], DEFAULT_PARAMETERS)

    assert row.verdict == verdict
    assert row.ratio == (None if ratio is None else pytest.approx(ratio, abs=1e-6))


@pytest.mark.parametrize(
    "claim",
    [
        metric(C.EQUAL, 4, 4, name="抗拉强度"),
        metric(C.EQUAL, 4, 4, "kg"),
        metric(C.DECREASE_BY, 4, None),
        metric(C.INCREASE_BY, 4, None),
    ],
    ids=["other name", "other dimension", "a change", "another change"],
)
def test_claim_about_something_else_is_not_paired(claim: Metric) -> None:
    (row,) = compare_metrics([metric(C.AT_MOST, None, 5)], [claim], DEFAULT_PARAMETERS)

    assert (row.claim, row.verdict) == (None, "not_stated")


def test_a_claim_answers_once_and_best_name_first() -> None:
    needed = [metric(C.AT_LEAST, 90, None, "%", "回收率"), metric(C.AT_LEAST, 90, None, "%", "锂回收率")]
    claims = [metric(C.EQUAL, 95, 95, "%", "锂回收率")]

    rows = compare_metrics(needed, claims, DEFAULT_PARAMETERS)

    assert [row.verdict for row in rows] == ["not_stated", "met"]
    assert metrics_share(rows, DEFAULT_PARAMETERS) == pytest.approx(
        (1 + DEFAULT_PARAMETERS.unstated_share) / 2
    )


def test_english_names_meet_across_languages() -> None:
    chinese = Metric("去除率", C.AT_LEAST, 90, None, "%", "", name_en="removal rate")
    english = Metric("Removal rates", C.EQUAL, 95, 95, "%", "")

    assert name_similarity(chinese, english) == 1.0


def test_near_miss_earns_less_than_hit_and_far_miss_nothing() -> None:
    def share(value: float) -> float:
        rows = compare_metrics(
            [metric(C.AT_LEAST, 100, None)], [metric(C.EQUAL, value, value)], DEFAULT_PARAMETERS
        )
        return metrics_share(rows, DEFAULT_PARAMETERS)

    values = [share(value) for value in (40, 50, 75, 99, 100, 120)]

    assert values == sorted(values)
    assert values[0] == values[1] == 0.0
    assert values[3] <= DEFAULT_PARAMETERS.near_miss_share < values[4] == 1.0
