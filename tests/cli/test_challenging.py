"""`ronglian challenge verify`: a ranking computed again from its record alone; without Django."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ronglian.engines.review import Review, ReviewRules, rank_bids, write_record
from tests.cli.conftest import Run

RULES = ReviewRules((60, 40))
REVIEWS = [
    Review("a", "1", (5, 1)),
    Review("a", "2", (3, 3)),
    Review("b", "1", (5, 3)),
    Review("b", "2", (4, 3)),
]


@pytest.fixture
def record() -> dict[str, Any]:
    return write_record(RULES, ["可行", "成本"], REVIEWS, ["a", "b"], rank_bids(RULES, REVIEWS, ["a", "b"]))


def write(folder: Path, value: object) -> str:
    path = folder / "review.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    return str(path)


def test_a_true_record_follows(run: Run, tmp_path: Path, record: dict[str, Any]) -> None:
    said = run("challenge", "verify", write(tmp_path, record))
    assert (said.exit_code, "2 bids, 4 reviews" in said.stdout) == (0, True)
    assert json.loads(run("challenge", "verify", write(tmp_path, record), "--json").stdout)["follows"]
    assert (
        "排名与规则和评分相符"
        in run("--language", "zh", "challenge", "verify", write(tmp_path, record)).stdout
    )


def test_a_changed_record_is_told_where(run: Run, tmp_path: Path, record: dict[str, Any]) -> None:
    record["ranking"]["places"][0]["adjusted"] += 1
    said = run("challenge", "verify", write(tmp_path, record))
    assert said.exit_code == 1
    assert "Differs at ranking.places[0].adjusted" in said.stdout
    told = json.loads(run("challenge", "verify", write(tmp_path, record), "--json").stdout)
    assert told["difference"]["stands"] == told["difference"]["computed"] + 1


def test_what_is_no_record_is_said(run: Run, tmp_path: Path, record: dict[str, Any]) -> None:
    for value in ([1], {"format": "x"}, {**record, "reviews": []}):
        said = run("challenge", "verify", write(tmp_path, value))
        assert said.exit_code == 2
        assert "no" in said.stderr
    (tmp_path / "text").write_text("{", encoding="utf-8")
    assert "is no JSON" in run("challenge", "verify", str(tmp_path / "text")).stderr
    assert run("challenge", "verify", str(tmp_path / "missing")).exit_code == 2


def test_it_does_without_django(tmp_path: Path, record: dict[str, Any]) -> None:
    program = (
        "import sys; from ronglian.cli.main import commands\n"
        f"commands.main(['challenge', 'verify', {write(tmp_path, record)!r}], standalone_mode=False)\n"
        "sys.exit('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def table(folder: Path, name: str, **changed: str) -> str:
    """Ten rows, 0 and 1 in turn."""
    values = {f"r{number}": str(number % 2) for number in range(10)} | changed
    path = folder / name
    path.write_text(
        "id,value\n" + "".join(f"{key},{value}\n" for key, value in values.items()), encoding="utf-8"
    )
    return str(path)


def test_a_result_file_is_scored_as_the_board_does(run: Run, tmp_path: Path) -> None:
    files = table(tmp_path, "answers.csv"), table(tmp_path, "mine.csv", r1="0")
    said = run("challenge", "score", *files, "--metric", "accuracy")
    assert (said.exit_code, said.stdout) == (0, "accuracy 0.900000 over 10 rows\n")
    told = json.loads(run("challenge", "score", *files, "--metric", "rmse", "--json").stdout)
    assert told == {"metric": "rmse", "score": "0.316228", "rows": 10, "better": "lower"}


def test_a_file_that_cannot_be_scored_is_told_where(run: Run, tmp_path: Path) -> None:
    answers = table(tmp_path, "answers.csv")
    wrong = run("challenge", "score", answers, table(tmp_path, "b.csv", r3="nan"), "--metric", "mae")
    assert (wrong.exit_code, "Line 5, column “value”: “nan” is no number" in wrong.stderr) == (2, True)
    chinese = run(
        "--language", "zh", "challenge", "score", answers, table(tmp_path, "b.csv", r3="x"), "--metric", "mae"
    )
    assert "第 5 行，“value” 列：“x” 不是数字" in chinese.stderr
    ones = table(tmp_path, "ones.csv", **{f"r{number}": "1" for number in range(10)})
    assert (
        "both classes" in run("--language", "en", "challenge", "score", ones, ones, "--metric", "auc").stderr
    )
    assert run("challenge", "score", answers, str(tmp_path / "none.csv"), "--metric", "mae").exit_code == 2
    assert (
        "Found are: “id”, “value”."
        in run(
            "--language", "en", "challenge", "score", answers, answers, "--metric", "mae", "--key", "nr"
        ).stderr
    )
