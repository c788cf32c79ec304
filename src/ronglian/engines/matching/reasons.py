"""One pair, fully explained (单对匹配的依据)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from ronglian.engines.matching.columns import learn_modes, to_columns
from ronglian.engines.matching.dense import MEANING_SHARE
from ronglian.engines.matching.explain import (
    Exclusion,
    Improvement,
    Match,
    MatchedTerm,
    MetricRow,
    Part,
    Verdict,
)
from ronglian.engines.matching.factors import HARD_RULES, FactorScores, find_violated
from ronglian.engines.matching.meaning import blend, nearness_of
from ronglian.engines.matching.metric_pairs import compare_metrics, metrics_share
from ronglian.engines.matching.parameters import FACTORS, Parameters
from ronglian.engines.matching.ranking import DECIMALS, maxima, score_factors
from ronglian.engines.matching.records import NeedProfile, ResultProfile
from ronglian.engines.matching.similarity import Norms, Weighting, join_norms, normalise_products
from ronglian.engines.matching.tokens import Features, is_han, tokens_of_word

FloatArray = NDArray[np.float64]
P = TypeVar("P", NeedProfile, ResultProfile)


@dataclass(frozen=True, slots=True)
class Read(Generic[P]):
    """A need or a result with its features and norms, stored or just read (已读取的画像)."""

    profile: P
    features: Features
    norms: Norms
    vector: FloatArray | None = None  # what is compared in meaning, where there is a vector


def explain_pairs(
    needs: Sequence[Read[NeedProfile]],
    results: Sequence[Read[ResultProfile]],
    today: date,
    weighting: Weighting,
) -> list[Match]:
    """Score, parts, metric rows, terms, exclusions and improvements of pairs.

    One need goes with every result, or one result with every need; the answer is in the order of the many.
    """
    size = len(needs) * len(results)
    many_needs, many_results = [*needs] * (size // len(needs)), [*results] * (size // len(results))
    profiles = [need.profile for need in needs], [result.profile for result in results]
    modes = learn_modes({}, [*profiles[0], *profiles[1]])
    columns = to_columns(profiles[0], modes), to_columns(profiles[1], modes)
    products = _products(needs, results, weighting)
    totals = np.array([math.fsum(each.values()) for each in products])
    similarity = normalise_products(
        totals,
        join_norms([each.norms for each in needs]),
        join_norms([each.norms for each in results]),
        weighting.parameters,
    )
    nearness = _nearness(needs, results)
    whole = blend(similarity, nearness)
    shares = score_factors(*columns, whole, today.toordinal(), weighting.parameters)
    rows = [
        compare_metrics(need.profile.metrics, result.profile.metrics, weighting.parameters)
        for need, result in zip(many_needs, many_results, strict=True)
    ]
    for at, result in enumerate(many_results):
        if rows[at] and result.profile.metrics:
            shares["metrics"].share[at] = metrics_share(rows[at], weighting.parameters)
    violated = find_violated(*columns)
    points = _points(shares, weighting.parameters)
    matches = []
    for at, (need, result) in enumerate(zip(many_needs, many_results, strict=True)):
        text = _text_detail(float(similarity[at]), float(nearness[at]), points["text"][0][at])
        details = _details(need.profile, result.profile, text, rows[at], today)
        parts = tuple(
            Part(factor, own[at], maximum[at], _verdict(share[at], asked[at], known[at]), details[factor])
            for factor, (own, maximum, share, asked, known) in points.items()
        )
        broken = [factor for factor, mask in violated.items() if mask[at]]
        matches.append(
            Match(
                need_id=need.profile.id,
                result_id=result.profile.id,
                score=round(math.fsum(part.points for part in parts), DECIMALS),
                parts=parts,
                metric_rows=rows[at],
                terms=_terms(
                    need.features,
                    result.features,
                    products[at],
                    parts[0].points - text.get("points_by_meaning", 0.0),
                    weighting.parameters,
                ),
                exclusions=_exclusions(need.profile, result.profile, broken, rows[at], today),
                improvements=_improvements(parts),
            )
        )
    return matches


def _products(
    needs: Sequence[Read[NeedProfile]], results: Sequence[Read[ResultProfile]], weighting: Weighting
) -> list[dict[str, float]]:
    """What each token of both texts adds to the dot product, for every pair."""
    one, many = (needs[0].features, [each.features for each in results])
    if len(needs) > 1:
        one, many = results[0].features, [each.features for each in needs]
    as_need, as_result = (
        weighting.weigh_all(one.weights, "needs"),
        weighting.weigh_all(one.weights, "results"),
    )
    weights = {
        token: weight * first * second
        for (token, weight), first, second in zip(one.weights.items(), as_need, as_result, strict=True)
    }
    return [
        {token: weights[token] * other for token, other in each.weights.items() if token in weights}
        for each in many
    ]


def _nearness(needs: Sequence[Read[NeedProfile]], results: Sequence[Read[ResultProfile]]) -> FloatArray:
    """Nearness in meaning of every pair, NaN where a vector is missing."""
    found = np.full(len(needs) * len(results), np.nan)
    pairs = [(need.vector, result.vector) for need in needs for result in results]
    for at, (first, second) in enumerate(pairs):
        if first is not None and second is not None:
            found[at] = nearness_of(first, second[None])[0]
    return found


def _text_detail(similarity: float, nearness: float, points: float) -> dict[str, float]:
    """How alike the texts are; where meaning was read, how near in it, and which of the part's points it brings."""
    if math.isnan(nearness):
        return {"similarity": similarity}
    by_meaning = MEANING_SHARE * nearness
    whole = by_meaning + (1.0 - MEANING_SHARE) * math.sqrt(similarity)
    brought = round(points * by_meaning / whole, DECIMALS) if whole else 0.0
    return {"similarity": similarity, "meaning": nearness, "points_by_meaning": brought}


