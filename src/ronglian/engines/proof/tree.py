"""The Merkle tree of RFC 9162, section 2.1: root, inclusion and consistency proofs, and their verification.

A leaf is hashed behind 0x00 and an inner node behind 0x01, so that neither can pass for the other. The tree over n
leaves splits at the largest power of two below n. Nothing here keeps the leaves: `Frontier` grows a root from their
hashes one by one, and proofs are made from the hashes of complete subtrees, wherever these are stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from ronglian.engines.proof.hashing import Hash, sha256

# The hash of the complete subtree of 2^level leaves that begins at leaf index · 2^level.
Nodes = Callable[[int, int], bytes]
Path = Sequence[bytes]


def leaf_hash(data: bytes, digest: Hash = sha256) -> bytes:
    return digest(b"\x00" + data)


def node_hash(left: bytes, right: bytes, digest: Hash = sha256) -> bytes:
    return digest(b"\x01" + left + right)


@dataclass(slots=True)
class Frontier:
    """The right edge of a growing tree: the roots of its complete subtrees, the largest first.

    Appending costs one hash on average; the root costs one hash for each subtree.
    """

    size: int = 0
    digest: Hash = sha256
    roots: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> None:
        """Add a leaf by its hash."""
        self.roots.append(leaf)
        merges = self.size
        while merges & 1:
            right = self.roots.pop()
            self.roots.append(node_hash(self.roots.pop(), right, self.digest))
            merges >>= 1
        self.size += 1

    def root(self) -> bytes:
        """The root over all leaves so far; of none it is the hash of nothing."""
        if not self.roots:
            return self.digest(b"")
        found = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            found = node_hash(left, found, self.digest)
        return found


def root_of(leaves: Iterable[bytes], digest: Hash = sha256) -> bytes:
    """The root over leaf hashes."""
    frontier = Frontier(digest=digest)
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def stored_root(nodes: Nodes, size: int, digest: Hash = sha256) -> bytes:
    """The root of the first `size` leaves, from the stored nodes."""
    return _range_hash(nodes, 0, size, digest) if size else digest(b"")


def inclusion_path(nodes: Nodes, index: int, size: int, digest: Hash = sha256) -> list[bytes]:
    """What proves that leaf `index` is in the tree of `size` leaves, nearest first (RFC 9162, 2.1.3.1).

    Raises ValueError unless 0 <= index < size.
    """
    if not 0 <= index < size:
        raise ValueError(f"there is no leaf {index} in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        split = start + _largest_power_below(end - start)
        if index < split:
            path.append(_range_hash(nodes, split, end, digest))
            end = split
        else:
            path.append(_range_hash(nodes, start, split, digest))
            start = split
    return path[::-1]


def consistency_path(nodes: Nodes, old: int, new: int, digest: Hash = sha256) -> list[bytes]:
    """What proves that the tree of `new` leaves begins with the tree of `old` (RFC 9162, 2.1.4.1).

    Raises ValueError unless 0 < old <= new.
    """
    if not 0 < old <= new:
        raise ValueError(f"a tree of {new} leaves cannot go on from one of {old}")
    path: list[bytes] = []
    start, end, is_whole = 0, new, True
    while old != end:
        split = start + _largest_power_below(end - start)
        if old <= split:
            path.append(_range_hash(nodes, split, end, digest))
            end = split
        else:
            path.append(_range_hash(nodes, start, split, digest))
            start, is_whole = split, False
    if not is_whole:
        path.append(_range_hash(nodes, start, end, digest))
    return path[::-1]


def verify_inclusion(
    leaf: bytes, index: int, size: int, path: Path, root: bytes, digest: Hash = sha256
) -> bool:
    """Whether the path leads from the leaf's hash to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(sibling, found, digest)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, sibling, digest)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def verify_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, path: Path, digest: Hash = sha256
) -> bool:
    """Whether the newer root goes on from the older one (RFC 9162, 2.1.4.2)."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    steps = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not steps:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    from_old = from_new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            from_old, from_new = node_hash(step, from_old, digest), node_hash(step, from_new, digest)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            from_new = node_hash(from_new, step, digest)
        place, last = place >> 1, last >> 1
    return last == 0 and from_old == old_root and from_new == new_root


def _range_hash(nodes: Nodes, start: int, end: int, digest: Hash) -> bytes:
    """The root over leaves start … end-1; `start` is a multiple of the first subtree below it."""
    width = end - start
    level = width.bit_length() - 1
    if width == 1 << level:
        return nodes(level, start >> level)
    split = start + _largest_power_below(width)
    return node_hash(_range_hash(nodes, start, split, digest), _range_hash(nodes, split, end, digest), digest)


def _largest_power_below(number: int) -> int:
    return 1 << ((number - 1).bit_length() - 1)
