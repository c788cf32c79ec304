"""What is wrong with a rulebook is said where it is, and what would be right; a whole one has no faults."""

from __future__ import annotations

import pytest

from ronglian.engines.rules import BookProblem, check_book
from tests.engines.rules.samples import SAYS, book, more_of_parameter, parameter, rule, step, value

CASE = "- {id: one, rule: tax.due, place: cn, date: 2026-01-01, inputs: {income: 100 元}, expect: 50 元}"
WHOLE = {
    "parameters": parameter(value("50 %")),
    "rules": rule(step("due", "income * tax.rate", ", round: exact")),
}


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (parameter("{value: 0.5, from: 2020-01-01, source: law, article: '1', confidence: H}"), "binary fraction"),
        (parameter("{value: 50 %, from: soon, source: law, article: '1', confidence: H}"), "write 2026-01-31"),
        (parameter("{value: 50 %, from: unknown, source: law, article: '1', confidence: H}"), "seen is missing"),
        (parameter("{value: 50 %, from: 2020-01-01, source: none, article: '1', confidence: H}"), "no source is called"),
        (parameter("{value: 50 %, from: 2020-01-01, source: law, confidence: H}"), "article is missing"),
        (parameter("{value: 50 %, from: 2020-01-01, source: law, article: '1', confidence: X}"), "one of H, M, L"),
        (parameter("{value: 50 %, from: 2020-01-01, source: law, article: '1', confidence: H, until: 2021-01-01}"), "means nothing here"),
        (parameter(value("50 %"), unit="percent"), "unit is 'percent'"),
        (more_of_parameter(value("50 %")), "not declared anywhere"),
        (parameter(value("50 %")) + "\n" + parameter(value("60 %")), "declared twice"),
        ("- {id: Rate, zh: 率, en: rate, unit: share, values: []}", "small letters"),
        ("tax: 1", "list of entries"),
        ("- [", "no YAML"),
        (parameter(value("50 %", more=", from: 2021-01-01")), "from stands twice"),
        ("- 5", "no mapping"),
    ],
)  # fmt: skip
def test_a_fault_names_its_place(parameters: str, message: str) -> None:
    with pytest.raises(BookProblem, match=r"cn/tax/parameters\.yaml") as caught:
        book(parameters=parameters)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        (rule(step("due", "income * 0.5")), "only 0 and 1 stand in formulas"),
        (rule("{id: due, zh: 甲, en: due}"), "a step has one of"),
        (rule(), "at least one step"),
        (rule(step("class", "income")), "no word of Python's"),
        (rule(step("due", "income", ", round: off")), "round is False"),
    ],
)
def test_a_formula_is_read_strictly(rules: str, message: str) -> None:
    with pytest.raises(BookProblem) as caught:
        book(rules=rules)
    assert message in str(caught.value)


def test_a_whole_book_has_no_faults() -> None:
    assert check_book(book({"cases/cn/tax/one.yaml": CASE}, **WHOLE)) == ()


@pytest.mark.parametrize(
    ("files", "changed", "message"),
    [
        ({}, {}, "has no case"),
        ({}, {"parameters": parameter(value("50 %"), value("60 %", begins="2021-01-01"))}, "overlaps"),
        ({}, {"parameters": parameter(value("50 %", more=", to: 2020-12-31"), value("60 %", begins="2021-02-01"))}, "leaves a gap"),
        ({}, {"parameters": parameter(value("50 %", more=", to: 2019-12-31"))}, "before it begins"),
        ({}, {"parameters": parameter()}, "has no version"),
        ({}, {"parameters": parameter(value("true"), unit="flag")}, "has no direction"),
        ({}, {"rules": rule(step("due", "income + tax.rate"))}, "do not go together"),
        ({}, {"rules": rule(step("due", "income * tax.other"))}, "no input, no earlier step and no parameter"),
        ({}, {"rules": rule(step("due", "income * tax.rate"))}, "say round"),
        ({}, {"rules": rule(step("due", "income > 0"))}, "is flag, but the rule gives money"),
        ({}, {"rules": rule(step("income", "income", ", round: exact"))}, "name of an input"),
        ({"cn-13/tax/parameters.yaml": more_of_parameter(value("60 %"))}, {}, "no known place"),
        ({"cn-11/wages/parameters.yaml": f"- {{id: wages.least, zh: 资, en: w, unit: money, values: [{{value: 1 元, from: 2020-01-01, {SAYS}, confidence: H}}]}}"}, {}, "topics.yaml"),
        ({"cases/cn/tax/two.yaml": CASE, "cases/cn/tax/one.yaml": CASE}, {}, "the name of two cases"),
        ({"cases/cn/tax/one.yaml": CASE.replace("tax.due", "tax.dues")}, {}, "which is no rule"),
    ],
)  # fmt: skip
def test_what_is_not_whole_is_found(files: dict[str, str], changed: dict[str, str], message: str) -> None:
    found = check_book(book(files, **{**WHOLE, **changed}))
    assert any(message in fault.text for fault in found), found


def test_knowledge_without_a_text_is_never_sure() -> None:
    sources = {"cn/sources.yaml": "[{id: law, zh: 《法》, en: The law, mark: K}]"}
    assert any("not of confidence H" in fault.text for fault in check_book(book(sources, **WHOLE)))
