"""One pair, fully explained (单对匹配的依据)."""

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from ronglian.engines.matching.columns import HARD_BITS, Columns, learn_modes, to_columns
from ronglian.engines.matching.explain import (
    Exclusion,
    Improvement,
    Match,
    MatchedTerm,
    MetricRow,
    Part,
    Verdict,
)
from ronglian.engines.matching.factors import HARD_RULES, FactorScores, find_expired
from ronglian.engines.matching.metric_pairs import compare_metrics, metrics_share
from ronglian.engines.matching.parameters import FACTORS, Parameters
from ronglian.engines.matching.ranking import DECIMALS, maxima, score_factors
from ronglian.engines.matching.records import NeedProfile, ResultProfile
from ronglian.engines.matching.similarity import Weighting, normalise_products, norms_of
from ronglian.engines.matching.tokens import Features, is_han, tokens_of_word


@dataclass(frozen=True, slots=True)
class ReadNeed:
    """A need with its features, stored or just read (已读取的需求)."""

    profile: NeedProfile
    features: Features
    vector: dict[str, float]


@dataclass(frozen=True, slots=True)
class ReadResult:
    """A result with its features, stored or just read (已读取的成果)."""

    profile: ResultProfile
    features: Features
    vector: dict[str, float]


def explain_pair(need: ReadNeed, result: ReadResult, today: date, weighting: Weighting) -> Match:
    """Score, parts, metric rows, terms, exclusions and improvements of one pair."""
    parameters = weighting.parameters
    modes = learn_modes({}, [need.profile, result.profile])
    columns = to_columns([need.profile], modes), to_columns([result.profile], modes)
    products = {
        token: weight * result.vector[token]
        for token, weight in need.vector.items()
        if token in result.vector
    }
    total = math.fsum(products.values())
    similarity = normalise_products(
        np.array([total]), norms_of(need.vector), norms_of(result.vector), parameters
    )
    shares = score_factors(*columns, similarity, today.toordinal(), parameters)
    rows = compare_metrics(need.profile.metrics, result.profile.metrics, parameters)
    if rows and result.profile.metrics:
        shares["metrics"].share[0] = metrics_share(rows, parameters)
    parts = _parts(need.profile, result.profile, shares, float(similarity[0]), rows, today, parameters)
    return Match(
        need_id=need.profile.id,
        result_id=result.profile.id,
        score=round(math.fsum(part.points for part in parts), DECIMALS),
        parts=parts,
        metric_rows=rows,
        terms=_terms(need.features, result.features, products, total, parts[0].points, parameters),
        exclusions=_exclusions(need.profile, result.profile, columns, rows, today),
        improvements=_improvements(parts),
    )


def _parts(
    need: NeedProfile,
    result: ResultProfile,
    shares: dict[str, FactorScores],
    similarity: float,
    rows: tuple[MetricRow, ...],
    today: date,
    parameters: Parameters,
) -> tuple[Part, ...]:
    limits = maxima(shares, parameters)
    details = _details(need, result, similarity, rows, today)
    parts = []
    for factor in FACTORS:
        maximum = float(limits[factor][0])
        share = float(shares[factor].share[0])
        asked, known = bool(shares[factor].asked[0]), bool(shares[factor].known[0])
        points = round(share * maximum, DECIMALS)
        parts.append(Part(factor, points, maximum, _verdict(share, asked, known), details[factor]))
    return tuple(parts)


def _verdict(share: float, asked: bool, known: bool) -> Verdict:
    if not asked:
        return "neutral"
    if not known:
        return "not_stated"
    if share >= 1.0 - 1e-9:
        return "met"
    return "partly" if share > 1e-9 else "not_met"


def _details(
    need: NeedProfile, result: ResultProfile, similarity: float, rows: tuple[MetricRow, ...], today: date
) -> dict[str, dict[str, Any]]:
    verdicts = [row.verdict for row in rows]
    return {
        "text": {"similarity": similarity},
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
    total: float,
    points: float,
    parameters: Parameters,
) -> tuple[MatchedTerm, ...]:
    """Readable words of both texts, each with the text points that its tokens bring.

    What several words share is split evenly among them. Pairs of characters that match across different words
    are listed as they stand; single characters outside all of these are in the text part's points but unnamed.
    """
    if total <= 0.0:
        return ()
    there = {_key(word) for word in result.words}
    common = list({_key(word): word for word in reversed(need.words) if _key(word) in there}.values())
    left = dict(products)
    sums = _share_out(common, left)
    loose = [token for token in sorted(left) if len(token) == 2 and is_han(token)]
    sums |= _share_out(loose, left)
    terms = [MatchedTerm(word, round(value / total * points, DECIMALS)) for word, value in sums.items()]
    terms.sort(key=lambda each: (-each.weight, each.term))
    return tuple(term for term in terms[: parameters.listed_terms] if term.weight > 0.0)


def _key(word: str) -> str:
    return word if is_han(word) else tokens_of_word(word)[0]


def _share_out(words: list[str], left: dict[str, float]) -> dict[str, float]:
    """Values of the words; tokens that were given away leave ``left``."""
    owners: dict[str, list[str]] = {}
    for word in words:
        for token in dict.fromkeys(tokens_of_word(word)):
            if token in left:
                owners.setdefault(token, []).append(word)
    sums = dict.fromkeys(words, 0.0)
    for token, sharers in owners.items():
        value = left.pop(token) / len(sharers)
        for word in sharers:
            sums[word] += value
    return sums


def _exclusions(
    need: NeedProfile,
    result: ResultProfile,
    columns: tuple[Columns, Columns],
    rows: tuple[MetricRow, ...],
    today: date,
) -> tuple[Exclusion, ...]:
    found = []
    for name, profile, column in (("need", need, columns[0]), ("result", result, columns[1])):
        if find_expired(column, today.toordinal())[0]:
            assert profile.expires_on is not None
            found.append(
                Exclusion("expiry", f"{name}_expired", {"expires_on": profile.expires_on.isoformat()})
            )
    for factor, (reason, rule) in HARD_RULES.items():
        if int(columns[0].hard[0]) & HARD_BITS[factor] and rule(*columns)[0]:
            found.append(Exclusion(factor, reason, _hard_detail(factor, need, result)))
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
