"""Packed lists come back as they were, in numpy and in the kernel."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ronglian.engines.matching.packing import Rows, pack, starts_of, unpack

_lists = st.lists(
    st.dictionaries(
        st.integers(0, 3_000_000) | st.integers(0, 300), st.integers(0, 9_000) | st.integers(0, 8)
    ),
    max_size=6,
)


@settings(max_examples=200, deadline=None)
@given(_lists)
def test_packed_lists_come_back(lists: list[dict[int, int]]) -> None:
    starts = starts_of(np.array([len(each) for each in lists], dtype=np.int64))
    items = np.array([number for each in lists for number in sorted(each)], dtype=np.int64)
    levels = np.array([each[number] for each in lists for number in sorted(each)], dtype=np.int64)

    packed = pack(Rows(starts, items), levels)
    found, found_levels = unpack(packed)

    assert packed.items.dtype == np.uint8
    assert found.starts.tolist() == starts.tolist()
    assert found.items.tolist() == items.tolist()
    assert found_levels.tolist() == levels.tolist()


@pytest.mark.parametrize("rows", [1, 20_000, 140_000])
def test_the_kernel_posts_what_the_rows_hold(rows: int) -> None:
    from ronglian.engines.matching import packed_kernel  # noqa: PLC0415 - costs a second

    chance = np.random.default_rng(rows)
    sizes = np.where(chance.random(rows) < 0.01, 3, 0)
    items = np.concatenate(
        [np.zeros(0, dtype=int), *(np.sort(chance.permutation(5)[:size]) for size in sizes)]
    )
    levels = chance.choice([0, 1, 5, 6, 70, 9_000], len(items))
    packed = pack(Rows(starts_of(sizes), items), levels)

    posted = np.array([True, False, True, True, True])
    starts, entries = packed_kernel.post(packed.starts, packed.items, posted, 9_001)

    owners = np.repeat(np.arange(rows), sizes)
    for token in range(5):
        chosen = (items == token) & posted[token]
        found = _read_runs(entries[starts[token] : starts[token + 1]].tolist())
        assert sorted(found) == list(zip(owners[chosen].tolist(), levels[chosen].tolist(), strict=True))
        holding = packed_kernel.list_rows(starts, entries, np.array([token]), rows)
        assert np.flatnonzero(holding).tolist() == owners[chosen].tolist()


def _read_runs(entries: list[int]) -> list[tuple[int, int]]:
    """Rows and levels."""
    found = []
    while entries:
        block, level, more = entries[:3]
        found += [((block << 16) + row, level) for row in entries[3 : 4 + more]]
        entries = entries[4 + more :]
    return found
