"""Invented needs and results for the tests of the matching engine."""

from datetime import date

from hypothesis import strategies as st

from ronglian.engines.matching import NeedProfile, ResultProfile
from ronglian.engines.text import Comparison, Metric

TODAY = date(2026, 6, 1)
MODES = ("transfer", "licence", "joint_development")

_PIECES = (
    "锂离子电池", "负极材料", "污水处理", "膜分离", "机器人", "焊接工艺", "图像识别", "水稻育种", "催化剂", "回收",
    "的研发", "关键技术", "lithium battery", "membrane filters", "robotic welding", "PLC", "wastewater", "系统",
)  # fmt: skip


def at_least(name: str, value: float, unit: str = "%") -> Metric:
    """A metric with a lower bound."""
    return Metric(name, Comparison.AT_LEAST, value, None, unit, f"{name}不低于{value}{unit}")


def equal(name: str, value: float, unit: str = "%") -> Metric:
    """A metric that states one value."""
    return Metric(name, Comparison.EQUAL, value, value, unit, f"{name}{value}{unit}")


texts = st.lists(st.sampled_from(_PIECES), max_size=6).map("，".join)
titles = st.lists(st.sampled_from(_PIECES), min_size=1, max_size=3).map("".join)
metrics = st.lists(
    st.builds(
        lambda name, value, needed: (at_least if needed else equal)(name, value),
        st.sampled_from(["去除率", "回收率", "efficiency"]),
        st.integers(1, 100).map(float),
        st.booleans(),
    ),
    max_size=2,
).map(tuple)
fields = st.sampled_from([None, "new_materials", "energy"])
industries = st.sampled_from([None, "C", "C26", "C266", "C2661", "C38", "I65"])
regions = st.sampled_from([None, "42", "4201", "420106", "4202", "31", "3200", "510100"])
modes = st.frozensets(st.sampled_from(MODES))
levels = st.none() | st.integers(1, 9)
money = st.none() | st.integers(0, 10**10)
days = st.none() | st.dates(date(2024, 1, 1), date(2027, 1, 1))

_shared = {
    "title": titles, "body": texts, "title_en": st.sampled_from(["", "Battery recycling"]), "metrics": metrics,
    "technology_field": fields, "industry": industries, "region": regions, "modes": modes, "confirmed_on": days,
    "expires_on": days,
}  # fmt: skip
needs = st.builds(
    NeedProfile,
    id=st.integers(0, 30).map("n{:02}".format),
    **_shared,
    budget_high_fen=money,
    minimum_maturity=levels,
    hard=st.frozensets(
        st.sampled_from(["metrics", "field", "maturity", "region", "budget", "mode"]), max_size=2
    ),
)
results = st.builds(
    ResultProfile, id=st.integers(0, 30).map("r{:02}".format), **_shared, price_low_fen=money, maturity=levels
)
need_lists = st.lists(needs, max_size=8, unique_by=lambda need: need.id)
result_lists = st.lists(results, max_size=12, unique_by=lambda result: result.id)


def small_collection() -> tuple[list[NeedProfile], list[ResultProfile]]:
    """Three needs and six results, two of them beside the point."""
    asked = [
        NeedProfile(
            "n1",
            "废旧锂电池回收技术",
            body="希望锂的回收率不低于95%，实现产业化。",
            metrics=(at_least("锂回收率", 95.0),),
            technology_field="resources",
            region="4201",
            budget_high_fen=50_000_000,
            minimum_maturity=6,
            modes=frozenset({"licence"}),
            confirmed_on=date(2026, 5, 1),
        ),
        NeedProfile("n2", "焊接机器人视觉识别", body="焊缝跟踪精度要求高。"),
        NeedProfile("n3", "Membrane filters for wastewater", body="We need robust membrane filtration."),
    ]
    offered = [
        ResultProfile(
            "r1",
            "废旧锂离子电池绿色回收工艺",
            body="锂回收率达到96%。",
            metrics=(equal("锂回收率", 96.0),),
            technology_field="resources",
            region="420106",
            price_low_fen=30_000_000,
            maturity=7,
            modes=frozenset({"licence", "transfer"}),
            confirmed_on=date(2026, 4, 1),
        ),
        ResultProfile("r2", "锂电池负极材料制备方法"),
        ResultProfile("r3", "基于视觉的焊接机器人焊缝跟踪系统"),
        ResultProfile("r4", "中空纤维膜污水处理", title_en="Hollow fibre membrane filtration of wastewater"),
        ResultProfile("r5", "水稻育种新方法"),
        ResultProfile("r6", "电池回收展望", body="锂电池回收", expires_on=date(2026, 1, 1)),
    ]
    return asked, offered
