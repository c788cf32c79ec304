"""The text of the terms for the fee, and the digest by which a side accepts them: over both texts and every term."""

from __future__ import annotations

from collections.abc import Mapping

from ronglian.engines.proof import canonical_json
from ronglian.kernel.dated_text import DatedText, read_text

CURRENT = "2026-1"
VERSIONS = ("2026-1",)


def fee_text(version: str = CURRENT) -> DatedText:
    """The text of a version that was offered; raises KeyError for any other."""
    if version not in VERSIONS:
        raise KeyError(version)
    return read_text("clinic", "fee", version)


def fee_digest(version: str, terms: Mapping[str, str | int | None]) -> str:
    """SHA-256 over both texts, the Chinese first, and the terms as canonical JSON, separated by NULs."""
    return fee_text(version).digest_with(canonical_json(dict(terms)))
