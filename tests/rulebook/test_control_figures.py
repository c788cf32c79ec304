"""Published figures by which the reading of the statistics is checked (技术合同成交额): sums by kind, shares, growth.

They are given in 亿元 to two decimals; "增长X倍" is growth by X times, so that what is reached is 1 + X times as much.
"""

from __future__ import annotations

from decimal import Decimal

import pytest


@pytest.mark.parametrize(
    ("parts", "total"),
    [
        (["661.21", "190.57", "117.14", "12.85"], "981.77"),  # Hubei, first half of 2021: by kind
        (["531.43", "450.34"], "981.77"),  # the same: in the province and out of it
    ],
)
def test_parts_add_up_to_the_total(parts: list[str], total: str) -> None:
    assert sum(map(Decimal, parts)) == Decimal(total)


@pytest.mark.parametrize(
    ("part", "percent"), [("2309.19", "75.62"), ("681.06", "22.30"), ("1291.89", "42.31")]
)
def test_shares_of_shaanxi_2022(part: str, percent: str) -> None:
    assert round(Decimal(part) / Decimal("3053.5") * 100, 2) == pytest.approx(
        Decimal(percent), abs=Decimal("0.01")
    )


@pytest.mark.parametrize(("first", "last", "percent"), [(3176, 6758, 7.8), (71.2, 748.7, 26.5)])
def test_ten_years_of_contracts_from_beijing(first: float, last: float, percent: float) -> None:
    assert round(((last / first) ** 0.1 - 1) * 100, 1) == percent


def test_grown_by_so_many_times_is_one_more_times_as_much() -> None:
    assert round(3200 / (1 + 1.7)) == 1185
    assert round(2308.7 / 1185, 2) == 1.95  # "近2倍" of the sum of five years
    assert round(80.99 / 16.18 - 1, 2) == 4.01  # "增长了4倍多"
