"""A small chart that the server draws: shares with their intervals, along one axis. It needs no script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from ronglian.engines.matching.measures import Interval

WIDTH, HEIGHT = 520, 300
LEFT, RIGHT, TOP, BOTTOM = 52, 500, 12, 258
LEVELS = (0, 25, 50, 75, 100)


@dataclass(frozen=True, slots=True)
class Mark:
    """A point with the ends of its interval, in the units of the drawing."""

    x: str
    y: str
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Curve:
    """What the template draws: grid lines by name, points, and lines that stop where a figure is not told."""

    levels: list[tuple[str, str]]
    ticks: list[tuple[str, str]]
    marks: list[Mark]
    lines: list[str]


def draw_curve(points: Sequence[tuple[float, Interval | None]], ticks: Iterable[tuple[float, str]]) -> Curve:
    """`points` are places 0..1 along the axis with a share each, None where it is not told; `ticks` name places."""
    marks = [None if share is None else _mark(place, share) for place, share in points]
    runs = [list(run) for told, run in groupby(marks, key=bool) if told]
    return Curve(
        levels=[(_("%(share).0f %%") % {"share": level}, _height(level / 100)) for level in LEVELS],
        ticks=[(name, _across(place)) for place, name in ticks],
        marks=[mark for mark in marks if mark],
        lines=[" ".join(f"{mark.x},{mark.y}" for mark in run if mark) for run in runs],
    )


def _mark(place: float, share: Interval) -> Mark:
    return Mark(_across(place), _height(share.mean), _height(share.low), _height(share.high))


def _across(place: float) -> str:
    return f"{LEFT + place * (RIGHT - LEFT):.1f}"


def _height(share: float) -> str:
    return f"{BOTTOM - share * (BOTTOM - TOP):.1f}"
