"""技术交易额 by the law of the contract's day: the reference's example before and after the rules of 2001 ended."""

from __future__ import annotations

from datetime import date

from ronglian.apps.agreements.technology_amount import technology_amount
from ronglian.engines.contracts import Item, Terms
from ronglian.engines.rules import Why

TERMS = Terms(
    items=(
        Item("技术开发费", 650),
        Item("成套设备", 230, technical=False),
        Item("示范装置一套", 120, technical=False, carrier=True),
    )
)


def test_the_example_of_the_reference_on_the_last_day_of_the_old_rules() -> None:
    answer = technology_amount(TERMS, on=date(2026, 2, 28), place="cn-42")
    assert TERMS.price_fen == 1000
    assert answer.step("technology_amount") == 770
    assert answer.versions


def test_the_day_after_it_is_not_determined_and_says_why() -> None:
    answer = technology_amount(TERMS, on=date(2026, 3, 1), place="cn-42")
    assert not answer.is_determined
    assert [reason.why for reason in answer.reasons] == [Why.OPEN_QUESTION]
