"""What everybody is told of showings gives nobody away: not by itself, and not by how it grows."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from ronglian.apps.challenges.models import ShowingOutcome
from ronglian.apps.challenges.operations.showing_outcomes import answer_outcome, tell_outcome
from ronglian.apps.challenges.queries.showing_figures import (
    Counted,
    Total,
    investment_figures,
    whole_groups,
)
from ronglian.apps.challenges.showing_enums import OutcomeAnswer, OutcomeKind
from tests.factories import make_person_of
from tests.factories.challenges import close, make_bid, make_open, open_all
from tests.factories.showings import Shown, make_investor, make_signed

ROWS = st.lists(
    st.builds(Counted, st.integers(1, 9), st.integers(11, 19), st.integers(0, 1_000) | st.just(50_000)),
    max_size=40,
)


def apart(count: int, fen: int = 100) -> list[Counted]:
    return [Counted(number, 100 + number, fen) for number in range(count)]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([], Total()),
        (apart(4), Total()),
        (apart(5), Total(5, 500)),
        (apart(9), Total(5, 500)),
        (apart(10), Total(10, 1000)),
        ([Counted(number, 1, 100) for number in range(9)], Total()),
        ([Counted(1, number, 100) for number in range(9)], Total()),
        ([*apart(4), Counted(9, 109, 1_000)], Total()),
        ([*apart(4), Counted(9, 109, 400)], Total(5, 800)),
        ([*apart(4), Counted(9, 109, 1_000), *apart(6)], Total(11, 2_000)),
    ],
)
def test_the_table(rows: list[Counted], told: Total) -> None:
    assert whole_groups(rows) == told


@given(ROWS)
def test_every_step_has_enough_on_each_side_and_nobody_with_more_than_half(rows: list[Counted]) -> None:
    told, since = Total(), 0
    for end in range(1, len(rows) + 1):
        now = whole_groups(rows[:end])
        if now == told:
            continue
        step = rows[since:end]
        assert (now.count - told.count, now.fen - told.fen) == (len(step), sum(row.fen for row in step))
        for side in ("team", "investor"):
            held: Counter[int] = Counter()
            for row in step:
                held[getattr(row, side)] += row.fen
            assert len(held) >= 5
            assert 2 * max(held.values()) <= sum(held.values())
        told, since = now, end


@given(ROWS)
def test_what_was_told_is_never_taken_back(rows: list[Counted]) -> None:
    totals = [whole_groups(rows[:end]) for end in range(len(rows) + 1)]
    assert totals == sorted(totals, key=lambda each: (each.count, each.fen))


def invested(shown: Shown, fen: int, answer: OutcomeAnswer | None) -> ShowingOutcome:
    today: Any = timezone.localdate()
    showing = make_signed(shown, ["proposal"])
    told = tell_outcome(
        actor=shown.reader, showing=showing, kind=OutcomeKind.INVESTED, happened_on=today, amount_fen=fen
    )
    if answer:
        answer_outcome(actor=shown.team, outcome=told, answer=answer, note="不实")
    return told


@pytest.mark.django_db
def test_only_what_teams_confirmed_is_counted() -> None:
    setting = make_open(is_blind=False)
    bids = [make_bid(setting) for _each in range(6)]
    open_all(close(setting))
    seen = [investment_figures()]
    for at, (bid, (_team, actor)) in enumerate(zip(bids, setting.bidders, strict=True)):
        bid.refresh_from_db()
        investor = make_investor()
        shown = Shown(setting, bid, actor, investor, make_person_of(investor))
        invested(shown, 100 + at, OutcomeAnswer.CONTRADICTED if at == 0 else OutcomeAnswer.CONFIRMED)
        seen.append(investment_figures())
    assert [each.signed.count for each in seen] == [0, 0, 0, 0, 0, 5, 5]
    assert [each.invested for each in seen] == [Total()] * 6 + [Total(5, 515)]
