"""Importing 100,000 needs, metrics read: seconds, memory, and how long other writers wait meanwhile.

    python -m benchmarks.imports [--rows 100000] [--format csv|xlsx|jsonl]

Works in a folder of its own with an empty database: SQLite, or the PostgreSQL of DATABASE_URL (whose registry then
has to be empty). Texts are made up by a seeded generator.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

THINGS = [
    "电镀废水",
    "锂电池隔膜",
    "铝合金压铸件",
    "中药提取液",
    "高速轴承",
    "光伏银浆",
    "氢燃料电堆",
    "印刷电路板",
    "水性涂料",
    "聚乳酸薄膜",
]
WANTS = [
    "去除六价铬",
    "提高良品率",
    "降低能耗",
    "缩短固化时间",
    "提高耐腐蚀性",
    "减少废渣",
    "延长寿命",
    "在线检测缺陷",
    "降低成本",
    "提高一致性",
]
NOTES = [
    "现有产线每天两班",
    "设备已用八年",
    "厂房面积有限",
    "客户要求明年供货",
    "已试过两种方案",
    "希望与高校联合开发",
]
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
FIELDS = ["电子信息", "先进制造", "新材料", "新能源与节能", "资源与环境", "农业"]
MODES = ["联合开发", "委托开发", "技术入股", "先用后付", "专利许可"]
REGIONS = ["江苏省苏州市", "浙江省宁波市", "安徽省合肥市", "天津市", "四川省成都市"]


def made_up_row(number: int, chance: random.Random) -> list[str]:
    thing, want = chance.choice(THINGS), chance.choice(WANTS)
    notes = "，".join(chance.sample(NOTES, 4))
    codes = "".join(chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(90))
    # About as many quantities as real needs hold: two to three in 310 characters.
    details = f"我公司生产{thing}，型号{number}，目前{want}做不到要求。{notes}。要求合格率≥{chance.randrange(80, 99)}%。{codes}。"
    metrics = f"浓度≤{chance.random():.3f} mg/L；温度≥{chance.randrange(50, 400)}℃"
    budget = f"{chance.randrange(10, 50)}-{chance.randrange(50, 200)}"
    return [
        f"N{number}", f"{thing}{want}第{number}项", details, metrics, chance.choice(FIELDS), chance.choice(MODES),
        budget, chance.choice(REGIONS), "2027-12-31",
    ]  # fmt: skip


def write_file(folder: Path, rows: int, file_format: str) -> Path:
    chance = random.Random(7)
    path = folder / f"needs.{file_format}"
    made = (made_up_row(number, chance) for number in range(rows))
    if file_format == "csv":
        with path.open("w", encoding="gb18030", newline="") as file:
            csv.writer(file).writerows([HEADERS, *made])
    elif file_format == "jsonl":
        with path.open("w", encoding="utf-8") as file:
            file.writelines(
                json.dumps(dict(zip(HEADERS, row, strict=True)), ensure_ascii=False) + "\n" for row in made
            )
    else:
        import xlsxwriter  # noqa: PLC0415 - only for this format

        book = xlsxwriter.Workbook(path, {"constant_memory": True})
        sheet = book.add_worksheet()
        for number, row in enumerate([HEADERS, *made]):
            sheet.write_row(number, 0, row)
        book.close()
    return path


WRITER = """
import json, sys, time
import django; django.setup()
from pathlib import Path
from ronglian.apps.accounts.models import Organisation
from ronglian.apps.accounts.operations.organisations import edit_organisation
from ronglian.kernel.actor import command_actor
waits, actor, stop = [], command_actor("writer"), Path(sys.argv[1])
organisation = Organisation.objects.first()
while not stop.exists():
    begun = time.perf_counter()
    organisation = edit_organisation(actor=actor, organisation=organisation, fields={"summary": str(len(waits))})
    waits.append(time.perf_counter() - begun)
    time.sleep(0.02)
print(json.dumps(waits))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--format", choices=("csv", "xlsx", "jsonl"), default="csv")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ronglian-bench-") as name:
        folder = Path(name)
        path = write_file(folder, options.rows, options.format)
        environment = {
            **os.environ,
            "RONGLIAN_VAR": str(folder),
            "DJANGO_SETTINGS_MODULE": "ronglian.project.settings.dev",
        }
        subprocess.run(
            [sys.executable, "-m", "benchmarks.imports_run", str(path)], env=environment, check=True
        )
    print(
        f"machine: {platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    )


def peak_megabytes(who: int = resource.RUSAGE_SELF) -> int:
    return resource.getrusage(who).ru_maxrss // 1024


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else 0.0


def print_table(rows: list[tuple[str, Any]]) -> None:
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        print(f"{name:<{width}}  {value}")


if __name__ == "__main__":
    main()
