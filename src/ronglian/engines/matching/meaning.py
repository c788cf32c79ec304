"""The vectors of an index's records, and how near a query is to them in meaning (语义向量表).

Vectors are kept as a model gave them, in half precision, so that means of them are exact: a sum of halves in double
precision does not depend on the order. What is compared is made of them when it is asked for: each side's centre is
taken off (dense.py says why), vectors get length 1, and the two of a need are added.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ronglian.engines.matching.dense import (
    FEWEST_VECTORS,
    MEANING_SHARE,
    DenseVectors,
    need_texts,
    result_text,
    unit,
)
from ronglian.engines.matching.ids import write_id
from ronglian.engines.matching.records import NeedProfile, Profile, ResultProfile
from ronglian.engines.matching.segments import Segment
from ronglian.engines.matching.side import Side
from ronglian.engines.matching.similarity import DECIMALS, Role

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
KEY_BYTES = 16
TEXTS: dict[Role, int] = {"needs": 2, "results": 1}  # a record's vectors
# Of a side that the kernel searches, the meaning reorders so many of the best by wording and facts.
MEANING_CANDIDATES = 500


def texts_of(profile: Profile) -> tuple[str, ...]:
    """The texts of a record to embed, none where it has no vectors."""
    if isinstance(profile, NeedProfile):
        return need_texts(profile)
    assert isinstance(profile, ResultProfile)
    text = result_text(profile)
    return () if text is None else (text,)


def key_of_texts(texts: Sequence[str]) -> bytes:
    """A digest of a record's texts: vectors belong to a record while this is the same."""
    digest = blake2b(digest_size=KEY_BYTES)
    for text in texts:
        written = text.encode("utf-8", "surrogatepass")
        digest.update(len(written).to_bytes(8, "little") + written)
    return digest.digest()


def blend(similarity: FloatArray, nearness: FloatArray) -> FloatArray:
    """Similarity of wording and nearness in meaning as one similarity 0..1; the wording's where nearness is NaN.

    Shares are of the root of the similarity, the view that judged pairs were measured on.
    """
    root = (1.0 - MEANING_SHARE) * np.sqrt(similarity) + MEANING_SHARE * np.nan_to_num(nearness)
    return np.where(np.isnan(nearness), similarity, np.round(root * root, DECIMALS))


def nearness_of(query: FloatArray, vectors: FloatArray) -> FloatArray:
    """Cosines of vectors of length 1 (rows, dimension) with one of them, cut at 0; NaN stays NaN; shape (rows,)."""
    return np.asarray(np.clip(np.round(vectors @ query, DECIMALS), 0.0, 1.0), dtype=np.float64)


@dataclass(frozen=True)
class VectorTable:
    """The vectors of a side's records, by id (单侧向量表).

    ``ids`` and ``keys`` (records, KEY_BYTES) are digests of ids, rising, and of texts; ``vectors`` (records, texts,
    dimension) of float16; ``centre`` (dimension,).
    """

    ids: NDArray[np.uint8]
    keys: NDArray[np.uint8]
    vectors: NDArray[np.float16]
    centre: FloatArray

    def __len__(self) -> int:
        return len(self.ids)

    def find(self, ids: NDArray[np.uint8]) -> IntArray:
        """Places of digests of ids (rows, KEY_BYTES), -1 where there are none; shape (rows,)."""
        if not len(self.ids) or not len(ids):
            return np.full(len(ids), -1, dtype=np.int64)
        known, wanted = _as_text(self.ids), _as_text(ids)
        places = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
        return np.where(known[places] == wanted, places, -1)

    def places_of(self, records: Sequence[str]) -> IntArray:
        """Places of ids, -1 for those that are not there; shape (records,)."""
        return self.find(_digests(records))

    def keys_of(self, records: Sequence[str]) -> list[bytes | None]:
        """The digests of the texts that the vectors of these ids were made of; None where there are none."""
        places = self.places_of(records).tolist()
        return [self.keys[place].tobytes() if place >= 0 else None for place in places]

    def changed(self, kept: IntArray, added: "VectorTable") -> "VectorTable":
        """The records of these places and others, with the centre of all of them."""
        if not len(kept) or not len(added):
            return added if len(added) else _sorted_table(self.ids[kept], self.keys[kept], self.vectors[kept])
        return _sorted_table(
            np.concatenate([self.ids[kept], added.ids]),
            np.concatenate([self.keys[kept], added.keys]),
            np.concatenate([self.vectors[kept], added.vectors]),
        )

    def read(self, places: IntArray) -> FloatArray:
        """What is compared, of these places; NaN where a place is -1; shape (places, dimension)."""
        found = np.full((len(places), len(self.centre)), np.nan)
        known = np.flatnonzero(places >= 0)
        found[known] = self.prepare(self.vectors[places[known]])
        return found

    def prepare(self, vectors: NDArray[Any]) -> FloatArray:
        """Vectors of a model, shape (records, texts, dimension), as they are compared; shape (records, dimension)."""
        return unit(unit(vectors.astype(np.float64) - self.centre).sum(axis=1))

    @cached_property
    def whole(self) -> FloatArray:
        """All that is compared, for small sides."""
        return self.read(np.arange(len(self)))


