"""Files that are broken, hostile or merely odd. For each: no exception but InvalidInput, the error names its place in
both languages, and the registry is exactly as before. The fast suite takes the first file of each problem and format."""

from __future__ import annotations

import gzip
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import xlsxwriter
from django.apps import apps
from django.utils import translation

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.registry.duplicates import refresh_fingerprints
from ronglian.apps.registry.imports import sheet_child, sheets
from ronglian.apps.registry.imports.problems import FileProblem
from ronglian.apps.registry.models import ImportBatch, ImportRow, ImportState, Need
from ronglian.apps.registry.operations.imports import apply_import, check_import, stage_import
from ronglian.apps.registry.queries.imports import describe_failure, list_bad_cells
from ronglian.kernel.errors import InvalidInput, RuleViolation
from ronglian.kernel.models import Event
from tests.factories import SYSTEM, make_need, make_organisation
from tests.factories.files import archive, csv_file, json_lines, workbook

pytestmark = pytest.mark.django_db

HEAD = ["需求名称", "需求详情", "预算金额（万元）", "有效期"]
GOOD = ["电镀废水处理", "六价铬降不下来", "30-60", "2027-12-31"]
FULL = [
    "需求名称",
    "需求详情",
    "技术领域",
    "合作方式",
    "预算金额",
    "所属地区",
    "所属行业",
    "最低技术就绪度",
    "匿名发布",
    "有效期",
]


def one_cell(header: str, value: Any) -> bytes:
    return csv_file([["需求名称", header], ["一条需求", value]])


def one_key(key: str, text: str) -> bytes:
    return f'{{"title": "一条需求", "{key}": {text}}}\n'.encode()


def real_workbook() -> bytes:
    return workbook([HEAD, GOOD])


def with_size(said: int) -> bytes:
    """A workbook of 3 MB of blanks whose directory says `said` bytes."""
    content = b" " * 3_000_000
    honest = archive({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": content})
    return honest.replace(len(content).to_bytes(4, "little"), said.to_bytes(4, "little"))


def last_cell() -> bytes:
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEAD)
    sheet.write(1_048_575, 16_383, "x")
    book.close()
    return buffer.getvalue()


def old_excel() -> bytes:
    return bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512) + "Workbook".encode("utf-16-le") + bytes(1024)


def protected() -> bytes:
    return (
        bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512) + "EncryptedPackage".encode("utf-16-le") + bytes(1024)
    )


def encrypted_zip() -> bytes:
    content = bytearray(real_workbook())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(mark)
        while place >= 0:
            content[place + offset] |= 1
            place = content.find(mark, place + 1)
    return bytes(content)


def with_part(name: str) -> bytes:
    """A real workbook with one part more."""
    buffer = BytesIO(real_workbook())
    with zipfile.ZipFile(buffer, "a") as book:
        book.writestr(name, b"x")
    return buffer.getvalue()


