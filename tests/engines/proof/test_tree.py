"""Every proof holds for what it proves and for nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ronglian.engines.proof import (
    consistency_path,
    grow_tiles,
    hash_named,
    inclusion_path,
    leaf_hash,
    nodes_in_tiles,
    root_of,
    stored_root,
    verify_consistency,
    verify_inclusion,
)
from ronglian.engines.proof.tiles import Place
from tests.engines.proof.test_vectors import nodes_over

MOST = 70
HASHES = [leaf_hash(str(number).encode()) for number in range(1100)]
quick = settings(max_examples=150, deadline=None)
sizes = st.integers(1, MOST)


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def recursive_root(hashes: list[bytes]) -> bytes:
    """The definition of RFC 9162, 2.1.1, as it stands there."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    digest = hash_named("sha256")
    return digest(b"\x01" + recursive_root(hashes[:split]) + recursive_root(hashes[split:]))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 64, 65, 1000])
def test_the_root_is_the_one_defined(size: int) -> None:
    assert root_of(HASHES[:size]) == recursive_root(HASHES[:size])


def test_every_inclusion_proof_holds() -> None:
    nodes = nodes_over(HASHES)
    for size in range(1, MOST):
        root = root_of(HASHES[:size])
        for index in range(size):
            path = inclusion_path(nodes, index, size)
            assert verify_inclusion(HASHES[index], index, size, path, root)


def test_every_consistency_proof_holds() -> None:
    nodes = nodes_over(HASHES)
    roots = [root_of(HASHES[:size]) for size in range(MOST)]
    for new in range(1, MOST):
        for old in range(1, new + 1):
            path = consistency_path(nodes, old, new)
            assert verify_consistency(old, new, roots[old], roots[new], path)


@quick
@given(sizes, st.data())
def test_an_inclusion_proof_holds_for_nothing_else(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    path, root = inclusion_path(nodes_over(HASHES), index, size), root_of(HASHES[:size])
    bit = data.draw(st.integers(0, 255))
    assert not verify_inclusion(flipped(HASHES[index], bit), index, size, path, root)
    assert not verify_inclusion(HASHES[index], index, size, path, flipped(root, bit))
    assert not verify_inclusion(HASHES[index], index, size, [*path, root], root)
    assert not verify_inclusion(HASHES[index], size, size, path, root)
    if path:
        step = data.draw(st.integers(0, len(path) - 1))
        changed = [*path[:step], flipped(path[step], bit), *path[step + 1 :]]
        assert not verify_inclusion(HASHES[index], index, size, changed, root)
        assert not verify_inclusion(HASHES[index], index, size, path[:-1], root)
    other = data.draw(st.integers(0, size - 1).filter(lambda found: found != index)) if size > 1 else -1
    assert not verify_inclusion(HASHES[index], other, size, path, root)


@quick
@given(sizes, st.data())
def test_a_consistency_proof_holds_for_nothing_else(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    path = consistency_path(nodes_over(HASHES), old, new)
    old_root, new_root = root_of(HASHES[:old]), root_of(HASHES[:new])
    bit = data.draw(st.integers(0, 255))
    assert not verify_consistency(old, new, flipped(old_root, bit), new_root, path)
    assert not verify_consistency(old, new, old_root, flipped(new_root, bit), path)
    assert not verify_consistency(old, new, old_root, new_root, [*path, new_root])
    if path:
        step = data.draw(st.integers(0, len(path) - 1))
        changed = [*path[:step], flipped(path[step], bit), *path[step + 1 :]]
        assert not verify_consistency(old, new, old_root, new_root, changed)
        assert not verify_consistency(old, new, old_root, new_root, path[:-1])


@quick
@given(st.lists(st.integers(0, 300), max_size=5))
def test_tiles_grown_in_any_steps_hold_the_same_tree(steps: list[int]) -> None:
    tiles: dict[Place, bytes] = {}
    size = 0

    def read(level: int, index: int) -> bytes:
        return tiles.get((level, index), b"")

    for step in steps:
        tiles |= grow_tiles(read, size, HASHES[size : size + step][: len(HASHES) - size])
        size = min(size + step, len(HASHES))
    nodes = nodes_in_tiles(lambda level, index: tiles[level, index])
    assert stored_root(nodes, size) == root_of(HASHES[:size])
    for index in {0, size // 2, size - 1} if size else set():
        path = inclusion_path(nodes, index, size)
        assert path == inclusion_path(nodes_over(HASHES), index, size)


def test_a_tile_that_lost_a_hash_is_noticed() -> None:
    tiles = grow_tiles(lambda _level, _index: b"", 0, HASHES[:10])
    with pytest.raises(ValueError, match="holds 9 hashes"):
        grow_tiles(lambda level, index: tiles[level, index][:-32], 10, HASHES[10:11])


@pytest.mark.parametrize(("old", "new"), [(0, 5), (6, 5), (-1, 5)])
def test_there_is_no_proof_of_what_cannot_be(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="cannot go on"):
        consistency_path(nodes_over(HASHES), old, new)
    assert not verify_consistency(old, new, HASHES[0], HASHES[1], [])
