"""An index as one file and back (索引存取)."""

import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ronglian.engines.matching.answers import State
from ronglian.engines.matching.classes import Classes
from ronglian.engines.matching.columns import Columns
from ronglian.engines.matching.parameters import ENGINE_VERSION, Parameters
from ronglian.engines.matching.records import NeedProfile, Profile, ResultProfile
from ronglian.engines.matching.segments import Contents, Rows, Segment, make_segment
from ronglian.engines.matching.side import Side
from ronglian.engines.matching.similarity import Norms, Role, learn_weighting
from ronglian.engines.matching.storage import IndexDamaged, read_arrays, write_arrays
from ronglian.engines.matching.weights import Vocabulary, WordBook

FORMAT = 2
ROLES: tuple[Role, Role] = ("needs", "results")
_KINDS: dict[Role, type[Profile]] = {"needs": NeedProfile, "results": ResultProfile}
Arrays = Mapping[str, NDArray[Any]]


def write_index(path: Path, state: State) -> None:
    """Write the living records of a state; raises OSError."""
    arrays: dict[str, NDArray[Any]] = {
        "tokens": _text_bytes(state.weighting.vocabulary.tokens),
        "words": _text_bytes(state.words.words),
    }
    counts = {}
    for name in ROLES:
        side, norms = state.side(name), state.weighting.norms[name]
        arrays[f"{name}.counts"] = side.counts
        arrays[f"{name}.han"] = norms.han[side.alive]
        arrays[f"{name}.latin"] = norms.latin[side.alive]
        segments = [
            _living(segment, side.alive[start : start + len(segment)]) for start, segment in side.placed()
        ]
        segments = [segment for segment in segments if len(segment)]
        counts[name] = len(segments)
        for place, segment in enumerate(segments):
            arrays |= _segment_arrays(f"{name}.{place}.", segment)
    meta = {
        "format": FORMAT,
        "engine": ENGINE_VERSION,
        "parameters": state.parameters.to_dict(),
        "modes": dict(state.modes),
        "segments": counts,
    }
    write_arrays(path, meta, arrays)


def _living(segment: Segment, alive: NDArray[np.bool_]) -> Segment:
    """What was removed must not linger in a file."""
    return segment if alive.all() else make_segment(segment.contents.take(np.flatnonzero(alive)))


def _segment_arrays(prefix: str, segment: Segment) -> dict[str, NDArray[Any]]:
    contents = segment.contents
    arrays: dict[str, NDArray[Any]] = {
        "codes": contents.codes,
        "levels": contents.levels,
        "keys": contents.keys,
        "by_term.terms": segment.terms,
        "by_term.starts": segment.starts,
        "by_term.postings": segment.postings,
        "by_term.codes": segment.codes,
        "order": segment.order,
        "sorted_keys": segment.sorted_keys,
        "classes.rows": segment.classes.rows,
        "classes.edges": segment.classes.edges,
        "classes.examples": segment.classes.examples,
    }
    for name in ("tokens", "words", "facts", "ids"):
        rows: Rows = getattr(contents, name)
        arrays |= {f"{name}.starts": rows.starts, f"{name}.items": rows.items}
    for each in fields(Columns):
        arrays[f"columns.{each.name}"] = _packed(getattr(contents.columns, each.name))
    return {prefix + name: array for name, array in arrays.items()}


def _packed(values: NDArray[Any]) -> NDArray[Any]:
    """The smallest signed integers that hold the values; floats stay."""
    if values.dtype.kind != "i" or not len(values):
        return values
    low, high = int(values.min()), int(values.max())
    for kind in (np.int8, np.int16, np.int32):
        if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max:
            return values.astype(kind)
    return values


def _text_bytes(value: Any) -> NDArray[np.uint8]:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # Lone surrogates can stand in free text and must come back as they were.
    return np.frombuffer(text.encode("utf-8", "surrogatepass"), dtype=np.uint8)


def read_index(path: Path) -> State:
    """The state that was written, its arrays mapped; raises IndexDamaged or FileNotFoundError."""
    meta, arrays = read_arrays(path)
    if meta.get("format") != FORMAT or meta.get("engine") != ENGINE_VERSION:
        raise IndexDamaged(path, f"written by engine {meta.get('engine')}, format {meta.get('format')}")
    try:
        parameters = Parameters.from_dict(meta["parameters"])
        vocabulary = Vocabulary(_from_bytes(arrays["tokens"]), parameters)
        words = WordBook(_from_bytes(arrays["words"]))
        modes = {str(name): int(place) for name, place in meta["modes"].items()}
        needs, results = (_read_side(name, int(meta["segments"][name]), arrays) for name in ROLES)
        norms = {name: Norms(arrays[f"{name}.han"], arrays[f"{name}.latin"]) for name in ROLES}
    except (KeyError, TypeError, ValueError) as error:
        raise IndexDamaged(path, f"content not understood ({error})") from error
    weighting = learn_weighting(needs, results, vocabulary, parameters, norms=norms)
    return State(needs, results, words, modes, weighting)


def _read_side(name: Role, count: int, arrays: Arrays) -> Side:
    segments = tuple(_read_segment(f"{name}.{place}.", arrays) for place in range(count))
    alive = np.ones(sum(map(len, segments)), dtype=bool)
    return Side(_KINDS[name], segments, alive, arrays[f"{name}.counts"])


def _read_segment(prefix: str, arrays: Arrays) -> Segment:
    def rows(name: str) -> Rows:
        return Rows(arrays[f"{prefix}{name}.starts"], arrays[f"{prefix}{name}.items"])

    own = {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
    contents = Contents(
        tokens=rows("tokens"),
        codes=own["codes"],
        levels=own["levels"],
        words=rows("words"),
        columns=Columns(**{each.name: own[f"columns.{each.name}"] for each in fields(Columns)}),
        facts=rows("facts"),
        ids=rows("ids"),
        keys=own["keys"],
    )
    return Segment(
        contents=contents,
        terms=own["by_term.terms"],
        starts=own["by_term.starts"],
        postings=own["by_term.postings"],
        codes=own["by_term.codes"],
        levels=contents.levels.astype(np.float64),
        order=own["order"],
        sorted_keys=own["sorted_keys"],
        classes=Classes(own["classes.rows"], own["classes.edges"], own["classes.examples"]),
    )


def _from_bytes(array: NDArray[Any]) -> list[Any]:
    loaded: list[Any] = json.loads(array.tobytes().decode("utf-8", "surrogatepass"))
    return loaded
