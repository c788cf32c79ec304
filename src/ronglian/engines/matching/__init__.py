"""Matching of technology needs with research results, both ways, with reasons (供需匹配引擎)."""

from ronglian.engines.matching.explain import Exclusion, Hit, Improvement, Match, MatchedTerm, MetricRow, Part
from ronglian.engines.matching.index import MatchIndex
from ronglian.engines.matching.parameters import DEFAULT_PARAMETERS, ENGINE_VERSION, FACTORS, Parameters
from ronglian.engines.matching.records import HARD_FACTORS, NeedProfile, ResultProfile
from ronglian.engines.matching.storage import IndexDamaged

__all__ = [
    "DEFAULT_PARAMETERS",
    "ENGINE_VERSION",
    "FACTORS",
    "HARD_FACTORS",
    "Exclusion",
    "Hit",
    "Improvement",
    "IndexDamaged",
    "Match",
    "MatchIndex",
    "MatchedTerm",
    "MetricRow",
    "NeedProfile",
    "Parameters",
    "Part",
    "ResultProfile",
]
