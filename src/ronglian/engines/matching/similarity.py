"""Cosine of weighted tokens with a norm that is fair to bilingual records (文本相似度).

A record written in two languages says the same twice. Against a partner in one language only, the other
script would lengthen the vector for nothing; so each script counts in the norm by how much of it the partner
has.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ronglian.engines.matching.parameters import Parameters
from ronglian.engines.matching.side import Side
from ronglian.engines.matching.tokens import Features, is_han
from ronglian.engines.matching.weights import FLOOR_AMONG_NEEDS, Vocabulary, smoothed_rarity, term_weights

FloatArray = NDArray[np.float64]
Role = Literal["needs", "results"]
DECIMALS = 9  # the order of summation differs between builds and must not show


class Norms(NamedTuple):
    """Squared norms by script; shape (rows,)."""

    han: FloatArray
    latin: FloatArray

    def at(self, row: int) -> "Norms":
        """Those of one row; shape (1,)."""
        return Norms(self.han[row : row + 1], self.latin[row : row + 1])


def join_norms(parts: Sequence[Norms]) -> Norms:
    """Norms below one another."""
    return Norms(np.concatenate([part.han for part in parts]), np.concatenate([part.latin for part in parts]))


@dataclass(frozen=True, slots=True)
class Weighting:
    """Term weights of both roles, and the norms of all rows that follow from them (权重与范数)."""

    vocabulary: Vocabulary
    parameters: Parameters
    counts: dict[Role, int]
    terms: dict[Role, FloatArray]  # (tokens,)
    norms: dict[Role, Norms]
    lengths: dict[Role, NDArray[np.float32]] = field(
        default_factory=dict
    )  # of large sides, when first needed

    def weigh(self, token: str, role: Role) -> float:
        """Weight of a token in a record of this role, whether the collection knows the token or not."""
        number = self.vocabulary.numbers.get(token, len(self.terms[role]))
        if number < len(self.terms[role]):
            return float(self.terms[role][number])
        prior = self.vocabulary.prior_share(token)
        rarity = 1.0 + float(smoothed_rarity(0.0, prior, sum(self.counts.values()), self.parameters))
        if role == "results":
            return rarity
        among_needs = float(smoothed_rarity(0.0, prior, self.counts["needs"], self.parameters))
        return rarity * math.pow(max(among_needs, FLOOR_AMONG_NEEDS), self.parameters.need_discount)

    def vector(self, features: Features, role: Role) -> dict[str, float]:
        """Weighted tokens of a record in this role."""
        weights = self.weigh_all(features.weights, role)
        return {
            token: weight * own
            for (token, weight), own in zip(features.weights.items(), weights, strict=True)
        }

    def weigh_all(self, tokens: Collection[str], role: Role) -> list[float]:
        """:meth:`weigh` of many tokens."""
        terms = self.terms[role]
        find, unknown = self.vocabulary.numbers.get, len(terms)
        numbers = np.array([find(token, unknown) for token in tokens], dtype=np.int64)
        known = numbers < unknown
        weights = np.zeros(len(numbers))
        weights[known] = terms[numbers[known]]
        listed: list[float] = weights.tolist()
        if known.all():
            return listed
        return [
            weight if there else self.weigh(token, role)
            for token, weight, there in zip(tokens, listed, known.tolist(), strict=True)
        ]


def learn_weighting(
    needs: Side,
    results: Side,
    vocabulary: Vocabulary,
    parameters: Parameters,
    *,
    norms: dict[Role, Norms] | None = None,
) -> Weighting:
    """Term weights from the living records of both sides, and the norms of all rows unless they are given."""
    size = len(vocabulary)
    weights = term_weights(
        needs.frequencies(size).astype(np.float64),
        results.frequencies(size).astype(np.float64),
        vocabulary.prior(size),
        len(needs),
        len(results),
        parameters,
    )
    terms: dict[Role, FloatArray] = {"needs": weights[0], "results": weights[1]}
    han = vocabulary.han(size)
    sides: tuple[tuple[Role, Side], ...] = (("needs", needs), ("results", results))
    if norms is None:
        norms = {role: Norms(*side.squared_norms(terms[role] ** 2, han)) for role, side in sides}
    return Weighting(vocabulary, parameters, {"needs": len(needs), "results": len(results)}, terms, norms)


def norms_of(vector: dict[str, float]) -> Norms:
    """Squared norms of one vector; shape (1,)."""
    han = sum(weight * weight for token, weight in vector.items() if is_han(token))
    latin = sum(weight * weight for token, weight in vector.items() if not is_han(token))
    return Norms(np.array([han]), np.array([latin]))


def normalise_products(
    products: FloatArray, first: Norms, second: Norms, parameters: Parameters
) -> FloatArray:
    """Dot products → similarities 0..1, rounded to DECIMALS."""
    length = _effective(first, second, parameters) * _effective(second, first, parameters)
    similarity = products / np.sqrt(np.maximum(length, 1e-300))
    return np.asarray(np.round(np.clip(similarity, 0.0, 1.0), DECIMALS), dtype=np.float64)


def row_lengths(norms: Norms, parameters: Parameters) -> FloatArray:
    """Squared norms by script, and the factors with which the same scripts of a partner count; shape (rows, 4)."""
    total = np.maximum(norms.han + norms.latin, 1e-300)
    shares = _count_script(norms.han / total, parameters), _count_script(norms.latin / total, parameters)
    return np.stack([norms.han, norms.latin, *shares], axis=1)


def _effective(own: Norms, partner: Norms, parameters: Parameters) -> FloatArray:
    total = np.maximum(partner.han + partner.latin, 1e-300)
    return np.asarray(
        own.han * _count_script(partner.han / total, parameters)
        + own.latin * _count_script(partner.latin / total, parameters)
    )


def _count_script(share: FloatArray, parameters: Parameters) -> FloatArray:
    floor = parameters.script_floor
    return np.asarray(floor + (1.0 - floor) * np.minimum(1.0, share / parameters.script_share))


def similarities(vector: dict[str, float], side: Side, role: Role, weighting: Weighting) -> FloatArray:
    """Similarity of a weighted query with every row of a side in this role; shape (rows,)."""
    tokens, weights = query_arrays(vector, weighting)
    products = side.products(tokens, weights * weighting.terms[role][tokens])
    return normalise_products(products, norms_of(vector), weighting.norms[role], weighting.parameters)


def query_arrays(vector: dict[str, float], weighting: Weighting) -> tuple[NDArray[np.int64], FloatArray]:
    """Numbers and weights of the tokens that the collection knows."""
    known = len(weighting.terms["needs"])
    numbers = weighting.vocabulary.numbers
    pairs = [(numbers.get(token, known), weight) for token, weight in vector.items()]
    pairs = [pair for pair in pairs if pair[0] < known]
    return (
        np.array([number for number, _ in pairs], dtype=np.int64),
        np.array([weight for _, weight in pairs], dtype=np.float64),
    )
