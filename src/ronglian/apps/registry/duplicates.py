"""Finding records that may be one: by identifiers, and by nearly identical text.

Text is compared by its sets of character 3-grams (Jaccard). Candidates come from MinHash with banding: 20 minima in
5 bands of 4. Two texts with similarity s share a band with probability 1 - (1 - s⁴)⁵: .995 at .9, .28 at .5,
3·10⁻⁵ at .05. Of these, pairs with fewer than 13 of the 20 minima in common are dropped (at .9 that happens to 4 in 10,000,
at .3 to all but 13 in 10,000); the rest is compared in full, and only those of at least `NEAR` count.
Source of the method: A. Z. Broder, "On the resemblance and containment of documents", 1997.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import numpy as np
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from numpy.typing import NDArray

from ronglian.apps.registry.imports.bulk import RowTemplate, insert_prepared
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
LIKELY = 13
READ_AT_ONCE = 1000
MOST_CANDIDATES = 20
HASHED_AT_ONCE = 50_000  # characters

TEXT_FIELDS: Mapping[type[models.Model], tuple[str, ...]] = {
    Result: ("title", "summary", "details", "metrics_text", "title_en", "summary_en"),
    Need: ("title", "summary", "details", "difficulty", "metrics_text", "title_en", "details_en"),
    Expert: ("name", "post", "summary", "name_en", "summary_en"),
    Scene: ("title", "summary", "conditions", "title_en", "summary_en"),
}

K = TypeVar("K")
IDENTIFIED: tuple[type[models.Model], ...] = (Expert, Result)  # the kinds that carry identifiers
Hashes = NDArray[np.uint64]
_BETWEEN_NUMBERS = re.compile(r"(?<=\d)[\W_]+(?=\d)")
_NOT_TEXT = re.compile(r"[^\w ]+|_+|(?<!\d) +| +(?!\d)")
_PATENT = re.compile(r"(?:ZL|CN)?\s*(\d[\d\s]{7,13}(?:\.\s*[\dX])?)", re.IGNORECASE)
_GENERATOR = np.random.default_rng(20_261_122)  # part of the method: other numbers, other fingerprints
_FACTORS = _GENERATOR.integers(1, 2**63, BANDS * ROWS_PER_BAND, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
_SHIFTS = _GENERATOR.integers(0, 2**63, BANDS * ROWS_PER_BAND, dtype=np.uint64)
_MIX = np.uint64(0x9E3779B97F4A7C15)


def comparable(model: type[models.Model], get: Callable[[str], Any]) -> str:
    """The record's text with what makes no difference taken out: width, case, blanks, punctuation.

    Between two numbers a blank stays: pump 1-23 is not pump 12-3.
    Of a record with details under an agreement the public text alone: whoever is told of a likeness learns of it.
    """
    apart: Sequence[str] = getattr(model, "nda_fields", ())
    if not (apart and get("under_nda")):
        apart = ()
    text = "\n".join(str(get(name) or "") for name in TEXT_FIELDS[model] if name not in apart)
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _NOT_TEXT.sub("", _BETWEEN_NUMBERS.sub(" ", folded))


def record_text(record: RegistryRecord) -> str:
    return comparable(type(record), lambda name: getattr(record, name))


def text_digest(text: str) -> str:
    """Equal for equal comparable texts: 32 hexadecimal digits."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def shingles(text: str) -> Hashes:
    """The set of the text's character 3-grams as sorted 64-bit hashes; of a shorter text, itself."""
    return np.unique(_hashes(text.ljust(3, "\0")))


