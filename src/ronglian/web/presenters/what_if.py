"""What payment after use would bring, as a table and as bars that the server draws: what falls due each year, and the
price of a buy-out at its end. The table says the same in figures, so the drawing needs no words for those who hear it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ronglian.engines.money import Year
from ronglian.web.presenters.cases import money

LEFT, RIGHT, TOP, BOTTOM = 8, 512, 30, 216
BAR_PART = 0.5


@dataclass(frozen=True, slots=True)
class YearLine:
    """A row of the table."""

    year: Year
    base: str
    due: str
    total: str
    buy_out: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One year in the units of the drawing."""

    number: int
    x: str
    y: str
    width: str
    height: str
    middle: str


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars of what falls due, and the line of the buy-out."""

    bars: list[Bar]
    line: str
    highest: str


def year_lines(years: Sequence[Year]) -> list[YearLine]:
    return [
        YearLine(year, money(year.base), money(year.due), money(year.total), money(year.buy_out))
        for year in years
    ]


def draw_years(years: Sequence[Year]) -> Bars | None:
    """None where nothing would ever be paid."""
    highest = max([0, *(year.due for year in years), *(year.buy_out or 0 for year in years)])
    if not highest:
        return None
    width = (RIGHT - LEFT) / len(years)
    bars, points = [], []
    for at, year in enumerate(years):
        left, middle = LEFT + at * width, LEFT + (at + 0.5) * width
        height = year.due / highest * (BOTTOM - TOP)
        bars.append(
            Bar(
                year.number,
                f"{left + width * (1 - BAR_PART) / 2:.1f}",
                f"{BOTTOM - height:.1f}",
                f"{width * BAR_PART:.1f}",
                f"{height:.1f}",
                f"{middle:.1f}",
            )
        )
        if year.buy_out is not None:
            points.append(f"{middle:.1f},{BOTTOM - year.buy_out / highest * (BOTTOM - TOP):.1f}")
    return Bars(bars, " ".join(points), money(highest))
