"""A spreadsheet of partners, read by the machinery that reads records: all rows good, or none is taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from ronglian.apps.prospecting.enums import ChainRelation
from ronglian.apps.prospecting.models.survey import DEEPEST_TIER, EMAIL_LIMIT, NAME_LIMIT, PRODUCT_LIMIT
from ronglian.apps.prospecting.naming import digest_of_name
from ronglian.apps.registry.columns import CellKind, Column, declare_columns
from ronglian.apps.registry.imports.messages import file_language
from ronglian.apps.registry.imports.problems import CellProblem
from ronglian.apps.registry.imports.reading import RawRow
from ronglian.apps.registry.imports.side_table import SideTable, WrongCell
from ronglian.kernel.codes.table import name_key

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


@dataclass(slots=True)
class PartnerFile:
    """The rows of a file, and what is wrong in it; with a wrong cell nothing of the file is taken."""

    rows: list[PartnerFields] = field(default_factory=list)
    wrong: list[WrongCell] = field(default_factory=list)


def read_partner_file(file: IO[bytes], filename: str) -> PartnerFile:
    """Read CSV, XLSX or JSON Lines; the first wrong cells are told, fifty at most."""
    table = SideTable(KIND, COLUMNS, LIMITS)
    reader = _Reader(table)
    table.read(file, filename, reader.read)
    if not reader.rows and not table.wrong:
        table.wrong.append(WrongCell(filename, "", "", _("The file holds no partner below its headers.")))
    return PartnerFile(reader.rows, table.wrong)


class _Reader:
    """Reads row by row and remembers where each name stood first."""

    def __init__(self, table: SideTable) -> None:
        self.rows: list[PartnerFields] = []
        self._table = table
        self._first: dict[str, int] = {}

    def read(self, raw: RawRow) -> None:
        before = len(self._table.wrong)
        plan = self._table.plan(raw)
        values: PartnerFields = {}
        for column in COLUMNS:
            found = self._table.cell(raw, plan, column)
            values |= self._checked(raw, column.name, found) if found is not None else {}
        if values.get("name"):
            first = self._first.setdefault(digest_of_name(values["name"]), raw.row)
            if first != raw.row:
                self._table.note(raw, "name", values["name"], CellProblem("value_twice", row=first))
        if len(self._table.wrong) == before:
            self.rows.append(values)

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
                text = _("Right would be one of: %(choices)s.") % {"choices": words}
                self._table.say(raw, name, value, text)
                return {}
            return {"relation": RELATIONS[name_key(value)].value}
        if name == "email":
            try:
                validate_email(value)
            except ValidationError:
                text = _("This is no e-mail address, such as tech@example.org.")
                self._table.say(raw, name, value, text)
                return {}
        return values


def partner_template() -> str:
    """The headers with one example, as CSV in the active language."""
    language = file_language()
    heads = ",".join(column.header(language) for column in COLUMNS)
    return f"{heads}\n{','.join(column.example(language) for column in COLUMNS)}\n"
