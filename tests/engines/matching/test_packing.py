"""Packed lists come back as they were, in numpy and in the kernel."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ronglian.engines.matching.packing import LAYOUTS, Rows, pack, starts_of, unpack

_lists = st.lists(
    st.dictionaries(
        st.integers(0, 3_000_000) | st.integers(0, 300), st.integers(0, 9_000) | st.integers(0, 8)
    ),
    max_size=6,
)


@settings(max_examples=200, deadline=None)
@given(_lists, st.sampled_from(sorted(LAYOUTS, key=str)))
def test_packed_lists_come_back(lists: list[dict[int, int]], kind: np.dtype[np.unsignedinteger]) -> None:
    starts = starts_of(np.array([len(each) for each in lists], dtype=np.int64))
    items = np.array([number for each in lists for number in sorted(each)], dtype=np.int64)
    levels = np.array([each[number] for each in lists for number in sorted(each)], dtype=np.int64)

    packed = pack(Rows(starts, items), levels, kind.type)
    found, found_levels = unpack(packed)

    assert packed.items.dtype == kind
    assert found.starts.tolist() == starts.tolist()
    assert found.items.tolist() == items.tolist()
    assert found_levels.tolist() == levels.tolist()


@pytest.mark.parametrize("rows", [1, 20_000])
def test_the_kernel_posts_what_the_rows_hold(rows: int) -> None:
    from ronglian.engines.matching import packed_kernel  # noqa: PLC0415 - costs a second

    chance = np.random.default_rng(rows)
    sizes = np.where(chance.random(rows) < 0.01, 3, 0)
    items = np.concatenate(
        [np.zeros(0, dtype=int), *(np.sort(chance.permutation(5)[:size]) for size in sizes)]
    )
    levels = chance.choice([0, 1, 5, 6, 70, 9_000], len(items))
    packed = pack(Rows(starts_of(sizes), items), levels, np.uint8)

    posted = np.array([True, False, True, True, True])
    starts, entries = packed_kernel.post(packed.starts, packed.items, posted)
    lists, found_levels = unpack(Rows(starts, entries))

    owners = np.repeat(np.arange(rows), sizes)
    for token in range(5):
        chosen = (items == token) & posted[token]
        assert lists.row(token).tolist() == owners[chosen].tolist()
        assert found_levels[lists.starts[token] : lists.starts[token + 1]].tolist() == levels[chosen].tolist()
