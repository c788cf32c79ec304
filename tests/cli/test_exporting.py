"""`ronglian export`: what is written can be read back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ronglian.apps.registry.models import Need
from tests.cli.conftest import Run
from tests.factories import make_need, make_organisation

pytestmark = pytest.mark.django_db


def test_every_kind_and_format_is_written(run: Run, tmp_path: Path) -> None:
    make_need(title="除铬")
    for kind in ("organisations", "results", "needs", "experts", "scenes"):
        for suffix in ("csv", "xlsx", "jsonl"):
            for more in ((), ("--template",)):
                file = tmp_path / f"{kind}.{suffix}"
                assert run("export", kind, "--output", str(file), *more).exit_code == 0
    assert not list(tmp_path.glob("*.part"))
    assert (tmp_path / "needs.xlsx").read_bytes().startswith(b"PK")


def test_standard_output_is_json_lines_and_current_leaves_drafts_out(run: Run) -> None:
    make_need(title="已发布")
    make_need(title="草稿", state="draft")
    titles = [json.loads(line)["title"] for line in run("export", "needs").stdout.splitlines()]
    assert titles == ["已发布", "草稿"]
    current = [json.loads(line)["title"] for line in run("export", "needs", "--current").stdout.splitlines()]
    assert current == ["已发布"]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("suffix", ["csv", "xlsx", "jsonl"])
def test_an_exported_file_is_imported_without_a_change(
    run: Run, tmp_path: Path, suffix: str, language: str
) -> None:
    owner = make_organisation("某厂")
    make_need(
        owner, "=除铬", details="漂洗水\n超标", metrics_text="六价铬≤0.1 mg/L", budget_high_fen=30_000_000
    )
    file = tmp_path / f"needs.{suffix}"
    assert run("--language", language, "export", "needs", "--output", str(file)).exit_code == 0
    answer = json.loads(run("import", "needs", str(file), "--owner", "某厂", "--json").stdout)
    assert (answer["bad_rows"], answer["creates"], answer["updates"], answer["unchanged"]) == (0, 0, 0, 1)
    assert Need.objects.count() == 1


def test_beside_an_exported_file_lies_the_checkpoint(run: Run, tmp_path: Path) -> None:
    """Within it there is no place; a workbook has one, and an empty template tells of nothing."""
    make_need(title="除铬")
    beside = tmp_path / "needs.csv.checkpoint"
    beside.write_text("of an older file")
    assert run("export", "needs", "--output", str(tmp_path / "needs.csv")).exit_code == 0
    assert not beside.exists()  # nothing is signed yet
    note = run("log").stdout
    for name in ("needs.csv", "needs.jsonl", "needs.xlsx"):
        assert run("export", "needs", "--output", str(tmp_path / name)).exit_code == 0
    assert run("export", "needs", "--template", "--output", str(tmp_path / "empty.csv")).exit_code == 0
    assert {path.name for path in tmp_path.glob("*.checkpoint")} == {
        "needs.csv.checkpoint",
        "needs.jsonl.checkpoint",
    }
    assert beside.read_text(encoding="utf-8") == note
    assert run("log", "export", str(tmp_path / "log.jsonl")).exit_code == 0
    assert run("verify", str(tmp_path / "log.jsonl"), "--against", str(beside)).exit_code == 0
