"""Meaning as one more view: adds up, falls back to the wording, and does not care for order or for other records."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ronglian.engines.matching import NeedProfile, ResultProfile
from ronglian.engines.matching.dense import (
    FEWEST_VECTORS,
    LONGEST_RESULT,
    DenseVectors,
    MeaningReader,
    need_texts,
    result_text,
)
from ronglian.engines.matching.evaluate import ENGINE_NAME, WORDING_NAME, Judged, evaluate
from ronglian.engines.matching.fusion import (
    VIEWS_WITH_MEANING,
    WORDING_AND_MEANING,
    JudgedPool,
    LearnedRanker,
    learn_ranker,
)


def vectors(seed: int, *, needs: int = FEWEST_VECTORS, results: int = FEWEST_VECTORS + 10) -> DenseVectors:
    chance = np.random.default_rng(seed)
    return DenseVectors(
        "tiny 1",
        {f"n{n:03}": chance.standard_normal((2, 6)).astype(np.float32) + 2 for n in range(needs)},
        {f"r{n:03}": chance.standard_normal(6).astype(np.float32) + 2 for n in range(results)},
    )


def test_a_result_without_a_vector_has_the_value_of_its_wording() -> None:
    known = vectors(0)
    ids = [*known.results, "other"]
    wording = np.linspace(0.0, 1.0, len(ids))
    values = MeaningReader(known, ids).read("n000", wording)
    assert values[-1] == wording[-1]
    assert ((values >= 0.0) & (values <= 1.0)).all()
    assert np.array_equal(MeaningReader(known, ids).read("unknown", wording), wording)


def test_the_worked_example_of_matching_quality() -> None:
    pairs = np.array([[0.4, 0.1, 0.9, 0.6], [0.4, 0.1, 0.9, 0.4]])
    parts = WORDING_AND_MEANING.parts(pairs)
    assert (parts["wording"][0], parts["meaning"][0]) == pytest.approx((30.0, 15.0))
    assert WORDING_AND_MEANING.score(pairs) == pytest.approx([45.0, 40.0])


@settings(max_examples=20)
@given(st.integers(0, 99), st.floats(0.1, 10.0))
def test_neither_the_order_of_records_nor_a_common_part_changes_a_value(seed: int, shift: float) -> None:
    known = vectors(seed)
    ids = sorted(known.results)
    turned = DenseVectors(
        known.model,
        dict(reversed(known.needs.items())),
        {key: vector + np.float32(0.0) for key, vector in reversed(known.results.items())},
    )
    wording = np.zeros(len(ids))
    before = MeaningReader(known, ids).read("n007", wording)
    assert np.array_equal(before, MeaningReader(turned, ids).read("n007", wording))
    moved = DenseVectors(
        known.model, known.needs, {k: v + np.float32(shift) for k, v in known.results.items()}
    )
    assert before == pytest.approx(MeaningReader(moved, ids).read("n007", wording), abs=1e-5)


def test_too_few_vectors_are_refused_and_the_wording_ranks_alone() -> None:
    few = vectors(0, results=FEWEST_VECTORS - 1)
    assert not few.enough
    with pytest.raises(ValueError, match="at least"):
        MeaningReader(few, list(few.results))


def test_what_is_embedded() -> None:
    need = NeedProfile("n", "膜法提锂", body="盐湖" * 500)
    title, whole = need_texts(need)
    assert title == "膜法提锂"
    assert whole.startswith("膜法提锂。盐湖")
    assert len(whole) < 310
    assert result_text(ResultProfile("r", "提锂 工艺 PVDF 膜 组件")) == "提锂工艺 PVDF 膜组件"
    assert result_text(ResultProfile("r", "")) is None
    assert result_text(ResultProfile("r", "", body="长" * (LONGEST_RESULT + 1))) is None


def _judged() -> tuple[Judged, DenseVectors]:
    """Sixty needs whose right result shares no character with them, only a direction of the vectors."""
    subjects = [chr(0x4E00 + 7 * n) * 2 for n in range(60)]
    others = [chr(0x7000 + 7 * n) * 2 for n in range(60)]
    chance = np.random.default_rng(1)
    meanings = chance.standard_normal((60, 16))
    needs = tuple(NeedProfile(f"n{n}", subject) for n, subject in enumerate(subjects))
    results = tuple(ResultProfile(f"r{n}", other) for n, other in enumerate(others))
    levels = {f"n{n}": {f"r{(n + k) % 60}": 4 if k == 0 else 1 for k in range(12)} for n in range(60)}
    return Judged(needs, results, levels), DenseVectors(
        "tiny 1",
        {f"n{n}": np.stack([meanings[n], meanings[n]]).astype(np.float32) for n in range(60)},
        {f"r{n}": (meanings[n] + 0.1 * chance.standard_normal(16)).astype(np.float32) for n in range(60)},
    )


def test_meaning_finds_what_shares_no_word() -> None:
    judged, known = _judged()
    report = evaluate(judged, vectors=known, rounds=50)
    reached = {system.name: system.intervals["ndcg@10"] for system in report.systems}
    wording, both = reached[WORDING_NAME], reached[ENGINE_NAME]
    assert wording is not None
    assert both is not None
    assert both.mean > 0.95 > wording.mean
    assert report.model == "tiny 1"
    assert evaluate(judged, rounds=50).model is None


def test_meaning_takes_part_in_what_is_learned_and_its_parts_add_up() -> None:
    judged, known = _judged()
    report = evaluate(judged, vectors=known, train=judged.levels, rounds=50)
    assert report.ranker is not None
    assert tuple(report.ranker.points) == VIEWS_WITH_MEANING
    assert LearnedRanker.from_dict(report.ranker.to_dict()) == report.ranker
    values = np.random.default_rng(0).random((5, 4))
    total = sum(report.ranker.parts(values).values(), np.zeros(5))
    assert report.ranker.score(values) == pytest.approx(total, abs=1e-6)


def test_where_nothing_is_learned_the_shipped_shares_stand() -> None:
    chance = np.random.default_rng(0)
    noise = [
        JudgedPool(tuple(chance.integers(1, 5, 12).tolist()), chance.random((12, 4)), n % 5)
        for n in range(40)
    ]
    assert learn_ranker(noise[:10], WORDING_AND_MEANING) is WORDING_AND_MEANING
