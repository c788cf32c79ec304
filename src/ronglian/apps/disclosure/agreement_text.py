"""The text of the agreement about confidential details. Whoever signs, signs the digest over both texts."""

from __future__ import annotations

from ronglian.kernel.dated_text import DatedText, read_text

CURRENT = "2026-1"
# The digest of every version that was ever offered; a test holds the files to it.
DIGESTS = {"2026-1": "8ae20b581eea536c05f56eb022c795ec1fc741f61716536f0815e4baaa0393a8"}


def agreement_text(version: str = CURRENT) -> DatedText:
    """The text of a version that was offered; raises KeyError for any other."""
    if version not in DIGESTS:
        raise KeyError(version)
    return read_text("disclosure", "nda", version)
