"""Plain rankers to hold the engine against, computed in the same run (基线方法)."""

import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ronglian.engines.matching.records import NeedProfile, Profile
from ronglian.engines.text import char_ngrams, content_terms, stem

FloatArray = NDArray[np.float64]
Scorer = Callable[[NeedProfile], FloatArray]  # scores of all results, in their order

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LATIN_WORD = re.compile(r"[0-9a-z\u00c0-\u024f\u0370-\u03ff]+")


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the rankers count in one text: content words and stems, characters, pairs of characters (词元)."""

    words: tuple[str, ...]
    characters: tuple[str, ...]
    pairs: tuple[str, ...]


def read_tokens(text: str) -> Tokens:
    """Tokens of a text; Latin words are characters, and their stems are pairs."""
    words = tuple(stem(word) for word in content_terms(text))
    if not _HAN.search(text):
        return Tokens(words, tuple(_LATIN_WORD.findall(text.lower())), words)
    pairs = tuple(char_ngrams(text, 2, 2))
    latin = tuple(word for word in words if word.isascii())
    return Tokens(words, tuple(char_ngrams(text, 1, 1)) + pairs, pairs + latin)


Texts = Sequence[tuple[Tokens, Tokens]]  # title and body of each result


def read_texts(profiles: Sequence[Profile]) -> Texts:
    """Tokens of titles and bodies, read once for all rankers."""
    return [(read_tokens(profile.title), read_tokens(profile.body)) for profile in profiles]


class _Counts:
    """A table of counts (results, tokens) of one kind of token."""

    def __init__(self, texts: Texts, kind: str) -> None:
        self.kind = kind
        self.places: dict[str, int] = {}
        starts: list[int] = [0]
        items: list[int] = []
        counts: list[int] = []
        for title, body in texts:
            found = Counter([*getattr(title, kind), *getattr(body, kind)])
            items.extend(self.places.setdefault(token, len(self.places)) for token in found)
            counts.extend(found.values())
            starts.append(len(items))
        shape = (len(texts), len(self.places))
        self.table = sparse.csr_matrix((np.array(counts, dtype=np.float64), items, starts), shape=shape)
        self.frequencies = np.bincount(self.table.indices, minlength=len(self.places)).astype(np.float64)

    def query(self, need: NeedProfile, title_weight: int) -> FloatArray:
        values = np.zeros(len(self.places))
        for text, weight in ((need.title, title_weight), (need.body, 1)):
            for token, count in Counter(getattr(read_tokens(text), self.kind)).items():
                if token in self.places:
                    values[self.places[token]] += weight * count
        return values


def rank_by_bm25(texts: Texts) -> Scorer:
    """Okapi BM25 (Robertson et al., TREC-3) over words and stems, k1 = 1.2, b = 0.75; title three times."""
    counts = _Counts(texts, "words")
    table = counts.table.tocoo()
    lengths = np.asarray(counts.table.sum(axis=1)).ravel()
    idf = np.log(1.0 + (len(texts) - counts.frequencies + 0.5) / (counts.frequencies + 0.5))
    damping = 1.2 * (0.25 + 0.75 * lengths[table.row] / max(lengths.mean(), 1e-9))
    impacts = idf[table.col] * table.data * 2.2 / (table.data + damping)
    weights = sparse.csr_matrix((impacts, (table.row, table.col)), shape=table.shape)
    return lambda need: np.asarray(weights @ counts.query(need, 3), dtype=np.float64)


def rank_by_pairs(texts: Texts) -> Scorer:
    """Cosine of tf-idf vectors of character pairs, title twice."""
    return _cosine(_Counts(texts, "pairs"), 2)


def rank_by_characters(texts: Texts) -> Scorer:
    """Cosine of tf-idf vectors of characters and character pairs, title three times."""
    return _cosine(_Counts(texts, "characters"), 3)


def _cosine(counts: _Counts, title_weight: int) -> Scorer:
    idf = 1.0 + np.log((1.0 + counts.table.shape[0]) / (1.0 + counts.frequencies))
    weighted = counts.table @ sparse.diags(idf)
    norms = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    scaled = sparse.diags(1.0 / np.maximum(norms, 1e-12)) @ weighted
    return lambda need: np.asarray(scaled @ (counts.query(need, title_weight) * idf), dtype=np.float64)


def rank_at_random(texts: Texts) -> Scorer:
    """A random order, seeded by the need's id."""

    def score(need: NeedProfile) -> FloatArray:
        generator = random.Random(need.id)  # noqa: S311 - a baseline, not a secret
        return np.array([generator.random() for _ in texts])

    return score


BASELINES: dict[str, Callable[[Texts], Scorer]] = {
    "random": rank_at_random,
    "BM25 words": rank_by_bm25,
    "character-bigram idf": rank_by_pairs,
    "character 1-2-gram tf-idf": rank_by_characters,
}
