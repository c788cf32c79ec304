"""Vectors kept by the digest of their text, model and role (向量缓存)."""

import sqlite3
from collections.abc import Collection, Mapping
from contextlib import closing
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

_ASKED_AT_ONCE = 500  # keys in one statement


class VectorCache:
    """A SQLite file of vectors; texts are not kept, only their digests. Raises sqlite3.Error, OSError."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        with closing(self._connect()) as database, database:
            database.execute(
                "CREATE TABLE IF NOT EXISTS vectors (digest BLOB PRIMARY KEY, vector BLOB NOT NULL)"
            )

    def read(self, model: str, role: str, contents: Collection[str]) -> dict[str, Vectors]:
        """The vectors that are known, by text."""
        by_key = {_digest(model, role, content): content for content in contents}
        keys = list(by_key)
        found: dict[str, Vectors] = {}
        with closing(self._connect()) as database:
            for start in range(0, len(keys), _ASKED_AT_ONCE):
                part = keys[start : start + _ASKED_AT_ONCE]
                marks = ",".join("?" * len(part))
                rows = database.execute(
                    f"SELECT digest, vector FROM vectors WHERE digest IN ({marks})",  # noqa: S608 - marks only
                    part,
                )
                found.update((by_key[key], np.frombuffer(vector, dtype="<f4")) for key, vector in rows)
        return found

    def write(self, model: str, role: str, vectors: Mapping[str, Vectors]) -> None:
        """Keep these vectors."""
        rows = [
            (_digest(model, role, content), np.asarray(vector, dtype="<f4").tobytes())
            for content, vector in vectors.items()
        ]
        with closing(self._connect()) as database, database:
            database.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=30)


def _digest(model: str, role: str, content: str) -> bytes:
    parts = (part.encode("utf-8", "surrogatepass") for part in (model, role, content))
    return blake2b(b"\0".join(parts), digest_size=20).digest()
