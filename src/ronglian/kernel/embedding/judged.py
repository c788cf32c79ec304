"""Vectors of needs and results for the matching engine (供需向量)."""

from collections.abc import Callable

import numpy as np

from ronglian.engines.matching.dense import DenseVectors, need_texts, result_text
from ronglian.engines.matching.judged import Judged
from ronglian.kernel.embedding.cache import VectorCache
from ronglian.kernel.embedding.protocol import Embedder, Text, embed_all


def embed_judged(
    embedder: Embedder,
    judged: Judged,
    cache: VectorCache | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> DenseVectors:
    """Vectors of all needs and of the results that have a short text; none where the results are too few for use.

    Needs are long, so that they are embedded only when they will be used.
    """
    texts = {result.id: text for result in judged.results if (text := result_text(result)) is not None}
    if len(texts) * 2 < len(judged.results):
        return DenseVectors(embedder.name, {}, {})
    ask = [text for need in judged.needs for text in need_texts(need)]
    found = embed_all(
        embedder, [Text(text) for text in texts.values()], "passage", cache=cache, progress=progress
    )
    results = {key: vector for key, vector in zip(texts, found, strict=True) if vector is not None}
    asked = embed_all(embedder, [Text(text) for text in ask], "query", cache=cache, progress=progress)
    needs = {}
    for need, title, whole in zip(judged.needs, asked[::2], asked[1::2], strict=True):
        if title is not None and whole is not None:
            needs[need.id] = np.stack([title, whole])
    return DenseVectors(embedder.name, needs, results)
