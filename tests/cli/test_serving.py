"""`ronglian serve` with real processes: the site answers, the worker is kept alive, everything ends together."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

START = "from ronglian.cli.main import main; main()"


def command(*words: str) -> list[str]:
    return [sys.executable, "-c", START, *words]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    }
    return {**kept, "RONGLIAN_VAR": str(tmp_path)}


@pytest.fixture
def server(
    environment: dict[str, str], tmp_path: Path, migrated: Path
) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    shutil.copy(migrated, tmp_path / "ronglian.sqlite3")
    subprocess.run(command("setup"), env=environment, check=True, capture_output=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(command("serve", "--port", str(port), "--workers", "1"), env=environment)
    yield process, f"http://127.0.0.1:{port}"
    if process.poll() is None:
        process.kill()
        process.wait()


def children_named(word: str, parent: int) -> list[int]:
    """The processes whose command line ends with the word and the parent's number."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().decode(errors="replace").rstrip("\0").split("\0")
        except OSError:
            continue
        if word in words and words[-1] == str(parent):
            found.append(int(folder.name))
    return found


def wait_until(happens: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + 60
    while not happens():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def answers(address: str) -> bool:
    try:
        with urlopen(f"{address}/health", timeout=5) as response:  # noqa: S310 - our own address
            return bool(response.status == 200)
    except OSError:
        return False


def test_it_serves_keeps_its_worker_and_stops_whole(server: tuple[subprocess.Popen[bytes], str]) -> None:
    process, address = server
    wait_until(lambda: answers(address), "the site does not answer")
    wait_until(lambda: children_named("worker", process.pid), "there is no worker")
    (worker,) = children_named("worker", process.pid)

    os.kill(worker, signal.SIGKILL)
    wait_until(
        lambda: set(children_named("worker", process.pid)) - {worker}, "the worker was not started again"
    )

    process.terminate()
    process.wait(timeout=60)
    assert children_named("worker", process.pid) == []
    assert not answers(address)


def test_a_taken_port_is_refused(environment: dict[str, str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        done = subprocess.run(
            command("serve", "--port", port), env=environment, capture_output=True, text=True, check=False
        )
    assert done.returncode == 1
    assert port in done.stderr


def test_without_setup_it_says_what_to_do(environment: dict[str, str]) -> None:
    done = subprocess.run(
        command("--language", "en", "serve"), env=environment, check=False, capture_output=True, text=True
    )
    assert done.returncode == 4
    assert "Run: ronglian setup" in done.stderr