def _hashes(text: str) -> Hashes:
    """A hash of the 3-gram at each place of a text of three characters or more."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    packed = (codes[:-2] << np.uint64(42)) | (codes[1:-1] << np.uint64(21)) | codes[2:]
    mixed = packed * _MIX
    return mixed ^ (mixed >> np.uint64(29))


def bands(texts: Sequence[str]) -> list[tuple[int, ...]]:
    """For each text five signed 64-bit numbers, each of four 16-bit minima; sharing a number makes two comparable.

    Many texts are hashed in one go, end to end; what reaches from one into the next is left out of the minima.
    """
    found: list[tuple[int, ...]] = []
    for some in _in_portions([text.ljust(3, "\0") for text in texts]):
        ends = np.cumsum([len(text) for text in some])
        starts = ends - [len(text) for text in some]
        hashes = _hashes("".join(some) + "\0")
        # reduceat takes the minimum from each place to the next one: of every second stretch it is of no use.
        places = np.column_stack([starts, ends - 2]).ravel()
        minima = np.array(
            [
                np.minimum.reduceat(hashes * factor + shift, places)[::2]
                for factor, shift in zip(_FACTORS, _SHIFTS, strict=True)
            ]
        )
        pieces = np.ascontiguousarray(((minima.T * _MIX) >> np.uint64(48)).astype("<u2"))
        found += [tuple(values) for values in pieces.view("<i8").tolist()]
    return found


def _in_portions(texts: Iterable[str]) -> Iterator[list[str]]:
    """The texts in order, so many at once that their hashes take little memory."""
    portion: list[str] = []
    size = 0
    for text in texts:
        portion.append(text)
        size += len(text)
        if size >= HASHED_AT_ONCE:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def agreement(first: Sequence[int], second: Sequence[int]) -> int:
    """How many of the twenty minima two texts have in common; their share estimates the similarity."""
    common = 0
    for one, other in zip(first, second, strict=True):
        different = one ^ other
        common += sum(not different >> shift & 0xFFFF for shift in (0, 16, 32, 48))
    return common


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


class LikeRecords:
    """Near-identical records of the registry, looked up by band and then compared in full."""

    def __init__(self, model: type[RegistryRecord], readable: models.QuerySet[Any]) -> None:
        self._readable = readable
        self._type = subject_type(model)
        self._any = Fingerprint.objects.filter(subject_type=self._type).exists()

    def find(
        self, own: Mapping[int, tuple[int, ...]], text_of: Callable[[int], str]
    ) -> dict[int, tuple[UUID, float]]:
        """For each key with its bands: public id and similarity of the likest record of at least NEAR, if any."""
        if not self._any or not own:
            return {}
        candidates = self._candidates(own)
        wanted = {public_id for found in candidates.values() for public_id in found}
        records = self._readable.filter(public_id__in=wanted)
        texts = {record.public_id: record_text(record) for record in records}
        likest = {}
        for key, found in candidates.items():
            like = likest_text(
                text_of(key), [(public_id, texts[public_id]) for public_id in found if public_id in texts]
            )
            if like is not None:
                likest[key] = like
        return likest

    def _candidates(self, own: Mapping[int, tuple[int, ...]]) -> dict[int, list[UUID]]:
        found: dict[int, list[UUID]] = {}
        for position, name in enumerate(Fingerprint.BANDS):
            keys: dict[int, list[int]] = {}
            for key, values in own.items():
                keys.setdefault(values[position], []).append(key)
            rows = Fingerprint.objects.filter(subject_type=self._type, **{f"{name}__in": list(keys)})
            for subject, *others in rows.order_by("id").values_list("subject_id", *Fingerprint.BANDS):
                for key in keys[others[position]]:
                    candidates = found.setdefault(key, [])
                    is_open = subject not in candidates and len(candidates) < MOST_CANDIDATES
                    if is_open and agreement(own[key], others) >= LIKELY:
                        candidates.append(subject)
        return found


class TextsSeen:
    """Which earlier rows of one file may be like a row. Holds bands, not texts."""

    def __init__(self) -> None:
        self._first_by_band: list[dict[int, int]] = [{} for _ in range(BANDS)]
        self._bands: dict[int, tuple[int, ...]] = {}

    def candidates(self, own: Sequence[int]) -> set[int]:
        """Numbers of earlier rows: of each band the first that had it, if most minima agree."""
        firsts = {known.get(value) for known, value in zip(self._first_by_band, own, strict=True)} - {None}
        return {
            first for first in firsts if first is not None and agreement(self._bands[first], own) >= LIKELY
        }

    def add(self, number: int, own: Sequence[int]) -> None:
        for known, value in zip(self._first_by_band, own, strict=True):
            if known.setdefault(value, number) == number:
                self._bands[number] = tuple(own)


def likest_text(text: str, others: Iterable[tuple[K, str]]) -> tuple[K, float] | None:
    """The other with the most similar comparable text, if at least NEAR; the first of equals."""
    own = shingles(text)
    best: tuple[K, float] | None = None
    for key, other in others:
        like = 1.0 if other == text else similarity(own, shingles(other))
        if like >= NEAR and (best is None or like > best[1]):
            best = (key, like)
    return best


def refresh_fingerprints(model: type[RegistryRecord]) -> int:
    """Bring fingerprints and identifiers of all records up to date; answers how many were computed.

    They are derived and no part of any record: written in chunks of their own, without events.
    """
    kind = subject_type(model)
    current = Fingerprint.objects.filter(
        subject_type=kind, subject_id=OuterRef("public_id"), version=OuterRef("version")
    )
    done = last = 0
    while True:
        stale = model.objects.filter(~Exists(current), pk__gt=last).order_by("pk")[:READ_AT_ONCE]
        records = list(stale)
        if not records:
            return done
        last = records[-1].pk
        write_fingerprints(model, text_marks(records))
        done += len(records)


@dataclass(frozen=True, slots=True)
class TextMark:
    """What is stored about a record's text and identifiers, and of which version of the record."""

    public_id: UUID
    version: int
    digest: str
    bands: Sequence[int]
    identifiers: Sequence[tuple[str, str]]


def text_marks(records: Sequence[RegistryRecord]) -> list[TextMark]:
    texts = [record_text(record) for record in records]
    return [
        TextMark(
            record.public_id,
            record.version,
            text_digest(text),
            own,
            identifiers(type(record), record.__getattribute__),
        )
        for record, text, own in zip(records, texts, bands(texts), strict=True)
    ]


def write_fingerprints(model: type[RegistryRecord], marks: Sequence[TextMark]) -> None:
    """Replace what is stored about these records, in a transaction of its own."""
    kind = subject_type(model)
    blank = Fingerprint(
        subject_type=kind, subject_id=UUID(int=0), version=1, digest="", **dict.fromkeys(Fingerprint.BANDS, 0)
    )
    template = RowTemplate(blank)
    prepared = [
        template.fill(
            {"subject_id": mark.public_id, "version": mark.version, "digest": mark.digest}
            | dict(zip(Fingerprint.BANDS, mark.bands, strict=True))
        )
        for mark in marks
    ]
    named = [
        RecordIdentifier(subject_type=kind, subject_id=mark.public_id, scheme=scheme, value=value[:60])
        for mark in marks
        for scheme, value in mark.identifiers
    ]
    ids = [mark.public_id for mark in marks]
    with transaction.atomic():
        for derived in (Fingerprint, RecordIdentifier):
            derived.objects.filter(subject_id__in=ids).delete()
        insert_prepared(Fingerprint, prepared)
        RecordIdentifier.objects.bulk_create(named, batch_size=READ_AT_ONCE)
