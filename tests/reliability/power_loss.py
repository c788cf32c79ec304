"""A power failure for SQLite: what was written and not synchronised is on the disk in part, or not at all.

A connection of apsw works through a file system that notes every write. Afterwards the notes are replayed up to any
moment, and the power fails there: what was synchronised before is kept, of the rest each sector was written or was not.
The creation of files is taken as durable at once; a disk that lies about synchronising is not simulated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import apsw

from ronglian.project.database import sqlite_settings

SECTOR = 512
LEVELS = {"OFF": 0, "NORMAL": 1, "FULL": 2}
ROW = "INSERT INTO written (number, text) VALUES (?, ?)"


@dataclass(frozen=True, slots=True)
class Step:
    """One call that reached the file system, or a commit that was acknowledged (`kind` is `acknowledged`)."""

    kind: str
    path: str = ""
    offset: int = 0
    data: bytes = b""


class NotingFiles(apsw.VFS):
    """The real file system, with notes of what is written to it."""

    def __init__(self, notes: list[Step], name: str) -> None:
        self.notes = notes
        super().__init__(name, "")

    def xOpen(self, name: Any, flags: list[int]) -> NotingFile:  # noqa: N802 - SQLite's names
        return NotingFile(self.notes, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        self.notes.append(Step("delete", Path(filename).name))
        super().xDelete(filename, syncdir)


class NotingFile(apsw.VFSFile):
    """A file whose writes, cuts and synchronisations are noted."""

    def __init__(self, notes: list[Step], name: Any, flags: list[int]) -> None:
        self.notes = notes
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self.path = Path(path).name if path else ""
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self.notes.append(Step("write", self.path, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        self.notes.append(Step("truncate", self.path, newsize))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self.notes.append(Step("sync", self.path))
        super().xSync(flags)


def record(folder: Path, commits: int, *, synchronous: str, chance: Random) -> list[Step]:
    """Write rows, each in a commit of its own, with the product's settings but for `synchronous`."""
    notes: list[Step] = []
    files = NotingFiles(notes, name := f"noting-{folder.name}")
    path = folder / "database"
    settings: str = sqlite_settings(path)["OPTIONS"]["init_command"]
    assert "synchronous=FULL" in settings
    connection = apsw.Connection(str(path), vfs=name)
    # Shared memory is not noted, so one connection has the file for itself.
    connection.execute("PRAGMA locking_mode=EXCLUSIVE").fetchall()
    # To the last row: apsw goes on to the next statement only when the rows of this one were read.
    connection.execute(settings.replace("synchronous=FULL", f"synchronous={synchronous}")).fetchall()
    assert connection.pragma("synchronous") == LEVELS[synchronous]
    assert connection.pragma("journal_mode") == "wal"
    connection.pragma("wal_autocheckpoint", 60)  # often, for a checkpoint is the moment that matters
    connection.execute("CREATE TABLE written (number INTEGER PRIMARY KEY, text TEXT)")
    connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)  # the table itself is on the disk
    for number in range(commits):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(ROW, (number, "字" * chance.randrange(1, 1500)))
        connection.execute("COMMIT")
        notes.append(Step("acknowledged"))
    connection.close()
    files.unregister()
    return notes


@dataclass
class Disk:
    """What a file system holds: synchronised contents, and what waits to be written."""

    durable: dict[str, bytearray] = field(default_factory=dict)
    waiting: dict[str, list[Step]] = field(default_factory=dict)
    acknowledged: int = 0

    def take(self, step: Step) -> None:
        if step.kind == "acknowledged":
            self.acknowledged += 1
        elif step.kind == "sync":
            for each in self.waiting.pop(step.path, []):
                apply(self.durable.setdefault(step.path, bytearray()), each)
        elif step.kind == "delete":
            self.durable.pop(step.path, None)
            self.waiting.pop(step.path, None)
        else:
            self.waiting.setdefault(step.path, []).append(step)

    def after_failure(self, chance: Random) -> dict[str, bytes]:
        """The files as the next start finds them."""
        found = {path: bytearray(content) for path, content in self.durable.items()}
        share = chance.choice([0.0, 0.5, 0.9, 1.0])
        for path, steps in self.waiting.items():
            content = found.setdefault(path, bytearray())
            for step in steps:
                for part in sectors(step):
                    if chance.random() < share:
                        apply(content, part)
        return {path: bytes(content) for path, content in found.items()}


def sectors(step: Step) -> Iterator[Step]:
    """A write in the parts that a disk writes whole; a cut is one part."""
    if step.kind == "truncate":
        yield step
        return
    at = 0
    while at < len(step.data):
        end = min(len(step.data), at + SECTOR - (step.offset + at) % SECTOR)
        yield Step("write", step.path, step.offset + at, step.data[at:end])
        at = end


def apply(content: bytearray, step: Step) -> None:
    if step.kind == "truncate":
        del content[step.offset :]
        return
    if len(content) < step.offset:
        content.extend(bytes(step.offset - len(content)))
    content[step.offset : step.offset + len(step.data)] = step.data


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one failure: rows acknowledged before it, how many of them are missing, and whether the file is whole."""

    acknowledged: int
    lost: int
    is_whole: bool


def fail_once(notes: list[Step], moment: int, folder: Path, chance: Random) -> Outcome:
    """Let the power fail after the step numbered `moment`, start again, and count."""
    disk = Disk()
    for step in notes[:moment]:
        disk.take(step)
    folder.mkdir()
    for name, content in disk.after_failure(chance).items():
        (folder / name).write_bytes(content)
    connection = apsw.Connection(str(folder / "database"))
    try:
        whole = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        found = {number for (number,) in connection.execute("SELECT number FROM written")}
    except apsw.Error:
        whole, found = False, set()
    finally:
        connection.close()
    return Outcome(disk.acknowledged, len(set(range(disk.acknowledged)) - found), whole)


def fail_often(notes: list[Step], trials: int, folder: Path, chance: Random) -> list[Outcome]:
    """At random moments after the first acknowledged row."""
    first = next(at for at, step in enumerate(notes) if step.kind == "acknowledged") + 1
    moments = [chance.randrange(first, len(notes)) for _ in range(trials)]
    return [
        fail_once(notes, moment, folder / f"failure-{number}", chance)
        for number, moment in enumerate(moments)
    ]
