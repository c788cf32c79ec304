"""The table of OWASP ASVS: whole, each number once, and everything it names exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.paths import REPOSITORY

PAGE = REPOSITORY / "docs" / "reference" / "asvs.md"
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
ANSWERS = {"met", "n/a", "operator", "partly", "no"}
# How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has.
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4,
    "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5,
    "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4,
    "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4,
    "17.3": 2,
}  # fmt: skip
LEVEL_ONE = 70
SETTINGS = REPOSITORY / "src" / "ronglian" / "project"
FOLDERS = ("tests/", "docs/", "src/", "requirements/")


def rows() -> list[tuple[str, ...]]:
    return ROW.findall(PAGE.read_text(encoding="utf-8"))


def test_it_is_complete_and_no_number_stands_twice() -> None:
    ids = [row[0] for row in rows()]
    assert len(set(ids)) == len(ids)
    found: dict[str, int] = {}
    for number in ids:
        found[number.rpartition(".")[0]] = found.get(number.rpartition(".")[0], 0) + 1
    assert found == SECTIONS
    assert sum(row[1] == "1" for row in rows()) == LEVEL_ONE


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_what_it_names_exists(row: tuple[str, ...]) -> None:
    _number, _level, _asks, answer, where = row
    assert answer in ANSWERS
    named = re.findall(r"`([^`]+)`", where)
    settings = "".join(path.read_text(encoding="utf-8") for path in SETTINGS.rglob("*.py"))
    shown = 0
    for name in named:
        path, _separator, test = name.partition("::")
        if name.startswith(FOLDERS) or (REPOSITORY / path).is_file():
            text = Path(REPOSITORY / path).read_text(encoding="utf-8")
            assert not test or re.search(rf"^ *def {test}\(", text, re.MULTILINE), name
            shown += 1
        elif re.fullmatch(r"[A-Z][A-Z0-9_]+", name):
            assert re.search(rf"\b{name}\b", settings), name
            shown += 1
    assert shown or (answer != "met" and len(where) > 4) or "list of keys below" in where
