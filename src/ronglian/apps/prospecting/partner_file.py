"""A spreadsheet of partners, read by the machinery that reads records: all rows good, or none is taken."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from ronglian.apps.prospecting.enums import ChainRelation
from ronglian.apps.prospecting.models.survey import DEEPEST_TIER, EMAIL_LIMIT, NAME_LIMIT, PRODUCT_LIMIT
from ronglian.apps.prospecting.naming import digest_of_name
from ronglian.apps.registry.columns import CellKind, Column, columns_by_name, declare_columns
from ronglian.apps.registry.imports.cells import CellContext, is_empty, read_cell, without_guard
from ronglian.apps.registry.imports.formats import detect_format, require_fitting_name
from ronglian.apps.registry.imports.messages import (
    column_label,
    describe_cell_error,
    describe_file_problem,
    describe_place,
    file_language,
)
from ronglian.apps.registry.imports.problems import CellProblem, FileProblem, cell_error, shown
from ronglian.apps.registry.imports.reading import Plan, RawRow, make_plan, read_rows
from ronglian.apps.registry.imports.uploads import received
from ronglian.kernel.codes.table import name_key

MOST_SHOWN = 50
COLUMNS = (
    Column("name", CellKind.TEXT, "单位名称", "Name", ("名称", "企业名称", "供应商名称", "客户名称", "公司名称", "company"),
           attributes=("name",), required=True, example_zh="云澜表面处理有限公司"),
    Column("uscc", CellKind.USCC, "统一社会信用代码", "Unified social credit code", ("信用代码", "社会信用代码", "USCC"),
           attributes=("uscc",)),
    Column("relation", CellKind.TEXT, "上下游关系", "Relation", ("关系", "类型", "合作关系"),
           attributes=("relation",), required=True, example_zh="供应商", example_en="supplier"),
    Column("tier", CellKind.INTEGER, "层级", "Tier", ("级别", "几级", "供应层级"), attributes=("tier",), low=1, high=DEEPEST_TIER,
           example_zh="1"),
    Column("product", CellKind.TEXT, "产品或工序", "Product or process", ("产品", "工序", "供应产品", "供货内容", "product", "process"),
           attributes=("product",), example_zh="镀铬"),
    Column("email", CellKind.TEXT, "联系邮箱", "E-mail", ("邮箱", "电子邮箱", "email", "mail"),
           attributes=("email",), required=True, example_zh="tech@example.org"),
)  # fmt: skip
KIND = declare_columns("chain_partners", COLUMNS)
LIMITS = {"name": NAME_LIMIT, "product": PRODUCT_LIMIT, "email": EMAIL_LIMIT, "relation": 60}
RELATIONS: Mapping[str, ChainRelation] = {
    name_key(word): relation
    for relation, words in {
        ChainRelation.SUPPLIER: "supplier 供应商 上游 上游供应商 材料供应商 原材料供应商 零部件供应商 upstream",
        ChainRelation.EQUIPMENT: "equipment 设备供应商 设备商 装备供应商 设备",
        ChainRelation.PROCESSOR: "processor 外协 外协加工 外协厂 委托加工 加工商 subcontractor",
        ChainRelation.CUSTOMER: "customer 客户 下游 下游客户 用户 采购商 downstream",
    }.items()
    for word in words.split()
}
PartnerFields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class WrongCell:
    """错误单元格: where it stands, what is in it, and what would be right."""

    place: str
    column: str
    value: str
    message: str

    def __str__(self) -> str:
        return (
            f"{self.place} · {self.column}: {self.message}"
            if self.column
            else f"{self.place}: {self.message}"
        )


@dataclass(slots=True)
class PartnerFile:
    """The rows of a file, and what is wrong in it; with a wrong cell nothing of the file is taken."""

    rows: list[PartnerFields] = field(default_factory=list)
    wrong: list[WrongCell] = field(default_factory=list)


def read_partner_file(file: IO[bytes], filename: str) -> PartnerFile:
    """Read CSV, XLSX or JSON Lines; the first wrong cells are told, fifty at most."""
    found = PartnerFile()
    try:
        with received(file) as upload:
            file_format = detect_format(upload.path)
            require_fitting_name(filename, file_format)
            with closing(read_rows(upload.path, file_format, KIND, {})) as rows:
                reader = _Reader(found)
                for raw in rows:
                    reader.read(raw)
                    if len(found.wrong) >= MOST_SHOWN:
                        break
    except FileProblem as problem:
        found.wrong.append(WrongCell(filename, "", "", describe_file_problem(problem, KIND)))
    if not found.rows and not found.wrong:
        found.wrong.append(WrongCell(filename, "", "", _("The file holds no partner below its headers.")))
    return found


class _Reader:
    """Reads row by row and remembers where each name stood first."""

    def __init__(self, found: PartnerFile) -> None:
        self._found = found
        self._columns = columns_by_name(KIND)
        self._first: dict[str, int] = {}

    def read(self, raw: RawRow) -> None:
        before = len(self._found.wrong)
        if raw.problem is not None:
            self._note(raw, "", "", raw.problem)
            return
        plan = make_plan(KIND, tuple(raw.cells), ())
        values: PartnerFields = {}
        for column in COLUMNS:
            values |= self._cell(raw, plan, column)
        if values.get("name"):
            first = self._first.setdefault(digest_of_name(values["name"]), raw.row)
            if first != raw.row:
                self._note(raw, "name", values["name"], CellProblem("value_twice", row=first))
        if len(self._found.wrong) == before:
            self._found.rows.append(values)

    def _cell(self, raw: RawRow, plan: Plan, column: Column) -> PartnerFields:
        sources = plan.get(column.name, ())
        cell = next(
            (raw.cells[each.header] for each in sources if not is_empty(raw.cells[each.header])), None
        )
        if isinstance(cell, str):
            cell = without_guard(cell)
        try:
            if column.required and is_empty(cell):
                raise CellProblem("required")
            values = read_cell(column, cell, CellContext(limit=LIMITS.get(column.name)))
        except CellProblem as problem:
            self._note(raw, column.name, cell, problem)
            return {}
        return self._checked(raw, column.name, values)

    def _checked(self, raw: RawRow, name: str, values: PartnerFields) -> PartnerFields:
        """What the shared readers do not know: relations, addresses; a tier that is not said is the first."""
        value = values[name]
        if name == "tier":
            return {"tier": value or 1}
        if name == "uscc":
            return {"uscc": value or ""}
        if name == "relation":
            if name_key(value) not in RELATIONS:
                words = "、".join(str(each.label) for each in ChainRelation)
                self._wrong(raw, name, value, _("Right would be one of: %(choices)s.") % {"choices": words})
                return {}
            return {"relation": RELATIONS[name_key(value)].value}
        if name == "email":
            try:
                validate_email(value)
            except ValidationError:
                self._wrong(raw, name, value, _("This is no e-mail address, such as tech@example.org."))
                return {}
        return values

    def _note(self, raw: RawRow, column: str, value: Any, problem: CellProblem) -> None:
        error = {**cell_error(problem, column=column, header="", value=value), "kind": KIND}
        self._wrong(raw, column, value, describe_cell_error(error))

    def _wrong(self, raw: RawRow, column: str, value: Any, message: str) -> None:
        label = column_label(KIND, column) if column else ""
        self._found.wrong.append(WrongCell(describe_place(raw.sheet, raw.row), label, shown(value), message))


def partner_template() -> str:
    """The headers with one example, as CSV in the active language."""
    language = file_language()
    heads = ",".join(column.header(language) for column in COLUMNS)
    return f"{heads}\n{','.join(column.example(language) for column in COLUMNS)}\n"
