"""One memory-mapped file of arrays with checksums, replaced as a whole (索引文件).

Layout: magic; arrays one after another, each at a multiple of ALIGNMENT; header (JSON: what the arrays are, and the
SHA-256 of every CHUNK of all that precedes the header); length of the header (8 bytes, little-endian); SHA-256 of
header and length. Readers map the file: processes share its pages, and a file that is replaced lives on for those
who have it open.
"""

import contextlib
import fcntl
import glob
import json
import mmap
import os
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

MAGIC = b"RONGLIANMX\x02\n"
ALIGNMENT = 64
CHUNK = 1 << 23
_LENGTH = 8
_DIGEST = 32
_THREADS = 4  # hashing leaves Python's lock alone
_KINDS = frozenset({"<f4", "<f8", "<i2", "<i4", "<i8", "|b1", "|i1", "|u1", "<u2", "<u4", "<u8"})


class IndexDamaged(Exception):
    """The index file is truncated, altered or not one of ours; rebuild it from the records (索引损坏)."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}; rebuild the index from the records")
        self.path = path
        self.reason = reason


class _Writer:
    """Writes on, remembering the digest of every chunk."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = sha256()
        self.at = 0
        self.digests: list[str] = []

    def write(self, piece: bytes | memoryview) -> None:
        view = memoryview(piece)
        while len(view):
            part = view[: CHUNK - self.at % CHUNK]
            self._file.write(part)
            self._digest.update(part)
            self.at += len(part)
            view = view[len(part) :]
            if self.at % CHUNK == 0:
                self.close_chunk()

    def close_chunk(self) -> None:
        self.digests.append(self._digest.hexdigest())
        self._digest = sha256()


def write_arrays(path: Path, meta: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write atomically: readers see the old file or the new one, never a part. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(path)
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    fcntl.flock(handle, fcntl.LOCK_EX)  # held while the writer lives
    try:
        with os.fdopen(handle, "wb") as file:
            _write_all(file, meta, arrays)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise
    _sync_folder(path.parent)


def _remove_abandoned(path: Path) -> None:
    """Remove the drafts of writers that were killed: nobody holds their locks any more."""
    for draft in path.parent.glob(f".{glob.escape(path.name)}.????????"):
        with contextlib.suppress(OSError), draft.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            draft.unlink()


def _write_all(file: BinaryIO, meta: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
    writer = _Writer(file)
    writer.write(MAGIC)
    entries = []
    for name, array in arrays.items():
        writer.write(bytes(-writer.at % ALIGNMENT))
        flat = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        entry = {"name": name, "kind": flat.dtype.str, "shape": list(flat.shape), "at": writer.at}
        entries.append(entry)
        if flat.size:
            writer.write(flat.reshape(-1).view(np.uint8).data)
    size = writer.at
    writer.close_chunk()
    content = {"meta": meta, "arrays": entries, "size": size, "digests": writer.digests}
    header = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    header += len(header).to_bytes(_LENGTH, "little")
    file.write(header)
    file.write(sha256(header).digest())


def _sync_folder(folder: Path) -> None:
    # The rename itself must survive a power cut; some file systems cannot sync folders and need not.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def read_arrays(path: Path) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Header and arrays of a file, mapped; every byte is checked first.

    Raises IndexDamaged, and FileNotFoundError where there is none.
    """
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size < len(MAGIC) + _LENGTH + _DIGEST:
            raise IndexDamaged(path, "not an index of this format, or cut off")
        # A private mapping: pages are shared until written, and nobody writes. The kernel is compiled once for
        # arrays in memory and would be compiled again for read-only ones.
        view = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY))
    if view[: len(MAGIC)] != MAGIC:
        raise IndexDamaged(path, "not an index of this format")
    length = int.from_bytes(view[-_DIGEST - _LENGTH : -_DIGEST], "little")
    start = size - _DIGEST - _LENGTH - length
    if start < len(MAGIC) or sha256(view[start:-_DIGEST]).digest() != view[-_DIGEST:]:
        raise IndexDamaged(path, "cut off, or the checksum of the header does not agree")
    # From here on the header is the one that was written; what still fails was written by another version.
    try:
        header = json.loads(bytes(view[start : -_DIGEST - _LENGTH]))
        if header["size"] != start or list(_digests(view[:start])) != header["digests"]:
            raise IndexDamaged(path, "checksum does not agree with the content")
        arrays = {entry["name"]: _slice(view[:start], entry) for entry in header["arrays"]}
        meta: dict[str, Any] = dict(header["meta"])
    except (ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(path, f"header not understood ({error})") from error
    return meta, arrays


def _digests(view: memoryview) -> Iterator[str]:
    chunks = [view[at : at + CHUNK] for at in range(0, len(view), CHUNK)]
    if len(view) % CHUNK == 0:
        chunks.append(view[:0])
    if len(chunks) == 1:
        yield sha256(chunks[0]).hexdigest()
        return
    with ThreadPoolExecutor(_THREADS) as pool:
        yield from pool.map(lambda chunk: sha256(chunk).hexdigest(), chunks)


def _slice(view: memoryview, entry: Mapping[str, Any]) -> NDArray[Any]:
    if entry["kind"] not in _KINDS:
        raise ValueError(f"kind {entry['kind']!r}")
    kind = np.dtype(entry["kind"])
    count = int(np.prod(entry["shape"], dtype=np.int64))
    if not count:
        return np.zeros(entry["shape"], dtype=kind)
    return np.frombuffer(view, dtype=kind, count=count, offset=entry["at"]).reshape(entry["shape"])
