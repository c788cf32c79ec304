"""Each kind of cell: what is understood, and what is refused with which code."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from ronglian.apps.registry.columns import COLUMNS, CellKind, Column, Kind, columns_by_name
from ronglian.apps.registry.imports.cells import CellContext, read_cell, without_guard
from ronglian.apps.registry.imports.messages import CELL_PROBLEMS, describe_cell_error
from ronglian.apps.registry.imports.problems import CellProblem, cell_error

MOMENT = datetime(2026, 12, 31, 8)  # noqa: DTZ001 - cells of workbooks know no time zone


def column(name: str, kind: Kind = "needs") -> Column:
    return columns_by_name(kind)[name]


def read(name: str, raw: Any, kind: Kind = "needs", **context: Any) -> Any:
    found = column(name, kind)
    values = read_cell(found, raw, CellContext(**context))
    return values[found.attributes[0]] if len(found.attributes) == 1 else tuple(values.values())


def refusal(name: str, raw: Any, kind: Kind = "needs", **context: Any) -> str:
    with pytest.raises(CellProblem) as caught:
        read(name, raw, kind, **context)
    return caught.value.code


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("  电镀  废水\n处理 ", "电镀 废水 处理"),
        (5.0, "5"),
        (2.5, "2.5"),
        (12, "12"),
        (date(2026, 1, 2), "2026-01-02"),
        (MOMENT, "2026-12-31 08:00:00"),
        (["高活性", "氟化锂", "制备"], "高活性 氟化锂 制备"),
        ("", ""),
        (None, ""),
        ("/", "/"),
    ],
)
def test_text(raw: Any, text: str) -> None:
    assert read("title", raw, limit=300) == text


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("字" * 301, "too_long"),
        ("a\x00b", "control_character"),
        (True, "boolean_for_text"),
        ({"a": 1}, "wrong_type"),
        ([{"a": 1}], "wrong_type"),
        (float("nan"), "not_a_number"),
        (float("inf"), "not_a_number"),
        (10**200, "number_too_large"),
    ],
)
def test_refused_text(raw: Any, code: str) -> None:
    assert refusal("title", raw, limit=300) == code


def test_long_text_keeps_its_lines() -> None:
    assert read("details", "一\r\n二\r三\u0007") == "一\n二\n三"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("new_materials", "new_materials"),
        ("新材料", "new_materials"),
        ("New Materials and their application", "new_materials"),
        ("生物医药", "biomedicine"),
        ("资源与环境", "environment"),
        ("—", ""),
        ("", ""),
    ],
)
def test_choice(raw: Any, code: str) -> None:
    assert read("technology_field", raw) == code


def test_refused_choice_names_what_is_known(chinese: None) -> None:
    with pytest.raises(CellProblem) as caught:
        read("technology_field", "炼丹")
    error = {
        "kind": "needs",
        **cell_error(caught.value, column="technology_field", header="领域", value="炼丹"),
    }
    assert error["code"] == "unknown_choice"
    assert "炼丹" in describe_cell_error(error)
    assert "新材料及其应用" in describe_cell_error(error)


@pytest.mark.parametrize(
    ("raw", "codes"),
    [
        ("技术入股", ["equity"]),
        ("专利许可", ["licence_ordinary"]),
        ("合作开发、委托开发、联合开发", ["development"]),
        ("技术转让；先用后付/作价入股", ["transfer", "pay_after_use", "equity"]),
        ("transfer, development", ["transfer", "development"]),
        (["equity", "技术服务"], ["equity", "service"]),
        ("use first, pay later; technical service", ["pay_after_use", "service"]),
        ("", []),
    ],
)
def test_choices(raw: Any, codes: list[str]) -> None:
    assert read("modes", raw) == codes


def test_refused_choices() -> None:
    assert refusal("modes", "技术转让；送人") == "unknown_choice"
    assert refusal("modes", [True]) == "boolean_for_text"


def test_choices_whose_label_holds_a_comma() -> None:
    text = "biology, medicine and medical devices; nuclear applications"
    assert read("technology_fields", text, "experts") == ["biomedicine", "nuclear"]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("电镀；废水;铬", ["电镀", "废水", "铬"]),
        ("电镀，废水、铬", ["电镀", "废水", "铬"]),
        ("电镀 废水", ["电镀", "废水"]),
        ("heat pump, boiler", ["heat pump", "boiler"]),
        ("heat pump", ["heat pump"]),
        (["a;b", "c"], ["a;b", "c"]),
        ('["Fe, Co", "Ni"]', ["Fe, Co", "Ni"]),
        ("重复；重复", ["重复"]),
        (" ", []),
    ],
)
def test_keywords(raw: Any, words: list[str]) -> None:
    assert read("keywords", raw) == words


def test_refused_keywords() -> None:
    assert refusal("keywords", ";".join(map(str, range(41)))) == "too_many_keywords"
    assert refusal("keywords", "字" * 101) == "keyword_too_long"


@pytest.mark.parametrize(
    "raw",
    ["2026-12-31", "2026/12/31", "2026.12.31", "2026年12月31日", "20261231", "46387", 46387.0, 46387, date(2026, 12, 31),
     MOMENT, "2026-01-01至2026-12-31", "2026-12-31 00:00:00", "２０２６－１２－３１"],
)  # fmt: skip
def test_date(raw: Any) -> None:
    assert read("expires_on", raw) == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("明年", "not_a_date"),
        ("长期", "not_a_date"),
        ("2026-13-01", "no_such_day"),
        ("2026-02-30", "no_such_day"),
        (12, "not_a_date"),
        (True, "boolean_for_text"),
        ("31/12/2026", "not_a_date"),
    ],
)
def test_refused_date(raw: Any, code: str) -> None:
    assert refusal("expires_on", raw) == code


@pytest.mark.parametrize(
    ("raw", "level"), [("6", 6), (6.0, 6), ("TRL6", 6), ("trl 6级", 6), ("第6级", 6), ("六级", 6)]
)
def test_integer(raw: Any, level: int) -> None:
    assert read("minimum_maturity", raw) == level


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("0", "out_of_range"),
        ("10", "out_of_range"),
        (6.5, "not_whole"),
        ("高", "not_a_number"),
        (True, "boolean_for_number"),
        (float("nan"), "not_a_number"),
        ("9" * 400, "number_too_large"),
        (10**300, "number_too_large"),
        (-3, "out_of_range"),
    ],
)
def test_refused_integer(raw: Any, code: str) -> None:
    assert refusal("minimum_maturity", raw) == code


@pytest.mark.parametrize(
    ("raw", "unit", "fen"),
    [
        ("30-60万元", None, (30_000_000, 60_000_000)),
        ("50", "wan_yuan", (50_000_000, 50_000_000)),
        (50.0, None, (50_000_000, 50_000_000)),
        ("500000", "yuan", (50_000_000, 50_000_000)),
        ("不超过50万元", None, (None, 50_000_000)),
        ("面议", None, (None, None)),
        ("", None, (None, None)),
    ],
)
def test_money(raw: Any, unit: Any, fen: tuple[int | None, int | None]) -> None:
    assert read("budget", raw, unit=unit) == fen


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("很多", "money_unreadable"),
        ("60-30万元", "money_reversed_range"),
        ("5000美元", "money_foreign_currency"),
        ("-5万", "money_negative"),
        (True, "boolean_for_number"),
        (1e300, "money_too_large"),
        ("9" * 201, "too_long"),
    ],
)
def test_refused_money(raw: Any, code: str) -> None:
    assert refusal("budget", raw) in (code, "money_unreadable")


def test_metrics_are_kept_as_written() -> None:
    assert read("metrics", ["六价铬≤0.1 mg/L", "处理量≥50 m³/d"]) == "六价铬≤0.1 mg/L；处理量≥50 m³/d"


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("region", "江苏省苏州市", "3205"),
        ("region", "320500", "3205"),
        ("region", 3205, "3205"),
        ("industry", "C26", "C26"),
        ("industry", "医药制造业", "C27"),
        ("anonymous", "是", True),
        ("anonymous", "no", False),
        ("anonymous", True, True),
        ("anonymous", "", False),
        ("anonymous", 1, True),
    ],
)
def test_codes_and_booleans(name: str, raw: Any, value: Any) -> None:
    assert read(name, raw) == value


@pytest.mark.parametrize(
    ("name", "raw", "code"),
    [
        ("region", "乌托邦", "unknown_region"),
        ("industry", "Z99", "unknown_industry"),
        ("anonymous", "也许", "not_yes_or_no"),
    ],
)
def test_refused_codes_and_booleans(name: str, raw: Any, code: str) -> None:
    assert refusal(name, raw) == code


def test_identifiers() -> None:
    assert read("orcid", "https://orcid.org/0000-0002-1825-0097", "experts") == "0000-0002-1825-0097"
    assert refusal("orcid", "0000-0002-1825-0098", "experts") == "orcid_check_digit"
    assert refusal("uscc", "123", "organisations") == "uscc_length"
    assert refusal("uscc", "I" * 18, "organisations") == "uscc_alphabet"
    assert read("uscc", "", "organisations") is None
    assert refusal("ror", "1yrm5c26", "organisations") == "ror_length"


def test_an_organisation_that_nobody_knows() -> None:
    assert refusal("owner", "无名单位") == "unknown_organisation"


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("'=1+1", "=1+1"),
        ("''=1", "'=1"),
        ("'plain", "'plain"),
        ("'＝1", "＝1"),
        ("=1", "=1"),
        ("'", "'"),
        ("'-5℃", "-5℃"),
    ],
)
def test_the_guard_of_exports_is_dropped(text: str, bare: str) -> None:
    assert without_guard(text) == bare


@pytest.mark.parametrize("code", CELL_PROBLEMS)
@pytest.mark.parametrize("language", ["chinese", "english"])
def test_every_problem_can_be_said(code: str, language: str, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(language)
    names = [
        "length",
        "limit",
        "low",
        "high",
        "count",
        "unknown",
        "expected",
        "opens",
        "latest",
        "row",
        "position",
        "key",
        "constant",
    ]
    problem = CellProblem(code, **dict.fromkeys(names, 3))
    for name in ("modes", "title", ""):
        error = {"kind": "needs", **cell_error(problem, column=name, header="x", value="y")}
        assert describe_cell_error(error)


def test_every_kind_of_cell_has_a_reader() -> None:
    used = {column.kind for columns in COLUMNS.values() for column in columns}
    assert used == set(CellKind)
