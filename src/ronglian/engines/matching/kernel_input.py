"""What the compiled kernel is given and works in (检索内核的输入). For kernel.py, which says how it searches."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SLACK = 1e-5  # far above the rounding of single precision, far below what two different scores differ by
LOOSE = 1e-4  # the same where points are added up in single precision
NEVER = -1e300
OUT = -1e9  # points of what may not be shown, in single precision
STEPS = 4096  # of similarity, where its points are looked up
RISE = 0.05  # points by which the floor rises before the look-up tables follow


class Rows(NamedTuple):
    """Of a segment: packed tokens by row, damped counts by level, which rows live, classes of facts."""

    starts: NDArray[np.int64]
    entries: NDArray[np.uint8]
    levels: NDArray[np.float64]
    alive: NDArray[np.bool_]
    classes: NDArray[np.uint32]  # (rows, factors)


class Terms(NamedTuple):
    """Tokens of a query that have postings: where theirs begin (it moves on) and end, and what each row gets."""

    cursors: NDArray[np.int64]
    ends: NDArray[np.int64]
    weights: NDArray[np.float32]


class Tables(NamedTuple):
    """By token: query weight times weight in the row, its part of the coverage, squared weight in the row.

    The squared weights of Latin stems are negated: one look-up tells the script as well.
    """

    products: NDArray[np.float64]
    coverage: NDArray[np.float64]
    squares: NDArray[np.float64]


class Lengths(NamedTuple):
    """Of a query: squared norms by script; norm and coverage of the tokens without postings; how scripts count."""

    han: float
    latin: float
    common: float
    common_share: float
    script_floor: float
    script_share: float
    slack: float  # by how much of themselves the bounds of rows may be off


class Points(NamedTuple):
    """By fact class: the most and the fewest points, points asked for, and whether it may not be shown."""

    most: NDArray[np.float64]
    least: NDArray[np.float64]
    asked: NDArray[np.float64]
    barred: NDArray[np.bool_]
    edges: NDArray[np.int64]  # (factors + 1,)


class Scale(NamedTuple):
    """From similarities to text points: knots; what the text can bring; what a row must reach to be listed."""

    points: float
    xs: NDArray[np.float64]
    ys: NDArray[np.float64]
    similarity: float
    coverage: float


class Room(NamedTuple):
    """To work in: sums and bounds of all rows, and what tokens without postings bring, by number."""

    sums: NDArray[np.float32]
    bounds: NDArray[np.float32]
    common: NDArray[np.float64]


class Kept(NamedTuple):
    """Rows that may be among the best: products, squared norms by script, coverage, lowest and highest score."""

    rows: NDArray[np.int64]
    values: NDArray[np.float64]  # (rows, 6)
