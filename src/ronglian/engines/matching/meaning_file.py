"""Vectors in a file of their own or beside an index in its file (语义向量存取)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ronglian.engines.matching.meaning import Meaning, VectorTable
from ronglian.engines.matching.similarity import Role
from ronglian.engines.matching.storage import IndexDamaged, read_arrays, write_arrays

FORMAT = 1
ROLES: tuple[Role, Role] = ("needs", "results")
_PREFIX = "meaning."


def write_meaning(path: Path, meaning: Meaning, about: Mapping[str, Any]) -> None:
    """Write vectors and what the caller wants to know of them, atomically; raises OSError."""
    meta = {"meaning_format": FORMAT, "model": meaning.model, "about": dict(about)}
    write_arrays(path, meta, arrays_of(meaning))


def read_meaning(path: Path) -> tuple[Meaning, dict[str, Any]]:
    """Vectors, mapped, and what was written about them; raises IndexDamaged or FileNotFoundError."""
    meta, arrays = read_arrays(path)
    if meta.get("meaning_format") != FORMAT:
        raise IndexDamaged(path, f"vectors of format {meta.get('meaning_format')}")
    try:
        return meaning_in(arrays, str(meta["model"])), dict(meta["about"])
    except (KeyError, TypeError, ValueError) as error:
        raise IndexDamaged(path, f"content not understood ({error})") from error


def arrays_of(meaning: Meaning) -> dict[str, NDArray[Any]]:
    """What a file holds; records that were withdrawn are left out."""
    arrays: dict[str, NDArray[Any]] = {}
    for role in ROLES:
        table = meaning.table(role)
        own: dict[str, NDArray[Any]] = {
            "ids": table.ids,
            "keys": table.keys,
            "vectors": table.vectors.view("<u2"),
        }
        if meaning.withdrawn:
            kept = meaning.kept(role)
            own = {name: array[kept] for name, array in own.items()}
        arrays |= {f"{_PREFIX}{role}.{name}": array for name, array in own.items()}
        arrays[f"{_PREFIX}{role}.centre"] = table.centre
    return arrays


def meaning_in(arrays: Mapping[str, NDArray[Any]], model: str) -> Meaning:
    """The vectors among the arrays of a file; raises KeyError, ValueError."""
    tables = []
    for role in ROLES:
        ids, keys, vectors, centre = (
            arrays[f"{_PREFIX}{role}.{name}"] for name in ("ids", "keys", "vectors", "centre")
        )
        if not len(ids) == len(keys) == len(vectors):
            raise ValueError(f"vectors of {role} do not belong together")
        tables.append(VectorTable(ids, keys, vectors.view(np.float16), centre))
    return Meaning(model, tables[0], tables[1])