# name → (content, code of the problem). Refused as a whole: nothing of the file can be taken over.
WHOLE: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing.csv": (lambda: b"", "empty_file"),
    "blanks.csv": (lambda: b" \n\t\r\n ", "empty_file"),
    "zeros.csv": (lambda: bytes(5000), "empty_file"),
    "mark-only.csv": (lambda: b"\xef\xbb\xbf", "empty_file"),
    "header-only.csv": (lambda: csv_file([HEAD]), "no_rows"),
    "header-only.xlsx": (lambda: workbook([HEAD]), "no_rows"),
    "empty.xlsx": (lambda: workbook([]), "no_header"),
    "no-header.csv": (lambda: csv_file([["1", "2"], ["3", "4"]]), "no_header"),
    "prose.csv": ("这不是表格。\n只是一段话。\n".encode, "no_header"),
    "headers-too-low.csv": (lambda: csv_file([["x", "y"]] * 12 + [HEAD, GOOD]), "no_header"),
    "missing-column.csv": (lambda: csv_file([["需求详情", "合作方式"], ["说明", "转让"]]), "missing_columns"),
    "missing-column.xlsx": (lambda: workbook([["需求详情", "合作方式"], ["说明", "转让"]]), "missing_columns"),
    "duplicate-headers.csv": (lambda: csv_file([["需求名称", "需求名称"], ["甲", "乙"]]), "duplicate_header"),
    "duplicate-headers.xlsx": (lambda: workbook([["需求名称", "需求名称"], ["甲", "乙"]]), "duplicate_header"),
    "open-quote.csv": ('需求名称,需求详情\n"没有关上,说明\n又一行,x\n'.encode, "unbalanced_quotes"),
    "quote-inside.csv": ('需求名称,需求详情\n"甲"乙,说明\n'.encode, "unbalanced_quotes"),
    "endless-quote.csv": (lambda: '需求名称,需求详情\n"'.encode() + b"x" * 200_000 + b"\n", "quote_or_cell_too_long"),
    "too-many-columns.csv": (lambda: csv_file([[*HEAD, *map(str, range(100_000))], GOOD]), "too_many_columns"),
    "too-many-columns.xlsx": (lambda: workbook([[*HEAD, *map(str, range(9_000))], GOOD]), "too_many_columns"),
    "neither-utf8-nor-gbk.csv": (lambda: csv_file([HEAD, GOOD]) + b"\xff\xff\xff,\x80\n", "encoding"),
    "cut-utf16.csv": (lambda: csv_file([HEAD, GOOD], encoding="utf-16")[:-1], "encoding"),
    "half-utf8-with-mark.csv": (lambda: b"\xef\xbb\xbf" + csv_file([HEAD]) + "甲".encode("gbk") + b"\xb5\n", "encoding"),
    "binary.csv": (lambda: b"\x01\x00\x02\x03\x00\x04abc\xfe\x00" * 400, "binary"),
    "picture.csv": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "not_a_table"),
    "report.pdf": (lambda: b"%PDF-1.7 ...", "not_a_table"),
    "page.csv": (lambda: b"<!DOCTYPE html><html><table><tr><td>x</td></tr></table>", "web_page"),
    "table.xls": (lambda: b"<html><table><tr><td>x</td></tr></table></html>", "web_page"),
    "xml.csv": (lambda: b"<?xml version='1.0'?><x/>", "web_page"),
    "named-wrongly.csv": (real_workbook, "named_otherwise"),
    "named-wrongly.xlsx": (lambda: csv_file([HEAD, GOOD]), "named_otherwise"),
    "named-wrongly.png": (lambda: json_lines([{"title": "甲"}]), "named_otherwise"),
    "called-a-program.exe": (lambda: csv_file([HEAD, GOOD]), "named_otherwise"),
    "macros.xlsm": (lambda: with_part("xl/vbaProject.bin"), "macros"),
    "macros.xlsx": (lambda: with_part("xl/vbaProject.bin"), "macros"),
    "macro-sheet.xlsx": (lambda: with_part("xl/macrosheets/sheet1.xml"), "macros"),
    "controls.xlsx": (lambda: with_part("xl/activeX/activeX1.bin"), "macros"),
    "old.xlsx": (old_excel, "old_xls"),
    "old.csv": (old_excel, "old_xls"),
    "protected.xlsx": (protected, "encrypted"),
    "encrypted-members.xlsx": (encrypted_zip, "encrypted"),
    "cut.xlsx": (lambda: real_workbook()[: len(real_workbook()) // 2], "damaged_archive"),
    "head-only.xlsx": (lambda: b"PK\x03\x04", "damaged_archive"),
    "scrambled.xlsx": (lambda: real_workbook()[:200] + bytes(300) + real_workbook()[500:], "damaged_workbook"),
    "document.xlsx": (lambda: archive({"word/document.xml": b"<x/>"}), "not_a_workbook"),
    "no-sheets.xlsx": (lambda: archive({"xl/workbook.xml": b"<workbook/>"}), "damaged_workbook"),
    "broken-xml.xlsx": (lambda: archive({"xl/workbook.xml": b"<workbook", "[Content_Types].xml": b""}), "damaged_workbook"),
    "bomb.xlsx": (lambda: with_size(300_000_000), "unpacks_too_large"),
    "lying-bomb.xlsx": (lambda: with_size(100), "damaged_workbook"),
    "many-members.xlsx": (lambda: archive({f"xl/{n}": b"" for n in range(1001)}), "too_many_members"),
    "last-cell.xlsx": (last_cell, "takes_too_much_memory"),
    "list.jsonl": (lambda: json.dumps([{"title": "甲"}]).encode(), "json_array"),
    "cut.jsonl.gz": (lambda: gzip.compress(json_lines([{"title": f"第{n}条{zlib.crc32(bytes([n]))}"} for n in range(200)]))[:-40], "damaged_archive"),
    "not-gzip.jsonl.gz": (lambda: b"\x1f\x8b" + bytes(60), "damaged_archive"),
    "bomb.jsonl.gz": (lambda: gzip.compress(b" " * 4_000_000 + b"\n"), "line_too_long"),
    "endless-line.jsonl": (lambda: b'{"title": "' + b"x" * 1_100_000 + b'"}\n', "line_too_long"),
    "gbk-inside-utf8.jsonl.gz": (lambda: gzip.compress('{"title": "需求"}\n'.encode("gbk")), "encoding"),
}  # fmt: skip

# name → (content, codes of the bad cells). Row by row: each bad cell is listed.
CELLS: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "empty-title.csv": (lambda: csv_file([HEAD, ["", *GOOD[1:]]]), {"required"}),
    "blank-title.xlsx": (lambda: workbook([HEAD, ["  ", *GOOD[1:]]]), {"required"}),
    "long-title.csv": (lambda: csv_file([HEAD, ["字" * 301, *GOOD[1:]]]), {"too_long"}),
    "long-text.csv": (lambda: csv_file([HEAD, ["甲", "字" * 20_001, "", ""]]), {"too_long"}),
    "nul.csv": (lambda: csv_file([HEAD, ["甲" * 5000, "", "", ""], ["a\x00b", *GOOD[1:]]]), {"control_character", "too_long"}),
    "unknown-codes.csv": (lambda: csv_file([FULL, ["甲", "", "炼丹", "送人", "很多", "乌托邦", "Z9", "高", "也许", "明年"]]),
        {"unknown_choice", "money_unreadable", "unknown_region", "unknown_industry", "not_a_number", "not_yes_or_no", "not_a_date"}),
    "too-many-cells.csv": (lambda: csv_file([HEAD, [*GOOD, "多", "余"]]), {"too_many_cells"}),
    "comma-inside.csv": ("需求名称,需求详情\n甲,一,二,三\n".encode, {"too_many_cells"}),
    "negative-money.csv": (lambda: one_cell("预算金额", "-30万"), {"money_negative"}),
    "reversed-money.csv": (lambda: one_cell("预算金额", "60-30万"), {"money_reversed_range"}),
    "dollars.csv": (lambda: one_cell("预算金额", "3000美元"), {"money_foreign_currency"}),
    "huge-money.csv": (lambda: one_cell("预算金额", "9" * 60), {"money_too_large"}),
    "no-such-day.csv": (lambda: one_cell("有效期", "2026-02-30"), {"no_such_day"}),
    "far-date.csv": (lambda: one_cell("有效期", "2099-01-01"), {"valid_too_long"}),
    "future-confirmation.csv": (lambda: one_cell("最近确认日期", "2099-01-01"), {"in_the_future"}),
    "level-zero.csv": (lambda: one_cell("最低技术就绪度", "0"), {"out_of_range"}),
    "half-level.xlsx": (lambda: workbook([["需求名称", "最低技术就绪度"], ["甲", 6.5]]), {"not_whole"}),
    "truth-for-title.xlsx": (lambda: workbook([HEAD, [True, *GOOD[1:]]]), {"boolean_for_text"}),
    "truth-for-number.xlsx": (lambda: workbook([["需求名称", "最低技术就绪度"], ["甲", True]]), {"boolean_for_number"}),
    "number-for-date.xlsx": (lambda: workbook([["需求名称", "有效期"], ["甲", 12]]), {"not_a_date"}),
    "many-keywords.csv": (lambda: one_cell("关键词", ";".join(map(str, range(60)))), {"too_many_keywords"}),
    "id-twice.csv": (lambda: csv_file([["编号", "需求名称"], ["1", "甲"], ["1", "乙"]]), {"id_twice"}),
    "long-id.csv": (lambda: csv_file([["编号", "需求名称"], ["9" * 121, "甲"]]), {"too_long"}),
    "broken-line.jsonl": (lambda: b'{"title": "a"}\n{"title": \n', {"broken_json"}),
    "trailing-comma.jsonl": (lambda: b'{"title": "a"},\n', {"broken_json"}),
    "python-not-json.jsonl": (lambda: b"{'title': 'a'}\n", {"broken_json"}),
    "number-line.jsonl": (lambda: b'{"title": "a"}\n42\n', {"not_an_object"}),
    "list-line.jsonl": (lambda: b'{"title": "a"}\n["x"]\n', {"not_an_object"}),
    "key-twice.jsonl": (lambda: b'{"title": "a", "title": "b"}\n', {"key_twice"}),
    "nan.jsonl": (lambda: one_key("minimum_maturity", "NaN"), {"not_json_number"}),
    "infinity.jsonl": (lambda: one_key("budget", "-Infinity"), {"not_json_number"}),
    "huge-float.jsonl": (lambda: one_key("budget", "1e999"), {"not_a_number"}),
    "huge-integer.jsonl": (lambda: one_key("minimum_maturity", "9" * 3000), {"number_too_large"}),
    "endless-integer.jsonl": (lambda: one_key("minimum_maturity", "9" * 6000), {"number_too_large"}),
    "truth-for-number.jsonl": (lambda: one_key("minimum_maturity", "true"), {"boolean_for_number"}),
    "truth-for-money.jsonl": (lambda: one_key("budget", "false"), {"boolean_for_number"}),
    "object-for-text.jsonl": (lambda: one_key("details", '{"a": 1}'), {"wrong_type"}),
    "list-of-lists.jsonl": (lambda: one_key("keywords", '[["a"]]'), {"wrong_type"}),
    "deep.jsonl": (lambda: b'{"title": "a"}\n{"title": ' + b"[" * 100_000 + b"\n", {"too_deep"}),
    "many-keys.jsonl": (lambda: json_lines([{"title": "a", **dict.fromkeys(map(str, range(600)), 1)}]), {"too_many_cells"}),
    "null-title.jsonl": (lambda: b'{"title": null}\n{"details": "x"}\n', {"required"}),
}  # fmt: skip

