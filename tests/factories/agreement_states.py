"""Contracts in the state that a step needs, made through the operations."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from typing import Any

from django.utils import timezone

from ronglian.apps.agreements.enums import EndKind, MovementKind, ShareRole
from ronglian.apps.agreements.models import (
    Agreement,
    ClauseComment,
    Demand,
    Distribution,
    MoneyMovement,
    Registration,
)
from ronglian.apps.agreements.operations.commenting import add_comment, resolve_comment
from ronglian.apps.agreements.operations.distributions import begin_notice, propose_distribution
from ronglian.apps.agreements.operations.ending import demand_payment, propose_end
from ronglian.apps.agreements.operations.money import claim_due, confirm_movement, tell_movement
from ronglian.apps.agreements.operations.payouts import object_to_shares
from ronglian.apps.agreements.operations.registering import (
    fill_in_registration,
    hand_in_registration,
    record_registration,
)
from ronglian.apps.agreements.queries.agreements import latest_version
from tests.factories import SYSTEM
from tests.factories.agreements import (
    AFTER_USE_TERMS,
    LICENCE_TERMS,
    PARTICULARS,
    Parties,
    make_agreement,
    make_signed,
)

Today = timezone.localdate


def draft(parties: Parties) -> Agreement:
    return make_agreement(parties, sent=False)


def terms_with(*payments: dict[str, Any]) -> dict[str, Any]:
    return {**deepcopy(LICENCE_TERMS), "payments": list(payments)}


def to_accept(parties: Parties) -> Agreement:
    return make_signed(
        parties, terms=terms_with({"title": "验收", "amount_fen": 10_000_000, "due": "acceptance"})
    )


def told_by(parties: Parties) -> Agreement:
    """Party A told that it paid; party B answers."""
    agreement = make_signed(parties)
    tell_movement(
        actor=parties.buyer, agreement=agreement, kind=MovementKind.PAY, amount_fen=100, day=Today()
    )
    return agreement


def after_use(parties: Parties) -> Agreement:
    return make_signed(parties, terms=AFTER_USE_TERMS)


def late(parties: Parties) -> Agreement:
    yesterday = Today() - timedelta(days=1)
    agreement = make_signed(
        parties,
        terms=terms_with(
            {"title": "一期", "amount_fen": 10_000_000, "due": "day", "day": yesterday.isoformat()}
        ),
    )
    claim_due(actor=SYSTEM, agreement=agreement, today=Today())
    MoneyMovement.objects.filter(agreement=agreement).update(day=yesterday)
    return agreement


def demanded(parties: Parties) -> Agreement:
    agreement = late(parties)
    demand_payment(
        actor=parties.seller, agreement=agreement, cure_by=Today() + timedelta(days=9), reason="未付"
    )
    return agreement


def past_demand(parties: Parties) -> Agreement:
    agreement = demanded(parties)
    Demand.objects.filter(agreement=agreement).update(cure_by=Today() - timedelta(days=1))
    return agreement


def end_proposed(parties: Parties) -> Agreement:
    """By the other side, so that the one at the doors answers."""
    agreement = make_signed(parties)
    propose_end(
        actor=parties.buyer, agreement=agreement, kind=EndKind.EARLY, reason="停产", waived_fen=4_000_000
    )
    return agreement


def commented(parties: Parties) -> Agreement:
    """By party B, which says when it is settled."""
    agreement = make_agreement(parties)
    add_comment(
        actor=parties.seller,
        agreement=agreement,
        version=latest_version(agreement),
        clause="subject",
        text="范围太大",
    )
    return agreement


def settled(parties: Parties) -> Agreement:
    agreement = commented(parties)
    comment = ClauseComment.objects.get(agreement_version__agreement=agreement)
    resolve_comment(actor=parties.seller, agreement=agreement, comment=comment)
    return agreement


def paid(parties: Parties) -> Agreement:
    agreement = make_signed(
        parties, terms=terms_with({"title": "一次", "amount_fen": 10_000_000, "due": "signing"})
    )
    movement = tell_movement(
        actor=parties.buyer, agreement=agreement, kind=MovementKind.PAY, amount_fen=10_000_000, day=Today()
    )
    confirm_movement(actor=parties.seller, agreement=agreement, movement=movement)
    return agreement


def planned(parties: Parties) -> Agreement:
    agreement = paid(parties)
    propose_distribution(
        actor=parties.seller, agreement=agreement, reward_fen=6_100_000, state_set=True,
        shares=[("甲教授", ShareRole.CONTRIBUTOR, 1)], costs={"own_net_income": 10_000_000},
    )  # fmt: skip
    return agreement


def noticed(parties: Parties) -> Agreement:
    agreement = planned(parties)
    begin_notice(
        actor=parties.seller, agreement=agreement, plan=Distribution.objects.get(agreement=agreement), days=15
    )
    return agreement


def notice_over(parties: Parties) -> Agreement:
    agreement = noticed(parties)
    long_ago = Today() - timedelta(days=30)
    Distribution.objects.filter(agreement=agreement).update(
        notice_from=long_ago, notice_until=Today() - timedelta(days=9)
    )
    return agreement


def effective(parties: Parties) -> Agreement:
    agreement = notice_over(parties)
    Distribution.objects.filter(agreement=agreement).update(state="effective")
    return agreement


def objected(parties: Parties) -> Agreement:
    agreement = noticed(parties)
    plan = Distribution.objects.get(agreement=agreement)
    object_to_shares(actor=parties.seller, agreement=agreement, plan=plan, text="漏了丙")
    return agreement


def _registration(parties: Parties, *, upto: str, number: str = "2026320500000099") -> Agreement:
    agreement = make_signed(parties)
    step: dict[str, Any] = {"actor": parties.seller, "agreement": agreement}
    row = fill_in_registration(**step, particulars=PARTICULARS)
    if upto != "filled":
        hand_in_registration(**step, registration=row, body="示例登记处", day=Today())
    if upto == "stated":
        if Registration.objects.filter(number=number).exists():
            number = "2026320500000098"
        record_registration(
            **step, registration=row, number=number, day=Today(), turnover_fen=100, technology_fen=90
        )
    return agreement


def filled(parties: Parties) -> Agreement:
    return _registration(parties, upto="filled")


def handed_in(parties: Parties) -> Agreement:
    return _registration(parties, upto="handed in")


def stated(parties: Parties) -> Agreement:
    return _registration(parties, upto="stated")
