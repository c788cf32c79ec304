"""Texts that people agree to: data with a version and a digest, in both languages.

A released version is never edited; a new one gets a new name. The files lie in the folder `texts` of an app, as
`NAME-VERSION.zh.txt` and `NAME-VERSION.en.txt`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class DatedText:
    """One version of a text."""

    version: str
    zh: str
    en: str

    def digest_with(self, terms: bytes = b"") -> str:
        """SHA-256 over both texts, the Chinese first, separated by a NUL; then a NUL and the terms, if there are any."""
        both = f"{self.zh}\0{self.en}".encode()
        return hashlib.sha256(both + b"\0" + terms if terms else both).hexdigest()

    @property
    def digest(self) -> str:
        """The digest of the text alone."""
        return self.digest_with()


@cache
def read_text(app: str, name: str, version: str) -> DatedText:
    """A version's files; raises FileNotFoundError. Which versions there are is the app's to know."""
    folder = files(f"ronglian.apps.{app}").joinpath("texts")
    zh, en = (
        folder.joinpath(f"{name}-{version}.{language}.txt").read_text(encoding="utf-8")
        for language in ("zh", "en")
    )
    return DatedText(version, zh, en)
