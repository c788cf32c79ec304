"""Backups under load: nothing acknowledged before one began is missing after restoring it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ronglian.kernel import backup
from ronglian.kernel.backup import BackupRefused, make_backup, read_manifest, restore_backup, write_keys
from tests.factories import make_organisation
from tests.reliability.databases import Place, new_place

WRITER = """
import sys
from ronglian.cli.main import set_up_django
set_up_django()
from ronglian.apps.accounts.operations.organisations import register_organisation
from ronglian.kernel.actor import command_actor
actor = command_actor("writer")
for number in range(100_000):
    made = register_organisation(actor=actor, fields={"name": f"单位{number}", "kind": "enterprise"})
    print(made.public_id, flush=True)
"""
NAMES = """
from ronglian.cli.main import set_up_django
set_up_django()
from ronglian.apps.accounts.models import Organisation
print("\\n".join(str(each) for each in Organisation.objects.values_list("public_id", flat=True)))
"""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with new_place(tmp_path / "live") as found:
        yield found


def acknowledged(writer: subprocess.Popen[str], number: int) -> list[str]:
    assert writer.stdout is not None
    return [writer.stdout.readline().strip() for _ in range(number)]


def backed_up_under_load(place: Place, tmp_path: Path, times: int) -> list[tuple[Path, list[str]]]:
    """Backups made while a writer writes, each with what was acknowledged before it began."""
    written: list[str] = []
    made = []
    with subprocess.Popen(
        [sys.executable, "-c", WRITER], env=place.environment, stdout=subprocess.PIPE, text=True
    ) as writer:
        try:
            for number in range(times):
                written += acknowledged(writer, 30)
                folder = tmp_path / f"backup-{number}"
                place.ronglian("backup", str(folder), "--keys", str(tmp_path / "keys"))
                made.append((folder, list(written)))
        finally:
            writer.kill()
    return made


def check_restored(folder: Path, before: list[str], tmp_path: Path, name: str) -> None:
    with new_place(tmp_path / name, is_set_up=False) as restored:
        done = restored.ronglian("restore", str(folder), "--keys", str(tmp_path / "keys"))
        assert "✗" not in done.stdout
        found = subprocess.run(
            [sys.executable, "-c", NAMES],
            env=restored.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        assert set(before) <= set(found.stdout.split())
        refused = restored.ronglian("restore", str(folder), expected=1)
        assert "empty place" in refused.stderr


@pytest.mark.slow
def test_what_was_acknowledged_before_a_backup_is_in_it(place: Place, tmp_path: Path) -> None:
    """A backup is made and restored; `make reliability` makes twelve."""
    times = 12 if os.environ.get("RONGLIAN_RELIABILITY") else 1
    for number, (folder, before) in enumerate(backed_up_under_load(place, tmp_path, times)):
        check_restored(folder, before, tmp_path, f"restored-{number}")


@pytest.mark.slow
def test_a_backup_holds_no_key_and_is_refused_when_a_byte_changes(tmp_path: Path) -> None:
    with new_place(tmp_path / "live") as place:
        folder = tmp_path / "backup"
        place.ronglian("backup", str(folder))
        again = place.ronglian("backup", str(folder), expected=1)
        assert "exists already" in again.stderr
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        assert set(manifest["files"]) == {"database"}
        database = (folder / "database").read_bytes()
        for key in (tmp_path / "live").glob("*-key"):
            assert key.read_bytes() not in database
        (folder / "database").write_bytes(database[:-1] + bytes([database[-1] ^ 1]))
    with new_place(tmp_path / "restored", is_set_up=False) as restored:
        refused = restored.ronglian("restore", str(folder), expected=1)
        assert "damaged: database" in refused.stderr
        refused = restored.ronglian("restore", str(tmp_path), expected=1)
        assert "is no backup" in refused.stderr


@pytest.mark.django_db(transaction=True)
def test_a_backup_is_whole_or_refused(tmp_path: Path, settings: Any, chinese: None) -> None:
    settings.UPLOADS = tmp_path / "uploads"
    (settings.UPLOADS / "ab").mkdir(parents=True)
    (settings.UPLOADS / "ab" / "abc").write_bytes(b"a file")
    (settings.UPLOADS / ".upload-1").write_bytes(b"half a file")
    make_organisation()
    folder = tmp_path / "backup"
    manifest = make_backup(folder)
    assert set(manifest["files"]) == {"database", "uploads/ab/abc"}
    assert read_manifest(folder) == manifest
    for refused in (folder, tmp_path / "absent"):
        with pytest.raises(BackupRefused):
            make_backup(refused) if refused == folder else read_manifest(refused)
    with pytest.raises(BackupRefused, match="空的位置"):
        restore_backup(folder, None)
    (folder / "uploads" / "ab" / "abc").write_bytes(b"another file")
    with pytest.raises(BackupRefused, match="uploads/ab/abc"):
        read_manifest(folder)
    assert [path.name for path in tmp_path.glob(".backup*")] == []


@pytest.mark.django_db(transaction=True)
def test_of_two_backups_under_one_name_one_is_whole_and_the_other_refused(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, english: None
) -> None:
    """The second begins while the first writes, and ends before it."""
    settings.UPLOADS = tmp_path / "uploads"
    settings.UPLOADS.mkdir()
    (settings.UPLOADS / "abc").write_bytes(b"a file")
    folder, dump = tmp_path / "backup", backup._dump
    made: list[dict[str, Any]] = []

    def dump_slowly(target: Path) -> None:
        dump(target)
        if len(list(tmp_path.glob(".backup-*"))) == 1:
            made.append(make_backup(folder))

    monkeypatch.setattr(backup, "_dump", dump_slowly)
    with pytest.raises(BackupRefused, match="exists already"):
        make_backup(folder)
    assert made == [read_manifest(folder)]
    assert list(tmp_path.glob(".backup*")) == []


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_backup_left_goes_with_the_next_of_its_name(tmp_path: Path, settings: Any) -> None:
    settings.UPLOADS = tmp_path / "uploads"
    left, other = tmp_path / ".backup-1-unfinished", tmp_path / ".backup2-1-unfinished"
    for each in (left, other):
        each.mkdir()
        (each / "database").write_bytes(b"half")
    make_backup(tmp_path / "backup")
    assert not left.exists()
    assert other.exists()


def test_keys_are_copied_for_their_owner_only(tmp_path: Path, settings: Any) -> None:
    settings.KEY_FILES = [tmp_path / "one", tmp_path / "absent"]
    settings.KEY_FILES[0].write_text("secret")
    assert write_keys(tmp_path / "keys") == ["one"]
    assert (tmp_path / "keys" / "one").stat().st_mode & 0o777 == 0o600
