"""Rows of needs that files in these tests hold."""

from __future__ import annotations

from io import BytesIO

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.registry.models import ImportBatch
from ronglian.apps.registry.operations.imports import cancel_import, stage_import
from tests.factories import SYSTEM
from tests.factories.files import csv_file

HEADERS = [
    "需求编号",
    "需求名称",
    "需求详情",
    "技术指标",
    "技术领域",
    "合作方式",
    "预算金额（万元）",
    "所属地区",
    "有效期",
]
FIRST = [
    "N1",
    "电镀废水六价铬处理",
    "现有工艺六价铬降不下来",
    "六价铬≤0.1 mg/L",
    "环境",
    "联合开发；先用后付",
    "30-60",
    "苏州市",
    "",
]
SECOND = [
    "N2",
    "轴承在线检测",
    "高速轴承裂纹在线检测，漏检率低于1%",
    "",
    "先进制造",
    "",
    "面议",
    "宁波",
    "2027-12-31",
]
BAD = ["N3", "", "没有名称", "", "炼丹", "", "很多", "乌托邦", "明年"]


def needs(*rows: list[str]) -> bytes:
    return csv_file([HEADERS, *rows])


def outcomes(batch: ImportBatch) -> list[str]:
    return [str(row.outcome) for row in batch.rows.order_by("number")]


def staged(owner: Organisation, content: bytes, name: str = "needs.csv") -> ImportBatch:
    return stage_import(actor=SYSTEM, owner=owner, kind="needs", file=BytesIO(content), filename=name)


def cancel(batch: ImportBatch) -> None:
    cancel_import(actor=SYSTEM, batch=batch)
