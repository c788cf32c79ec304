"""`ronglian contracts`: the statistics of a bureau's file, and what is wrong in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xlsxwriter

from tests.cli.conftest import Run

HEAD = "合同类别,合同成交总金额,技术交易额,技术领域,社会经济目标,卖方行政区划,买方行政区划,知识产权\n"
ROWS = (
    "技术服务（一般）,661.21亿元,600亿元,城市建设与社会发展,工商业发展,武汉市,湖北省,未涉及知识产权\n"
    "技术开发（委托开发）,190.57亿元,150亿元,先进制造,工商业发展,4201,4403,专利\n"
    "技术咨询,11714000000,1亿元,,,湖北省,湖南省,\n"
    "技术转让,12.85亿元,12.85亿元,新材料及其应用,,湖北,上海,专利\n"
)


@pytest.fixture
def count(run: Run) -> Run:
    """The command in Chinese, as bureaus use it."""
    return lambda *words, **more: run("--language", "zh", "contracts", *words, **more)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "hubei.csv"
    path.write_text(HEAD + ROWS, encoding="utf-8-sig")
    return path


def test_the_sums_of_a_file(count: Run, file: Path) -> None:
    answer = count(str(file), "--region", "湖北", "--json")
    assert answer.exit_code == 0, answer.output
    tables = {one["table"]: one["rows"] for one in json.loads(answer.output)}
    by_kind = {row["合同类别"]: row for row in tables["合同类别"]}
    assert by_kind["技术服务"]["成交额"] == "66,121,000,000.00 元"
    assert tables["技术流向"][0]["成交额"] == "98,177,000,000.00 元"
    assert tables["技术流向"][1]["合同数（项）"] == "1"
    assert by_kind["技术服务"]["占成交额比重"] == "67.35 %"
    shown = count(str(file), "--region", "42")
    assert shown.exit_code == 0
    assert "技术咨询" in shown.output


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("190.57亿元", "很多", "第 3 行 · 合同成交总金额"),
        ("190.57亿元", "1-2亿元", "第 3 行 · 合同成交总金额"),
        ("190.57亿元", "-", "第 3 行 · 合同成交总金额"),
        ("150亿元", "面议", "第 3 行 · 技术交易额"),
        ("技术咨询", "搬运", "第 4 行 · 合同类别"),
        ("4403", "月球", "第 3 行 · 买方行政区划"),
        ("合同类别,", "类,", "合同类别"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(count: Run, file: Path, old: str, new: str, told: str) -> None:
    file.write_text((HEAD + ROWS).replace(old, new), encoding="utf-8")
    answer = count(str(file))
    assert answer.exit_code == 1
    assert told in answer.output
    assert "hubei.csv" in answer.output


def test_everything_that_is_wrong_is_told_at_once(count: Run, file: Path) -> None:
    wrong = ROWS.replace("190.57亿元", "很多").replace("技术咨询", "搬运").replace("上海", "月球")
    file.write_text(HEAD + wrong, encoding="utf-8")
    told = count(str(file)).output
    for place in ("第 3 行 · 合同成交总金额", "第 4 行 · 合同类别", "第 5 行 · 买方行政区划"):
        assert place in told


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8"])
def test_files_in_the_encodings_of_the_field(count: Run, file: Path, encoding: str) -> None:
    file.write_bytes((HEAD + ROWS).encode(encoding))
    assert count(str(file), "--region", "42", "--json").exit_code == 0


def test_a_workbook_and_a_head_with_a_unit(count: Run, tmp_path: Path) -> None:
    path = tmp_path / "contracts.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("合同")
    head = ["合同类别", "合同成交总金额（万元）", "技术交易额（元）", "卖方行政区划", "买方行政区划"]
    sheet.write_row(0, 0, head)
    sheet.write_row(1, 0, ["技术转让", 12.5, 100000, "湖北", "上海"])
    sheet.write_row(2, 0, ["技术转让", 1, "-", "湖北", 310000])
    book.close()
    answer = count(str(path), "--region", "湖北", "--json")
    assert answer.exit_code == 0, answer.output
    (row,) = [one for one in json.loads(answer.output)[1]["rows"] if one["合同类别"] == "技术转让"]
    assert (row["成交额"], row["技术交易额"]) == ("135,000.00 元", "100,000.00 元")
    with_wrong = tmp_path / "wrong.xlsx"
    book = xlsxwriter.Workbook(with_wrong)
    sheet = book.add_worksheet("合同")
    sheet.write_row(0, 0, head)
    sheet.write_row(1, 0, ["技术转让", "很多", 1, "湖北", "上海"])
    book.close()
    assert "工作表“合同”第 2 行 · 合同成交总金额" in count(str(with_wrong)).output


def test_a_region_or_a_file_that_is_none(count: Run, file: Path) -> None:
    assert count(str(file), "--region", "月球").exit_code == 2
    file.write_bytes(b"%PDF-1.7")
    assert count(str(file)).exit_code == 1
    file.write_text(HEAD, encoding="utf-8")
    assert count(str(file)).exit_code == 1


@pytest.mark.django_db
def test_without_a_file_it_counts_what_was_registered_here(count: Run) -> None:
    answer = count("--year", "2026", "--json")
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.output)[0]["rows"][0]["合同数（项）"] == "0"
