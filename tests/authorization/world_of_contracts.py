"""Technology contracts of the world: theirs provides, ours pays; each state that grants something else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.agreements.enums import MovementKind
from ronglian.apps.agreements.models import Agreement
from ronglian.apps.agreements.operations.money import tell_movement
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
        },
        "movement": {"told by theirs": held},
    }


def agreement_of(movement: Any) -> Agreement:
    found: Agreement = movement.agreement
    return found
