"""Deadlines: the worked table of docs/explanation/algorithms/processes.md."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from ronglian.engines.process import Duration, Faulty, MissingYear, compute_due, read_calendar
from ronglian.engines.process.definition import Unit
from tests.engines.process.samples import CALENDAR

CHINA = timezone(timedelta(hours=8))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("since", "number", "unit", "due"),
    [
        ("2026-02-13 10:00", 1, "working_days", "2026-02-15 00:00"),
        ("2026-02-13 10:00", 5, "working_days", "2026-02-28 00:00"),
        ("2026-02-13 10:00", 5, "days", "2026-02-25 00:00"),
        ("2026-02-13 10:00", 48, "hours", "2026-02-15 10:00"),
        ("2026-01-31 10:00", 1, "months", "2026-03-01 00:00"),
        # half a second before midnight in Beijing is still that day
        ("2026-03-02 23:59:59", 1, "working_days", "2026-03-04 00:00"),
        ("2026-03-03 00:00", 1, "working_days", "2026-03-05 00:00"),
        ("2025-12-31 10:00", 1, "working_days", "2026-01-05 00:00"),
        # Sunday 20 (make-up day), 21–24, 28–30 September, 8 and 9 October
        ("2026-09-18 10:00", 10, "working_days", "2026-10-10 00:00"),
    ],
)
def test_periods_end_as_the_table_says(since: str, number: int, unit: Unit, due: str) -> None:
    assert compute_due(CALENDAR, at(since), Duration(number, unit)) == at(due)


def test_days_on_which_the_clock_stood_are_not_counted() -> None:
    pause = (at("2026-02-24 09:00"), at("2026-02-25 18:00"))
    due = compute_due(CALENDAR, at("2026-02-13 10:00"), Duration(5, "working_days"), [pause])
    assert due == at("2026-03-03 00:00")
    hours = compute_due(
        CALENDAR,
        at("2026-02-13 10:00"),
        Duration(48, "hours"),
        [(at("2026-02-14 00:00"), at("2026-02-14 06:00"))],
    )
    assert hours == at("2026-02-15 16:00")
    assert (
        compute_due(CALENDAR, at("2026-02-13 10:00"), Duration(1, "days"), [(at("2026-02-13 11:00"), None)])
        is None
    )


def test_a_missing_year_is_named_and_not_guessed() -> None:
    with pytest.raises(MissingYear) as missing:
        compute_due(CALENDAR, at("2026-12-20 10:00"), Duration(30, "working_days"))
    assert missing.value.year == 2027
    assert "2027" in missing.value.words.zh
    # days that end within a known year need no other
    assert compute_due(CALENDAR, at("2026-12-20 10:00"), Duration(10, "days")) == at("2026-12-31 00:00")


def test_working_days_of_2026_are_as_many_as_the_notice_leaves() -> None:
    days = [datetime(2026, 1, 1, tzinfo=CHINA).date() + timedelta(days=n) for n in range(365)]
    # 261 weekdays; 19 of them rest, 6 weekend days are worked
    rest = [day for day in CALENDAR.years[2026].rest if day.weekday() < 5]
    assert sum(map(CALENDAR.is_working_day, days)) == 261 - len(rest) + 6


def test_a_calendar_with_a_weekday_as_make_up_day_is_refused() -> None:
    text = 'calendar: x\nname: {zh: 甲, en: A}\nutc_offset: "+8:00"\nrolls_over: yes\nyears:\n  2026: {source: s, rest: [01-01], worked: [01-05]}\n'
    with pytest.raises(Faulty, match="no weekend"):
        read_calendar(text, "x.yaml")
