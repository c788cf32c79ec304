"""`ronglian process`: list, show, validate, draw, simulate, migrate."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from ronglian.kernel.process import rulebook as book
from ronglian.kernel.process.models import RunningProcess
from tests.cli.conftest import Run
from tests.engines.process.samples import BODY, HEAD
from tests.factories.processes import begin, subject_with, two_versions

pytestmark = pytest.mark.django_db


def test_list_and_show(run: Run) -> None:
    assert "national_challenge" in run("process").output
    assert {each["id"] for each in json.loads(run("process", "list", "--json").output)} >= {
        "horse_race",
        "milestone",
    }
    shown = run("process", "show", "milestone").output
    assert "Hand in evidence" in shown
    assert "悬赏榜" in run("--language", "zh", "process", "list").output
    assert run("process", "show", "nothing").exit_code == 3
    assert run("process", "show").exit_code == 2


def test_validate_names_file_line_and_what_would_be_right(run: Run, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(HEAD + BODY, encoding="utf-8")
    bad.write_text((HEAD + BODY).replace("roles: [bidder, clock]", "roles: [king, clock]"), encoding="utf-8")
    assert run("process", "validate", str(good)).exit_code == 0
    done = run("process", "validate", str(good), str(bad))
    assert done.exit_code == 1
    assert f"{bad}:" in done.output
    assert (
        "transitions.join.roles: “king” is not declared under roles. Declared: issuer, bidder." in done.output
    )
    assert "没有在 roles 里声明" in run("--language", "zh", "process", "validate", str(bad)).output
    assert run("process", "validate", str(tmp_path / "none.yaml")).exit_code == 2
    bad.write_bytes(b"\xff\xfe")
    assert run("process", "validate", str(bad)).exit_code == 2


def test_draw_is_the_same_each_time(run: Run, tmp_path: Path) -> None:
    first, file = run("process", "draw", "horse_race").output, tmp_path / "race.svg"
    run("process", "draw", "horse_race@1", "-o", str(file))
    assert file.read_text(encoding="utf-8") == first
    ET.fromstring(first)  # noqa: S314 - our own picture


def test_simulate_by_seed(run: Run) -> None:
    words = ("process", "simulate", "prize_challenge", "--runs", "50", "--json")
    first, again, other = (run(*words, "--seed", seed).output for seed in ("1", "1", "2"))
    assert first == again != other
    assert sum(end["runs"] for end in json.loads(first)["ends"].values()) == 50
    assert "no promise" in run("process", "simulate", "milestone", "--runs", "5").output


def test_simulate_a_script(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "script.json"
    told: dict[str, Any] = {
        "start": "2026-03-02T10:00", "facts": {"due_at": "2026-06-01T18:00"},
        "lines": [{"at": "2026-04-01T09:00", "role": "bidder", "step": "pass"},
                  {"at": "2026-04-01T10:00", "role": "bidder", "step": "hand_in"}],
    }  # fmt: skip
    file.write_text(json.dumps(told), encoding="utf-8")
    lines = run("process", "simulate", "milestone", "--script", str(file)).output.splitlines()
    assert [line[0] for line in lines] == ["✗", "✓"]
    assert "Only issuer and end user may do this." in lines[0]
    file.write_text('{"lines": 1}', encoding="utf-8")
    assert run("process", "simulate", "milestone", "--script", str(file)).exit_code == 1


def test_migrate(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = two_versions(tmp_path)
    monkeypatch.setattr(book, "rulebook", lambda: own)
    monkeypatch.setattr("ronglian.kernel.process.running.rulebook", lambda: own)
    monkeypatch.setattr("ronglian.kernel.process.timing.rulebook", lambda: own)
    old = begin("sample", number=1)
    with subject_with({"closes_at": None}):
        assert run("process", "migrate", str(old.public_id), "2").exit_code == 1  # no reason
        assert run("process", "migrate", str(old.public_id), "2", "--reason", "规则更新").exit_code == 0
    moved = RunningProcess.objects.get(pk=old.pk)
    assert (moved.definition.version, moved.states) == (2, ("z",))
    assert run("process", "migrate", "x", "2").exit_code == 3
    assert run("process", "migrate", str(old.public_id)).exit_code == 2
