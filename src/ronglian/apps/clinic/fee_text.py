"""The text of the terms for the fee, and the digest by which a side accepts them.

A released version is never edited; a new one gets a new name. The digest covers both texts and every term.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ronglian.engines.proof import canonical_json

CURRENT = "2026-1"
VERSIONS = ("2026-1",)


@dataclass(frozen=True, slots=True)
class FeeText:
    """One version of the text."""

    version: str
    zh: str
    en: str


@cache
def fee_text(version: str = CURRENT) -> FeeText:
    """The text of a version that was offered; raises KeyError for any other."""
    if version not in VERSIONS:
        raise KeyError(version)
    folder = files("ronglian.apps.clinic").joinpath("texts")
    zh, en = (
        folder.joinpath(f"fee-{version}.{language}.txt").read_text(encoding="utf-8")
        for language in ("zh", "en")
    )
    return FeeText(version, zh, en)


def fee_digest(version: str, terms: Mapping[str, str | int | None]) -> str:
    """SHA-256 over both texts, the Chinese first, and the terms as canonical JSON, separated by NULs."""
    text = fee_text(version)
    return hashlib.sha256(f"{text.zh}\0{text.en}\0".encode() + canonical_json(dict(terms))).hexdigest()
