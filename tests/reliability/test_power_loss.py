"""When the power fails nothing that was acknowledged is lost on SQLite, and the harness finds it where it would be."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

from tests.reliability.power_loss import Outcome, fail_often, record

IS_FULL = bool(os.environ.get("RONGLIAN_RELIABILITY"))
COMMITS, TRIALS = (400, 2000) if IS_FULL else (120, 40)


def failures(folder: Path, synchronous: str) -> list[Outcome]:
    chance = Random(4)
    folder.mkdir()
    notes = record(folder, COMMITS, synchronous=synchronous, chance=chance)
    return fail_often(notes, TRIALS, folder, chance)


def test_with_full_synchronisation_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    found = failures(tmp_path / "full", "FULL")
    assert sum(each.acknowledged for each in found) > TRIALS * 10
    assert [each for each in found if each.lost or not each.is_whole] == []


def test_the_harness_finds_what_normal_synchronisation_loses(tmp_path: Path) -> None:
    found = failures(tmp_path / "normal", "NORMAL")
    assert sum(each.lost for each in found) > 0
    assert all(each.is_whole for each in found)


def test_the_harness_finds_a_broken_file_without_synchronisation(tmp_path: Path) -> None:
    found = failures(tmp_path / "off", "OFF")
    assert sum(each.lost for each in found) > 0
    assert not all(each.is_whole for each in found)
