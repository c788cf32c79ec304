"""Several files as one ZIP archive, written while it is sent."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from io import RawIOBase
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

MEDIA_TYPE = "application/zip"


class _Passage(RawIOBase):
    """Takes what is written, and gives it on; nothing stays."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._waiting.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        found, self._waiting = b"".join(self._waiting), []
        return found


def zipped(files: Iterable[tuple[str, Iterable[bytes]]]) -> Generator[bytes]:
    """The archive of the named files, piece by piece."""
    passage = _Passage()
    with ZipFile(passage, "w", ZIP_DEFLATED) as archive:
        for name, pieces in files:
            with archive.open(name, "w") as file:
                for piece in pieces:
                    file.write(piece)
                    yield passage.taken()
    yield passage.taken()