# Odd, but readable: all rows are good.
READABLE: dict[str, Callable[[], bytes]] = {
    "utf8-mark.csv": lambda: csv_file([HEAD, GOOD], encoding="utf-8-sig"),
    "gbk.csv": lambda: csv_file([HEAD, GOOD], encoding="gbk"),
    "gb18030.csv": lambda: csv_file([HEAD, ["𠮷野家改造", *GOOD[1:]]], encoding="gb18030"),
    "utf16.csv": lambda: csv_file([HEAD, GOOD], encoding="utf-16"),
    "utf16-without-mark.csv": lambda: csv_file([HEAD, GOOD], encoding="utf-16-le"),
    "utf32.csv": lambda: csv_file([HEAD, GOOD], encoding="utf-32"),
    "semicolons.csv": lambda: csv_file([HEAD, GOOD], delimiter=";"),
    "tabs.csv": lambda: csv_file([HEAD, GOOD], delimiter="\t"),
    "old-mac-lines.csv": lambda: csv_file([HEAD, GOOD]).replace(b"\r\n", b"\r"),
    "no-last-line-end.csv": lambda: csv_file([HEAD, GOOD]).rstrip(),
    "title-above.csv": lambda: csv_file([["需求征集表"], [], HEAD, GOOD]),
    "blank-lines.csv": lambda: csv_file([HEAD, [], ["", ""], GOOD, [], []]),
    "short-row.csv": lambda: csv_file([HEAD, ["只有名称"]]),
    "line-break-inside.csv": lambda: csv_file([HEAD, ["甲", "一\n二", "", ""]]),
    "formula.csv": lambda: csv_file([HEAD, ["=cmd|' /C calc'!A0", "+1", "", ""]]),
    "no-ending": real_workbook,
    "lines.txt": lambda: json_lines([{"title": "甲"}]),
    "CAPITALS.XLSX": real_workbook,
    "../../etc/passwd": lambda: csv_file([HEAD, GOOD]),
    "C:\\temp\\x\x00y.csv": lambda: csv_file([HEAD, GOOD]),
    "名" * 400 + ".csv": lambda: csv_file([HEAD, GOOD]),
    "date-as-number.xlsx": lambda: workbook([["需求名称", "有效期"], ["甲", 46387]]),
    "integer-as-float.xlsx": lambda: workbook([["需求名称", "最低技术就绪度"], [2026.0, 6.0]]),
    "packed.jsonl.gz": lambda: gzip.compress(json_lines([{"title": "甲"}])),
    "mark.jsonl": lambda: b"\xef\xbb\xbf" + json_lines([{"title": "甲"}]),
    "crlf.jsonl": lambda: json_lines([{"title": "甲"}, {"title": "乙"}]).replace(b"\n", b"\r\n"),
    "lone-surrogate.jsonl": lambda: b'{"title": "a\\ud800b"}\n',
    "unknown-keys.jsonl": lambda: json_lines([{"title": "甲", "无关": 1, "": 2}]),
}  # fmt: skip


