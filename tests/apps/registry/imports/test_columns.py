"""Headers of real files are recognised, and every column has what files and screens need."""

from __future__ import annotations

import pytest

from ronglian.apps.registry.code_lists import CODE_LISTS
from ronglian.apps.registry.columns import COLUMNS, KINDS, MODELS, CellKind, Kind, recognise_header
from ronglian.apps.registry.imports.reading import recognise
from ronglian.apps.registry.imports.vocabulary import WORDS, choice_label, find_choice
from tests.paths import REPOSITORY


@pytest.mark.parametrize(
    ("kind", "header", "column"),
    [
        ("needs", "需求名称", "title"),
        ("needs", "* 需求名称 ", "title"),
        ("needs", "需求　名称（必填）", "title"),
        ("needs", "技术领域", "technology_field"),
        ("needs", "需求详情", "details"),
        ("needs", "技术指标", "metrics"),
        ("needs", "拟解决的技术难题", "difficulty"),
        ("needs", "现有基础条件", "existing_conditions"),
        ("needs", "合作方式", "modes"),
        ("needs", "预算金额（万元）", "budget"),
        ("needs", "所属地区", "region"),
        ("needs", "有效期", "expires_on"),
        ("needs", "ＢＵＤＧＥＴ", "budget"),
        ("needs", "content", "details"),
        ("needs", "名称（英文）", "title_en"),
        ("results", "成果名称", "title"),
        ("results", "完成单位", "completed_by"),
        ("results", "成果简介", "summary"),
        ("results", "所属高新技术领域", "technology_field"),
        ("results", "成果体现形式", "output_form"),
        ("results", "所处阶段", "stage"),
        ("results", "技术水平", "technical_level"),
        ("results", "知识产权", "ip"),
        ("results", "拟采取的转化方式", "transfer_modes"),
        ("results", "title_tokens", "title"),
        ("results", "organisation", "completed_by"),
        ("experts", "姓名", "name"),
        ("organisations", "统一社会信用代码", "uscc"),
        ("scenes", "场景名称", "title"),
    ],
)
def test_headers_of_real_files(kind: Kind, header: str, column: str) -> None:
    heading = recognise_header(kind, header)
    assert heading is not None
    assert heading.column == column


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("预算金额（万元）", "wan_yuan"),
        ("预算金额(元)", "yuan"),
        ("Budget (CNY)", "yuan"),
        ("预算金额", None),
    ],
)
def test_the_header_says_the_unit(header: str, unit: str | None) -> None:
    heading = recognise_header("needs", header)
    assert heading is not None
    assert heading.unit == unit


@pytest.mark.parametrize("kind", KINDS)
def test_a_columns_own_names_mean_it(kind: Kind) -> None:
    for column in COLUMNS[kind]:
        for name in (column.name, column.zh, column.en):
            heading = recognise_header(kind, name)
            assert heading is not None
            assert heading.column == column.name, name


@pytest.mark.parametrize("kind", KINDS)
def test_attributes_exist(kind: Kind) -> None:
    for column in COLUMNS[kind]:
        for attribute in column.attributes:
            assert hasattr(MODELS[kind], attribute), attribute
        assert (column.choices is not None) == (column.kind in (CellKind.CHOICE, CellKind.CHOICES))


@pytest.mark.parametrize("name", WORDS)
def test_every_code_has_words_and_is_found_by_each(name: str) -> None:
    choices = CODE_LISTS[name]
    assert set(WORDS[name]) == set(choices.values)
    for code, words in WORDS[name].items():
        assert find_choice(choices, code) == code
        assert find_choice(choices, words[0]) == code
        assert find_choice(choices, choice_label(choices, code, "en")) == code


def test_of_two_headers_for_one_column_the_surer_one_is_read() -> None:
    assert recognise("needs", ["项目名称", "需求名称", "企业电话"]) == {
        "项目名称": "",
        "需求名称": "title",
        "企业电话": "",
    }


def test_the_reference_page_lists_every_column_and_code() -> None:
    page = (REPOSITORY / "docs" / "reference" / "file-formats.md").read_text(encoding="utf-8")
    for columns in COLUMNS.values():
        for column in columns:
            assert f"| `{column.name}` | {column.zh} | {column.en} |" in page
    for name, words in WORDS.items():
        choices = CODE_LISTS[name]
        for code in words:
            assert (
                f"| `{code}` | {choice_label(choices, code, 'zh')} | {choice_label(choices, code, 'en')} |"
                in page
            )
