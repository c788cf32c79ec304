"""Which way a need goes from the clinic, with the reasons (分诊).

The engine proposes; a technology manager confirms or changes it. The rules are told as a table in
docs/explanation/algorithms/diagnosis.md.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Route(StrEnum):
    """Where a need goes (分诊去向)."""

    MATCH_NOW = "match_now"
    DIAGNOSE = "diagnose"
    POOL = "pool"
    LONG_TERM = "long_term"
    OUTSIDE = "outside"


class Reason(StrEnum):
    """Why a route is proposed (分诊理由)."""

    CLEAR_ENOUGH = "clear_enough"
    GOOD_MATCHES = "good_matches"
    UNCLEAR = "unclear"
    INCOMPLETE = "incomplete"
    NO_MATCHES = "no_matches"
    OTHERS_SAY_THE_SAME = "others_say_the_same"
    KEY_PROBLEM = "key_problem"
    FINANCE = "finance"
    STAFF = "staff"
    SALES = "sales"
    PREMISES = "premises"
    PURCHASE = "purchase"


# Matters that other offices handle, with no technical problem in them.
_OUTSIDE: tuple[tuple[Reason, re.Pattern[str]], ...] = (
    (Reason.FINANCE, re.compile(r"贷款|融资|借款|股权投资|引入投资|资金周转|补贴申报|\bloan\b|\bfinancing\b|\binvestors?\b", re.IGNORECASE)),
    (Reason.STAFF, re.compile(r"招聘|招工|人才引进|引进.{0,6}人才|需要.{0,8}人才|用工|\brecruit|\bhiring\b|\bvacanc", re.IGNORECASE)),
    (Reason.SALES, re.compile(r"销售渠道|市场推广|寻找客户|代理商|经销|开拓市场|品牌宣传|\bsales channel|\bdistributors?\b|\bmarketing\b", re.IGNORECASE)),
    (Reason.PREMISES, re.compile(r"厂房租|租赁厂房|用地指标|办公场地|土地指标|\boffice space\b|\bland use\b", re.IGNORECASE)),
    (Reason.PURCHASE, re.compile(r"采购.{0,10}(?:设备|原料|材料)(?:一批|若干|报价)|询价|招标采购|\bquotation\b|\bpurchase order\b", re.IGNORECASE)),
)  # fmt: skip
_KEY_PROBLEM = re.compile(
    r"卡脖子|依赖进口|被国外.{0,6}(?:垄断|封锁)|国外垄断|禁运|断供|国产(?:化)?替代|填补国内空白|\bimport dependen|embargo|monopol[iy]",
    re.IGNORECASE,
)
CLEAR_ENOUGH = 50.0
COMPLETE_ENOUGH = 45.0
GOOD_MATCH = 50.0
ENOUGH_TO_POOL = 2


@dataclass(frozen=True, slots=True)
class TriageFacts:
    """What triage goes by. Scores are 0..100; ``alike`` counts other owners' needs that say the same (分诊依据)."""

    text: str
    completeness: float
    clarity: float
    best_match: float | None
    has_problem: bool
    is_small_firm: bool
    alike: int


@dataclass(frozen=True, slots=True)
class Triage:
    """A proposed route and why (分诊建议)."""

    route: Route
    reasons: tuple[Reason, ...]


def propose_route(facts: TriageFacts) -> Triage:
    """The first rule that holds: outside → diagnose → pool → long term → match now → diagnose."""
    outside = tuple(reason for reason, words in _OUTSIDE if words.search(facts.text))
    if outside and not facts.has_problem:
        return Triage(Route.OUTSIDE, outside)
    lacking = tuple(
        reason
        for reason, is_lacking in (
            (Reason.UNCLEAR, facts.clarity < CLEAR_ENOUGH),
            (Reason.INCOMPLETE, facts.completeness < COMPLETE_ENOUGH),
        )
        if is_lacking
    )
    matches = facts.best_match is not None and facts.best_match >= GOOD_MATCH
    if len(lacking) == 2 or (lacking and not matches):
        return Triage(Route.DIAGNOSE, lacking)
    if facts.is_small_firm and facts.alike >= ENOUGH_TO_POOL:
        return Triage(Route.POOL, (Reason.OTHERS_SAY_THE_SAME,))
    if _KEY_PROBLEM.search(facts.text) and not matches:
        return Triage(Route.LONG_TERM, (Reason.KEY_PROBLEM, Reason.NO_MATCHES))
    if matches:
        reasons = (Reason.GOOD_MATCHES,) if lacking else (Reason.CLEAR_ENOUGH, Reason.GOOD_MATCHES)
        return Triage(Route.MATCH_NOW, reasons)
    return Triage(Route.MATCH_NOW, (Reason.CLEAR_ENOUGH, Reason.NO_MATCHES))
