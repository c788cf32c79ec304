"""Where a log keeps its hashes: tiles of 256, as in C2SP tlog-tiles.

Tile (level, index) holds the hashes of up to 256 complete subtrees of 256^level leaves, side by side. A log of a
million entries is some four thousand tiles, and a proof reads a handful of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from ronglian.engines.proof.hashing import HASH_BYTES, Hash, sha256
from ronglian.engines.proof.tree import Nodes, node_hash

WIDTH = 256
LEVELS_OF_A_TILE = 8

Place = tuple[int, int]
ReadTile = Callable[[int, int], bytes]


def grow_tiles(
    read: ReadTile, size: int, leaves: Iterable[bytes], digest: Hash = sha256
) -> Mapping[Place, bytes]:
    """The tiles that change when leaf hashes are appended to a log of `size`; `read` answers the present ones."""
    changed: dict[Place, bytearray] = {}

    def append(level: int, index: int, found: bytes) -> None:
        place = (level, index // WIDTH)
        if place not in changed:
            changed[place] = bytearray(read(*place)) if index % WIDTH else bytearray()
        tile = changed[place]
        if len(tile) != index % WIDTH * HASH_BYTES:
            raise ValueError(f"tile {place} holds {len(tile) // HASH_BYTES} hashes, not {index % WIDTH}")
        tile += found
        if len(tile) == WIDTH * HASH_BYTES:
            append(level + 1, place[1], _root_of_full(bytes(tile), digest))

    for index, leaf in enumerate(leaves, start=size):
        append(0, index, leaf)
    return {place: bytes(tile) for place, tile in changed.items()}


def nodes_in_tiles(read: ReadTile, digest: Hash = sha256) -> Nodes:
    """The hashes of complete subtrees out of stored tiles, each tile read once."""
    kept: dict[Place, bytes] = {}

    def node(level: int, index: int) -> bytes:
        tile_level, above = divmod(level, LEVELS_OF_A_TILE)
        first = index << above
        place = (tile_level, first // WIDTH)
        if place not in kept:
            kept[place] = read(*place)
        begin = first % WIDTH * HASH_BYTES
        found = kept[place][begin : begin + (HASH_BYTES << above)]
        if len(found) != HASH_BYTES << above:
            raise ValueError(f"tile {place} ends before hash {first % WIDTH + (1 << above)}")
        return _root_of_full(found, digest)

    return node


def _root_of_full(hashes: bytes, digest: Hash) -> bytes:
    """The root over a power of two of hashes written side by side."""
    row = [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]
    while len(row) > 1:
        row = [node_hash(row[at], row[at + 1], digest) for at in range(0, len(row), 2)]
    return row[0]
