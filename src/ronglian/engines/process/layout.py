"""Where the boxes of a picture go: a layered layout (分层布局). Whole numbers, no chance: the same data, the same picture.

Back edges are turned round, layers are longest paths, edges that cross layers get invisible boxes, layers are ordered by
barycentres in eight sweeps (K. Sugiyama, S. Tagawa, M. Toda, IEEE Trans. SMC 11(2), 1981), and columns are found by isotonic
regression: as near to the neighbours' middle as the order and the gaps allow (R. E. Barlow et al. 1972).
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

SWEEPS = 8
GAP = 18
BETWEEN = 34
Edge = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels."""

    width: int
    height: int


@dataclass(slots=True)
class Placed:
    """Centres of boxes, corners of edges (from source to target) and the size of the whole."""

    centres: dict[str, tuple[int, int]] = field(default_factory=dict)
    paths: dict[Edge, list[tuple[int, int]]] = field(default_factory=dict)
    turned: set[Edge] = field(default_factory=set)
    size: Size = Size(0, 0)


def place(sizes: Mapping[str, Size], edges: Sequence[Edge]) -> Placed:
    """Lay out boxes of these sizes; boxes and edges come in the order in which they are written."""
    turned = _back_edges(list(sizes), edges)
    forward = [(b, a) if (a, b) in turned else (a, b) for a, b in edges]
    layer = _layers(list(sizes), forward)
    chains, boxes = _chains(forward, layer, dict(sizes))
    rows = _ordered(boxes, layer, chains)
    centres = _columns(rows, boxes, chains)
    placed = Placed(turned=turned)
    top = 0
    for row in rows:
        height = max(boxes[name].height for name in row)
        for name in row:
            placed.centres[name] = (centres[name], top + height // 2)
        top += height + BETWEEN
    for original, pair in zip(edges, forward, strict=True):
        points = [placed.centres[name] for name in chains[pair]]
        placed.paths[original] = points[::-1] if original in turned else points
    left = min((x - boxes[name].width // 2 for name, (x, _y) in placed.centres.items()), default=0)
    right = max((x + boxes[name].width // 2 for name, (x, _y) in placed.centres.items()), default=0)
    placed.centres = {name: (x - left, y) for name, (x, y) in placed.centres.items()}
    placed.paths = {edge: [(x - left, y) for x, y in points] for edge, points in placed.paths.items()}
    placed.size = Size(right - left, max(0, top - BETWEEN))
    return placed


def _back_edges(names: list[str], edges: Sequence[Edge]) -> set[Edge]:
    """The edges that close a cycle when one walks depth first from the first box on."""
    following: dict[str, list[str]] = {name: [] for name in names}
    for a, b in edges:
        following[a].append(b)
    found: set[Edge] = set()
    done: set[str] = set()
    for root in names:
        if root in done:
            continue
        path, walk = {root}, [(root, iter(following[root]))]
        while walk:
            here, rest = walk[-1]
            there = next(rest, None)
            if there is None:
                walk.pop()
                path.discard(here)
                done.add(here)
            elif there in path:
                found.add((here, there))
            elif there not in done:
                path.add(there)
                walk.append((there, iter(following[there])))
    return found


def _layers(names: list[str], edges: Sequence[Edge]) -> dict[str, int]:
    layer = dict.fromkeys(names, 0)
    for _ in names:  # longest paths in a graph without cycles settle after as many rounds as it has boxes
        changed = False
        for a, b in edges:
            if layer[b] < layer[a] + 1:
                layer[b], changed = layer[a] + 1, True
        if not changed:
            break
    joined = {name for edge in edges for name in edge}
    last = max(layer.values(), default=0)
    return {name: at if name in joined or len(names) == 1 else last for name, at in layer.items()}


def _chains(
    edges: Sequence[Edge], layer: dict[str, int], boxes: dict[str, Size]
) -> tuple[dict[Edge, list[str]], dict[str, Size]]:
    """Each edge as boxes from layer to layer; the invisible ones are added to both tables."""
    chains: dict[Edge, list[str]] = {}
    for a, b in edges:
        chain = [a]
        for between in range(layer[a] + 1, layer[b]):
            name = f"~{a}~{b}~{between}"
            layer[name], boxes[name] = between, Size(8, 8)
            chain.append(name)
        chains[a, b] = [*chain, b]
    return chains, boxes


def _ordered(
    boxes: Mapping[str, Size], layer: Mapping[str, int], chains: Mapping[Edge, list[str]]
) -> list[list[str]]:
    rows: list[list[str]] = [[] for _ in range(max(layer.values(), default=-1) + 1)]
    for name in boxes:
        rows[layer[name]].append(name)
    above, below = _neighbours(boxes, chains)
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        order = range(1, len(rows)) if down else range(len(rows) - 2, -1, -1)
        for at in order:
            other = rows[at - 1] if down else rows[at + 1]
            at_place = {name: place for place, name in enumerate(other)}
            near = above if down else below
            rows[at] = sorted(rows[at], key=lambda name: _middle(near[name], at_place, rows[at].index(name)))
    return rows


def _neighbours(
    boxes: Mapping[str, Size], chains: Mapping[Edge, list[str]]
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    above: dict[str, list[str]] = {name: [] for name in boxes}
    below: dict[str, list[str]] = {name: [] for name in boxes}
    for chain in chains.values():
        for a, b in itertools.pairwise(chain):
            below[a].append(b)
            above[b].append(a)
    return above, below


def _middle(near: list[str], at_place: Mapping[str, int], otherwise: int) -> float:
    return sum(at_place[name] for name in near) / len(near) if near else float(otherwise)


def _columns(
    rows: list[list[str]], boxes: Mapping[str, Size], chains: Mapping[Edge, list[str]]
) -> dict[str, int]:
    above, below = _neighbours(boxes, chains)
    centre: dict[str, float] = {}
    for row in rows:
        x = -sum(boxes[name].width + GAP for name in row) / 2
        for name in row:
            centre[name] = x + boxes[name].width / 2
            x += boxes[name].width + GAP
    for sweep in range(SWEEPS):
        for row in rows if sweep % 2 == 0 else rows[::-1]:
            near = {name: above[name] + below[name] for name in row}
            wished = [
                sum(centre[other] for other in near[name]) / len(near[name]) if near[name] else centre[name]
                for name in row
            ]
            for name, x in zip(row, _spaced(wished, [boxes[name].width for name in row]), strict=True):
                centre[name] = x
    return {name: round(x) for name, x in centre.items()}


def _spaced(wished: list[float], widths: list[int]) -> list[float]:
    """The places nearest to those wished (least squares) that keep the order and the gaps."""
    offsets, total = [], 0.0
    for at, width in enumerate(widths):
        total += 0 if at == 0 else (widths[at - 1] + width) / 2 + GAP
        offsets.append(total)
    blocks: list[tuple[float, int]] = []  # sum and number of what is level
    for wish, offset in zip(wished, offsets, strict=True):
        blocks.append((wish - offset, 1))
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            last = blocks.pop()
            blocks[-1] = (blocks[-1][0] + last[0], blocks[-1][1] + last[1])
    level = [total / number for total, number in blocks for _ in range(number)]
    return [x + offset for x, offset in zip(level, offsets, strict=True)]
