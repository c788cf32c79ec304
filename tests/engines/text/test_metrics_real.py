"""Coverage on real needs; the data is no part of the project."""

import json
from collections import Counter

from ronglian.engines.text import read_metrics
from tests.paths import SHARED_DATA, needs_shared_data


@needs_shared_data
def test_coverage_of_real_needs() -> None:
    lines = (SHARED_DATA / "needs-results-zh" / "needs.jsonl").read_text(encoding="utf-8").splitlines()
    readings = [read_metrics(need["title"] + "\n" + need["content"]) for need in map(json.loads, lines)]

    reasons = Counter(piece.reason for reading in readings for piece in reading.unread)
    read = sum(len(reading.metrics) for reading in readings)

    assert read >= 190
    assert sum(bool(reading.metrics) for reading in readings) >= 75
    # Of what looks like a technical value (not money, years, identifiers), most is read.
    assert (
        reasons["no_name"] + reasons["no_unit"] + reasons["unknown_unit"] + reasons["several_values"]
        <= 1.2 * read
    )
