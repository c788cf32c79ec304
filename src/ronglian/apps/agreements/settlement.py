"""The content of a settlement: its amounts as they are kept, and the digest that both sides accept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from ronglian.apps.agreements.enums import Side
from ronglian.apps.agreements.models import Settlement
from ronglian.apps.agreements.terms import LARGEST_FEN
from ronglian.engines.proof import canonical_json, hash_named
from ronglian.kernel.errors import InvalidInput
from ronglian.kernel.validation import clean_text

MOST_AMOUNTS = 20
LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Amount:
    """What a side pays under a settlement, for what, and until when."""

    payer: Side
    amount_fen: int
    title: str
    day: date | None = None


def amounts_to_json(amounts: Sequence[Amount]) -> list[dict[str, Any]]:
    """As a settlement keeps them. Raises InvalidInput where one is no amount above zero, or says not what it is for."""
    if len(amounts) > MOST_AMOUNTS:
        raise InvalidInput.of({"amounts": [_("At most %(count)d entries.") % {"count": MOST_AMOUNTS}]})
    kept: list[dict[str, Any]] = []
    for one in amounts:
        title = clean_text(one.title, one_line=True)
        if not 0 < one.amount_fen <= LARGEST_FEN or not 0 < len(title) <= LONGEST_TITLE:
            raise InvalidInput.of(
                {"amounts": [_("Each line says who pays, how much above zero, and what for.")]}
            )
        day = one.day.isoformat() if one.day else None
        kept.append(
            {"payer": Side(one.payer).value, "amount_fen": one.amount_fen, "title": title, "day": day}
        )
    return kept


def amounts_of(settlement: Settlement) -> list[Amount]:
    """As they were proposed."""
    kept: Any = settlement.amounts
    return [
        Amount(
            Side(one["payer"]),
            one["amount_fen"],
            one["title"],
            date.fromisoformat(one["day"]) if one["day"] else None,
        )
        for one in kept
    ]


def settlement_digest(settlement: Settlement) -> str:
    """SHA-256 over the agreement and its signed text, the dispute, and text and amounts of the settlement."""
    dispute = settlement.dispute
    agreement = dispute.agreement
    content = {
        "agreement": str(agreement.public_id),
        "signed": agreement.signed.digest if agreement.signed else "",
        "dispute": dispute.number,
        "number": settlement.number,
        "text": settlement.text,
        "amounts": settlement.amounts,
    }
    return hash_named("sha256")(canonical_json(content)).hex()
