"""Factor scores of many pairs at once (匹配因素评分).

Every function takes the columns of needs and of results, one of which may have length 1, and answers for all
pairs by broadcasting, so that ranking and explanation run through the same code.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ronglian.engines.matching.columns import HARD_BITS, Columns
from ronglian.engines.matching.parameters import Parameters

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class FactorScores:
    """Shares 0..1 of a factor's maximum; ``asked``: the need states it; ``known``: the result does. Shape (pairs,)."""

    share: FloatArray
    asked: BoolArray
    known: BoolArray


def score_text(similarity: FloatArray, parameters: Parameters) -> FloatArray:
    """Share of the text points for similarities 0..1: straight lines between the knots of the parameters."""
    knots = np.array(parameters.text_knots)
    return np.asarray(np.interp(similarity, knots[:, 0], knots[:, 1]), dtype=np.float64)


def score_field(need: Columns, result: Columns, parameters: Parameters) -> FactorScores:
    """Technology field (equal or not) and industry (how far the codes agree), weighed together."""
    silent = parameters.unstated_share
    field_asked, industry_asked = need.field != 0, need.section >= 0
    field_known, industry_known = result.field != 0, result.section >= 0
    by_field = np.where(field_known, (need.field == result.field) * 1.0, silent)
    by_industry = np.where(industry_known, _industry_share(need, result, parameters), silent)
    field_weight = field_asked * parameters.technology_field_share
    industry_weight = industry_asked * (1.0 - parameters.technology_field_share)
    total = np.maximum(field_weight + industry_weight, 1e-12)
    share = (field_weight * by_field + industry_weight * by_industry) / total
    known = (field_asked & field_known) | (industry_asked & industry_known)
    return FactorScores(share, (field_asked | industry_asked) & _all(field_known), known)


def _industry_share(need: Columns, result: Columns, parameters: Parameters) -> FloatArray:
    """1 where the result's code lies within the need's; less for every level on which they part."""
    same_section = need.section == result.section
    same_division = same_section & (need.division == result.division) & (need.division >= 0)
    same_group = same_division & (need.group == result.group) & (need.group >= 0)
    same_class = same_group & (need.trade == result.trade) & (need.trade >= 0)
    share = np.where(same_section, parameters.industry_section_share, 0.0)
    share = np.where(same_division, parameters.industry_division_share, share)
    share = np.where(same_group, parameters.industry_group_share, share)
    # A result that stops at a coarser level on the same branch may well fit.
    coarser = (
        (same_section & (result.division < 0))
        | (same_division & (result.group < 0))
        | (same_group & (result.trade < 0))
    )
    share = np.where(coarser, np.maximum(share, parameters.industry_coarser_share), share)
    within = (
        (same_section & (need.division < 0))
        | (same_division & (need.group < 0))
        | (same_group & (need.trade < 0))
        | same_class
    )
    return np.where(within, 1.0, share)


def score_maturity(need: Columns, result: Columns, parameters: Parameters) -> FactorScores:
    """Full marks from the level asked for upwards; less for every level that is missing."""
    known = ~np.isnan(result.maturity)
    asked = ~np.isnan(need.maturity)
    gap = np.nan_to_num(need.maturity - result.maturity, nan=0.0)
    shares = np.array((1.0, *parameters.maturity_gap_shares))
    place = np.clip(gap, 0, len(shares) - 1).astype(np.int64)
    return FactorScores(
        np.where(known, shares[place], parameters.unstated_share), asked & _all(known), known & _all(asked)
    )


def score_region(need: Columns, result: Columns, parameters: Parameters) -> FactorScores:
    """Same city > same province > same regional set (京津冀, 长三角, 粤港澳, 成渝) > elsewhere."""
    asked, known = need.province >= 0, result.province >= 0
    same_province = need.province == result.province
    # A need that names a province only is met anywhere in it.
    same_city = same_province & ((need.city < 0) | (need.city == result.city))
    same_set = (need.region_set >= 0) & (need.region_set == result.region_set)
    share = np.where(same_set, parameters.region_set_share, parameters.region_else_share)
    share = np.where(same_province, parameters.region_province_share, share)
    share = np.where(same_city, parameters.region_city_share, share)
    return FactorScores(
        np.where(known, share, parameters.unstated_share), asked & _all(known), known & _all(asked)
    )


