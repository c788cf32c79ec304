"""Days on which something is due as an iCalendar file (RFC 5545), each with a reminder the day before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.http import HttpResponse
from icalendar import Alarm, Calendar, Event

REMIND_BEFORE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DueDay:
    """Something due on a day. `uid` stays the same when the day changes, so that calendars move it."""

    uid: str
    summary: str
    day: date
    url: str


def calendar_file(days: Iterable[DueDay], now: datetime, *, file_name: str = "") -> HttpResponse:
    """The days as one calendar; to be saved under `file_name` where one is given."""
    calendar = Calendar()
    calendar.add("prodid", "-//Ronglian//Cases//EN")
    calendar.add("version", "2.0")
    for due in days:
        calendar.add_component(_event(due, now))
    response = HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
    if file_name:
        response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def _event(due: DueDay, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{due.uid}@ronglian")
    event.add("summary", due.summary)
    event.add("dtstart", due.day)
    event.add("dtend", due.day + timedelta(days=1))
    event.add("dtstamp", now)
    event.add("url", due.url)
    reminder = Alarm()
    reminder.add("action", "DISPLAY")
    reminder.add("description", due.summary)
    reminder.add("trigger", -REMIND_BEFORE)
    event.add_component(reminder)
    return event
