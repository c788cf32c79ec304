"""Explanations as they are kept: plain, or sealed where they quote details under an agreement."""

from __future__ import annotations

from typing import Any

from ronglian.apps.registry.models import Need, Result
from ronglian.engines.matching import Match
from ronglian.kernel.sealing import seal, unseal


def kept_explanation(need: Need, result: Result, match: Match) -> dict[str, Any]:
    """What is stored of a match that was explained with these two, opened or not. The score is always plain."""
    if not (need.is_opened or result.is_opened):
        return match.to_dict()
    return {"score": match.score, "sealed": seal(match.to_dict())}


def whole_explanation(kept: dict[str, Any]) -> dict[str, Any]:
    """The explanation again, whoever asks."""
    found: dict[str, Any] = unseal(kept["sealed"]) if "sealed" in kept else kept
    return found
