"""Linear equations in whole numbers, solved without rounding: the same answer on every machine."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def solve_exactly(matrix: Sequence[Sequence[int]], right: Sequence[int]) -> list[Fraction]:
    """x with matrix · x = right, for a positive definite matrix, by elimination without fractions.

    Every division is exact, so that numbers stay as short as determinants (Bareiss, Mathematics of Computation 22, 1968).
    """
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size, before = len(rows), 1
    for at in range(size):
        pivot_row = rows[at]
        pivot = pivot_row[at]
        for row in rows[at + 1 :]:
            factor = row[at]
            for column in range(at + 1, size + 1):
                row[column] = (row[column] * pivot - factor * pivot_row[column]) // before
            row[at] = 0
        before = pivot
    found = [Fraction(0)] * size
    for at in reversed(range(size)):
        rest = rows[at][size] - sum(rows[at][column] * found[column] for column in range(at + 1, size))
        found[at] = Fraction(rest) / rows[at][at]
    return found
