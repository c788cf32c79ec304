"""Technology contracts of the world: theirs provides, ours pays; each state that grants something else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.agreements.enums import EndKind, MovementKind, ShareRole
from ronglian.apps.agreements.models import (
    Agreement,
    ClauseComment,
    Demand,
    Distribution,
    EndProposal,
    MoneyMovement,
    Registration,
    ShareObjection,
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
from ronglian.kernel.actor import Actor
from tests.factories import SYSTEM
from tests.factories.agreements import (
    AFTER_USE_TERMS,
    LICENCE_TERMS,
    PARTICULARS,
    Parties,
    make_agreement,
    make_signed,
)


def contracts_of(
    ours: Organisation, theirs: Organisation, buyer: Actor, seller: Actor
) -> Mapping[str, Mapping[str, Any]]:
    """What theirs licenses to ours."""
    parties = Parties(ours, theirs, buyer, seller)
    open_terms = {
        **LICENCE_TERMS,
        "payments": [{"title": "验收", "amount_fen": 10_000_000, "due": "acceptance"}],
    }
    signed = make_signed(parties, title="技术合同 signed", terms=open_terms)
    held = tell_movement(
        actor=seller,
        agreement=signed,
        kind=MovementKind.HOLD,
        amount_fen=100,
        day=timezone.localdate(),
        reference="RL-1",
    )
    return {
        "contract": {
            "their draft": make_agreement(parties, sent=False, title="技术合同 their draft"),
            "negotiated": make_agreement(parties, title="技术合同 negotiated"),
            "signed": signed,
            "paid and planned": _planned(parties),
        },
        "movement": {"told by theirs": held},
        "late contract": {"overdue": _late(parties, "overdue"), "demanded": _demanded(parties)},
        "contract with a buy-out": {"running": make_signed(parties, terms=AFTER_USE_TERMS)},
        "share objection": {"waiting": _objected(parties)},
        **{
            f"registration {name}": {name: _registered(parties, name)}
            for name in ("prepared", "handed in", "stated")
        },
        "comment open": {"made by theirs": _commented(parties, "commented")},
        "comment settled": {"made by theirs": _settled(parties)},
        "end proposal": {"made by theirs": _proposed(parties)},
    }


def _late(parties: Parties, title: str) -> Agreement:
    """A payment fell due yesterday."""
    yesterday = timezone.localdate() - timedelta(days=1)
    payment = {"title": "一期", "amount_fen": 10_000_000, "due": "day", "day": yesterday.isoformat()}
    agreement = make_signed(
        parties, title=f"技术合同 {title}", terms={**LICENCE_TERMS, "payments": [payment]}
    )
    claim_due(actor=SYSTEM, agreement=agreement, today=timezone.localdate())
    MoneyMovement.objects.filter(agreement=agreement).update(day=yesterday)
    return agreement


def _demanded(parties: Parties) -> Agreement:
    """What is overdue was demanded, and the day has passed."""
    agreement, today = _late(parties, "demanded"), timezone.localdate()
    demand = demand_payment(
        actor=parties.seller, agreement=agreement, cure_by=today + timedelta(days=1), reason="一期到期未付"
    )
    Demand.objects.filter(pk=demand.pk).update(cure_by=today - timedelta(days=1))
    return agreement


def _registered(parties: Parties, state: str) -> Registration:
    """Party B registers a contract, as far as the state says."""
    agreement, today = make_signed(parties, title=f"技术合同 {state}"), timezone.localdate()
    row = fill_in_registration(actor=parties.seller, agreement=agreement, particulars=PARTICULARS)
    if state == "prepared":
        return row
    step = {"actor": parties.seller, "agreement": agreement, "registration": row, "day": today}
    hand_in_registration(**step, body="示例登记处")
    if state == "stated":
        record_registration(**step, number="2026420100000017", turnover_fen=100, technology_fen=100)
    return row


def _commented(parties: Parties, title: str) -> ClauseComment:
    agreement = make_agreement(parties, title=f"技术合同 {title}")
    version = latest_version(agreement)
    return add_comment(
        actor=parties.seller, agreement=agreement, version=version, clause="subject", text="范围太大"
    )


def _settled(parties: Parties) -> ClauseComment:
    comment = _commented(parties, "settled")
    agreement = agreement_of(comment)
    return resolve_comment(actor=parties.seller, agreement=agreement, comment=comment)


def _proposed(parties: Parties) -> EndProposal:
    agreement = make_signed(parties, title="技术合同 to be ended")
    return propose_end(actor=parties.seller, agreement=agreement, kind=EndKind.EARLY, reason="停产")


def _objected(parties: Parties) -> ShareObjection:
    """A plan on public notice that somebody of party B objects to."""
    agreement = _planned(parties, "objected")
    plan = Distribution.objects.get(agreement=agreement)
    begin_notice(actor=parties.seller, agreement=agreement, plan=plan, days=15)
    plan.refresh_from_db()
    return object_to_shares(actor=parties.seller, agreement=agreement, plan=plan, text="漏了丙")


def _planned(parties: Parties, title: str = "paid and planned") -> Agreement:
    """Paid, with a plan of how party B shares it."""
    at_once = {
        **LICENCE_TERMS,
        "payments": [{"title": "一次付清", "amount_fen": 10_000_000, "due": "signing"}],
    }
    paid = make_signed(parties, title=f"技术合同 {title}", terms=at_once)
    movement = tell_movement(
        actor=parties.buyer,
        agreement=paid,
        kind=MovementKind.PAY,
        amount_fen=10_000_000,
        day=timezone.localdate(),
    )
    confirm_movement(actor=parties.seller, agreement=paid, movement=movement)
    propose_distribution(
        actor=parties.seller,
        agreement=paid,
        reward_fen=5_000_000,
        shares=[("甲教授", ShareRole.CONTRIBUTOR, 1)],
        costs={"own_net_income": 10_000_000},
        state_set=True,
    )
    return paid


def agreement_of(thing: Any) -> Agreement:
    """Of a movement or a proposal, of what hangs at a plan or at a version."""
    for between in ("distribution", "agreement_version"):
        thing = getattr(thing, between, thing)
    found: Agreement = thing.agreement
    return found
