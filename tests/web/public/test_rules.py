"""The rulebook's pages: what is known where and when, questions with their trace, open questions said as such."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

ZHEJIANG = "place=cn-33&date=2026-11-25"
RELIEF = "in-income=800万元&in-right=patent&in-form=ownership&in-is_certified=yes&in-is_restricted=no&in-is_affiliate=no"


def page(address: str, *, language: str = "en", status: int = 200) -> str:
    response = Client(HTTP_ACCEPT_LANGUAGE=language).get(address)
    assert response.status_code == status
    return response.content.decode()


def test_the_list_is_of_a_place_and_day() -> None:
    zhejiang, nation = page(f"/rules/?{ZHEJIANG}&topic=reward"), page("/rules/?topic=reward&date=2026-11-25")
    assert "70 %" in zhejiang
    assert "70 %" not in nation
    assert "Main contributors" not in nation
    assert "art. 45" in nation
    assert "第45条" in page("/rules/?topic=reward&date=2026-11-25", language="zh-hans")


def test_what_cannot_be_read_is_said_and_something_is_shown() -> None:
    assert "shown is the nation" in page("/rules/?place=81")
    assert "shown is today" in page("/rules/?date=tomorrow")


def test_a_rule_answers_with_its_trace() -> None:
    asked = f"/rules/reward.floor/?{ZHEJIANG}&in-way=licence&in-state_set=yes&in-turnover=1000&in-deal_taxes=30&in-cost=30"
    text = page(asked)
    assert "<strong>658.00 yuan</strong>" in text
    assert "940.00 yuan × 70 %" in text
    assert "art. 37" in text
    assert "Does not decide: 50 %" in text


def test_what_is_open_is_no_answer() -> None:
    text = page(f"/rules/tax.transfer_tax/?place=cn&date=2026-11-25&{RELIEF}")
    assert "Not determined" in text
    assert "If all that is open were confirmed: 375,000.00 yuan" in text
    before = page(f"/rules/tax.transfer_tax/?place=cn&date=2025-12-31&{RELIEF}")
    assert "<strong>375,000.00 yuan</strong>" in before


def test_a_wrong_input_is_told_beside_its_field() -> None:
    text = page("/rules/reward.floor/?in-turnover=abc&in-way=gift&place=cn-11", status=422)
    assert "abc is no amount; write 500万元" in text
    assert "gift is none of transfer, licence" in text
    assert "is-invalid" in text


def test_a_parameter_shows_all_its_versions_with_how_sure_they_are() -> None:
    text = page("/rules/tax.stamp_contract/?date=2026-11-25")
    assert "not determined" in text
    assert "open: one secondary source" in text
    assert "0.03 %" in text


def test_a_checklist_that_is_not_settled_says_so() -> None:
    assert "Not settled" in page("/rules/contract.recognition/?date=2026-11-25")
    assert "Not settled" not in page("/rules/contract.void/?date=2026-11-25")


def test_nothing_of_that_name_is_404() -> None:
    page("/rules/reward.nothing/", status=404)