Points = tuple[list[float], list[float], list[float], list[bool], list[bool]]


def _points(shares: dict[str, FactorScores], parameters: Parameters) -> dict[str, Points]:
    """Per factor: points, maximum, share, asked and known of every pair."""
    limits = maxima(shares, parameters)
    return {
        factor: (
            np.round(shares[factor].share * limits[factor], DECIMALS).tolist(),
            np.broadcast_to(limits[factor], shares[factor].share.shape).tolist(),
            shares[factor].share.tolist(),
            shares[factor].asked.tolist(),
            shares[factor].known.tolist(),
        )
        for factor in FACTORS
    }


def _verdict(share: float, asked: bool, known: bool) -> Verdict:
    if not asked:
        return "neutral"
    if not known:
        return "not_stated"
    if share >= 1.0 - 1e-9:
        return "met"
    return "partly" if share > 1e-9 else "not_met"


def _details(
    need: NeedProfile,
    result: ResultProfile,
    text: dict[str, float],
    rows: tuple[MetricRow, ...],
    today: date,
) -> dict[str, dict[str, Any]]:
    verdicts = [row.verdict for row in rows]
    return {
        "text": text,
        "metrics": {verdict: verdicts.count(verdict) for verdict in ("met", "not_met", "not_stated")},
        "field": {
            "need_field": need.technology_field,
            "result_field": result.technology_field,
            "need_industry": need.industry,
            "result_industry": result.industry,
        },
        "maturity": {"need": need.minimum_maturity, "result": result.maturity},
        "region": {"need": need.region, "result": result.region},
        "budget": {
            "budget_low_fen": need.budget_low_fen,
            "budget_high_fen": need.budget_high_fen,
            "price_low_fen": result.price_low_fen,
            "price_high_fen": result.price_high_fen,
        },
        "mode": {
            "need": sorted(need.modes),
            "result": sorted(result.modes),
            "common": sorted(need.modes & result.modes),
        },
        "freshness": {
            "need_days": _age(need.confirmed_on, today),
            "result_days": _age(result.confirmed_on, today),
        },
    }


