"""Statistics of contracts: the published sums of two provinces out of contract records, and exactness for any records."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from ronglian.engines.contracts import GROUPS, Entry, Tables, count_contracts

YI = 10_000_000_000  # fen of 1亿元
HUBEI = {"service": 661_21, "commissioned_development": 190_57, "consulting": 117_14, "transfer": 12_85}
HUBEI_CONTRACTS = 21_198
HUBEI_INSIDE, HUBEI_OUTSIDE = 531_43, 450_34


def split(whole: int, parts: int, chance: Random) -> list[int]:
    """Any positive amounts that add up to the whole."""
    cuts = sorted(chance.sample(range(1, whole), parts - 1))
    return [after - before for before, after in zip([0, *cuts], [*cuts, whole], strict=True)]


def amounts(hundredths: int, contracts: int, chance: Random) -> list[int]:
    return split(hundredths * YI // 100, contracts, chance)


def hubei() -> list[Entry]:
    """21,198 contracts of any amounts whose sums are those that were published (reference, 1.8).

    Kind and flow are published apart, so the flow is laid over the contracts until its sum is reached; the contract that
    crosses it is two.
    """
    chance = Random(42)
    entries: list[Entry] = []
    left, inside = HUBEI_CONTRACTS - 1, HUBEI_INSIDE * YI // 100
    for number, (kind, sum_) in enumerate(HUBEI.items()):
        count = left // (len(HUBEI) - number)
        left -= count
        for fen in amounts(sum_, count, chance):
            for part, buyer in ((min(fen, inside), "420100"), (fen - min(fen, inside), "440300")):
                if part:
                    entries.append(Entry(kind, part, part // 2, seller_region="4201", buyer_region=buyer))
            inside -= min(fen, inside)
    return entries


def in_yi(fen: int) -> Fraction:
    return Fraction(fen, YI)


def test_hubei_in_the_first_half_of_2021() -> None:
    tables = count_contracts(hubei(), "42")
    assert tables.sold.contracts == HUBEI_CONTRACTS
    assert in_yi(tables.sold.turnover_fen) == Fraction("981.77")
    shown = {kind: in_yi(found.turnover_fen) for kind, found in tables.by_kind.items()}
    assert shown == {
        "service": Fraction("661.21"),
        "development": Fraction("190.57"),
        "consulting": Fraction("117.14"),
        "transfer": Fraction("12.85"),
    }
    assert in_yi(tables.sold_inside.turnover_fen) == Fraction("531.43")
    assert in_yi(tables.sold_outside.turnover_fen) == Fraction("450.34")


def test_shaanxi_in_2022() -> None:
    """服务 2309.19 = 75.62 %, 开发 681.06 = 22.30 %, 城市建设与社会发展 1291.89 = 42.31 % of 3053.5 (reference, 1.8)."""
    chance = Random(61)
    kinds = {"service": 2309_19, "joint_development": 681_06, "consulting": 3053_50 - 2309_19 - 681_06}
    entries, urban = [], 1291_89 * YI // 100
    for kind, sum_ in kinds.items():
        for fen in amounts(sum_, 400, chance):
            for part, field in ((min(fen, urban), "urban_social"), (fen - min(fen, urban), "new_energy")):
                if part:
                    entries.append(Entry(kind, part, field=field, seller_region="6101", buyer_region="61"))
            urban -= min(fen, urban)
    tables = count_contracts(entries, "61")
    shares = {kind: found.share_of(tables.sold) for kind, found in tables.by_kind.items()}
    hundredths = {kind: round(float(share or 0) * 10_000) for kind, share in shares.items()}
    assert hundredths["service"] == 7562
    assert hundredths["development"] == 2230
    urban_share = tables.by_field["urban_social"].share_of(tables.sold)
    assert round(float(urban_share or 0) * 10_000) == 4231


entry = st.builds(
    Entry,
    kind=st.sampled_from(sorted(GROUPS)),
    turnover_fen=st.integers(0, 10**15),
    technology_fen=st.integers(0, 10**15),
    objective=st.sampled_from(["", "01", "10"]),
    field=st.sampled_from(["", "nuclear"]),
    seller_region=st.sampled_from(["", "42", "4201", "420106", "6101"]),
    buyer_region=st.sampled_from(["", "42", "4201", "440300"]),
    involves_rights=st.booleans(),
)


@given(entries=st.lists(entry, max_size=30), region=st.sampled_from(["", "42", "4201"]))
def test_every_table_adds_up_to_what_was_sold(entries: list[Entry], region: str) -> None:
    tables: Tables = count_contracts(entries, region)
    sold = [one for one in entries if one.seller_region.startswith(region)]
    assert tables.sold.turnover_fen == sum(one.turnover_fen for one in sold)
    for name in ("by_kind", "by_field", "by_objective", "by_plan", "by_nature", "flows"):
        parts = getattr(tables, name).values()
        for count in ("contracts", "turnover_fen", "technology_fen"):
            assert sum(getattr(part, count) for part in parts) == getattr(tables.sold, count)
    assert tables.sold_inside.contracts + tables.sold_outside.contracts == tables.sold.contracts
    assert tables.sold_inside.contracts + tables.bought_outside.contracts == tables.bought.contracts
