"""Problems of files and cells in words: what is wrong, where, and what would be right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from ronglian.apps.registry.columns import Column, Kind, columns_by_name
from ronglian.apps.registry.imports.problems import FileProblem
from ronglian.apps.registry.imports.vocabulary import choice_labels

FILE_PROBLEMS: Mapping[str, str | Promise] = {
    "empty_file": _("The file is empty. It should hold a row of headers and a row for each record."),
    "encrypted": _("The file is protected with a password. Save it without one and send it again."),
    "old_xls": _("This is an old Excel file (.xls), whatever its name says. Save it as .xlsx or CSV."),
    "not_a_table": _("This is not a table. Send an .xlsx, .csv or .jsonl file."),
    "web_page": _("This is a web page or XML, not a table. Open it in a spreadsheet and save it as .xlsx."),
    "json_array": _("This is one JSON list. JSON Lines has one object on each line, without brackets and commas around them."),
    "damaged_archive": _("The file is damaged or was cut short. Save or download it again."),
    "damaged_workbook": _("The workbook is damaged. Open it in a spreadsheet and save it again as .xlsx."),
    "not_a_workbook": _("This archive holds no Excel workbook. Send an .xlsx, .csv or .jsonl file."),
    "too_many_members": _("The archive holds %(count)s parts; a workbook has at most %(limit)s."),
    "unpacks_too_large": _("Unpacked, the file has %(megabytes)s MB; at most %(limit)s MB are read. Split it."),
    "macros": _("The workbook holds macros, which are never read. Save it as .xlsx without macros and send it again."),
    "named_otherwise": _("The name ends in .%(ending)s, but the content is %(format)s. Rename the file, or save it again as what it is called."),
    "file_too_large": _("The file is larger than the %(limit)s MB that files of its kind may have. Split it."),
    "takes_too_long": _("Reading the workbook takes too long. Save its values alone, or send it as CSV."),
    "takes_too_much_memory": _("Reading the workbook takes too much memory. Delete what stands outside the table, or send it as CSV."),
    "too_many_cells_in_sheet": _("The sheet reaches too far: something stands in a far row or column. Delete what stands outside the table."),
    "binary": _("This is not text. Send an .xlsx, .csv or .jsonl file."),
    "encoding": _("The characters from here on are neither UTF-8 nor GBK. Save the file as UTF-8."),
    "unbalanced_quotes": _("A quotation mark is opened and not closed, or closed too early. Inside a cell it is written twice."),
    "stray_line_end": _("A cell holds a bare line end. Put the cell in quotation marks, or save the file again."),
    "quote_or_cell_too_long": _("A cell is longer than any may be; probably a quotation mark is not closed."),
    "line_too_long": _("The line has more than %(limit)s characters. JSON Lines has one record on each line."),
    "no_header": _("No row of headers was found in the first ten rows. Expected are at least: %(expected)s."),
    "duplicate_header": _("Two columns are headed “%(header)s”. Rename or delete one."),
    "missing_columns": _("Missing columns: %(columns)s. Add them, or assign other columns to them."),
    "too_many_columns": _("The table has %(count)s columns; at most %(limit)s are read."),
    "too_many_rows": _("The file has more than %(limit)s rows. Split it."),
    "no_rows": _("There is no row below the headers."),
    "internal": _("The import stopped because of a fault of this platform. Nothing was changed; the operator can see why."),
}  # fmt: skip

CELL_PROBLEMS: Mapping[str, str | Promise] = {
    "required": _("This may not be empty. Right would be: %(help)s."),
    "control_character": _("Holds a character that cannot be shown (NUL). Type the text again."),
    "boolean_for_text": _("Holds a truth value where a text is expected. Right would be: %(help)s."),
    "boolean_for_number": _("Holds a truth value where a number is expected. Right would be: %(help)s."),
    "wrong_type": _("Holds an object or list where a single value is expected. Right would be: %(help)s."),
    "number_too_large": _("The number is too large."),
    "not_a_number": _("This is not a number. Right would be: %(help)s."),
    "not_whole": _("This is not a whole number. Right would be: %(help)s."),
    "out_of_range": _("Must lie between %(low)s and %(high)s."),
    "too_long": _("Has %(length)s characters; at most %(limit)s are allowed."),
    "unknown_choice": _("“%(unknown)s” is not in the list. Right would be one of: %(choices)s."),
    "too_many_keywords": _("Has %(count)s keywords; at most %(limit)s are allowed."),
    "keyword_too_long": _("A keyword has %(length)s characters; at most %(limit)s are allowed. Separate keywords with a semicolon."),
    "not_a_date": _("This is not a date. Right would be: %(help)s."),
    "no_such_day": _("There is no such day. Right would be: %(help)s."),
    "unknown_region": _("“%(unknown)s” names no region, or several. Right would be: %(help)s."),
    "unknown_industry": _("“%(unknown)s” is no industry of GB/T 4754. Right would be: %(help)s."),
    "not_yes_or_no": _("Right would be: %(help)s."),
    "money_empty": _("This is not an amount. Right would be: %(help)s."),
    "money_unreadable": _("This is not an amount. Right would be: %(help)s."),
    "money_negative": _("An amount cannot be negative. Right would be: %(help)s."),
    "money_foreign_currency": _("Only amounts in yuan are read. Right would be: %(help)s."),
    "money_below_one_fen": _("An amount has two decimals of a yuan at most. Right would be: %(help)s."),
    "money_too_large": _("The amount is too large."),
    "money_reversed_range": _("The lower amount is above the upper one."),
    "uscc_length": _("Has %(length)s characters; a unified social credit code has 18."),
    "uscc_alphabet": _("A unified social credit code has digits and capital letters without I, O, S, V and Z."),
    "uscc_check_digit": _("The last character does not fit the others: it should be %(expected)s, or another one is wrong."),
    "orcid_length": _("Has %(length)s characters; an ORCID has 16, such as 0000-0002-1825-0097."),
    "orcid_alphabet": _("An ORCID has digits only; the last may be X."),
    "orcid_check_digit": _("The last character does not fit the others: it should be %(expected)s, or another one is wrong."),
    "ror_length": _("Has %(length)s characters; a ROR id has 9, such as 05dxps055."),
    "ror_alphabet": _("A ROR id begins with 0 and ends with two digits, such as 05dxps055."),
    "ror_check_digit": _("The last two digits do not fit the others: they should be %(expected)s, or another one is wrong."),
    "unknown_organisation": _("“%(unknown)s” is no registered organisation. Register it first, or choose an owner for the whole file."),
    "ambiguous_organisation": _("Several organisations are called “%(unknown)s”. Write the unified social credit code instead."),
    "closes_before_opens": _("A scene cannot close before it opens (%(opens)s)."),
    "in_the_future": _("A record cannot have been confirmed in the future."),
    "valid_too_long": _("A record is valid for five years at most: until %(latest)s. It can be renewed."),
    "id_twice": _("The same id stands in row %(row)s. Each record needs an id of its own, or none."),
    "value_twice": _("The same value stands in row %(row)s: one organisation twice?"),
    "same_record_twice": _("Row %(row)s already is this record."),
    "too_many_cells": _("The row has %(count)s cells, the table %(limit)s columns. Is a separator inside a cell without quotation marks?"),
    "broken_json": _("This line is not JSON (at character %(position)s). Each line is one object."),
    "too_deep": _("This line is nested too deeply. Each line is one flat object."),
    "not_an_object": _("This line is not an object. Each line is one, such as {\"title\": \"…\"}."),
    "key_twice": _("The key “%(key)s” stands twice in this line."),
    "not_json_number": _("%(constant)s is not a number in JSON. Leave the value out instead."),
}  # fmt: skip


def describe_file_problem(problem: FileProblem | Mapping[str, Any], kind: str) -> str:
    """What is wrong with a file, with sheet and row where known, in the active language."""
    found = problem.as_dict() if isinstance(problem, FileProblem) else problem
    params = dict(found.get("params", {}))
    for name in ("expected", "columns"):
        if name in params:
            params[name] = ", ".join(column_label(kind, column) for column in params[name])
    sentence = str(FILE_PROBLEMS[found["code"]]) % params
    place = describe_place(found.get("sheet", ""), found.get("row"))
    return f"{place}: {sentence}" if place else sentence


def describe_cell_error(error: Mapping[str, Any]) -> str:
    """What is wrong with a cell and what would be right, in the active language."""
    column = columns_by_name(error["kind"]).get(error["column"])
    params = {"help": "", "choices": "", **error["params"]}
    if column is not None:
        params["help"] = column.help(file_language())
        if column.choices is not None:
            params["choices"] = ", ".join(choice_labels(column.choices, file_language()))
    return str(CELL_PROBLEMS[error["code"]]) % params


def describe_place(sheet: str, row: int | None) -> str:
    """ "Sheet 数据, row 12"."""
    if sheet and row is not None:
        return now("Sheet %(sheet)s, row %(row)s") % {"sheet": sheet, "row": row}
    if row is not None:
        return now("Row %(row)s") % {"row": row}
    return now("Sheet %(sheet)s") % {"sheet": sheet} if sheet else ""


def column_label(kind: str, name: str) -> str:
    """How a column is headed, in the active language."""
    column = _columns(kind).get(name)
    return column.header(file_language()) if column else name


def file_language() -> str:
    """ "zh" or "en", after the active language."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def _columns(kind: str) -> dict[str, Column]:
    known: Kind = kind  # type: ignore[assignment]  # the model's choices are the kinds
    return columns_by_name(known)
