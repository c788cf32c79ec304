"""The guide to adding a province is followed from top to bottom, as it stands; it needs no database."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.docs.test_commands import blocks, environment
from tests.paths import REPOSITORY


@pytest.mark.parametrize("name", ["add-a-province.md", "add-a-province.zh.md"])
def test_the_guide_can_be_followed(name: str, tmp_path: Path) -> None:
    script = "\n".join(blocks(REPOSITORY / "docs" / "how-to" / name, "bash"))
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=tmp_path,
        env=environment(tmp_path),
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "2 of 2 cases pass." in done.stdout
    assert "Answer: 582.00 yuan" in done.stdout


def test_a_wrong_case_of_the_guide_would_fail(tmp_path: Path) -> None:
    script = "\n".join(blocks(REPOSITORY / "docs" / "how-to" / "add-a-province.md", "bash"))
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script.replace("expect: 582 元", "expect: 583 元")],
        cwd=tmp_path,
        env=environment(tmp_path),
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "expected 583 元, found 58200" in done.stdout
