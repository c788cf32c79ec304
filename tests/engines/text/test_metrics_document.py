"""The worked table of the algorithm's page is what the engine does."""

import pytest

from ronglian.engines.text import read_metrics
from tests.paths import REPOSITORY

PAGE = REPOSITORY / "docs" / "explanation" / "algorithms" / "metrics.md"


def _rows() -> list[list[str]]:
    table = PAGE.read_text(encoding="utf-8").split("## Worked table")[1].split("\n## ")[0]
    lines = [line for line in table.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row[0])
def test_worked_table(row: list[str]) -> None:
    text, *expected = row

    (metric,) = read_metrics(text).metrics

    bounds = ["" if bound is None else f"{bound:.12g}" for bound in (metric.low, metric.high)]
    assert [metric.name, metric.comparison.value, *bounds, metric.unit] == expected
