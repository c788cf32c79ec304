"""A small country with rules of its own, so that the engine's tests do not depend on law."""

from __future__ import annotations

from ronglian.engines.rules import Rulebook, read_book

PLACES = """
- {id: cn, level: nation, zh: 国, en: nation}
- {id: cn-11, level: province, parent: cn, region: "11", zh: 甲省, en: Province A}
- {id: cn-12, level: province, parent: cn, region: "12", zh: 乙省, en: Province B}
- {id: cn-11-park, level: zone, parent: cn-11, zh: 园区, en: Park}
"""
TOPICS = "[{id: tax, zh: 税, en: Tax}]"
SOURCES = "[{id: law, zh: 《法》, en: The law, mark: S, link: here}]"
SAYS = "source: law, article: '1'"


def value(written: str, *, begins: str = "2020-01-01", more: str = "", confidence: str = "H") -> str:
    return f"{{value: {written}, from: {begins}, {SAYS}, confidence: {confidence}{more}}}"


def parameter(*values: str, unit: str = "share", direction: str = "floor") -> str:
    return f"- {{id: tax.rate, zh: 率, en: rate, unit: {unit}, direction: {direction}, values: [{', '.join(values)}]}}"


def more_of_parameter(*values: str) -> str:
    return f"- {{id: tax.rate, values: [{', '.join(values)}]}}"


def rule(*steps: str, gives: str = "money", inputs: str = "") -> str:
    listed = ", ".join(steps)
    told = inputs or "{id: income, zh: 收入, en: income, unit: money}"
    return f"- {{id: tax.due, zh: 税额, en: tax due, gives: {gives}, inputs: [{told}], versions: [{{from: 2020-01-01, {SAYS}, confidence: H, steps: [{listed}]}}]}}"


def step(name: str, expression: str, more: str = "") -> str:
    return f"{{id: {name}, zh: 甲, en: {name}, is: '{expression}'{more}}}"


def book(files: dict[str, str] | None = None, *, parameters: str = "", rules: str = "") -> Rulebook:
    """The country with these parameters and rules of the nation, and further files."""
    texts = {"jurisdictions.yaml": PLACES, "topics.yaml": TOPICS, "cn/sources.yaml": SOURCES}
    if parameters:
        texts["cn/tax/parameters.yaml"] = parameters
    if rules:
        texts["cn/tax/rules.yaml"] = rules
    return read_book(texts | (files or {}))
