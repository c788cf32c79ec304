"""Money of the schemes: the worked table of docs/explanation/algorithms/processes.md, and that sums are exact."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronglian.engines.process import NoSubsidy, compute_subsidy, read_definition
from tests.engines.process.samples import RULEBOOK

WAN = 10_000 * 100


def scheme(path: str) -> object:
    file = RULEBOOK / path
    return read_definition(file.read_text(encoding="utf-8"), file.name)


GANSU = scheme("cn-62/processes/gansu_challenge-1.yaml")
NANCHANG = scheme("cn-3601/processes/nanchang_challenge-1.yaml")
DAY = date(2021, 6, 1)


@pytest.mark.parametrize(
    ("base", "total", "paid"),
    [
        (1500, 300, [100, 200]),
        (3000, 500, [100, 400]),
        (2500, 500, [100, 400]),
        (400, 80, [80, 0]),
        (0, 0, [0, 0]),
    ],
)
def test_nanchang(base: int, total: int, paid: list[int]) -> None:
    grant = compute_subsidy(NANCHANG, "grant", base * WAN, DAY)  # type: ignore[arg-type]  # a Definition
    assert grant.total == total * WAN
    assert [each.fen for each in grant.instalments] == [each * WAN for each in paid]
    assert [each.step for each in grant.instalments] == ["sign", "accept"]


@pytest.mark.parametrize(("base", "share", "total"), [(1200, 40, 480), (1500, 40, 500), (500, 20, 100)])
def test_gansu(base: int, share: int, total: int) -> None:
    grant = compute_subsidy(GANSU, "grant", base * WAN, DAY, Decimal(share))  # type: ignore[arg-type]  # a Definition
    assert (grant.total, grant.is_capped) == (total * WAN, base * share > 500 * 100)


@pytest.mark.parametrize("share", [None, Decimal(50), Decimal("19.99"), Decimal("40.01")])
def test_a_share_outside_the_measure_is_refused(share: Decimal | None) -> None:
    with pytest.raises(NoSubsidy):
        compute_subsidy(GANSU, "grant", 1500 * WAN, DAY, share)  # type: ignore[arg-type]  # a Definition


@given(st.integers(0, 10**13), st.decimals(20, 40, places=2))
def test_instalments_add_up_and_the_cap_holds(base: int, share: Decimal) -> None:
    for definition, chosen in ((GANSU, share), (NANCHANG, None)):
        grant = compute_subsidy(definition, "grant", base, DAY, chosen)  # type: ignore[arg-type]  # a Definition
        assert sum(each.fen for each in grant.instalments) == grant.total <= 500 * WAN
        assert min(each.fen for each in grant.instalments) >= 0
        assert grant.total <= base * (chosen or 20) / 100
