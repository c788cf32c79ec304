"""`ronglian log` and `ronglian verify`: from the database to a file that is checked without it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ronglian.kernel.models import Event
from tests.cli.conftest import Run
from tests.factories import make_need

pytestmark = pytest.mark.django_db


def test_the_whole_way(run: Run, tmp_path: Path) -> None:
    assert "the log is empty" in run("log").output
    make_need()
    checkpoint, exported, key = tmp_path / "checkpoint", tmp_path / "log.jsonl", tmp_path / "key"
    checkpoint.write_text(run("log").stdout, encoding="utf-8")
    key.write_text(run("log", "key").stdout, encoding="utf-8")
    make_need()
    assert "entries written to" in run("log", "export", str(exported)).stderr
    found = run("verify", str(exported), "--key", str(key), "--against", str(checkpoint), "--json")
    assert found.exit_code == 0
    assert json.loads(found.stdout)["entries"] == Event.objects.count()
    assert "Whole: " in run("verify", str(exported)).output
    exported.write_bytes(exported.read_bytes().replace(b"need.published", b"need.withdrawn", 1))
    refused = run("verify", str(exported), "--key", str(key))
    assert (refused.exit_code, refused.output.strip()) == (
        1,
        "The entry does not have the hash that stands beside it: it was changed. Line 4 of the file. Entry 2.",
    )
    chinese = run("--language", "zh", "verify", str(exported))
    assert "第 2 条" in chinese.output


def test_a_receipt(run: Run, tmp_path: Path) -> None:
    make_need()
    event = Event.objects.latest("id")
    receipt = tmp_path / "receipt.json"
    receipt.write_text(run("log", "receipt", str(event.public_id)).stdout, encoding="utf-8")
    key = run("log", "key").stdout.strip()
    assert run("verify", str(receipt), "--key", key).exit_code == 0
    receipt.write_text(receipt.read_text(encoding="utf-8").replace('"door": "command"', '"door": "person"'))
    assert run("verify", str(receipt), "--key", key).exit_code == 1


def test_wrong_calls_are_told(run: Run, tmp_path: Path) -> None:
    make_need()
    file = tmp_path / "file"
    file.write_text("nothing")
    assert run("log", "export").exit_code == 2
    assert run("log", "status", "x").exit_code == 2
    assert run("log", "receipt", "no-id").exit_code == 3
    assert run("verify", str(file), "--key", "x").exit_code == 2
    assert run("verify", str(file), "--against", str(tmp_path / "absent")).exit_code == 2
    assert run("verify", str(file)).exit_code == 1
    assert run("verify", str(file), "--key", run("log", "key").stdout, "--against", str(file)).exit_code == 1
