"""What is told to everybody of showings: sums that enough organisations stand behind, and that grow by enough at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ronglian.apps.challenges.models import Showing, ShowingOutcome
from ronglian.apps.challenges.showing_enums import OutcomeAnswer, OutcomeKind

FEWEST_ORGANISATIONS = 5


@dataclass(frozen=True, slots=True)
class Counted:
    """One thing to count: whose it is on each side, and how much it was where that is counted."""

    team: int
    investor: int
    fen: int = 0


@dataclass(frozen=True, slots=True)
class Total:
    """How many, and how much. Nothing is told as long as both are 0."""

    count: int = 0
    fen: int = 0


@dataclass(frozen=True, slots=True)
class InvestmentFigures:
    """赛投联动 in figures. A total of 0 says that fewer than five stand behind it, be it none or four."""

    signed: Total
    invested: Total


def whole_groups(rows: Iterable[Counted], least: int = FEWEST_ORGANISATIONS) -> Total:
    """The sum over the longest beginning of the rows that falls into groups, each of which gives nobody away.

    A group is closed as soon as it holds `least` teams and `least` investors, none of which has more than half of the
    amount. So the sum, and the difference between two sums told at different times, has that many on each side behind it.
    """
    told, group = Total(), Total()
    teams: Counter[int] = Counter()
    investors: Counter[int] = Counter()
    for row in rows:
        teams[row.team] += row.fen
        investors[row.investor] += row.fen
        group = Total(group.count + 1, group.fen + row.fen)
        if all(_gives_nobody_away(side, group.fen, least) for side in (teams, investors)):
            told = Total(told.count + group.count, told.fen + group.fen)
            group = Total()
            teams.clear()
            investors.clear()
    return told


def investment_figures() -> InvestmentFigures:
    """Agreements signed, and investments that the teams confirmed, each in the order in which it came about.

    For everybody: what is read here has no reader.
    """
    signed = Showing.objects.filter(signed_at__isnull=False).order_by("signed_at", "pk")
    invested = ShowingOutcome.objects.filter(kind=OutcomeKind.INVESTED, answer=OutcomeAnswer.CONFIRMED)
    pairs = signed.values_list("team_id", "investor_id")
    amounts = invested.order_by("answered_at", "pk").values_list(
        "showing__team_id", "showing__investor_id", "amount_fen"
    )
    return InvestmentFigures(
        whole_groups(Counted(team, investor) for team, investor in pairs),
        whole_groups(Counted(team, investor, fen or 0) for team, investor, fen in amounts),
    )


def _gives_nobody_away(side: Counter[int], fen: int, least: int) -> bool:
    return len(side) >= least and 2 * max(side.values()) <= fen
