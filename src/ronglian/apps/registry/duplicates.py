"""Finding records that may be one: by identifiers, and by nearly identical text.

Text is compared by its sets of character 3-grams (Jaccard). Candidates come from MinHash with banding: 20 minima in
5 bands of 4. Two texts with similarity s share a band with probability 1 - (1 - s⁴)⁵: .995 at .9, .28 at .5,
3·10⁻⁵ at .05. Every candidate is then compared in full; only those of at least `NEAR` count.
Source of the method: A. Z. Broder, "On the resemblance and containment of documents", 1997.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from numpy.typing import NDArray

from ronglian.apps.registry.models import (
    Expert,
    Fingerprint,
    Need,
    RecordIdentifier,
    RegistryRecord,
    Result,
    Scene,
)
from ronglian.kernel.events import subject_type

NEAR = 0.9
BANDS = 5
ROWS_PER_BAND = 4
REFRESHED_AT_ONCE = 1000
MOST_CANDIDATES = 20

TEXT_FIELDS: Mapping[type[models.Model], tuple[str, ...]] = {
    Result: ("title", "summary", "metrics_text", "title_en", "summary_en"),
    Need: ("title", "details", "difficulty", "metrics_text", "title_en", "details_en"),
    Expert: ("name", "post", "summary", "name_en", "summary_en"),
    Scene: ("title", "summary", "conditions", "title_en", "summary_en"),
}

Hashes = NDArray[np.uint64]
_NOT_TEXT = re.compile(r"[\W_]+")
_PATENT = re.compile(r"(?:ZL|CN)?\s*(\d[\d\s]{7,13}(?:\.\s*[\dX])?)", re.IGNORECASE)
_GENERATOR = np.random.default_rng(20_261_122)  # part of the method: other numbers, other fingerprints
_FACTORS = _GENERATOR.integers(1, 2**63, BANDS * ROWS_PER_BAND, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
_SHIFTS = _GENERATOR.integers(0, 2**63, BANDS * ROWS_PER_BAND, dtype=np.uint64)
_MIX = np.uint64(0x9E3779B97F4A7C15)


def comparable(model: type[models.Model], get: Callable[[str], Any]) -> str:
    """The record's text with what makes no difference taken out: width, case, blanks, punctuation."""
    text = "\n".join(str(get(name) or "") for name in TEXT_FIELDS[model])
    return _NOT_TEXT.sub("", unicodedata.normalize("NFKC", text).casefold())


def record_text(record: RegistryRecord) -> str:
    return comparable(type(record), lambda name: getattr(record, name))


def text_digest(text: str) -> str:
    """Equal for equal comparable texts: 32 hexadecimal digits."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def shingles(text: str) -> Hashes:
    """The set of the text's character 3-grams as sorted 64-bit hashes; of a shorter text, itself."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    if len(codes) < 3:
        codes = np.concatenate([codes, np.zeros(3 - len(codes), dtype=np.uint64)])
    packed = (codes[:-2] << np.uint64(42)) | (codes[1:-1] << np.uint64(21)) | codes[2:]
    mixed = packed * _MIX
    return np.unique(mixed ^ (mixed >> np.uint64(29)))


def bands(hashes: Hashes) -> tuple[int, ...]:
    """Five signed 64-bit numbers; two texts that share one at its place are worth comparing."""
    minima = (
        (hashes[None, :] * _FACTORS[:, None] + _SHIFTS[:, None]).min(axis=1).reshape(BANDS, ROWS_PER_BAND)
    )
    folded = np.zeros(BANDS, dtype=np.uint64)
    for column in range(ROWS_PER_BAND):
        folded = (folded ^ minima[:, column]) * _MIX
        folded ^= folded >> np.uint64(31)
    return tuple(int(value) for value in folded.view(np.int64))


def similarity(first: Hashes, second: Hashes) -> float:
    """Jaccard similarity of two sets of hashes, 0 to 1."""
    common = len(np.intersect1d(first, second, assume_unique=True))
    return common / (len(first) + len(second) - common)


def patent_numbers(text: str) -> list[str]:
    """The application or patent numbers in a text, digits only, the check digit kept: 201910123456.7 → 2019101234567."""
    return list(dict.fromkeys(re.sub(r"[\s.]", "", found[1]).upper() for found in _PATENT.finditer(text)))


def identifiers(model: type[models.Model], get: Callable[[str], Any]) -> list[tuple[str, str]]:
    """(scheme, value) of every identifier a record carries."""
    if model is Expert:
        return [("orcid", get("orcid"))] if get("orcid") else []
    if model is Result:
        return [("patent", number) for number in patent_numbers(get("ip_numbers") or "")]
    return []


