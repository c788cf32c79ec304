"""Uploaded files on disk, named by the hash of their content: temporary file, fsync, rename."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from django.conf import settings

from ronglian.apps.registry.imports.formats import MIB, largest_of
from ronglian.apps.registry.imports.problems import FileProblem

BLOCK = 1024 * 1024
HEAD = 4096
KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file not yet kept: `path` is temporary until `keep`."""

    path: Path
    digest: str
    size: int

    def keep(self) -> Path:
        """Move the file to its place; a file with the same content may already be there."""
        target = upload_path(self.digest)
        target.parent.mkdir(parents=True, exist_ok=True)
        self.path.replace(target)
        _sync_folder(target.parent)
        return target


def upload_path(digest: str) -> Path:
    return Path(settings.UPLOADS) / digest[:2] / digest


@contextmanager
def received(file: IO[bytes]) -> Iterator[Upload]:
    """Copy the file to disk while hashing it. What is not kept is deleted.

    Raises FileProblem as soon as more has come than a file that begins so may hold, or the sender cut it for that.
    """
    folder = Path(settings.UPLOADS)
    folder.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=".upload-", dir=folder)
    path = Path(name)
    try:
        digest = hashlib.sha256()
        size, largest = 0, 0
        with os.fdopen(descriptor, "wb") as target:
            while block := file.read(BLOCK):
                largest = largest or largest_of(block[:HEAD])
                size += len(block)
                if max(size, getattr(file, "size", 0)) > largest:
                    raise FileProblem("file_too_large", limit=largest // MIB)
                digest.update(block)
                target.write(block)
            target.flush()
            os.fsync(target.fileno())
        yield Upload(path, digest.hexdigest(), size)
    finally:
        path.unlink(missing_ok=True)


def drop_read_files(now: datetime, waiting: Container[str]) -> int:
    """Delete the files that no import waits for, a day after they came; answers how many.

    A file that was just sent stands in its place before its import is written down, so younger ones are left alone.
    """
    oldest, gone = (now - KEPT_FOR).timestamp(), 0
    for path in Path(settings.UPLOADS).glob("??/*"):
        if path.name not in waiting and path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
