"""The text of the agreement about confidential details: data with a version and a digest, in both languages.

A released version is never edited; a new one gets a new name. Whoever signs, signs the digest over both texts.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

CURRENT = "2026-1"
# The digest of every version that was ever offered; a test holds the files to it.
DIGESTS = {"2026-1": "8ae20b581eea536c05f56eb022c795ec1fc741f61716536f0815e4baaa0393a8"}


@dataclass(frozen=True, slots=True)
class AgreementText:
    """One version of the text."""

    version: str
    zh: str
    en: str

    @property
    def digest(self) -> str:
        """SHA-256 over both texts, the Chinese first, separated by a NUL."""
        return hashlib.sha256(f"{self.zh}\0{self.en}".encode()).hexdigest()


@cache
def agreement_text(version: str = CURRENT) -> AgreementText:
    """The text of a version that was offered; raises KeyError for any other."""
    if version not in DIGESTS:
        raise KeyError(version)
    folder = files("ronglian.apps.disclosure").joinpath("texts")
    zh, en = (
        folder.joinpath(f"nda-{version}.{language}.txt").read_text(encoding="utf-8")
        for language in ("zh", "en")
    )
    return AgreementText(version, zh, en)