@dataclass(frozen=True, slots=True)
class Likeness:
    """What a text is like: the other's row number of the model, and how much."""

    other: int
    similarity: float


class TextsLikeOthers:
    """Near-identical records of the registry, looked up by band and then compared in full."""

    def __init__(self, model: type[RegistryRecord], readable: models.QuerySet[Any]) -> None:
        self._model = model
        self._readable = readable
        self._type = subject_type(model)
        self._any = Fingerprint.objects.filter(subject_type=self._type).exists()

    def find(
        self, texts: Mapping[int, tuple[Hashes, tuple[int, ...]]]
    ) -> dict[int, tuple[RegistryRecord, float]]:
        """For each key the most similar record of at least NEAR, if there is one."""
        if not self._any or not texts:
            return {}
        candidates = self._candidates({key: own for key, (_, own) in texts.items()})
        wanted = {pk for found in candidates.values() for pk in found}
        records = {record.pk: record for record in self._readable.filter(pk__in=wanted)}
        hashes = {pk: shingles(record_text(record)) for pk, record in records.items()}
        likest: dict[int, tuple[RegistryRecord, float]] = {}
        for key, found in candidates.items():
            compared = [(similarity(texts[key][0], hashes[pk]), -pk) for pk in found if pk in hashes]
            best, negative = max(compared, default=(0.0, 0))
            if best >= NEAR:
                likest[key] = (records[-negative], best)
        return likest

    def _candidates(self, own: Mapping[int, tuple[int, ...]]) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for position, name in enumerate(Fingerprint.BANDS):
            keys: dict[int, list[int]] = {}
            for key, values in own.items():
                keys.setdefault(values[position], []).append(key)
            rows = Fingerprint.objects.filter(subject_type=self._type, **{f"{name}__in": list(keys)})
            for subject, value in rows.values_list("subject_id", name):
                for key in keys[value]:
                    candidates = found.setdefault(key, [])
                    if subject not in candidates and len(candidates) < MOST_CANDIDATES:
                        candidates.append(subject)
        return found


def refresh_fingerprints(model: type[RegistryRecord]) -> int:
    """Bring fingerprints and identifiers of all records up to date; answers how many were computed.

    They are derived and no part of any record: written in chunks of their own, without events.
    """
    kind = subject_type(model)
    current = Fingerprint.objects.filter(
        subject_type=kind, subject_id=OuterRef("pk"), version=OuterRef("version")
    )
    done = last = 0
    while True:
        stale = model.objects.filter(~Exists(current), pk__gt=last).order_by("pk")[:REFRESHED_AT_ONCE]
        records = list(stale)
        if not records:
            return done
        last = records[-1].pk
        _write_fingerprints(kind, records)
        done += len(records)


def _write_fingerprints(kind: str, records: list[RegistryRecord]) -> None:
    fingerprints = [_fingerprint(kind, record) for record in records]
    named = [
        RecordIdentifier(subject_type=kind, subject_id=record.pk, scheme=scheme, value=value[:60])
        for record in records
        for scheme, value in identifiers(type(record), record.__getattribute__)
    ]
    pks = [record.pk for record in records]
    with transaction.atomic():
        for derived in (Fingerprint, RecordIdentifier):
            derived.objects.filter(subject_type=kind, subject_id__in=pks).delete()
        Fingerprint.objects.bulk_create(fingerprints, batch_size=500, ignore_conflicts=True)
        RecordIdentifier.objects.bulk_create(named, batch_size=500)


def _fingerprint(kind: str, record: RegistryRecord) -> Fingerprint:
    text = record_text(record)
    values = dict(zip(Fingerprint.BANDS, bands(shingles(text)), strict=True))
    return Fingerprint(
        subject_type=kind, subject_id=record.pk, version=record.version, digest=text_digest(text), **values
    )


class TextsSeen:
    """Near-identical texts within one file, by number of row. Holds bands, not texts."""

    def __init__(self) -> None:
        self._by_band: list[dict[int, int]] = [{} for _ in range(BANDS)]

    def candidates(self, own: tuple[int, ...]) -> set[int]:
        """Earlier rows that share a band."""
        return {
            number
            for known, value in zip(self._by_band, own, strict=True)
            if (number := known.get(value)) is not None
        }

    def add(self, number: int, own: tuple[int, ...]) -> None:
        for known, value in zip(self._by_band, own, strict=True):
            known.setdefault(value, number)


def best_likeness(own: Hashes, others: Iterable[tuple[int, str]]) -> Likeness | None:
    """The most similar of the comparable texts, if at least NEAR."""
    compared: Iterator[tuple[float, int]] = ((similarity(own, shingles(text)), -key) for key, text in others)
    best, negative = max(compared, default=(0.0, 0))
    return Likeness(-negative, best) if best >= NEAR else None
