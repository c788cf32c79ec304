"""One file of arrays with a checksum, replaced as a whole (索引文件).

Layout: magic, length of the header (8 bytes, little-endian), header (JSON), arrays one after another, SHA-256
over all that precedes it.
"""

import contextlib
import json
import os
import tempfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAGIC = b"RONGLIANMX\x01\n"
_LENGTH = 8
_DIGEST = 32
_KINDS = frozenset({"<f4", "<f8", "<i4", "<i8", "|b1", "|u1"})


class IndexDamaged(Exception):
    """The index file is truncated, altered or not one of ours; rebuild it from the records (索引损坏)."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}; rebuild the index from the records")
        self.path = path
        self.reason = reason


def write_arrays(path: Path, meta: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write atomically: readers see the old file or the new one, never a part. Raises OSError."""
    entries = []
    for name, array in arrays.items():
        entries.append({"name": name, "kind": array.dtype.newbyteorder("<").str, "size": int(array.size)})
    header = json.dumps({"meta": meta, "arrays": entries}, ensure_ascii=False, separators=(",", ":")).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            digest = sha256()
            for piece in _pieces(header, arrays):
                digest.update(piece)
                file.write(piece)
            file.write(digest.digest())
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise
    _sync_folder(path.parent)


def _pieces(header: bytes, arrays: Mapping[str, NDArray[Any]]) -> list[bytes | memoryview]:
    pieces: list[bytes | memoryview] = [MAGIC, len(header).to_bytes(_LENGTH, "little"), header]
    for array in arrays.values():
        flat = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        pieces.append(flat.tobytes() if flat.size == 0 else flat.data.cast("B"))
    return pieces


def _sync_folder(folder: Path) -> None:
    # The rename itself must survive a power cut; some file systems cannot sync folders and need not.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def read_arrays(path: Path) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Header and arrays of a file; raises IndexDamaged, and FileNotFoundError where there is none."""
    content = path.read_bytes()
    if len(content) < len(MAGIC) + _LENGTH + _DIGEST or not content.startswith(MAGIC):
        raise IndexDamaged(path, "not an index of this format, or cut off")
    view = memoryview(content)
    if sha256(view[:-_DIGEST]).digest() != content[-_DIGEST:]:
        raise IndexDamaged(path, "checksum does not agree with the content")
    # From here on the bytes are those that were written; what still fails was written by another version.
    start = len(MAGIC) + _LENGTH
    size = int.from_bytes(view[len(MAGIC) : start], "little")
    try:
        header = json.loads(bytes(view[start : start + size]))
        arrays = _slice(view[start + size : -_DIGEST], header["arrays"])
        meta: dict[str, Any] = dict(header["meta"])
    except (ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(path, f"header not understood ({error})") from error
    return meta, arrays


def _slice(view: memoryview, entries: list[dict[str, Any]]) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {}
    at = 0
    for entry in entries:
        if entry["kind"] not in _KINDS:
            raise ValueError(f"kind {entry['kind']!r}")
        kind = np.dtype(entry["kind"])
        end = at + kind.itemsize * int(entry["size"])
        arrays[entry["name"]] = np.frombuffer(view[at:end], dtype=kind)
        at = end
    if at != len(view):
        raise ValueError("arrays do not fill the file")
    return arrays
