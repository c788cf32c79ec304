"""An index as one file and back (索引存取)."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ronglian.engines.matching.answers import State
from ronglian.engines.matching.classes import Classes
from ronglian.engines.matching.facts import Fact, Facts
from ronglian.engines.matching.meaning_file import arrays_of, meaning_in
from ronglian.engines.matching.packing import Rows, starts_of
from ronglian.engines.matching.parameters import ENGINE_VERSION, Parameters
from ronglian.engines.matching.records import NeedProfile, Profile, ResultProfile
from ronglian.engines.matching.row_bounds import NORMS, RowBounds
from ronglian.engines.matching.segments import Contents, Postings, Segment, make_segment
from ronglian.engines.matching.side import Side, post_segments
from ronglian.engines.matching.similarity import Role, learn_weighting
from ronglian.engines.matching.storage import IndexDamaged, read_arrays, write_arrays
from ronglian.engines.matching.weights import Vocabulary, WordBook, make_vocabulary

FORMAT = 4
ROLES: tuple[Role, Role] = ("needs", "results")
_KINDS: dict[Role, type[Profile]] = {"needs": NeedProfile, "results": ResultProfile}
Arrays = Mapping[str, NDArray[Any]]


def write_index(path: Path, state: State, *, meaning: bool = True) -> None:
    """Write the living records of a state, with or without the vectors of meaning; raises OSError."""
    vocabulary = state.weighting.vocabulary
    needs, results = (_living(state.side(role), vocabulary) for role in ROLES)
    # Norms are stored as they are with the weights of now, so that the weights need not be stored.
    weighting = learn_weighting(needs, results, vocabulary, state.parameters)
    arrays: dict[str, NDArray[Any]] = {
        "stems": _text_bytes(vocabulary.stems.names),
        "keys": vocabulary.keys,
        "levels": vocabulary.levels,
        "words": _text_bytes(state.words.names),
    }
    facts: dict[str, list[list[str]]] = {}
    for role, side in zip(ROLES, (needs, results), strict=True):
        arrays[f"{role}.counts"] = _small(side.counts)
        facts[role] = [list(segment.contents.facts.table) for segment in side.segments]
        for place, segment in enumerate(side.segments):
            arrays |= _segment_arrays(f"{role}.{place}.", segment, weighting.bounds.get(role))
    meta = {
        "format": FORMAT,
        "engine": ENGINE_VERSION,
        "parameters": state.parameters.to_dict(),
        "modes": dict(state.modes),
        "facts": facts,
    }
    if meaning and state.meaning is not None:
        meta["model"] = state.meaning.model
        arrays |= arrays_of(state.meaning)
    write_arrays(path, meta, arrays)


def _living(side: Side, vocabulary: Vocabulary) -> Side:
    """What was removed must not linger in a file."""
    if side.living == len(side.alive):
        return side
    segments = []
    for start, segment in side.placed():
        alive = side.alive[start : start + len(segment)]
        if alive.all():
            segments.append(segment)
        elif alive.any():
            kept = segment.contents.take(np.flatnonzero(alive))
            segments.append(make_segment(kept, vocabulary.levels))
    alive = np.ones(side.living, dtype=bool)
    return post_segments(Side(side.kind, tuple(segments), alive, side.counts), vocabulary)


def _segment_arrays(prefix: str, segment: Segment, bounds: RowBounds | None) -> dict[str, NDArray[Any]]:
    contents = segment.contents
    arrays: dict[str, NDArray[Any]] = {"order": segment.order, "sorted_keys": segment.sorted_keys}
    for name in ("tokens", "words", "ids"):
        arrays |= _rows_arrays(name, getattr(contents, name))
    for name, fact in contents.facts.table.items():
        arrays |= _rows_arrays(f"facts.{name}", fact.values) | {f"facts.{name}.codes": fact.codes}
    if segment.postings is not None and bounds is not None:
        classes, postings = segment.classes, segment.postings
        arrays |= {
            "classes.rows": classes.rows,
            "classes.edges": classes.edges,
            "classes.examples": classes.examples,
        }
        sizes, norms = np.diff(postings.starts), bounds.of(segment)
        arrays |= {"postings.sizes": _small(sizes), "postings.entries": postings.entries}
        arrays |= {"postings.posted": postings.posted, "postings.common": postings.common}
        arrays |= {f"norms.{name}": values for name, values in zip(NORMS, norms, strict=True)}
    return {prefix + name: array for name, array in arrays.items()}


def _rows_arrays(name: str, rows: Rows) -> dict[str, NDArray[Any]]:
    return {f"{name}.sizes": _small(np.diff(rows.starts)), f"{name}.items": rows.items}


def _small(values: NDArray[Any]) -> NDArray[Any]:
    """The smallest unsigned integers that hold the values."""
    return values.astype(np.min_scalar_type(int(values.max(initial=0))))


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
        stems = _from_bytes(arrays["stems"])
        vocabulary = make_vocabulary(parameters, stems, arrays["keys"], arrays["levels"])
        words = WordBook(_from_bytes(arrays["words"]))
        modes = {str(name): int(place) for name, place in meta["modes"].items()}
        reader = _Reader(arrays, modes, vocabulary)
        needs, results = (reader.read_side(role, meta["facts"][role]) for role in ROLES)
        bounds = {
            role: reader.read_bounds(role, side) for role, side in zip(ROLES, (needs, results), strict=True)
        }
        meaning = meaning_in(arrays, str(meta["model"])) if "model" in meta else None
    except (KeyError, TypeError, ValueError) as error:
        raise IndexDamaged(path, f"content not understood ({error})") from error
    weighting = learn_weighting(needs, results, vocabulary, parameters, bounds)
    return State(needs, results, words, modes, weighting, meaning)


class _Reader:
    """Makes segments of arrays."""

    def __init__(self, arrays: Arrays, modes: Mapping[str, int], vocabulary: Vocabulary) -> None:
        self._arrays, self._modes, self._vocabulary = arrays, modes, vocabulary
        self._levels = vocabulary.levels.astype(np.float64)

    def read_side(self, role: Role, facts: list[list[str]]) -> Side:
        """A side."""
        segments = [
            self._read_segment(f"{role}.{place}.", _KINDS[role], own) for place, own in enumerate(facts)
        ]
        alive = np.ones(sum(map(len, segments)), dtype=bool)
        counts = self._arrays[f"{role}.counts"].astype(np.int64)
        return post_segments(Side(_KINDS[role], tuple(segments), alive, counts), self._vocabulary)

    def read_bounds(self, role: Role, side: Side) -> RowBounds:
        """The norms of the segments that have some."""
        parts = []
        for place, segment in enumerate(side.segments):
            names = [f"{role}.{place}.norms.{name}" for name in NORMS]
            if names[0] in self._arrays:
                parts.append((segment, tuple(self._arrays[name] for name in names)))
        return RowBounds(tuple(parts), None, 0.0)

    def _read_segment(self, prefix: str, kind: type[Profile], facts: list[str]) -> Segment:
        arrays = self._arrays
        table = {
            name: Fact(self._read_rows(f"{prefix}facts.{name}"), arrays[f"{prefix}facts.{name}.codes"])
            for name in facts
        }
        contents = Contents(
            tokens=self._read_rows(prefix + "tokens"),
            words=self._read_rows(prefix + "words"),
            facts=Facts(kind, self._modes, table),
            ids=self._read_rows(prefix + "ids"),
        )
        postings, classes, found = None, None, f"{prefix}postings."
        if found + "entries" in arrays:
            own = (arrays[found + name] for name in ("entries", "posted", "common"))
            postings = Postings(starts_of(arrays[found + "sizes"]), *own)
            classes = Classes(*(arrays[f"{prefix}classes.{name}"] for name in ("rows", "edges", "examples")))
        order, keys = arrays[prefix + "order"], arrays[prefix + "sorted_keys"]
        return Segment(contents, self._levels, order, keys, postings, classes)

    def _read_rows(self, name: str) -> Rows:
        return Rows(starts_of(self._arrays[name + ".sizes"]), self._arrays[name + ".items"])


def _from_bytes(array: NDArray[Any]) -> list[Any]:
    loaded: list[Any] = json.loads(array.tobytes().decode("utf-8", "surrogatepass"))
    return loaded
