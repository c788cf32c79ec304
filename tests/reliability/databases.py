"""Installations of their own for tests that kill, copy and restore: real files, or a PostgreSQL database each."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

START = "from ronglian.cli.main import main; main()"


@dataclass(frozen=True)
class Place:
    """Where an installation lives, and how to call its commands."""

    environment: dict[str, str]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", START, "--language", "en", *words],
            env=self.environment, check=False, capture_output=True, text=True,
        )  # fmt: skip

    def ronglian(self, *words: str, expected: int = 0) -> subprocess.CompletedProcess[str]:
        done = self.run(*words)
        # What does not hold may stand anywhere in a long list.
        broken = "\n".join(line for line in done.stdout.splitlines() if "✗" in line or "  - " in line)
        assert done.returncode == expected, f"{words}: {broken or done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        return done


@contextmanager
def new_place(folder: Path, *, is_set_up: bool = True) -> Iterator[Place]:
    """An installation on the same kind of database as the suite; gone afterwards."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    }
    environment = {**kept, "RONGLIAN_VAR": str(folder)}
    address, name = os.environ.get("DATABASE_URL", ""), f"rl_place_{uuid4().hex[:12]}"
    if address:
        environment["DATABASE_URL"] = urlunsplit(urlsplit(address)._replace(path=f"/{name}"))
        subprocess.run(["createdb", name], check=True)
    place = Place(environment)
    try:
        if is_set_up:
            place.ronglian("setup")
        yield place
    finally:
        if address:
            subprocess.run(["dropdb", "--force", name], check=True)
