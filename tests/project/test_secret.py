"""The machine's secret key."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ronglian.project.secret import machine_secret


def test_it_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secret-key"
    first = machine_secret(path)
    assert machine_secret(path) == first
    assert len(first) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["secret-key"]


def test_another_machine_has_another(tmp_path: Path) -> None:
    assert machine_secret(tmp_path / "a") != machine_secret(tmp_path / "b")


def test_an_existing_key_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "secret-key"
    path.write_text("kept", encoding="ascii")
    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(lambda _: machine_secret(path), range(8))) == {"kept"}
