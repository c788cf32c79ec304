"""The records of the demo region as its files hold them, made ready to be loaded.

Nothing in the region is real. Its organisations carry credit codes of a pattern that no real organisation can
have: `91` and the region `000000`, which GB/T 2260 does not know, then `YUNLAN`, a number, and the check character.
Dates are kept as far from today as they were from the day the region was written, in steps of thirty days, so
that the region neither runs out nor changes with every loading.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from ronglian.kernel.identifiers import uscc_check_character

FOLDER = Path(__file__).resolve().parent / "region"
KINDS = ("organisations", "results", "needs", "experts", "scenes")
WRITTEN_ON = date(2026, 11, 22)
STEP_DAYS = 30
DATES = ("confirmed_on", "expires_on", "opens_on", "closes_on")
PARTS = "abc"


def read_region(kind: str, today: date) -> Iterator[dict[str, Any]]:
    """The rows of one kind, in the order of the files."""
    shift = timedelta(days=(today - WRITTEN_ON).days // STEP_DAYS * STEP_DAYS)
    for file in sorted(FOLDER.glob(f"{kind}-*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            for name in DATES:
                if row.get(name):
                    row[name] = (date.fromisoformat(row[name]) + shift).isoformat()
            if kind == "organisations":
                row["uscc"] = invented_uscc(row["id"])
            yield row


def invented_uscc(key: str) -> str:
    """The credit code of the organisation `demo-org-b07`: its part and number stand in it, as 207."""
    part, number = key.removeprefix("demo-org-")[0], key.removeprefix("demo-org-")[1:]
    first17 = f"91000000YUNLAN{100 * (PARTS.index(part) + 1) + int(number):03d}"
    return first17 + uscc_check_character(first17)
