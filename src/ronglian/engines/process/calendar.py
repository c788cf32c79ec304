"""When a period ends: hours, days, working days, months; Civil Code Art. 200–204 (期限计算).

A calendar is dated data: for each year the rest days beside weekends and the weekends that are worked. A year that is not
there raises MissingYear. Worked examples: docs/explanation/algorithms/processes.md.
"""

from __future__ import annotations

import calendar as months_of
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone

from ronglian.engines.process.definition import DeadlineUnknown, Duration
from ronglian.engines.process.faults import Fault, Faulty
from ronglian.engines.text.outline import OutlineError, read_outline
from ronglian.engines.text.wording import Words

DAY = timedelta(days=1)
SATURDAY = 5
Pause = tuple[datetime, datetime | None]


class MissingYear(DeadlineUnknown):
    """The calendar has no data for a year that a period reaches into."""

    def __init__(self, calendar: str, year: int) -> None:
        super().__init__(
            Words(
                f"工作日历“{calendar}”没有{year}年的放假安排，期限算不出来。请把该年的通知补入规则库。",
                f"The working-day calendar “{calendar}” has no data for {year}, so the deadline is not known. "
                "Add that year's notice to the rulebook.",
            )
        )
        self.calendar, self.year = calendar, year


@dataclass(frozen=True, slots=True)
class Year:
    """One year's notice."""

    rest: frozenset[date]
    worked: frozenset[date]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """工作日历. `rolls_over`: a period in days that ends on a rest day ends with the next working day (Art. 203)."""

    id: str
    name: Words
    utc_offset: timedelta
    rolls_over: bool
    years: Mapping[int, Year] = field(default_factory=dict)

    def is_working_day(self, day: date) -> bool:
        """Raises MissingYear."""
        year = self.years.get(day.year)
        if year is None:
            raise MissingYear(self.id, day.year)
        return day in year.worked or (day.weekday() < SATURDAY and day not in year.rest)

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(timezone(self.utc_offset)).date()

    def end_of(self, day: date) -> datetime:
        """24:00 of that day, in UTC."""
        return datetime.combine(day + DAY, time(), timezone(self.utc_offset)).astimezone(UTC)


def compute_due(
    calendar: Calendar, since: datetime, period: Duration, pauses: Iterable[Pause] = ()
) -> datetime | None:
    """The moment in UTC at which the period is over; None while the clock stands. Raises MissingYear.

    `since` and the pauses are aware moments. A pause without an end still lasts.
    """
    stood = [(max(start, since), end) for start, end in pauses if end is None or end > since]
    if any(end is None for _start, end in stood):
        return None
    if period.unit == "hours":
        return _hours(since, timedelta(hours=period.number), [(a, b) for a, b in stood if b is not None])
    still = {day for start, end in stood for day in _days(calendar, start, end)}
    first = calendar.day_of(since)
    if period.unit == "months":
        last = _months_later(first, period.number)
        for _ in range(sum(first < day <= last for day in still)):
            last += DAY
            while last in still:
                last += DAY
    else:
        last = _counted(calendar, first, period, still)
    if period.unit != "working_days" and calendar.rolls_over:
        while not calendar.is_working_day(last):
            last += DAY
    return calendar.end_of(last)


def _hours(since: datetime, length: timedelta, stood: list[tuple[datetime, datetime]]) -> datetime:
    due = since + length
    for start, end in sorted(stood):
        if start < due:
            due += end - start
    return due.astimezone(UTC)


def _counted(calendar: Calendar, first: date, period: Duration, still: set[date]) -> date:
    day, left = first, period.number
    while left:
        day += DAY
        counts = period.unit == "days" or calendar.is_working_day(day)
        left -= counts and day not in still
    return day


def _months_later(day: date, number: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    return date(year, month + 1, min(day.day, months_of.monthrange(year, month + 1)[1]))


def _days(calendar: Calendar, start: datetime, end: datetime | None) -> Iterable[date]:
    """The days on which the clock stood, even for a part."""
    day, last = calendar.day_of(start), calendar.day_of(end or start)
    while day <= last:
        yield day
        day += DAY


def read_calendar(text: str, file: str) -> Calendar:
    """The calendar that a file of the rulebook holds. Raises Faulty."""
    try:
        root = read_outline(text).plain
        assert isinstance(root, dict)
        hours, _, minutes = root["utc_offset"].partition(":")
        return Calendar(
            id=root["calendar"],
            name=Words(root["name"]["zh"], root["name"]["en"]),
            utc_offset=timedelta(hours=int(hours), minutes=int(minutes)),
            rolls_over=root["rolls_over"] == "yes",
            years={int(year): _year(int(year), said) for year, said in root["years"].items()},
        )
    except OutlineError as error:
        raise Faulty([Fault.of_outline(file, error)]) from error
    except (AssertionError, KeyError, ValueError, TypeError, AttributeError) as error:
        words = Words(
            f"这不是工作日历：{error}。需要 calendar、name、utc_offset、rolls_over、years。",
            f"This is no working-day calendar: {error}. It has calendar, name, utc_offset, rolls_over and years.",
        )
        raise Faulty([Fault(file, 1, "", "calendar", words)]) from error


def _year(year: int, said: dict[str, object]) -> Year:
    days = {}
    for kind in ("rest", "worked"):
        listed = said[kind]
        assert isinstance(listed, list)
        days[kind] = frozenset(day for text in listed for day in _span(year, text))
    wrong = [day for day in days["worked"] if day.weekday() < SATURDAY or day in days["rest"]]
    if wrong:
        raise ValueError(f"{min(wrong)} is no weekend that is worked")
    return Year(days["rest"], days["worked"], str(said["source"]))


def _span(year: int, text: str) -> Iterable[date]:
    """`02-15..02-23`, or one day."""
    first, _, last = text.partition("..")
    day, end = (date.fromisoformat(f"{year}-{part}") for part in (first, last or first))
    if day > end:
        raise ValueError(f"{text} ends before it begins")
    while day <= end:
        yield day
        day += DAY


def about_days(period: Duration) -> float:
    """About how long a period is, in days: for simulation and for ordering. A working day counts 7/5 of a day."""
    return period.number * {"hours": 1 / 24, "days": 1.0, "working_days": 1.4, "months": 30.4}[period.unit]


__all__ = ["Calendar", "MissingYear", "Pause", "Year", "compute_due", "read_calendar"]
