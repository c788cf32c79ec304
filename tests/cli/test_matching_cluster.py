"""`ronglian match --all --scheduler`: the same bytes as without, from two workers, one of them killed."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.test_matching_all import TABLES, command, finish, wait_for_a_chunk, write_files

pytest.importorskip("distributed", reason="Dask is not installed; it is part of requirements/dev.txt")

# Loaded by a worker before it starts: it finds no file of the command's, as on another machine.
ELSEWHERE = """
from ronglian.cli import matching_cluster
matching_cluster._look = lambda path, digest: (matching_cluster.ENGINE_VERSION, False)
"""


class Cluster:
    """A scheduler and two workers of one thread, each a process of its own."""

    def __init__(self, folder: Path, ends: ExitStack, *, elsewhere: bool = False) -> None:
        folder.mkdir()
        self._file, self._ends = folder / "scheduler.json", ends
        self._start("scheduler", "--port", "0", "--no-dashboard")
        words = ["--no-nanny", "--nthreads", "1", "--no-dashboard", "--local-directory", str(folder)]
        if elsewhere:
            (folder / "elsewhere.py").write_text(ELSEWHERE, encoding="ascii")
            words += ["--preload", str(folder / "elsewhere.py")]
        self.workers = [self._start("worker", *words) for _ in range(2)]

    @property
    def address(self) -> str:
        """Where the scheduler listens."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self._file.exists() and self._file.read_text(encoding="utf-8"):
                return str(json.loads(self._file.read_text(encoding="utf-8"))["address"])
            time.sleep(0.05)
        raise AssertionError("the scheduler does not start")

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", words[0], "--scheduler-file", str(self._file), *words[1:]],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._ends.callback(process.wait, 60)
        self._ends.callback(process.kill)
        return process


@pytest.fixture
def ends() -> Iterator[ExitStack]:
    """What is to be ended with the test."""
    with ExitStack() as stack:
        yield stack


def same(one: Path, other: Path) -> bool:
    return all((one / name).read_bytes() == (other / name).read_bytes() for name in (*TABLES, "run.json"))


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_changes_nothing(tmp_path: Path, ends: ExitStack) -> None:
    files = write_files(tmp_path, 1_200)
    cluster = Cluster(tmp_path / "dask", ends)
    process = command(tmp_path / "cluster", *files, "--scheduler", cluster.address)
    wait_for_a_chunk(tmp_path / "cluster", process)
    cluster.workers[0].kill()
    finish(process)
    assert cluster.workers[0].wait(60) == -9
    assert cluster.workers[1].poll() is None
    finish(command(tmp_path / "alone", *files, "--workers", "1"))
    assert same(tmp_path / "cluster", tmp_path / "alone")


def test_workers_without_the_file_are_sent_it_in_pieces(
    run: Run, tmp_path: Path, ends: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ronglian.cli.matching_cluster.PIECE", 5_000)
    files = write_files(tmp_path, 40)
    cluster = Cluster(tmp_path / "dask", ends, elsewhere=True)
    words = ["match", "--all", *files]
    done = run(*words, "--folder", str(tmp_path / "cluster"), "--scheduler", cluster.address)
    assert done.exit_code == 0, done.output
    sent = next((tmp_path / "dask").rglob("*.index"))
    assert sent.stat().st_size > 2 * 5_000
    assert run(*words, "--folder", str(tmp_path / "alone"), "--workers", "1").exit_code == 0
    assert same(tmp_path / "cluster", tmp_path / "alone")


def test_what_is_wrong_with_the_cluster_is_said(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ronglian.cli.matching_cluster.PATIENCE", 1)
    words = ["match", "--all", "--folder", str(tmp_path / "f"), *write_files(tmp_path, 2)]
    done = run(*words, "--scheduler", "tcp://127.0.0.1:9")
    assert done.exit_code == 1
    assert "no Dask scheduler" in done.output
    assert run(*words, "--scheduler", "tcp://127.0.0.1:9", "--workers", "2").exit_code == 2
