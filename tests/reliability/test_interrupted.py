"""kill -9 in the middle of an import or a backup: all of it or nothing, and the next one goes through."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from tests.reliability.databases import START, Place, new_place
from tests.reliability.test_crash import IS_FULL, needs_in

KILLS = int(os.environ.get("RONGLIAN_KILLS", "200")) // 4 if IS_FULL else 3
ROWS = 400
UPLOADED = 64 * 1024 * 1024
OWNER = "甲厂"
MAKE_OWNER = """
from ronglian.cli.main import set_up_django
set_up_django()
from ronglian.apps.accounts.operations.organisations import register_organisation
from ronglian.kernel.actor import command_actor
register_organisation(actor=command_actor("t"), fields={"name": "甲厂", "kind": "enterprise"})
"""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with new_place(tmp_path / "live") as found:
        subprocess.run([sys.executable, "-c", MAKE_OWNER], env=found.environment, check=True)
        yield found


def started(place: Place, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", START, *words], env=place.environment, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def duration(place: Place, *words: str) -> float:
    began = time.monotonic()
    place.ronglian(*words)
    return time.monotonic() - began


def killed(place: Place, after: float, *words: str, alone: bool = False) -> None:
    """The command is killed with the programs that it called, or `alone`: these then run on without it."""
    process = started(place, *words)
    time.sleep(after)
    if alone:
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def sheet(folder: Path, number: int) -> Path:
    lines = [f"{number}-{row},需求 {number}-{row},六价铬降不下来,苏州市" for row in range(ROWS)]
    path = folder / f"needs-{number}.csv"
    path.write_text("\n".join(["需求编号,需求名称,需求详情,所属地区", *lines]), encoding="utf-8")
    return path


def import_words(path: Path) -> tuple[str, ...]:
    return ("import", "needs", str(path), "--owner", OWNER)


@pytest.mark.slow
def test_an_import_is_taken_over_whole_or_not_at_all(
    place: Place, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    chance = Random(6)
    lasts = duration(place, *import_words(sheet(tmp_path, 0)))
    outcomes: Counter[int] = Counter()
    for number in range(1, KILLS + 1):
        path = sheet(tmp_path, number)
        killed(place, chance.uniform(lasts * 0.3, lasts * 1.1), *import_words(path))
        prefix = f"需求 {number}-"
        taken = sum(title.startswith(prefix) for _id, title in needs_in(place))
        assert taken in (0, ROWS), f"half an import: {taken} rows"
        outcomes[taken] += 1
        place.ronglian(*import_words(path))
    titles = Counter(title for _id, title in needs_in(place))
    assert len(titles) == ROWS * (KILLS + 1)
    assert set(titles.values()) == {1}
    assert "✗" not in place.ronglian("check").stdout
    record_property("measured", dict(outcomes))
    assert outcomes[0] > 0  # else the kills came too late to show anything


def unfinished(backup: Path) -> list[Path]:
    """What killed backups under this name left."""
    return list(backup.parent.glob(f".{backup.name}-*"))


def is_whole(backup: Path) -> bool:
    """Whether a backup holds every file that its manifest names, and none is another."""
    manifest = json.loads((backup / "manifest.json").read_text(encoding="utf-8"))
    digests = {name: hashlib.sha256((backup / name).read_bytes()).hexdigest() for name in manifest["files"]}
    there = {str(path.relative_to(backup)) for path in backup.rglob("*") if path.is_file()}
    return digests == manifest["files"] and there == {*digests, "manifest.json"}


@pytest.mark.slow
def test_a_killed_backup_leaves_nothing_under_its_name_and_the_next_is_whole(
    place: Place, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    chance = Random(7)
    place.ronglian(*import_words(sheet(tmp_path, 0)))
    upload = tmp_path / "live" / "uploads" / "ab" / "ab0123"
    upload.parent.mkdir(parents=True, exist_ok=True)
    upload.write_bytes(chance.randbytes(UPLOADED))
    lasts = duration(place, "backup", str(tmp_path / "whole"))
    outcomes: Counter[str] = Counter()
    for number in range(KILLS):
        folder = tmp_path / f"backup-{number}"
        words = ("backup", str(folder))
        killed(place, chance.uniform(lasts * 0.5, lasts * 1.05), *words, alone=number % 2 == 1)
        outcomes["whole" if folder.exists() else "half" if unfinished(folder) else "nothing"] += 1
        if not folder.exists():
            place.ronglian(*words)
            assert unfinished(folder) == []
        assert is_whole(folder), f"half a backup: {number}"
        if number < KILLS - 1:
            shutil.rmtree(folder)
    assert "✗" not in place.ronglian("check").stdout
    record_property("measured", dict(outcomes))
    assert outcomes["half"] > 0, outcomes  # else the kills came too early or too late to show anything
    with new_place(tmp_path / "restored", is_set_up=False) as restored:
        keys = tmp_path / "keys"
        place.ronglian("backup", str(tmp_path / "for-the-keys"), "--keys", str(keys))
        done = restored.ronglian("restore", str(tmp_path / f"backup-{KILLS - 1}"), "--keys", str(keys))
        assert "✗" not in done.stdout
        assert len(needs_in(restored)) == ROWS
        assert (tmp_path / "restored" / "uploads" / "ab" / "ab0123").read_bytes() == upload.read_bytes()
