"""An amount divided by weights so that the parts add up to it (最大余额法)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def allocate(total: int, weights: Sequence[int | Fraction]) -> tuple[int, ...]:
    """The parts of `total` fen, one for each weight: largest remainder (Hamilton), ties to whoever stands first.

    Every part is less than one fen away from its exact share, and they add up. Raises TypeError for what is no whole
    number of fen or no exact weight, ValueError for a negative amount or weight, or where no weight is above zero.
    """
    if not _is_whole(total):
        raise TypeError("an amount is a whole number of fen")
    if not all(_is_whole(weight) or isinstance(weight, Fraction) for weight in weights):
        raise TypeError("a weight is a whole number or a fraction")
    if total < 0 or any(weight < 0 for weight in weights):
        raise ValueError("amounts and weights are not negative")
    whole = sum(weights, Fraction(0))
    if not whole:
        raise ValueError("at least one weight is above zero")
    exact = [total * Fraction(weight) / whole for weight in weights]
    parts = [share.numerator // share.denominator for share in exact]
    by_remainder = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in by_remainder[: total - sum(parts)]:
        parts[place] += 1
    return tuple(parts)


def share_of(amount: int, rate: Fraction) -> int:
    """`rate` of `amount` fen, half a fen upwards: what a rate of a contract or a law makes of one amount.

    Raises TypeError for what is no whole number of fen or no exact rate, ValueError for negatives.
    """
    if not _is_whole(amount) or not (_is_whole(rate) or isinstance(rate, Fraction)):
        raise TypeError("an amount is a whole number of fen, and a rate a fraction")
    if amount < 0 or rate < 0:
        raise ValueError("amounts and rates are not negative")
    exact = amount * Fraction(rate)
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
