"""What comes under a licence that is paid for after use: payments not yet covered, and reports with the day they are due.

Prose. Payments cover what falls due in the order in which it falls due; of each due from today on, what no payment covers is
still to be paid. A report is due so many days after the end of its period; one is asked for while payment runs and no report
that was handed in covers the last day of the period.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from ronglian.engines.money.pay_after_use import (
    Facts,
    Standing,
    State,
    Terms,
    period_ends,
    standing,
)


def still_to_pay(found: Standing, facts: Facts, today: date, until: date) -> tuple[tuple[date, int], ...]:
    """(day, fen) of what falls due from `today` to `until` and is not covered by what was paid or waived."""
    left, open_dues = found.paid + sum(fen for day, fen in facts.waived if day <= today), []
    for due in found.dues:
        covered = min(max(left, 0), due.amount)
        left -= covered
        if today <= due.day <= until and due.amount > covered:
            open_dues.append((due.day, due.amount - covered))
    return tuple(open_dues)


def reports_due(terms: Terms, facts: Facts, today: date, until: date) -> tuple[tuple[date, date], ...]:
    """(last day of the period, day the report is due) from `today` to `until`, of reports nobody handed in."""
    now = standing(terms, facts, today)
    if not terms.royalty or now.payment_starts is None or now.state not in (State.PAYING, State.OVERDUE):
        return ()
    return tuple(
        (last, day)
        for last, day in _until(period_ends(terms, now.payment_starts), terms.report_within_days, until)
        if day >= today and not any(report.first <= last <= report.last for report in facts.reports)
    )


def _until(ends: Iterator[date], within: int, until: date) -> Iterator[tuple[date, date]]:
    for last in ends:
        day = last + timedelta(days=within)
        if day > until:
            return
        yield last, day
