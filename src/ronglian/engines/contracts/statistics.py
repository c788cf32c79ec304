"""Statistics of registered technology contracts: number, turnover and technology amount, by kind, field and flow (统计).

The tables are those of the national quick report (技术合同成交额 by 合同类别, 技术领域, 社会经济目标, 卖方性质, 计划来源, and
输出/吸纳 of a region). Amounts are fen and every table adds up to its total exactly; shares are fractions, so that a
rounding is the reader's. Regions are GB/T 2260 codes; one lies in another when its code begins with the other's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction

UNKNOWN = ""
# 合同类别 of the report; training and intermediation are services, conversion is development.
GROUPS: dict[str, str] = {
    "commissioned_development": "development",
    "joint_development": "development",
    "conversion": "development",
    "transfer": "transfer",
    "licence": "licence",
    "consulting": "consulting",
    "service": "service",
    "training": "service",
    "intermediation": "service",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A registered contract as the statistics count it: no name, no party."""

    kind: str
    turnover_fen: int
    technology_fen: int = 0
    objective: str = UNKNOWN
    field: str = UNKNOWN
    plan: str = UNKNOWN
    seller_nature: str = UNKNOWN
    seller_region: str = UNKNOWN
    buyer_region: str = UNKNOWN
    involves_rights: bool = False


@dataclass(slots=True)
class Sum:
    """Contracts and amounts in fen."""

    contracts: int = 0
    turnover_fen: int = 0
    technology_fen: int = 0

    def add(self, entry: Entry) -> None:
        self.contracts += 1
        self.turnover_fen += entry.turnover_fen
        self.technology_fen += entry.technology_fen

    def share_of(self, whole: Sum) -> Fraction | None:
        """The part of the turnover; None of nothing."""
        return Fraction(self.turnover_fen, whole.turnover_fen) if whole.turnover_fen else None


@dataclass(slots=True)
class Tables:
    """All tables of one region and period. Those by something hold what the region's sellers sold."""

    sold: Sum = field(default_factory=Sum)
    bought: Sum = field(default_factory=Sum)
    sold_inside: Sum = field(default_factory=Sum)
    sold_outside: Sum = field(default_factory=Sum)
    bought_outside: Sum = field(default_factory=Sum)
    with_rights: Sum = field(default_factory=Sum)
    by_kind: dict[str, Sum] = field(default_factory=dict)
    by_field: dict[str, Sum] = field(default_factory=dict)
    by_objective: dict[str, Sum] = field(default_factory=dict)
    by_plan: dict[str, Sum] = field(default_factory=dict)
    by_nature: dict[str, Sum] = field(default_factory=dict)
    flows: dict[str, Sum] = field(default_factory=dict)


KEYS: dict[str, Callable[[Entry], str]] = {
    "by_kind": lambda entry: GROUPS[entry.kind],
    "by_field": lambda entry: entry.field,
    "by_objective": lambda entry: entry.objective,
    "by_plan": lambda entry: entry.plan,
    "by_nature": lambda entry: entry.seller_nature[:2],
    "flows": lambda entry: entry.buyer_region[:2],
}


def count_contracts(entries: Iterable[Entry], region: str = "") -> Tables:
    """The tables of what sellers of `region` sold and its buyers bought; without a region, of everything.

    `flows` are the sales by the buyer's province, first two digits. Raises KeyError for an unknown kind.
    """
    tables = Tables()
    for entry in entries:
        is_sold = entry.seller_region.startswith(region)
        is_bought = entry.buyer_region.startswith(region)
        if is_sold:
            tables.sold.add(entry)
            (tables.sold_inside if is_bought else tables.sold_outside).add(entry)
            if entry.involves_rights:
                tables.with_rights.add(entry)
            for name, key_of in KEYS.items():
                getattr(tables, name).setdefault(key_of(entry), Sum()).add(entry)
        if is_bought:
            tables.bought.add(entry)
            if not is_sold:
                tables.bought_outside.add(entry)
    return tables
