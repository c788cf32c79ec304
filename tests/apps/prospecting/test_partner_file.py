"""The file of partners: what it may look like, and what is said of each bad cell."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from ronglian.apps.prospecting.partner_file import partner_template, read_partner_file
from tests.factories.files import workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


HEADS = ["企业名称", "关系", "供应层级", "供货内容", "邮箱"]


def test_csv_and_xlsx_are_read_by_the_headers_that_lists_have(settings: Any, tmp_path: Any) -> None:
    settings.UPLOADS = tmp_path
    rows = [["甲厂", "外协加工", "2", "镀铬", "a@example.org"], ["乙厂", "客户", "", "整机", "b@example.org"]]
    csv = "\n".join(",".join(row) for row in [HEADS, *rows])
    read = read_partner_file(BytesIO(csv.encode("gb18030")), "名单.csv")
    assert read.wrong == []
    assert read.rows == [
        {"name": "甲厂", "uscc": "", "relation": "processor", "tier": 2, "product": "镀铬", "email": "a@example.org"},
        {"name": "乙厂", "uscc": "", "relation": "customer", "tier": 1, "product": "整机", "email": "b@example.org"},
    ]  # fmt: skip
    assert read_partner_file(BytesIO(workbook([HEADS, *rows])), "名单.xlsx").rows == read.rows
    assert not read_partner_file(BytesIO(partner_template().encode()), "partners.csv").wrong


def test_each_bad_cell_is_told_with_its_place_and_what_would_be_right(
    settings: Any, tmp_path: Any, english: None
) -> None:
    settings.UPLOADS = tmp_path
    csv = "Name,Relation,Tier,E-mail,USCC\nA,friend,9,nowhere,12345\n,supplier,1,a@example.org,\nB,supplier,1,b@example.org,\nb,supplier,1,c@example.org,\n"
    found = read_partner_file(BytesIO(csv.encode()), "list.csv")
    places = [(cell.place, cell.column) for cell in found.wrong]
    assert places == [
        ("Row 2", "Unified social credit code"),
        ("Row 2", "Relation"),
        ("Row 2", "Tier"),
        ("Row 2", "E-mail"),
        ("Row 3", "Name"),
        ("Row 5", "Name"),
    ]
    assert "customer (downstream)" in found.wrong[1].message
    assert "row 4" in found.wrong[-1].message


def test_a_file_that_is_none_says_so(settings: Any, tmp_path: Any, english: None) -> None:
    settings.UPLOADS = tmp_path
    for content, sentence in (
        (b"", "empty"),
        (b"a,b\n1,2\n", "header"),
        ("企业名称,关系,邮箱\n".encode(), "no partner"),
    ):
        assert sentence in str(read_partner_file(BytesIO(content), "list.csv").wrong[0]).lower()
