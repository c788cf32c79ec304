"""Which rows are public, and who stands where."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronglian.engines.scoring import (
    SHARES,
    TeamTry,
    can_be_split,
    counting_tries,
    part_is_scorable,
    public_count,
    rank_teams,
    split,
    split_keys,
)

KEYS = st.sets(st.text(st.characters(codec="utf-8"), min_size=1, max_size=5), min_size=10, max_size=60)
SECRETS = st.binary(min_size=32, max_size=32)
TRIES = st.lists(
    st.tuples(st.sampled_from("abcde"), st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=20
)


@given(KEYS, SECRETS, st.integers(1, 99))
def test_the_parts_are_the_share_and_have_no_row_in_common(keys: set[str], secret: bytes, share: int) -> None:
    parts = split(dict.fromkeys(keys, 1), secret, share)
    assert set(parts.public) | set(parts.hidden) == keys
    assert not set(parts.public) & set(parts.hidden)
    assert len(parts.public) == public_count(len(keys), share)
    assert 1 <= len(parts.public) < len(keys)
    assert abs(len(parts.public) - len(keys) * share / 100) <= 1


@given(KEYS, SECRETS, st.randoms())
def test_the_choice_depends_on_key_and_secret_alone(keys: set[str], secret: bytes, chance: Any) -> None:
    mixed = sorted(keys)
    chance.shuffle(mixed)
    assert split_keys(mixed, secret, 30) == split_keys(keys, secret, 30)


def test_the_choice_is_that_of_a_keyed_hash_and_another_secret_chooses_others() -> None:
    keys = [str(number) for number in range(1000)]
    secret = bytes(range(32))
    ordered = sorted(keys, key=lambda key: hmac.new(secret, key.encode(), hashlib.sha256).digest())
    assert split_keys(keys, secret, 30) == set(ordered[:300])
    common = len(split_keys(keys, secret, 30) & split_keys(keys, bytes(32), 30))
    assert 60 < common < 120, "90 by chance"


def test_shares_leave_rows_on_both_sides() -> None:
    assert [public_count(10, share) for share in (1, 4, 5, 30, 95, 99)] == [1, 1, 1, 3, 9, 9]
    assert (SHARES[0], SHARES[-1]) == (1, 99)


def test_two_classes_are_needed_on_either_side_where_the_metric_compares_them() -> None:
    assert not part_is_scorable("auc", {"a": 1, "b": 1})
    assert part_is_scorable("auc", {"a": 1, "b": 0})
    assert part_is_scorable("accuracy", {"a": "x"})
    few = dict.fromkeys("abcdefgh", 0)
    assert [can_be_split("auc", few | dict.fromkeys(ones, 1)) for ones in ("", "a", "ab", "abcdefg")] == [
        False, False, True, False
    ]  # fmt: skip
    assert can_be_split("mae", few)


@given(TRIES, st.booleans())
def test_places_are_those_of_counting_who_is_better(made: list[tuple[str, int, int]], higher: bool) -> None:
    tries = [TeamTry(team, at, public, final) for at, (team, public, final) in enumerate(made)]
    best = max if higher else min
    for by_final in (False, True):
        counting = {}
        for team in {one.team for one in tries}:
            own = [one for one in tries if one.team == team]
            top = best(one.public for one in own)
            counting[team] = next(one for one in own if one.public == top)
        assert counting == counting_tries(tries, higher_is_better=higher)
        value = {team: one.final if by_final else one.public for team, one in counting.items()}
        placed = rank_teams(tries, higher_is_better=higher, by_final=by_final)
        assert {one.counting.team for one in placed} == set(counting)
        for one in placed:
            mine = value[one.counting.team]
            better = [other for other in value.values() if (other > mine if higher else other < mine)]
            assert one.place == 1 + len(better)
            assert one.tries == sum(each.team == one.counting.team for each in tries)
        assert [one.place for one in placed] == sorted(one.place for one in placed)


def test_of_equal_teams_the_earlier_stands_first_and_many_tries_are_no_lots() -> None:
    tries = [TeamTry("late", 2, 90, 50), TeamTry("early", 1, 90, 40), TeamTry("early", 3, 80, 99)]
    placed = rank_teams(tries, higher_is_better=True, by_final=False)
    assert [(one.place, one.counting.team) for one in placed] == [(1, "early"), (1, "late")]
    final = rank_teams(tries, higher_is_better=True, by_final=True)
    assert [(one.place, one.counting.team, one.counting.final) for one in final] == [
        (1, "late", 50),
        (2, "early", 40),
    ]


def test_a_final_ranking_needs_final_scores() -> None:
    with pytest.raises(ValueError, match="final"):
        rank_teams([TeamTry("a", 1, 1)], higher_is_better=True, by_final=True)
