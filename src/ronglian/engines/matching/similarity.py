"""Cosine of weighted tokens with a norm that is fair to bilingual records (文本相似度).

A record written in two languages says the same twice. Against a partner in one language only, the other
script would lengthen the vector for nothing; so each script counts in the norm by how much of it the partner
has.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ronglian.engines.matching.parameters import Parameters
from ronglian.engines.matching.row_bounds import RowBounds, learn_bounds
from ronglian.engines.matching.segments import Segment
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


class Weighted(NamedTuple):
    """A query by the numbers of its tokens (加权检索词)."""

    tokens: NDArray[np.int64]  # those that the collection knows
    weights: FloatArray  # beside them
    norms: Norms  # of all tokens; shape (1,)
    total: float  # squared weight of all tokens


@dataclass(frozen=True, slots=True)
class Weighting:
    """Term weights of both roles, and what follows from them for the rows (权重与范数)."""

    vocabulary: Vocabulary
    parameters: Parameters
    counts: dict[Role, int]
    terms: dict[Role, FloatArray]  # (tokens,)
    squares: dict[Role, FloatArray]  # (tokens,): squared, negated for Latin stems
    bounds: dict[Role, RowBounds]  # of sides that the kernel searches
    norms: dict[Role, Norms] = field(default_factory=dict)  # of all rows of other sides, when first needed

    def _weigh_unknown(self, token: str, role: Role) -> float:
        """Weight in a record of this role of a token that the collection does not know."""
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
        """Weights of tokens in a record of this role, whether the collection knows them or not."""
        terms = self.terms[role]
        numbers = self.vocabulary.find_tokens(list(tokens))
        known = numbers >= 0
        weights = np.zeros(len(numbers))
        weights[known] = terms[numbers[known]]
        listed: list[float] = weights.tolist()
        if known.all():
            return listed
        return [
            weight if there else self._weigh_unknown(token, role)
            for token, weight, there in zip(tokens, listed, known.tolist(), strict=True)
        ]


def learn_weighting(
    needs: Side,
    results: Side,
    vocabulary: Vocabulary,
    parameters: Parameters,
    known: Mapping[Role, RowBounds] | None = None,
) -> Weighting:
    """Term weights from the living records of both sides. Norms of rows that are ``known`` are used again."""
    size = len(vocabulary)
    weights = term_weights(
        needs.frequencies(size).astype(np.float64),
        results.frequencies(size).astype(np.float64),
        vocabulary.prior,
        len(needs),
        len(results),
        parameters,
    )
    terms: dict[Role, FloatArray] = {"needs": weights[0], "results": weights[1]}
    sides: tuple[tuple[Role, Side], ...] = (("needs", needs), ("results", results))
    squares = {role: np.where(vocabulary.han, own, -own) * own for role, own in terms.items()}
    bounds = {
        role: learn_bounds(side, terms[role], squares[role], (known or {}).get(role))
        for role, side in sides
        if side.large
    }
    counts: dict[Role, int] = {"needs": len(needs), "results": len(results)}
    return Weighting(vocabulary, parameters, counts, terms, squares, bounds)


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


def _effective(own: Norms, partner: Norms, parameters: Parameters) -> FloatArray:
    total = np.maximum(partner.han + partner.latin, 1e-300)
    return np.asarray(
        own.han * _count_script(partner.han / total, parameters)
        + own.latin * _count_script(partner.latin / total, parameters)
    )


def _count_script(share: FloatArray, parameters: Parameters) -> FloatArray:
    floor = parameters.script_floor
    return np.asarray(floor + (1.0 - floor) * np.minimum(1.0, share / parameters.script_share))


def similarities(words: Weighted, side: Side, role: Role, weighting: Weighting) -> FloatArray:
    """Similarity of a weighted query with every row of a side in this role; shape (rows,)."""
    products = np.zeros(len(weighting.terms[role]))
    products[words.tokens] = words.weights * weighting.terms[role][words.tokens]
    if side.large:
        found = _measure_large(side, role, products, weighting)
        sums, norms = found[:, 0], Norms(found[:, 1], found[:, 2])
    else:
        sums = join_parts([each.table @ products[: each.table.shape[1]] for each in side.segments])
        norms = row_norms(side, role, weighting)
    return normalise_products(sums, words.norms, norms, weighting.parameters)


def coverage(words: Weighted, side: Side, weighting: Weighting) -> FloatArray:
    """Share of the query's squared weight that each row of a small side holds; shape (rows,)."""
    shares = np.zeros(len(weighting.vocabulary))
    shares[words.tokens] = coverage_shares(words.total, words.weights)
    return join_parts([_same_places(each, 1.0) @ shares[: each.table.shape[1]] for each in side.segments])


def coverage_shares(total: float, weights: FloatArray) -> FloatArray:
    """What tokens with these weights have of a query's squared weight."""
    return weights * weights / total if total else np.zeros_like(weights)


def row_norms(side: Side, role: Role, weighting: Weighting) -> Norms:
    """Squared norms of all rows of a small side."""
    if role not in weighting.norms:
        squares = weighting.squares[role]
        parts = []
        for segment in side.segments:
            size = segment.table.shape[1]
            squared = _same_places(segment, segment.table.data**2)
            scripts = np.maximum(squares[:size], 0.0), np.maximum(-squares[:size], 0.0)
            parts.append(Norms(squared @ scripts[0], squared @ scripts[1]))
        weighting.norms[role] = join_norms([Norms(np.zeros(0), np.zeros(0)), *parts])
    return weighting.norms[role]


def _same_places(segment: Segment, values: FloatArray | float) -> sparse.csr_matrix:
    """The table of a segment with other values."""
    table = segment.table
    data = np.broadcast_to(values, table.data.shape)
    return sparse.csr_matrix((data, table.indices, table.indptr), shape=table.shape)


def _measure_large(side: Side, role: Role, products: FloatArray, weighting: Weighting) -> FloatArray:
    from ronglian.engines.matching import kernel, kernel_input  # noqa: PLC0415 - costs a second, large sides only

    tables = kernel_input.Tables(products, np.zeros(0), weighting.squares[role])
    parts = []
    for segment in side.segments:
        tokens, rows = segment.contents.tokens, np.arange(len(segment))
        parts.append(kernel.measure_rows(tokens.starts, tokens.items, rows, segment.levels, tables))
    return np.concatenate(parts)


def join_parts(parts: Sequence[FloatArray]) -> FloatArray:
    """Arrays of segments as one; empty for none."""
    return np.concatenate([np.zeros(0), *parts])


def weigh(vector: dict[str, float], weighting: Weighting) -> Weighted:
    """A vector with the numbers of its tokens."""
    numbers = weighting.vocabulary.find_tokens(list(vector))
    weights = np.fromiter(vector.values(), np.float64, len(vector))
    total = math.fsum(weight * weight for weight in vector.values())
    return Weighted(numbers[numbers >= 0], weights[numbers >= 0], norms_of(vector), total)


def weigh_row(tokens: NDArray[np.int64], damped: FloatArray, role: Role, weighting: Weighting) -> Weighted:
    """A stored record of this role, by the numbers and damped counts of its tokens."""
    weights = damped * weighting.terms[role][tokens]
    squares = weights * weights
    # Added up one by one, as norms_of does.
    scripts = np.bincount(np.where(weighting.vocabulary.han[tokens], 0, 1), squares, minlength=2).astype(
        np.float64
    )
    return Weighted(tokens, weights, Norms(scripts[:1], scripts[1:]), math.fsum(squares.tolist()))