def score_budget(need: Columns, result: Columns, parameters: Parameters) -> FactorScores:
    """Full marks while the lowest price asked is within the budget, none once it exceeds it by budget_excess."""
    asked, known = ~np.isnan(need.money), ~np.isnan(result.money)
    budget, price = np.nan_to_num(need.money), np.nan_to_num(result.money)
    excess = np.maximum(price - budget, 0.0) / np.maximum(budget, 1.0)
    share = np.clip(1.0 - excess / parameters.budget_excess, 0.0, 1.0)
    return FactorScores(
        np.where(known, share, parameters.unstated_share), asked & _all(known), known & _all(asked)
    )


def score_mode(need: Columns, result: Columns, parameters: Parameters) -> FactorScores:
    """Full marks where one transfer mode suits both."""
    asked, known = need.modes != 0, result.modes != 0
    share = ((need.modes & result.modes) != 0) * 1.0
    return FactorScores(
        np.where(known, share, parameters.unstated_share), asked & _all(known), known & _all(asked)
    )


def score_freshness(need: Columns, result: Columns, today: int, parameters: Parameters) -> FactorScores:
    """Mean over both records of how lately each was confirmed; always counted. ``today`` is an ordinal."""
    shares = [_fresh_share(columns.confirmed, today, parameters) for columns in (need, result)]
    mean = (shares[0] + shares[1]) / 2.0
    known = (need.confirmed != 0) | (result.confirmed != 0)
    return FactorScores(mean, np.ones_like(mean, dtype=bool), known)


def _fresh_share(confirmed: NDArray[np.int64], today: int, parameters: Parameters) -> FloatArray:
    age = np.maximum(today - confirmed, 0)
    floor = parameters.freshness_floor
    fresh = floor + (1.0 - floor) * np.exp2(-age / parameters.freshness_half_life_days)
    return np.where(confirmed != 0, fresh, parameters.unstated_share)


def _all(mask: BoolArray) -> BoolArray:
    """True in the shape of the mask: brings the other operand to the shape of the pairs."""
    return np.ones_like(mask, dtype=bool)


Rule = Callable[[Columns, Columns], BoolArray]


def _field_violated(need: Columns, result: Columns) -> BoolArray:
    other_field = (need.field != 0) & (result.field != 0) & (need.field != result.field)
    other_section = (need.section >= 0) & (result.section >= 0) & (need.section != result.section)
    other_division = (need.division >= 0) & (result.division >= 0) & (need.division != result.division)
    return np.asarray(np.where(need.field != 0, other_field, other_section | other_division), dtype=bool)


def _maturity_violated(need: Columns, result: Columns) -> BoolArray:
    return np.asarray(
        result.maturity < need.maturity
    )  # comparisons with NaN are false: silence violates nothing


def _region_violated(need: Columns, result: Columns) -> BoolArray:
    known = (need.province >= 0) & (result.province >= 0)
    other_city = (need.city >= 0) & (result.city >= 0) & (need.city != result.city)
    return np.asarray(known & ((need.province != result.province) | other_city), dtype=bool)


def _budget_violated(need: Columns, result: Columns) -> BoolArray:
    return np.asarray(result.money > need.money, dtype=bool)


def _mode_violated(need: Columns, result: Columns) -> BoolArray:
    disjoint = (need.modes & result.modes) == 0
    return np.asarray((need.modes != 0) & (result.modes != 0) & disjoint, dtype=bool)


# Factor → (reason code, when a stated fact contradicts the need). Silence never excludes.
HARD_RULES: dict[str, tuple[str, Rule]] = {
    "budget": ("price_above_budget", _budget_violated),
    "field": ("other_field", _field_violated),
    "maturity": ("maturity_too_low", _maturity_violated),
    "mode": ("no_common_mode", _mode_violated),
    "region": ("other_region", _region_violated),
}


def find_violated(need: Columns, result: Columns) -> dict[str, BoolArray]:
    """Per factor, which pairs a hard constraint of the need excludes; metrics are judged elsewhere. Shape (pairs,)."""
    size = max(len(need.hard), len(result.hard))
    found = {}
    for factor, (_reason, rule) in HARD_RULES.items():
        hard = (need.hard & HARD_BITS[factor]) != 0
        if hard.any():
            found[factor] = np.broadcast_to(hard & rule(need, result), (size,))
    return found


def find_expired(columns: Columns, today: int) -> BoolArray:
    """Records whose last day has passed; ``today`` is an ordinal."""
    return columns.expires < today
