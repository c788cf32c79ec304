"""What a dense model is to the rest, and how it is asked (语义模型协议)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from ronglian.kernel.embedding.cache import VectorCache

Role = Literal["query", "passage"]  # needs ask, results answer
Vectors = NDArray[np.float32]
BATCH = 64  # texts


class Embedder(Protocol):
    """A dense model.

    ``name`` holds model and version: vectors of different names are never compared. ``remote`` is true where texts
    leave this machine.
    """

    @property
    def name(self) -> str: ...

    @property
    def remote(self) -> bool: ...

    def embed(self, texts: Sequence[str], role: Role) -> Vectors:
        """Vectors of length 1, shape (texts, dimension), in the order of the texts."""
        ...


@dataclass(frozen=True, slots=True)
class Text:
    """A text to embed; a confidential one is never handed to a remote model (待嵌入文本)."""

    content: str
    confidential: bool = False


def embed_all(
    embedder: Embedder,
    texts: Sequence[Text],
    role: Role,
    *,
    cache: VectorCache | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Vectors | None]:
    """A vector for each text, in order; None for a confidential text where the model is remote.

    Equal texts are embedded once; texts of like length share a batch, which models with padding like.
    """
    may = {text.content for text in texts if not (embedder.remote and text.confidential)}
    known = cache.read(embedder.name, role, may) if cache is not None else {}
    wanted = sorted(may - known.keys(), key=lambda content: (len(content), content))
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        vectors = unit_rows(embedder.embed(batch, role), len(batch))
        found = dict(zip(batch, vectors, strict=True))
        known.update(found)
        if cache is not None:
            cache.write(embedder.name, role, found)
        if progress is not None:
            progress(start + len(batch), len(wanted))
    return [None if embedder.remote and text.confidential else known[text.content] for text in texts]


def unit_rows(vectors: NDArray[Any], rows: int) -> Vectors:
    """The vectors with length 1, as float32; raises ValueError where shape or values are not those of vectors."""
    table = np.asarray(vectors, dtype=np.float64)
    if table.ndim != 2 or len(table) != rows or not table.shape[1]:
        raise ValueError(f"expected {rows} vectors, got an array of shape {table.shape}")
    lengths = np.linalg.norm(table, axis=1, keepdims=True)
    if not np.isfinite(table).all() or (lengths < 1e-12).any():
        raise ValueError("a vector is zero or holds a value that is not a number")
    return np.asarray(table / lengths, dtype=np.float32)
