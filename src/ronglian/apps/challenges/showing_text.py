"""The agreement between a team and an investor, and the digest that is signed: over both texts and the terms of the showing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ronglian.engines.proof import canonical_json
from ronglian.kernel.dated_text import DatedText, read_text

if TYPE_CHECKING:
    from ronglian.apps.challenges.models import Showing

CURRENT = "2026-1"
# The digest of every version that was ever offered; a test holds the files to it.
DIGESTS = {"2026-1": "7e44494a19c26be03322c1069b359dc81489850fc1c745bdda6df971d07d1008"}


def showing_text(version: str = CURRENT) -> DatedText:
    """The text of a version that was offered; raises KeyError for any other."""
    if version not in DIGESTS:
        raise KeyError(version)
    return read_text("challenges", "investor", version)


def terms_of(showing: Showing) -> dict[str, Any]:
    """What the text refers to: who shows which bid to whom, which parts, for what and until when."""
    return {
        "bid": showing.bid.digest,
        "team": str(showing.team.public_id),
        "investor": str(showing.investor.public_id),
        "parts": sorted(showing.parts),
        "purpose": showing.purpose,
        "ends_on": showing.ends_on.isoformat(),
    }


def digest_of(showing: Showing) -> str:
    """SHA-256 over both texts, the Chinese first, and the terms as canonical JSON, separated by NULs."""
    return showing_text(showing.text_version).digest_with(canonical_json(terms_of(showing)))
