"""Fair order: bounded, explained, silent where nothing is unfair; the page's worked table computed again."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronglian.engines.matching.fairness import (
    DEFAULT_FAIRNESS,
    Candidate,
    Exposure,
    Listed,
    attention,
    find_crowded,
    measure_exposure,
    reorder,
)
from tests.pages import table_of
from tests.paths import REPOSITORY

PAGE = REPOSITORY / "docs" / "explanation" / "algorithms" / "fairness.md"
SCORES = st.integers(0, 400).map(lambda quarter: quarter / 4)
LIFTS = st.integers(0, 20).map(lambda step: step / 10)


@st.composite
def candidates(draw: st.DrawFn, *, excluded: bool = True) -> list[Candidate]:
    number = draw(st.integers(1, 25))
    return [
        Candidate(f"r{at:02d}", draw(SCORES), draw(st.booleans()), excluded and draw(st.booleans()))
        for at in range(number)
    ]


@st.composite
def listed(draw: st.DrawFn) -> list[list[Listed]]:
    chance = random.Random(draw(st.integers(0, 10_000)))
    return [
        [
            Listed(f"r{at}", chance.randint(0, 200) / 4, f"o{at % 12}", at % 12 < 6)
            for at in chance.sample(range(40), chance.randint(1, 30))
        ]
        for _ in range(draw(st.integers(20, 30)))
    ]


@given(candidates(), LIFTS, st.randoms())
def test_nobody_passes_a_score_that_is_more_than_the_lift_higher(
    given_ones: list[Candidate], lift: float, shuffle: random.Random
) -> None:
    by_id = {each.id: each for each in given_ones}
    placed = reorder(given_ones, lift=lift, least_scores={})
    assert [each.place for each in placed] == list(range(1, len(given_ones) + 1))
    assert {each.id for each in placed} == set(by_id)
    for at, above in enumerate(placed):
        for below in placed[at + 1 :]:
            if above.by_score > below.by_score:  # passed
                assert by_id[above.id].is_small or by_id[below.id].is_excluded or by_id[above.id].is_excluded
                if not by_id[above.id].is_excluded and not by_id[below.id].is_excluded:
                    assert by_id[below.id].score - by_id[above.id].score < max(lift, 1e-9)
    again = list(given_ones)
    shuffle.shuffle(again)
    assert reorder(again, lift=lift, least_scores={}) == placed


@given(candidates(), LIFTS)
def test_excluded_ones_keep_their_places_and_equals_their_order(
    given_ones: list[Candidate], lift: float
) -> None:
    by_id = {each.id: each for each in given_ones}
    placed = reorder(given_ones, lift=lift, least_scores={})
    assert all(each.place == each.by_score for each in placed if by_id[each.id].is_excluded)
    for is_small in (True, False):
        alike = {each.id for each in given_ones if each.is_small == is_small and not each.is_excluded}
        own = [each.by_score for each in placed if each.id in alike]
        assert own == sorted(own)


@given(candidates(excluded=False), LIFTS, LIFTS)
def test_a_larger_lift_never_lowers_a_small_one(
    given_ones: list[Candidate], one: float, other: float
) -> None:
    less, more = (
        {each.id: each.place for each in reorder(given_ones, lift=lift, least_scores={})}
        for lift in sorted((one, other))
    )
    assert all(more[each.id] <= less[each.id] for each in given_ones if each.is_small)


@given(candidates())
def test_without_lift_and_cap_the_order_is_that_of_the_scores(given_ones: list[Candidate]) -> None:
    placed = reorder(given_ones, lift=0.0, least_scores={})
    assert all(each.place == each.by_score and not each.reason for each in placed)


@given(candidates(), LIFTS, st.randoms())
def test_whatever_moved_says_why(given_ones: list[Candidate], lift: float, chance: random.Random) -> None:
    least = {each.id: each.score + 1 for each in given_ones if chance.random() < 0.3}
    by_id = {each.id: each for each in given_ones}
    for each in reorder(given_ones, lift=lift, least_scores=least):
        assert bool(each.reason) == (each.place != each.by_score)
        assert each.reason != "small" or (by_id[each.id].is_small and each.place < each.by_score)
        assert each.reason != "crowded" or each.id in least


@given(listed())
def test_the_lift_is_the_least_that_is_enough_and_none_where_all_is_fair(lists: list[list[Listed]]) -> None:
    found = measure_exposure(lists)
    assert found.seen <= found.seen_lifted
    assert 0.0 <= found.lift <= DEFAULT_FAIRNESS.most_points
    if found.is_enough:
        assert (found.lift == 0.0) == (found.seen >= found.due - 1e-12)
        assert found.seen_lifted >= found.due - 1e-12 or found.lift == DEFAULT_FAIRNESS.most_points
    else:
        assert found.lift == 0.0
    assert measure_exposure([each[::-1] for each in lists][::-1]).lift == found.lift


@given(listed(), st.integers(1, 8))
def test_what_is_seen_never_falls_with_the_bound(lists: list[list[Listed]], points: int) -> None:
    bounds = (
        replace(DEFAULT_FAIRNESS, most_points=float(each), steps=4 * each) for each in (points, points + 1)
    )
    less, more = (measure_exposure(lists, each) for each in bounds)
    assert less.seen_lifted <= more.seen_lifted + 1e-12
    assert less.lift <= more.lift + 1e-12


def test_where_there_are_few_nothing_is_moved() -> None:
    line = [Listed("a", 60, "big", False), Listed("b", 59.5, "small", True)]
    assert measure_exposure([line] * 30).lift == 0.0  # one firm of either kind
    many = [[Listed("a", 60, f"b{at}", False), Listed("b", 59.5, f"s{at}", True)] for at in range(20)]
    assert measure_exposure(many).lift > 0.0
    assert measure_exposure(many[:19]).lift == 0.0
    assert measure_exposure([]) == Exposure(0, 0, 0, None, None, 0.0, 0.0, 0.0, 0.0, is_enough=False)


def test_a_popular_result_stands_where_it_fits_best_and_where_it_is_clearly_best() -> None:
    lists = {
        f"n{at:02d}": [Listed("popular", 60.0 - at, "p", False), Listed(f"own{at}", 59.5 - at, "o", True)]
        for at in range(25)
    }
    lists["n24"] = [Listed("popular", 36.0, "p", False), Listed("own24", 20.0, "o", True)]
    found = find_crowded(lists, results=26)
    assert found.cap == 29  # three times an even spread of 10 · 25 / 26
    assert (found.least_scores, found.held_back) == ({}, ())
    found = find_crowded(lists, results=1000)
    assert (found.cap, found.least_scores) == (20, {"popular": 41.0})
    assert found.held_back == tuple((f"n{at}", "popular") for at in range(20, 24))
    kept = {
        name: [line for line in own if (name, line.id) not in found.held_back] for name, own in lists.items()
    }
    again = find_crowded(kept, results=1000)
    assert (again.least_scores, again.held_back) == (found.least_scores, ())


def test_what_is_held_back_stands_behind_the_places_that_are_seen() -> None:
    given_ones = [Candidate(f"r{at:02d}", 80.0 - at) for at in range(14)]
    placed = reorder(given_ones, lift=0.0, least_scores={"r01": 90.0, "r13": 90.0})
    assert [each.id for each in placed][9:12] == ["r10", "r01", "r11"]
    assert next(each for each in placed if each.id == "r01").reason == "crowded"
    assert placed[1].reason == "others"
    clear = [Candidate("best", 90.0), *given_ones]
    assert reorder(clear, lift=0.0, least_scores={"best": 95.0})[0].id == "best"


def test_a_lift_beyond_the_bound_is_refused() -> None:
    with pytest.raises(ValueError, match="0 to 2"):
        reorder([], lift=2.1, least_scores={})


def test_the_worked_table_of_the_page() -> None:
    rows = table_of(PAGE, "result")
    line = [Listed(name, float(score), owner, owner.startswith("s")) for name, owner, score, *_rest in rows]
    bare = replace(DEFAULT_FAIRNESS, fewest_lists=1, fewest_owners=1, places=4, pool=5)
    found = measure_exposure([line], bare)
    placed = {each.id: each for each in reorder(
        [Candidate(each.id, each.score, each.is_small) for each in line], lift=found.lift, least_scores={}, parameters=bare,
    )}  # fmt: skip
    total = sum(each.score for each in line)
    for at, (name, _owner, score, by_score, drawn, merit, place) in enumerate(rows, start=1):
        assert (int(by_score), int(place)) == (placed[name].by_score, placed[name].place)
        assert drawn == (f"{attention(at):.4f}" if at <= bare.places else "0.0000")
        assert merit == f"{float(score) / total:.4f}"
    text = PAGE.read_text(encoding="utf-8")
    assert f"due = {found.due:.4f}" in text
    assert f"seen = {found.seen:.4f}" in text
    assert f"{found.lift:.1f} points" in text
    assert f"becomes {found.seen_lifted:.4f}" in text


def test_the_page_names_the_parameters() -> None:
    named = {name: value for name, value, _meaning in table_of(PAGE, "parameter")}
    assert named == {
        name: f"{getattr(DEFAULT_FAIRNESS, name):g}"
        for name in DEFAULT_FAIRNESS.__dataclass_fields__
        if name != "version"
    }
