"""Dense models that turn texts into vectors: optional, one protocol, no Django (语义模型插件).

An embedder is made by :func:`make_embedder`; :func:`embed_all` asks it in batches, through a cache, and keeps
confidential texts on this machine.
"""

from ronglian.kernel.embedding.cache import VectorCache
from ronglian.kernel.embedding.choice import EmbedderMissing, make_embedder
from ronglian.kernel.embedding.endpoint import EndpointFailed
from ronglian.kernel.embedding.protocol import Embedder, Role, Text, embed_all

__all__ = [
    "Embedder",
    "EmbedderMissing",
    "EndpointFailed",
    "Role",
    "Text",
    "VectorCache",
    "embed_all",
    "make_embedder",
]
