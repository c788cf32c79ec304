"""An index as one file and back (索引存取)."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ronglian.engines.matching.answers import State
from ronglian.engines.matching.columns import to_columns
from ronglian.engines.matching.parameters import ENGINE_VERSION, Parameters
from ronglian.engines.matching.records import NeedProfile, Profile, ResultProfile
from ronglian.engines.matching.segments import Rows, Segment, join_segments
from ronglian.engines.matching.side import Side, empty_side
from ronglian.engines.matching.similarity import learn_weighting
from ronglian.engines.matching.storage import IndexDamaged, read_arrays, write_arrays
from ronglian.engines.matching.weights import Vocabulary, WordBook

FORMAT = 1
_KINDS: dict[str, type[Profile]] = {"needs": NeedProfile, "results": ResultProfile}


def write_index(path: Path, state: State) -> None:
    """Write the living records of a state; raises OSError."""
    arrays: dict[str, NDArray[Any]] = {
        "tokens": _text_bytes(state.weighting.vocabulary.tokens),
        "words": _text_bytes(state.words.words),
    }
    for name in _KINDS:
        arrays |= _side_arrays(name, state.needs if name == "needs" else state.results)
    meta = {
        "format": FORMAT,
        "engine": ENGINE_VERSION,
        "parameters": state.parameters.to_dict(),
        "modes": dict(state.modes),
    }
    write_arrays(path, meta, arrays)


def _side_arrays(name: str, side: Side) -> dict[str, NDArray[Any]]:
    living = np.flatnonzero(side.alive)
    facts = [side.profiles[row].facts() for row in living.tolist()]
    arrays: dict[str, NDArray[Any]] = {f"{name}.facts": _text_bytes(facts)}
    if len(living):
        segment = join_segments(side.segments).take(living)
        arrays |= {
            f"{name}.token_starts": segment.tokens.starts,
            f"{name}.tokens": segment.tokens.items,
            f"{name}.weights": segment.weights,
            f"{name}.word_starts": segment.words.starts,
            f"{name}.words": segment.words.items,
        }
    return arrays


def _text_bytes(value: Any) -> NDArray[np.uint8]:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # Lone surrogates can stand in free text and must come back as they were.
    return np.frombuffer(text.encode("utf-8", "surrogatepass"), dtype=np.uint8)


def read_index(path: Path) -> State:
    """The state that was written; raises IndexDamaged or FileNotFoundError."""
    meta, arrays = read_arrays(path)
    if meta.get("format") != FORMAT or meta.get("engine") != ENGINE_VERSION:
        raise IndexDamaged(path, f"written by engine {meta.get('engine')}, format {meta.get('format')}")
    try:
        parameters = Parameters.from_dict(meta["parameters"])
        vocabulary = Vocabulary(_from_bytes(arrays["tokens"]), parameters)
        words = WordBook(_from_bytes(arrays["words"]))
        modes = {str(name): int(place) for name, place in meta["modes"].items()}
        needs, results = (_read_side(name, arrays, modes) for name in _KINDS)
    except (KeyError, TypeError, ValueError) as error:
        raise IndexDamaged(path, f"content not understood ({error})") from error
    return State(needs, results, words, modes, learn_weighting(needs, results, vocabulary, parameters))


def _read_side(name: str, arrays: Mapping[str, NDArray[Any]], modes: Mapping[str, int]) -> Side:
    profiles = tuple(_KINDS[name].from_facts(facts) for facts in _from_bytes(arrays[f"{name}.facts"]))
    if not profiles:
        return empty_side(modes)
    segment = Segment(
        Rows(arrays[f"{name}.token_starts"], arrays[f"{name}.tokens"]),
        arrays[f"{name}.weights"],
        Rows(arrays[f"{name}.word_starts"], arrays[f"{name}.words"]),
    )
    places = {profile.id: row for row, profile in enumerate(profiles)}
    return Side(profiles, np.ones(len(profiles), dtype=bool), to_columns(profiles, modes), (segment,), places)


def _from_bytes(array: NDArray[Any]) -> list[Any]:
    loaded: list[Any] = json.loads(array.tobytes().decode("utf-8", "surrogatepass"))
    return loaded
