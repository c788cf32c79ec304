"""Two quantities that are one value: ranges, tolerances, bounds on both sides (数值区间)."""

import re
from dataclasses import dataclass

from ronglian.engines.text.scanning import Quantity

_RANGE = re.compile(r"\s?(?:~{1,2}|-{1,4}|—{1,2}|–|－|至|到|～|to|and|\.{2,3}|…)\s?")
_TWO_SIDED = re.compile(r"\s?[≤<]=?\s?([^≤<,，;；]{1,20}?)\s?[≤<]=?\s?")


@dataclass(slots=True)
class Value:
    """A quantity, or two joined into a range; ``name`` is what stands between two-sided bounds."""

    first: Quantity
    last: Quantity
    low: float
    high: float
    unit: str | None
    is_range: bool = False
    name: str = ""

    @property
    def start(self) -> int:
        return self.first.start

    @property
    def end(self) -> int:
        return self.last.end


def join_quantities(folded: str, quantities: list[Quantity]) -> list[Value]:
    """Values in order of appearance, each of one quantity or of two."""
    values: list[Value] = []
    at = 0
    while at < len(quantities):
        first = quantities[at]
        second = quantities[at + 1] if at + 1 < len(quantities) else None
        joined = _join_two(folded, first, second) if second is not None else None
        values.append(joined or _single(first))
        at += 2 if joined else 1
    return values


def _single(quantity: Quantity) -> Value:
    low = -quantity.value if quantity.tolerance else quantity.value
    return Value(quantity, quantity, low, quantity.value, quantity.unit, quantity.tolerance)


def _join_two(folded: str, first: Quantity, second: Quantity) -> Value | None:
    between = folded[first.end : second.start]
    unit = first.unit if first.unit is not None else second.unit
    if first.unit is not None and second.unit is not None and first.unit != second.unit:
        return None
    if second.tolerance and not first.tolerance and not between.strip():
        return Value(
            first, second, _sum(first.value, -second.value), _sum(first.value, second.value), unit, True
        )
    two_sided = _TWO_SIDED.fullmatch(between)
    if two_sided and first.value < second.value:
        return Value(first, second, first.value, second.value, unit or second.unit, True, two_sided.group(1))
    if not _RANGE.fullmatch(between) or first.tolerance or second.tolerance:
        return None
    if between.strip() in {"and"} and not re.search(r"\bbetween\s?$", folded[: first.start], re.IGNORECASE):
        return None
    low, high = first.value, second.value
    if (
        second.scaled
        and not first.scaled
        and first.unit is None
        and "万" in folded[second.start : second.end]
    ):
        low *= 10_000.0  # 5-8万吨: the scale behind the second number holds for both
    elif (
        second.scaled
        and not first.scaled
        and first.unit is None
        and "亿" in folded[second.start : second.end]
    ):
        low *= 100_000_000.0
    if high < 0 <= low and re.fullmatch(r"\s?", between):
        return None
    return Value(first, second, low, high, unit, True)


def _sum(left: float, right: float) -> float:
    return float(f"{left + right:.12g}")
