"""What happened under contracts that are paid for after use, as the engine takes it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from ronglian.apps.agreements.enums import AgreementState, MovementState
from ronglian.apps.agreements.models import Agreement, MoneyMovement, RoyaltyReport, UseFact
from ronglian.engines import money

PAYING = ("pay", "release", "release_retained")


def facts_of(agreements: Sequence[Agreement]) -> dict[int, money.Facts]:
    """By row of the agreement; three queries however many there are, none for none."""
    if not agreements:
        return {}
    happened = dict(
        UseFact.objects.filter(agreement__in=agreements).values_list("agreement_id", "happened_on")
    )
    reports = defaultdict[int, list[RoyaltyReport]](list)
    for report in RoyaltyReport.objects.filter(agreement__in=agreements).order_by("first_day"):
        reports[report.agreement_id].append(report)
    settled = defaultdict[int, list[MoneyMovement]](list)
    confirmed = MoneyMovement.objects.filter(
        agreement__in=agreements, state=MovementState.CONFIRMED, kind__in=(*PAYING, "pay_back", "waive")
    )
    for row in confirmed.order_by("place_in_book"):
        settled[row.agreement_id].append(row)
    return {
        one.pk: money.Facts(
            first_income=happened.get(one.pk),
            output_reached=happened.get(one.pk),
            reports=tuple(
                money.Report(row.first_day, row.last_day, row.base_fen, row.reported_on)
                for row in reports[one.pk]
            ),
            paid=tuple(
                (row.day, row.amount_fen if row.kind in PAYING else -row.amount_fen)
                for row in settled[one.pk]
                if row.kind != "waive"
            ),
            waived=tuple((row.day, row.amount_fen) for row in settled[one.pk] if row.kind == "waive"),
            bought_out=one.bought_out_on,
            ended=one.ended_on if one.state == AgreementState.TERMINATED else None,
        )
        for one in agreements
    }
