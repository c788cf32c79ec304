"""What goes wrong on the day a backup is needed: each is refused before anything is written, and then it goes well."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.reliability.databases import Place, new_place
from tests.reliability.test_interrupted import MAKE_OWNER, ROWS, import_words, sheet

LARGE = 24 * 1024 * 1024
COUNTS = """
import json
from django.apps import apps
from ronglian.cli.main import set_up_django
set_up_django()
models = [model for model in apps.get_models() if model._meta.managed]
print(json.dumps({model._meta.label: model._base_manager.count() for model in models}))
"""
CONFIDENTIAL = """
from ronglian.cli.main import set_up_django
set_up_django()
from ronglian.apps.accounts.models import Organisation
from ronglian.apps.registry.models import Need
from ronglian.apps.registry.operations.records import register_record
from ronglian.kernel.actor import command_actor
from ronglian.kernel.log.sequencer import keep_log
from django.utils import timezone
register_record(actor=command_actor("t"), owner=Organisation.objects.get(), model=Need,
                fields={"title": "保密需求", "details": "药剂甲九一七", "under_nda": True}, publish=True)
keep_log(timezone.now())
"""


def run(place: Place, program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], env=place.environment, check=True, capture_output=True, text=True
    )
    return done.stdout


def change_manifest(folder: Path, **values: object) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **values}), encoding="utf-8")


def cut_short(folder: Path) -> None:
    content = (folder / "database").read_bytes()
    (folder / "database").write_bytes(content[: len(content) // 2])


def flip(folder: Path) -> None:
    content = bytearray((folder / "database").read_bytes())
    content[len(content) // 3] ^= 0x40
    (folder / "database").write_bytes(content)


def lose_a_file(folder: Path) -> None:
    next(path for path in (folder / "uploads").rglob("*") if path.is_file()).unlink()


# What happened to the backup, and what the command says of it.
DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "the database is cut short": (cut_short, "damaged: database"),
    "a bit of the database is flipped": (flip, "damaged: database"),
    "an uploaded file is missing": (lose_a_file, "damaged: uploads"),
    "the manifest is missing": (lambda folder: (folder / "manifest.json").unlink(), "is no backup"),
    "the manifest is cut short": (lambda folder: (folder / "manifest.json").write_text('{"format": "ron'), "is no backup"),
    "the format is one of tomorrow": (lambda folder: change_manifest(folder, format="ronglian-backup/9"), "is no backup"),
    "it was made on another database": (lambda folder: change_manifest(folder, vendor="oracle"), "installation uses"),
}  # fmt: skip


@pytest.fixture
def live(tmp_path: Path) -> Place:
    """Imported needs, one with details under an agreement, a large file, and a backup in `backup` with its `keys`."""
    with new_place(tmp_path / "live") as place:
        run(place, MAKE_OWNER)
        place.ronglian(*import_words(sheet(tmp_path, 0)))
        run(place, CONFIDENTIAL)
        large = tmp_path / "live" / "uploads" / "ab" / "ab0123"
        large.parent.mkdir(parents=True, exist_ok=True)
        large.write_bytes(bytes(range(256)) * (LARGE // 256))
        place.ronglian("backup", str(tmp_path / "backup"), "--keys", str(tmp_path / "keys"))
        counts = tmp_path / "counts.json"
        counts.write_text(run(place, COUNTS), encoding="utf-8")
        return place


@pytest.mark.slow
def test_the_twelve_drills(live: Place, tmp_path: Path) -> None:
    backup, keys = tmp_path / "backup", tmp_path / "keys"
    with new_place(tmp_path / "restored", is_set_up=False) as place:
        for number, (name, (damage, said)) in enumerate(DAMAGES.items()):
            copied = tmp_path / f"damaged-{number}"
            shutil.copytree(backup, copied)
            damage(copied)
            refused = place.ronglian("restore", str(copied), "--keys", str(keys), expected=1)
            assert said in " ".join(refused.stderr.split()), name
            shutil.rmtree(copied)
        # Without its keys, and without one of them.
        refused = place.ronglian("restore", str(backup), expected=1)
        assert "log-key, log-secret" in refused.stderr
        fewer = tmp_path / "fewer"
        shutil.copytree(keys, fewer)
        (fewer / "log-secret").unlink()
        refused = place.ronglian("restore", str(backup), "--keys", str(fewer), expected=1)
        assert "log-secret" in refused.stderr
        # After all these, the place is still empty: the whole backup goes in.
        done = place.ronglian("restore", str(backup), "--keys", str(keys))
        assert "✗" not in done.stdout
        assert json.loads(run(place, COUNTS)) == json.loads((tmp_path / "counts.json").read_text("utf-8"))
        restored = (tmp_path / "restored" / "uploads" / "ab" / "ab0123").read_bytes()
        assert len(restored) == LARGE
        # The log of the restored place verifies, and stands no other backup over itself.
        place.ronglian("log", "export", str(tmp_path / "log.jsonl"))
        assert "Whole" in place.ronglian("verify", str(tmp_path / "log.jsonl")).stdout
        refused = place.ronglian("restore", str(backup), "--keys", str(keys), expected=1)
        assert "empty place" in refused.stderr
        assert f"{ROWS + 1}" in run(place, COUNTS)


@pytest.mark.slow
def test_keys_of_another_installation_are_found_out(live: Place, tmp_path: Path) -> None:
    with new_place(tmp_path / "another") as another:
        another.ronglian("backup", str(tmp_path / "theirs"), "--keys", str(tmp_path / "their-keys"))
    with new_place(tmp_path / "restored", is_set_up=False) as place:
        done = place.ronglian(
            "restore", str(tmp_path / "backup"), "--keys", str(tmp_path / "their-keys"), expected=1
        )
        assert "✗" in done.stdout
