"""Technology contracts of the world: theirs provides, ours pays; each state that grants something else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.agreements.enums import MovementKind, ShareRole
from ronglian.apps.agreements.models import Agreement
from ronglian.apps.agreements.operations.distributions import propose_distribution
from ronglian.apps.agreements.operations.money import confirm_movement, tell_movement
from ronglian.kernel.actor import Actor
from tests.factories.agreements import LICENCE_TERMS, Parties, make_agreement, make_signed


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
    }


def _planned(parties: Parties) -> Agreement:
    """Paid, with a plan of how party B shares it."""
    at_once = {
        **LICENCE_TERMS,
        "payments": [{"title": "一次付清", "amount_fen": 10_000_000, "due": "signing"}],
    }
    paid = make_signed(parties, title="技术合同 paid and planned", terms=at_once)
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


def agreement_of(movement: Any) -> Agreement:
    found: Agreement = movement.agreement
    return found
