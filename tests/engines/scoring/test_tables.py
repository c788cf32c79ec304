"""Files: what is taken, and for what is not the line, the column and what would be right."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronglian.engines.scoring import (
    LARGEST_FILE,
    MOST_ROWS,
    TableError,
    compute_score,
    read_answers,
    read_submission,
    write_template,
)

KEYS = [f"r{number:02d}" for number in range(10)]
COLUMNS = {"key_column": "id", "value_column": "value"}


def file_of(rows: dict[str, str], head: str = "id,value") -> bytes:
    return "\n".join([head, *(f"{key},{value}" for key, value in rows.items()), ""]).encode()


def rows(**changed: str) -> dict[str, str]:
    return {**dict.fromkeys(KEYS, "1"), **changed}


def submit(data: bytes, metric: str = "rmse") -> dict[str, Any]:
    return read_submission(data, metric=metric, keys=KEYS, **COLUMNS)


def refusal(data: bytes, metric: str = "rmse") -> str:
    with pytest.raises(TableError) as found:
        submit(data, metric)
    return str(found.value)


def test_a_file_is_read_whatever_its_line_ends_order_and_further_columns() -> None:
    data = "\r\n".join(
        ["note,value , id", *(f'"a, b",{at}.5, {key}' for at, key in enumerate(KEYS))]
    ).encode()
    expected = {key: Decimal(f"{at}.5") for at, key in enumerate(KEYS)}
    assert submit(data) == submit(b"\xef\xbb\xbf" + data + b"\r\n\r\n") == expected


@pytest.mark.parametrize("written", ["1", "-1", "+1.5", ".5", "5.", "1e-3", "1E+9", "0e300", "1e-400"])
def test_numbers_as_programs_write_them(written: str) -> None:
    assert submit(file_of(rows(r03=written)))["r03"] == Decimal(written)


@pytest.mark.parametrize(
    "written", ["nan", "NaN", "inf", "-Infinity", "1,5", "１", "0x1", "1_000", "--1", "1e9999", "sNaN"]
)
def test_what_is_no_number_is_refused_with_its_place(written: str) -> None:
    said = refusal(file_of(rows(r03=f'"{written}"')))
    assert said.startswith(f"Line 5, column “value”: “{written}” is no number. Right would be 0.25")


@pytest.mark.parametrize("written", ["1e10", "-1000000001", "1e-401", "1e999"])
def test_numbers_out_of_bounds_are_refused(written: str) -> None:
    assert refusal(file_of(rows(r00=written))).startswith(
        f"Line 2, column “value”: “{written}” is out of bounds"
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Line 1: the first line names the columns, and “id” stands there once. Found are: –."),
        (file_of(rows(), "key,value"), "Found are: “key”, “value”."),
        (file_of(rows(), "id,id"), "“id” stands there once"),
        (b"id,value\nr00,1\nr01\n", "Line 3: the number of cells is 1, and that of the first line is 2."),
        (file_of(rows()) + b"r04,2\n", "Line 12, column “id”: “r04” stands in line 6 already."),
        (file_of(rows(x="1")), "Line 12, column “id”: the test set has no row “x”."),
        (file_of({"r00": "1"}), "Column “id”: rows are missing (9 of 10), the first is “r01”."),
        (file_of(rows(r01="")), "Line 3, column “value”: the cell is empty"),
        (file_of(rows(r01="1\x00")), "Line 3, column “value”: the cell is empty, longer than 200"),
        (b"id,value\nr00,1\nr01," + "合格".encode("gb18030"), "Line 3: this is not UTF-8."),
        (b'id,value\nr00,1\nr01,"2\nr02,3\n', "Line 3: this is no CSV."),
        (b'id,value\nr00,"1" 2\n', "Line 2: this is no CSV."),
        (b" " * (LARGEST_FILE + 1), "The file is too large. 5 MB are taken."),
    ],
)  # fmt: skip
def test_each_fault_is_named_with_what_would_be_right(data: bytes, said: str) -> None:
    assert said in refusal(data)


def test_a_cell_of_several_lines_does_not_lose_count() -> None:
    data = b'id,value,note\nr00,1,"one\ntwo"\nr01,x,\n'
    assert refusal(data).startswith("Line 4, column “value”")


def test_a_long_cell_is_shown_short() -> None:
    said = refusal(file_of(rows(r00="9" * 150 + "x")))
    assert "9" * 40 + "…" in said
    assert "9" * 41 not in said


def test_too_many_rows_are_refused() -> None:
    data = "id,value\n" + "".join(f"{number},1\n" for number in range(MOST_ROWS + 1))
    assert refusal(data.encode()) == f"Line {MOST_ROWS + 2}: a file has {MOST_ROWS} rows at most."


def test_classes_are_texts_and_blanks_around_them_do_not_count() -> None:
    assert submit(file_of(rows(r02=" 合格 ")), "accuracy")["r02"] == "合格"
    assert submit(file_of(rows(r02="1.0")), "accuracy")["r02"] == "1.0", "another class than 1"


def test_answers_of_two_classes_are_0_and_1() -> None:
    zeros = {**dict.fromkeys(KEYS, "0"), "r09": "1"}
    assert read_answers(file_of(zeros), metric="auc", **COLUMNS)["r09"] == 1
    with pytest.raises(TableError, match="Line 4, column “value”: “2” is neither 0 nor 1"):
        read_answers(file_of(rows(r02="2")), metric="auc", **COLUMNS)


def test_a_test_set_has_ten_rows_at_least() -> None:
    with pytest.raises(TableError, match="has 9 rows"):
        read_answers(file_of(dict.fromkeys(KEYS[:9], "1")), metric="mae", **COLUMNS)


def test_the_template_is_sorted_and_reads_back() -> None:
    keys = ["b,1", 'a"2', "丙"]
    written = write_template(keys, "id", "value")
    assert [line.partition(",")[0] for line in written.splitlines()][:2] == ["id", '"a""2"']
    filled = written.replace(",\n", ",1\n")
    assert set(read_submission(filled.encode(), metric="mae", keys=keys, **COLUMNS)) == set(keys)


@given(st.binary(max_size=300))
def test_whatever_comes_is_read_or_refused(data: bytes) -> None:
    for head in (b"", b"id,value\n"):
        with pytest.raises(TableError):
            submit(head + data)


@given(st.lists(st.decimals(min_value=-1000, max_value=1000, places=3), min_size=10, max_size=10))
def test_what_is_said_of_a_file_does_not_depend_on_the_answers(numbers: list[Decimal]) -> None:
    answers = dict(zip(KEYS, numbers, strict=True))
    handed_in = submit(file_of({key: str(value) for key, value in answers.items()}))
    assert compute_score("rmse", answers, handed_in) == 0
