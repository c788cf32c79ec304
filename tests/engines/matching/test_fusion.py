"""The ranker learned from judged pools: adds up, never falls with a view, and is kept out where it proves nothing."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ronglian.engines.matching import MatchIndex, NeedProfile, ResultProfile
from ronglian.engines.matching import views as views_module
from ronglian.engines.matching.evaluate import ENGINE_NAME, SHIPPED_NAME, TRAINED_NAME, Judged, evaluate
from ronglian.engines.matching.fusion import (
    FEWEST_NEEDS,
    VIEWS,
    WORDING_ALONE,
    JudgedPool,
    LearnedRanker,
    learn_ranker,
)
from ronglian.engines.matching.views import ViewReader
from tests.engines.matching import samples


def pools(
    number: int, weights: tuple[float, float, float], *, seed: int = 0, noise: float = 0.1
) -> list[JudgedPool]:
    """Pools of twelve results whose levels follow these weights of the views."""
    chance = np.random.default_rng(seed)
    made = []
    for at in range(number):
        values = chance.random((12, len(VIEWS)))
        liked = values @ np.array(weights) + noise * chance.standard_normal(12)
        levels = 1 + np.searchsorted(np.quantile(liked, [0.5, 0.75, 0.9]), liked)
        made.append(JudgedPool(tuple(levels.tolist()), values, at % 5))
    return made


rankers = st.lists(st.integers(0, 100), min_size=len(VIEWS), max_size=len(VIEWS)).map(
    lambda points: LearnedRanker(dict(zip(VIEWS, map(float, points), strict=True)))
)
unit_rows = st.lists(st.floats(0.0, 1.0), min_size=len(VIEWS), max_size=len(VIEWS))


@given(rankers, st.lists(unit_rows, min_size=1, max_size=5))
def test_parts_add_up(ranker: LearnedRanker, rows: list[list[float]]) -> None:
    values = np.array(rows)
    total = sum(ranker.parts(values).values(), np.zeros(len(values)))
    assert ranker.score(values) == pytest.approx(total, abs=1e-6)
    assert ranker.score(values) == pytest.approx(values @ np.array([*ranker.points.values()]), abs=1e-6)


@given(rankers, unit_rows, st.integers(0, len(VIEWS) - 1), st.floats(0.0, 1.0))
def test_more_of_a_view_never_scores_less(
    ranker: LearnedRanker, row: list[float], view: int, more: float
) -> None:
    raised = list(row)
    raised[view] = max(row[view], more)
    low, high = ranker.score(np.array([row, raised]))
    assert low <= high


def test_what_judges_care_for_is_found() -> None:
    learned = learn_ranker(pools(60, (1.0, 1.0, 0.0)))
    assert learned.share > 0
    assert learned.gain > 0.1
    assert learned.points["related"] == pytest.approx(learned.points["wording"], rel=0.3)
    assert learned.points["distinct"] < 10
    assert sum(learned.points.values()) == pytest.approx(100.0, abs=1e-6)
    assert learned == learn_ranker(pools(60, (1.0, 1.0, 0.0)))


def test_a_view_that_judges_dislike_gets_nothing() -> None:
    assert learn_ranker(pools(60, (1.0, 0.5, -1.0))).points["distinct"] == 0.0


@pytest.mark.parametrize(
    "given_pools",
    [
        [],
        pools(FEWEST_NEEDS - 1, (0.0, 1.0, 0.0)),
        [JudgedPool(pool.levels, pool.values, 0) for pool in pools(60, (0.0, 1.0, 0.0))],  # one title only
        [JudgedPool((2,) * 12, pool.values, pool.fold) for pool in pools(60, (0.0, 1.0, 0.0))],
        pools(60, (1.0, 0.0, 0.0), noise=0.0),  # wording is all they care for
    ],
)
def test_the_shipped_ranker_stays_where_nothing_better_is_shown(given_pools: list[JudgedPool]) -> None:
    assert learn_ranker(given_pools) == WORDING_ALONE


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_judgements_at_random_move_little(seed: int) -> None:
    chance = Random(seed)
    noise = [
        JudgedPool(tuple(chance.choices((1, 2, 3, 4), k=12)), pool.values, pool.fold)
        for pool in pools(40, (1.0, 0.0, 0.0), seed=seed)
    ]
    learned = learn_ranker(noise)
    assert min(learned.points.values()) >= 0
    assert sum(learned.points.values()) == pytest.approx(100.0, abs=1e-6)


def test_a_ranker_can_be_stored() -> None:
    learned = learn_ranker(pools(60, (1.0, 1.0, 0.0)))
    assert LearnedRanker.from_dict(learned.to_dict()) == learned
    with pytest.raises(ValueError, match="version '0'"):
        LearnedRanker.from_dict(learned.to_dict() | {"version": "0"})
    with pytest.raises(ValueError, match="sum to 100"):
        LearnedRanker.from_dict(learned.to_dict() | {"points": dict.fromkeys(VIEWS, 50.0)})


def test_views_are_what_they_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views_module, "RELATED_RESULTS", 2)
    needs = [NeedProfile("n1", "电镀废水处理"), NeedProfile("n2", "废水处理")]
    results = [
        ResultProfile("alike", "电镀废水处理"),
        ResultProfile("near", "电镀废水回用膜"),
        ResultProfile("kin", "膜元件"),  # shares a word with a near result, none with the need
        ResultProfile("far", "玉米育种"),
    ]
    reader = ViewReader(MatchIndex.build(needs, results).state)
    values = dict(zip(reader.ids, reader.read("n1"), strict=True))
    wording, related, distinct = ({row: value[view] for row, value in values.items()} for view in range(3))
    # The same words: far from 1 only by the discount for what needs share.
    assert wording["alike"] == pytest.approx(1.0, abs=0.02)
    assert wording["kin"] == 0.0 < related["kin"]
    assert related["far"] < related["kin"]
    assert distinct["far"] > distinct["alike"]
    assert all(0.0 <= cell <= 1.0 for value in values.values() for cell in value)


@settings(max_examples=15, deadline=None)
@given(samples.need_lists.filter(bool), samples.result_lists, st.lists(samples.results, max_size=3))
def test_views_after_adding_and_deleting_are_as_before(
    needs: list[NeedProfile], results: list[ResultProfile], more: list[ResultProfile]
) -> None:
    index = MatchIndex.build(needs, results)
    fresh = ViewReader(index.state)
    before = dict(zip(fresh.ids, fresh.read(needs[0].id).tolist(), strict=True))
    added = {result.id: result for result in more if result.id not in before}
    index.update(results=list(added.values()))
    index.update(removed=list(added))
    reader = ViewReader(index.state)
    after = dict(zip(reader.ids, reader.read(needs[0].id).tolist(), strict=True))
    for result, values in before.items():
        assert after[result] == pytest.approx(values, abs=1e-4)


def collection(number: int) -> Judged:
    """Needs whose right results share words with their near results, not with them."""
    chance = Random(7)
    letters = [chr(0x4E00 + code) for code in chance.sample(range(8000), 6 * number)]
    needs, results, levels = [], [], {}
    for at in range(number):
        a, b, c, d, e, f = letters[6 * at : 6 * at + 6]
        needs.append(NeedProfile(f"n{at:02}", f"{a}{b}{c}"))
        own = {f"{a}{d}{e}": 3, f"{b}{d}{e}": 4, f"{d}{e}{f}": 3}
        results += [ResultProfile(f"r{at:02}-{place}", title) for place, title in enumerate(own)]
        levels[f"n{at:02}"] = {f"r{at:02}-{place}": level for place, level in enumerate(own.values())}
    for at in range(number):
        strange = range(at + 1, at + 9)
        levels[f"n{at:02}"] |= {f"r{other % number:02}-0": 1 for other in strange}
    return Judged(tuple(needs), tuple(results), levels)


def test_evaluation_learns_from_the_training_judgements_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views_module, "RELATED_RESULTS", 2)
    judged = collection(60)
    train = {need: judged.levels[need] for need in list(judged.levels)[:40]}
    rest = {need: levels for need, levels in judged.levels.items() if need not in train}
    upside_down = {need: {result: 5 - level for result, level in own.items()} for need, own in rest.items()}
    first, second = (
        evaluate(Judged(judged.needs, judged.results, levels), train=train, rounds=50)
        for levels in (rest, upside_down)
    )

    assert first.ranker == second.ranker
    assert first.ranker is not None
    assert first.ranker.points["related"] > 0
    *_baselines, shipped, trained = first.systems
    assert (shipped.name, trained.name) == (SHIPPED_NAME, ENGINE_NAME)
    assert np.mean([*trained.values["ndcg@10"].values()]) > np.mean([*shipped.values["ndcg@10"].values()])
    assert first.to_dict()["ranker"]["needs"] == 40


def test_folds_show_the_trained_ranker_beside_the_shipped_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views_module, "RELATED_RESULTS", 2)
    judged = collection(60)
    trained, engine = evaluate(judged, by_folds=True, rounds=50).systems[-2:]

    assert (trained.name, engine.name) == (TRAINED_NAME, ENGINE_NAME)
    assert trained.values["spearman"].keys() == engine.values["spearman"].keys()
    assert np.mean([*trained.values["spearman"].values()]) > np.mean([*engine.values["spearman"].values()])