@dataclass(frozen=True)
class Meaning:
    """The vectors of one model for both sides of an index (语义).

    ``withdrawn``: ids of records whose texts are others by now; they have no vectors until these are computed.
    """

    model: str
    needs: VectorTable
    results: VectorTable
    withdrawn: frozenset[str] = frozenset()

    @property
    def enough(self) -> bool:
        """Whether both sides hold enough vectors for their centres to say something of the model."""
        return min(len(self.needs), len(self.results)) >= FEWEST_VECTORS

    def table(self, role: Role) -> VectorTable:
        """Those of the needs or of the results."""
        return self.needs if role == "needs" else self.results

    def without(self, records: Collection[str]) -> "Meaning":
        """The same with exactly these ids withdrawn."""
        return replace(self, withdrawn=frozenset(records))

    def vector(self, role: Role, record: str) -> FloatArray | None:
        """What is compared of a record; None where it has no vectors."""
        found = self._places([record], role)
        return self.table(role).read(found)[0] if found[0] >= 0 else None

    def vectors(self, role: Role, records: Sequence[str]) -> FloatArray:
        """What is compared of records, NaN for those without vectors; shape (records, dimension)."""
        return self.table(role).read(self._places(records, role))

    def nearness(self, query: FloatArray, side: Side, role: Role) -> FloatArray:
        """Nearness of a query to all rows of a small side, NaN where a row has no vectors; shape (rows,)."""
        places = self._places_of(side, role)
        found = np.full(len(places), np.nan)
        known = places >= 0
        found[known] = nearness_of(query, self.table(role).whole)[places[known]]
        return found

    def kept(self, role: Role) -> IntArray:
        """Places that are not withdrawn, rising."""
        places = self.table(role).places_of(sorted(self.withdrawn))
        return np.setdiff1d(np.arange(len(self.table(role))), places)

    def _places(self, records: Sequence[str], role: Role) -> IntArray:
        places = self.table(role).places_of(records)
        return np.where([each in self.withdrawn for each in records], -1, places)

    @cached_property
    def _known(self) -> dict[Role, dict[int, tuple[Segment, IntArray]]]:
        return {"needs": {}, "results": {}}

    def _places_of(self, side: Side, role: Role) -> IntArray:
        """Places of all rows. Segments do not change, so that each is looked up once."""
        known, found = self._known[role], {}
        for segment in side.segments:
            own = known.get(id(segment))
            found[id(segment)] = own or (segment, self.table(role).find(_segment_digests(segment)))
        self._known[role] = found
        places = np.concatenate([np.zeros(0, dtype=np.int64), *(each for _, each in found.values())])
        places[side.find(self.withdrawn)] = -1
        return places


def make_table(
    role: Role, ids: Sequence[str], keys: Sequence[bytes], vectors: Sequence[NDArray[Any]]
) -> VectorTable:
    """A table of records with the vectors (texts, dimension) that a model gave; the centre is the mean of them."""
    if not ids:
        return empty_table(role)
    table = np.array(vectors, dtype=np.float16).reshape(len(ids), TEXTS[role], -1)
    return _sorted_table(_digests(ids), _as_bytes(keys), table)


def empty_table(role: Role) -> VectorTable:
    """A table without records."""
    none = np.zeros((0, KEY_BYTES), dtype=np.uint8)
    return VectorTable(none, none, np.zeros((0, TEXTS[role], 0), dtype=np.float16), np.zeros(0))


def _sorted_table(
    ids: NDArray[np.uint8], keys: NDArray[np.uint8], vectors: NDArray[np.float16]
) -> VectorTable:
    order = np.argsort(_as_text(ids), kind="stable")
    return VectorTable(ids[order], keys[order], vectors[order], mean_of(vectors))


def mean_of(vectors: NDArray[np.float16]) -> FloatArray:
    """The mean of all vectors (records, texts, dimension), whatever their order; shape (dimension,)."""
    total = vectors.sum(axis=(0, 1), dtype=np.float64)
    return np.asarray(total / max(vectors.shape[0] * vectors.shape[1], 1), dtype=np.float64)


def meaning_of(vectors: DenseVectors) -> Meaning:
    """Vectors by id as an index takes them."""
    none = bytes(KEY_BYTES)  # the texts are not known
    needs, results = vectors.needs, vectors.results
    return Meaning(
        vectors.model,
        make_table("needs", list(needs), [none] * len(needs), list(needs.values())),
        make_table("results", list(results), [none] * len(results), list(results.values())),
    )


def _digest_of(written: bytes) -> bytes:
    """KEY_BYTES that stand for a written id: itself where it is a UUID."""
    return written if len(written) == KEY_BYTES else blake2b(written, digest_size=KEY_BYTES).digest()


def _digests(records: Sequence[str]) -> NDArray[np.uint8]:
    return _as_bytes([_digest_of(write_id(each)) for each in records])


def _segment_digests(segment: Segment) -> NDArray[np.uint8]:
    ids = segment.contents.ids
    if (np.diff(ids.starts) == KEY_BYTES).all():
        return np.asarray(ids.items[: ids.starts[-1]], dtype=np.uint8).reshape(-1, KEY_BYTES)
    return _as_bytes([_digest_of(ids.row(row).tobytes()) for row in range(len(segment))])


def _as_bytes(digests: Sequence[bytes]) -> NDArray[np.uint8]:
    return np.frombuffer(b"".join(digests), dtype=np.uint8).reshape(-1, KEY_BYTES)


def _as_text(digests: NDArray[np.uint8]) -> NDArray[np.bytes_]:
    """Digests as numpy compares them: as strings of bytes."""
    return np.ascontiguousarray(digests).view(f"S{KEY_BYTES}").reshape(-1)