def digest() -> dict[str, Any]:
    """Every row of the live tables."""
    own = {ImportBatch, ImportRow, Event}
    models = [
        model
        for model in apps.get_models()
        if model not in own and model._meta.app_label in ("accounts", "registry", "matching")
    ]
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in models}


@pytest.fixture(autouse=True)
def uploads(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.UPLOADS = tmp_path
    yield tmp_path
    assert not list(tmp_path.glob(".upload-*")), "a temporary file stayed behind"


@pytest.fixture
def owner(db: None) -> Organisation:
    organisation = make_organisation()
    make_need(organisation, "原有的需求")
    refresh_fingerprints(Need)  # derived, and brought up to date by every check
    return organisation


def stage(owner: Organisation, name: str, content: bytes) -> ImportBatch:
    return stage_import(actor=SYSTEM, owner=owner, kind="needs", file=BytesIO(content), filename=name)


def first_of_each(problems: Mapping[str, object]) -> list[Any]:
    """The names as parameters; the slow suite has those whose problem another file of the format shows already."""
    seen: set[tuple[str, str]] = set()
    found = []
    for name, problem in problems.items():
        key = (name.rpartition(".")[2], repr(problem))
        found.append(pytest.param(name, marks=pytest.mark.slow) if key in seen else name)
        seen.add(key)
    return found


def test_there_are_enough() -> None:
    assert len(WHOLE) + len(CELLS) >= 60


@pytest.mark.parametrize("name", first_of_each({name: code for name, (_make, code) in WHOLE.items()}))
def test_refused_as_a_whole(name: str, owner: Organisation) -> None:
    make, code = WHOLE[name]
    before = digest()
    texts = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            texts[language] = refusal(owner, name, make(), code)
    assert digest() == before
    assert texts["en"] != texts["zh-hans"]


def refusal(owner: Organisation, name: str, content: bytes, code: str) -> str:
    """The words in which the file is refused, at once or when it is read."""
    try:
        batch = check_import(actor=SYSTEM, batch=stage(owner, name, content))
    except InvalidInput as error:
        problem = error.__cause__
        text = str(error.fields["file"][0])
    else:
        problem, text = None, describe_failure(batch)
    if problem is not None:
        assert isinstance(problem, FileProblem)
        assert problem.code == code
        return text
    assert (batch.state, batch.failure["code"]) == (ImportState.FAILED, code)
    with pytest.raises(RuleViolation):
        apply_import(actor=SYSTEM, batch=batch, only_good_rows=True)
    return text


@pytest.mark.parametrize(
    "name", first_of_each({name: sorted(codes) for name, (_make, codes) in CELLS.items()})
)
def test_bad_cells_are_listed(name: str, owner: Organisation) -> None:
    make, codes = CELLS[name]
    before = digest()
    batch = check_import(actor=SYSTEM, batch=stage(owner, name, make()))
    assert batch.state == ImportState.CHECKED
    with pytest.raises(RuleViolation):
        apply_import(actor=SYSTEM, batch=batch)
    assert digest() == before
    cells = list_bad_cells(batch)
    assert {cell.code for cell in cells} == codes
    assert len(cells) == batch.bad_cells
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert all(cell.message and cell.row and cell.place for cell in list_bad_cells(batch))


@pytest.mark.parametrize("name", READABLE, ids=lambda name: ascii(name)[:40])
def test_odd_but_readable(name: str, owner: Organisation) -> None:
    batch = check_import(actor=SYSTEM, batch=stage(owner, name, READABLE[name]()))
    assert batch.state == ImportState.CHECKED, batch.failure
    assert [cell.message for cell in list_bad_cells(batch)] == []
    assert batch.creates >= 1
    assert apply_import(actor=SYSTEM, batch=batch).state == ImportState.APPLIED


def test_too_many_rows(owner: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ronglian.apps.registry.imports.reading.MOST_ROWS", 3)
    batch = check_import(
        actor=SYSTEM, batch=stage(owner, "many.csv", csv_file([HEAD, *[[str(n)] for n in range(5)]]))
    )
    assert batch.failure["code"] == "too_many_rows"


def test_a_workbook_that_takes_too_long(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "slow.xlsx"
    path.write_bytes(real_workbook())
    with pytest.raises(FileProblem) as caught:
        list(sheets.read_sheet_lines(path, seconds=0.0))
    assert caught.value.code == "takes_too_long"


def test_a_sheet_that_reaches_too_far() -> None:
    """Told before its empty cells are walked through."""
    sheet = SimpleNamespace(total_height=sheet_child.MOST_CELLS, total_width=2)
    book = SimpleNamespace(sheet_names=["数据"], get_sheet_by_name=lambda _: sheet)
    assert list(sheet_child.messages(book)) == [{"sheet": "数据"}, {"problem": "too_many_cells_in_sheet"}]


def test_merged_cells_and_formulas(owner: Organisation) -> None:
    """A cell merged downwards holds for all its rows; a formula is read as the value it had."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["技术领域", "需求名称", "最低技术就绪度"])
    sheet.merge_range(1, 0, 3, 0, "新材料")
    for row, name in enumerate(("甲", "乙", "丙"), start=1):
        sheet.write(row, 1, name)
    sheet.write_formula(1, 2, "=2+4", None, 6)
    book.close()
    batch = check_import(actor=SYSTEM, batch=stage(owner, "merged.xlsx", buffer.getvalue()))
    rows = list(batch.rows.order_by("number"))
    assert [row.values["technology_field"] for row in rows] == ["new_materials"] * 3
    assert rows[0].values["minimum_maturity"] == 6