def _age(confirmed_on: date | None, today: date) -> int | None:
    return None if confirmed_on is None else (today - confirmed_on).days


def _terms(
    need: Features,
    result: Features,
    products: dict[str, float],
    points: float,
    parameters: Parameters,
) -> tuple[MatchedTerm, ...]:
    """Readable words of both texts, each with the text points that its tokens bring.

    What several words share is split evenly among them. Pairs of characters that match across different words
    are listed as they stand, single characters only where they bring much; the rest is in the text part's points
    but unnamed.
    """
    total = math.fsum(products.values())
    if total <= 0.0:
        return ()
    common = [word for key, word in need.words.items() if key in result.words]
    left = dict(products)
    sums = _share_out(common, left)
    # A pair that stands in no word of either text was cut across words and reads as nonsense.
    pairs = [token for token in left if len(token) == 2 and is_han(token)]
    written = "\n".join((*need.words, *result.words)) if pairs else ""
    loose = sorted(token for token in pairs if token in written)
    sums |= _share_out(loose, left)
    # A single character (锂, 膜, 酸) says something only where it brings much.
    least_single = parameters.listed_single_share * total
    sums |= {token: value for token, value in left.items() if len(token) == 1 and value >= least_single}
    scale = points / total
    best = sorted((-round(value * scale, DECIMALS), word) for word, value in sums.items())
    least = parameters.listed_share * points
    return tuple(
        MatchedTerm(word, -weight) for weight, word in best[: parameters.listed_terms] if -weight >= least
    )


def _share_out(words: list[str], left: dict[str, float]) -> dict[str, float]:
    """Values of the words; tokens that were given away leave ``left``."""
    owners: dict[str, list[str]] = {}
    for word in words:
        for token in tokens_of_word(word):
            if token in left:
                owners.setdefault(token, []).append(word)
    sums = dict.fromkeys(words, 0.0)
    for token, sharers in owners.items():
        value = left.pop(token) / len(sharers)
        for word in sharers:
            sums[word] += value
    return sums


def _exclusions(
    need: NeedProfile, result: ResultProfile, broken: Sequence[str], rows: tuple[MetricRow, ...], today: date
) -> tuple[Exclusion, ...]:
    found = []
    for name, last_day in (("need", need.expires_on), ("result", result.expires_on)):
        if last_day is not None and last_day < today:
            found.append(Exclusion("expiry", f"{name}_expired", {"expires_on": last_day.isoformat()}))
    for factor in broken:
        found.append(Exclusion(factor, HARD_RULES[factor][0], _hard_detail(factor, need, result)))
    missed = [at for at, row in enumerate(rows) if row.verdict == "not_met"]
    if "metrics" in need.hard and missed:
        found.append(Exclusion("metrics", "metric_not_met", {"rows": missed}))
    return tuple(found)


def _hard_detail(factor: str, need: NeedProfile, result: ResultProfile) -> dict[str, Any]:
    values: dict[str, tuple[Any, Any]] = {
        "budget": (
            need.budget_high_fen or need.budget_low_fen,
            result.price_low_fen or result.price_high_fen,
        ),
        "field": (need.technology_field or need.industry, result.technology_field or result.industry),
        "maturity": (need.minimum_maturity, result.maturity),
        "mode": (sorted(need.modes), sorted(result.modes)),
        "region": (need.region, result.region),
    }
    asked, given = values[factor]
    return {"need": asked, "result": given}


def _improvements(parts: tuple[Part, ...]) -> tuple[Improvement, ...]:
    """What the result's side could state or do better, most points first; the text speaks for itself."""
    found = [
        Improvement(
            part.factor, "state" if part.verdict == "not_stated" else "improve", round(missing, DECIMALS)
        )
        for part in parts
        if part.factor != "text" and (missing := part.maximum - part.points) > 0.05
    ]
    return tuple(sorted(found, key=lambda each: (-each.points, each.factor)))
