"""Money is whole fen; what cannot be read exactly is refused with a reason."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ronglian.engines.text import MoneyError, MoneyRange, format_money, read_money

WAN = 1_000_000


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("30万元", 30 * WAN, 30 * WAN), ("30-50万", 30 * WAN, 50 * WAN), ("30—50万元", 30 * WAN, 50 * WAN), ("1.2亿元", 12_000 * WAN, 12_000 * WAN),
        ("不超过50万元", None, 50 * WAN), ("50万以内", None, 50 * WAN), ("30万以上", 30 * WAN, None), ("不低于30万元", 30 * WAN, None),
        ("CNY 300,000", 30 * WAN, 30 * WAN), ("¥300000", 30 * WAN, 30 * WAN), ("300000元", 30 * WAN, 30 * WAN), ("50", 50 * WAN, 50 * WAN),
        ("三十万元", 30 * WAN, 30 * WAN), ("人民币伍拾万元整", 50 * WAN, 50 * WAN), ("50万元至1亿元", 50 * WAN, 10_000 * WAN), ("约２０万左右", 20 * WAN, 20 * WAN),
        ("50元-100元", 5_000, 10_000), ("1.5 million yuan", 150 * WAN, 150 * WAN), ("0.29元", 29, 29), ("预算：100万", 100 * WAN, 100 * WAN),
    ],
)  # fmt: skip
def test_read(text: str, low: int | None, high: int | None) -> None:
    assert read_money(text) == MoneyRange(low, high)


def test_the_default_unit_is_an_argument() -> None:
    assert read_money("300", default_unit="yuan") == MoneyRange(30_000, 30_000)


def test_negotiable() -> None:
    assert read_money("面议") == MoneyRange(None, None, negotiable=True)
    assert read_money("30万元（可面议）") == MoneyRange(30 * WAN, 30 * WAN, negotiable=True)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"), ("  ", "empty"), ("未定", "unreadable"), ("三五万", "unreadable"), ("30 50", "unreadable"), ("-5万", "negative"),
        ("100万美元", "foreign_currency"), ("$500", "foreign_currency"), ("0.001元", "below_one_fen"), ("50-30万", "reversed_range"),
        ("99999999999亿", "too_large"), ("1." + "0" * 30 + "1", "too_large"),
    ],
)  # fmt: skip
def test_refuses_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(MoneyError) as caught:
        read_money(text)

    assert caught.value.reason == reason


@settings(deadline=None)
@given(st.integers(0, 10**17), st.sampled_from(["zh", "en"]))
def test_format_reads_back_to_the_fen(fen: int, language: str) -> None:
    text = format_money(fen, "zh" if language == "zh" else "en")

    assert read_money(text) == MoneyRange(fen, fen)


def test_format() -> None:
    assert [format_money(fen, "zh") for fen in (30 * WAN, 12_000 * WAN, 1_234_567, 5)] == [
        "30万元",
        "1.2亿元",
        "12,345.67元",
        "0.05元",
    ]
    assert format_money(30 * WAN, "en") == "CNY 300,000"


@settings(deadline=None)
@given(
    st.one_of(st.text(max_size=60), st.text("0123456789.,-~万亿元千百十一二三面议以上不超过¥ ", max_size=20))
)
def test_reads_or_refuses_any_string(text: str) -> None:
    try:
        amount = read_money(text)
    except MoneyError:
        return
    assert all(
        bound is None or (isinstance(bound, int) and bound >= 0)
        for bound in (amount.low_fen, amount.high_fen)
    )
