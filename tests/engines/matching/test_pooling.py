"""Groups of needs that say the same: the worked table, and what holds of all groups."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronglian.engines.matching import NeedProfile
from ronglian.engines.matching.pooling import (
    DEFAULT_POOLING,
    Likeness,
    PoolingParameters,
    find_alike,
    group_needs,
    measure_likeness,
    pool_needs,
)
from tests.pages import table_of
from tests.paths import REPOSITORY

PAGE = REPOSITORY / "docs" / "explanation" / "algorithms" / "pooling.md"
NAMES = "ABCDEFGH"


def alike(first: str, second: str, score: float, told: float = 1.0) -> Likeness:
    return Likeness(first, second, score, score, told)


def test_the_worked_table_is_what_the_engine_does() -> None:
    rows = table_of(PAGE, "need")
    found = [
        alike(first, second, float(cell))
        for first, *cells in rows
        for second, cell in zip("BCDEF", cells, strict=True)
        if cell
    ]
    steps = table_of(PAGE, "step")
    expected = [(tuple(joined.split(", ")), float(score)) for _step, joined, score, _left in steps]
    groups = group_needs(found, {name: name for name in NAMES})
    assert [(group.needs, group.score) for group in groups] == expected
    text = PAGE.read_text(encoding="utf-8")
    assert f"likeness ≥ {DEFAULT_POOLING.threshold}  and  told ≥ {DEFAULT_POOLING.told}" in text


likenesses = st.dictionaries(
    st.sampled_from(list(combinations(NAMES, 2))),
    st.tuples(st.floats(0, 1), st.floats(0, 1)),
).map(lambda drawn: [alike(*pair, *figures) for pair, figures in drawn.items()])
voices = st.fixed_dictionaries({name: st.sampled_from("wxyz") for name in NAMES})
sizes = st.integers(2, 8)


@given(likenesses, voices, sizes)
def test_in_every_group_each_is_like_each_and_of_another_voice(
    found: list[Likeness], speaks: dict[str, str], largest: int
) -> None:
    parameters = PoolingParameters(largest=largest)
    kept = {(each.first, each.second): each for each in found}
    groups = group_needs(found, speaks, parameters)
    placed = [need for group in groups for need in group.needs]
    assert len(placed) == len(set(placed))
    for group in groups:
        assert 2 <= len(group.needs) <= largest
        assert len({speaks[need] for need in group.needs}) == len(group.needs)
        pairs = [kept[pair] for pair in combinations(group.needs, 2)]
        assert all(each.score >= parameters.threshold and each.told >= parameters.told for each in pairs)
        assert group.score == min(each.score for each in pairs)
        assert list(group.pairs) == pairs


@given(likenesses, voices)
def test_the_order_of_the_pairs_makes_no_difference(found: list[Likeness], speaks: dict[str, str]) -> None:
    assert group_needs(found, speaks) == group_needs(found[::-1], speaks)


@given(likenesses)
def test_nothing_that_fits_is_left_out(found: list[Likeness]) -> None:
    """No two groups could still be joined, and no two needs outside of groups are alike."""
    speaks = {name: name for name in NAMES}
    groups = [set(group.needs) for group in group_needs(found, speaks)]
    rest = [{name} for name in NAMES if not any(name in group for group in groups)]
    good = {
        (each.first, each.second)
        for each in found
        if each.score >= DEFAULT_POOLING.threshold and each.told >= DEFAULT_POOLING.told
    }
    for one, other in combinations([*groups, *rest], 2):
        crossing = {(min(a, b), max(a, b)) for a in one for b in other}
        assert not crossing <= good


NEEDS = [
    NeedProfile("n1", "电镀废水六价铬深度处理", body="镀铬线漂洗废水六价铬超标，寻求深度处理工艺。"),
    NeedProfile("n2", "镀铬废水六价铬处理", body="我厂电镀废水六价铬深度处理不达标。"),
    NeedProfile("n3", "电镀线自动上料", body="镀铬线人工上料慢，寻求自动上料装置。"),
    NeedProfile("n4", "水稻抗病新品种选育", body="需要抗稻瘟病的种质资源。"),
]


def test_the_same_problem_is_found_and_another_one_of_the_same_plant_is_not() -> None:
    groups = pool_needs(NEEDS, {need.id: need.id for need in NEEDS})
    assert [group.needs for group in groups] == [("n1", "n2")]
    assert "六价" in groups[0].words


def test_what_says_the_same_as_one_need_is_what_the_groups_hold() -> None:
    """Asked about one need or about all: the same measure, and the same figures."""
    (pair,) = find_alike(NEEDS[0], NEEDS[1:])
    (group,) = pool_needs(NEEDS, {need.id: need.id for need in NEEDS})
    assert group.pairs == (pair,)
    assert find_alike(NEEDS[3], NEEDS[:3]) == []
    assert find_alike(NEEDS[0], []) == []


def test_one_voice_is_no_group() -> None:
    assert pool_needs(NEEDS, dict.fromkeys(("n1", "n2", "n3", "n4"), "one firm")) == []


def test_figures_lie_between_nothing_and_all() -> None:
    found = measure_likeness(NEEDS, least=0.0)
    assert found
    assert all(0 <= figure <= 1 for each in found for figure in (each.text, each.title, each.told))
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)


def test_without_a_text_the_title_is_what_is_told() -> None:
    bare = [NeedProfile("a", "六价铬废水处理"), NeedProfile("b", "六价铬废水处理")]
    assert [group.needs for group in pool_needs(bare, {"a": "x", "b": "y"})] == [("a", "b")]


def test_twice_the_same_id_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        measure_likeness([NEEDS[0], NEEDS[0]], least=0.2)


def test_nothing_gives_nothing() -> None:
    assert pool_needs([], {}) == []
