"""技术交易额 of a contract, by the rulebook on the day of the contract: determined, or why it is not."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from ronglian.engines.contracts import Terms
from ronglian.engines.rules import Answer, evaluate_rule
from ronglian.rulebook import load_rulebook

RULE = "contract.technology_amount"


def technology_amount(terms: Terms, *, on: date, place: str) -> Answer:
    """What the fixed price counts as technology amount; what of a royalty is still to come is not in it."""
    other = [item for item in terms.items if not item.technical]
    inputs = {
        "total": terms.price_fen,
        "non_technical": sum(item.amount_fen for item in other),
        "carriers": sum(item.amount_fen for item in other if item.carrier),
    }
    return evaluate_rule(load_rulebook(), RULE, on=on, place=place or "cn", inputs=inputs)


def fen_of(answer: Answer) -> int | None:
    """The technology amount that the rulebook gave, in fen; None where it does not determine it."""
    value = answer.step("technology_amount") if answer.is_determined else None
    return int(value) if isinstance(value, int | Fraction) and not isinstance(value, bool) else None
