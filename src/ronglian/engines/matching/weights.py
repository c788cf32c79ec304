"""Term weights learned from the collection (词项权重)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ronglian.engines.matching.parameters import Parameters
from ronglian.engines.matching.tokens import (
    LATIN,
    Reading,
    generic_tokens,
    is_han,
    key_of,
    key_of_token,
    write_token,
)

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
FLOOR_AMONG_NEEDS = 0.05  # a word of every need keeps a little weight


class Names:
    """Different names with their numbers, in order of first appearance; only grows (名称编号)."""

    def __init__(self, names: Sequence[str] = ()) -> None:
        self.names: list[str] = []
        self.numbers: dict[str, int] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> int:
        """The number of a name, new ones included."""
        number = self.numbers.get(name)
        if number is None:
            number = len(self.names)
            self.names.append(name)
            self.numbers[name] = number  # last: a reader that sees the number finds the name
        return number


class WordBook(Names):
    """Readable words, to explain matches with (词表)."""

    def read(self, numbers: Sequence[int]) -> dict[str, str]:
        """Words by what makes them equal to others."""
        names = self.names
        return {key_of(names[number]): names[number] for number in numbers}


@dataclass(frozen=True)
class Vocabulary:
    """Numbers of tokens, in order of first appearance, with what weighting needs to know of each (词表).

    Keys are those of tokens.py; the key of a Latin token holds its number among ``stems``, which only grow. Damped
    counts are numbered as well: ``levels``. Everything else is replaced when tokens are learned.
    """

    parameters: Parameters
    stems: Names
    keys: IntArray  # by token number
    levels: NDArray[np.float32]
    order: IntArray  # token numbers by rising key
    sorted_keys: IntArray

    def __len__(self) -> int:
        return len(self.keys)

    def find(self, keys: IntArray) -> IntArray:
        """Numbers of the tokens with these keys, -1 for those that are not known."""
        if not len(self.keys):
            return np.full(len(keys), -1, dtype=np.int64)
        places = np.minimum(np.searchsorted(self.sorted_keys, keys), len(self.keys) - 1)
        return np.where(self.sorted_keys[places] == keys, self.order[places], -1)

    def find_tokens(self, tokens: Sequence[str]) -> IntArray:
        """Numbers of tokens, -1 for those that are not known; of the tokens asked for last, without looking again."""
        asked = tuple(tokens)
        known, numbers = self._last
        if known != asked:
            stems = self.stems.numbers
            numbers = self.find(np.array([key_of_token(token, stems) for token in asked], dtype=np.int64))
            # One assignment: other threads see the old pair or the new one.
            self.__dict__["_last"] = (asked, numbers)
        return numbers

    @cached_property
    def _last(self) -> tuple[tuple[str, ...], IntArray]:
        # An answer looks the tokens of its query up again and again.
        return (), np.zeros(0, dtype=np.int64)

    def write(self, numbers: IntArray) -> list[str]:
        """Tokens with these numbers."""
        return [write_token(key, self.stems.names) for key in self.keys[numbers].tolist()]

    def learn(self, reading: Reading) -> tuple["Vocabulary", IntArray, IntArray]:
        """The vocabulary with the tokens that were read, and the numbers of these tokens and of their levels."""
        keys = reading.tokens.items
        stem_keys = LATIN + np.array([self.stems.add(stem) for stem in reading.stems], dtype=np.int64)
        latin = keys >= LATIN
        if len(stem_keys):
            keys = np.where(latin, stem_keys[np.where(latin, keys - LATIN, 0)], keys)
        present, places, counts = np.unique(keys, return_inverse=True, return_counts=True)
        new = np.flatnonzero(self.find(present) < 0)
        levels, level_counts = np.unique(reading.weights, return_counts=True)
        new_levels = ~np.isin(levels, self.levels)
        # The most frequent first: they get the shortest gaps and the shortest codes.
        new = new[np.argsort(-counts[new], kind="stable")]
        frequent = np.argsort(-level_counts[new_levels], kind="stable")
        learned = self
        if len(new) or new_levels.any():
            # Rising, as they are found, so that they can be put in where they belong.
            rising = np.sort(new)
            places_of_new = np.searchsorted(self.sorted_keys, present[rising])
            numbers_of_new = len(self.keys) + np.argsort(new)
            learned = replace(
                self,
                keys=np.concatenate([self.keys, present[new]]),
                order=np.insert(self.order, places_of_new, numbers_of_new),
                sorted_keys=np.insert(self.sorted_keys, places_of_new, present[rising]),
                levels=np.concatenate([self.levels, levels[new_levels][frequent]]),
            )
        by_level = np.argsort(learned.levels, kind="stable")
        numbers = by_level[np.searchsorted(learned.levels[by_level], reading.weights)]
        return learned, learned.find(present)[places], numbers

    def prior_share(self, token: str) -> float:
        """Share of records that is expected to hold the token before any was seen."""
        parameters = self.parameters
        if token in generic_tokens():
            return parameters.prior_share_generic
        if not is_han(token):
            return parameters.prior_share_word
        return parameters.prior_share_character if len(token) == 1 else parameters.prior_share_bigram

    @cached_property
    def han(self) -> NDArray[np.bool_]:
        """Which tokens are Chinese; shape (tokens,)."""
        return self.keys < LATIN

    @cached_property
    def prior(self) -> FloatArray:
        """Prior shares of all tokens; shape (tokens,)."""
        parameters = self.parameters
        shares = np.where(
            self.keys >> 16 == 0, parameters.prior_share_character, parameters.prior_share_bigram
        )
        shares[~self.han] = parameters.prior_share_word
        generic = self.find_tokens(sorted(generic_tokens()))
        shares[generic[generic >= 0]] = parameters.prior_share_generic
        return shares


def make_vocabulary(
    parameters: Parameters, stems: Sequence[str] = (), keys: IntArray | None = None, levels: Any = ()
) -> Vocabulary:
    """A vocabulary of these keys and levels, by default an empty one."""
    keys = np.zeros(0, dtype=np.int64) if keys is None else keys
    order = np.argsort(keys, kind="stable")
    return Vocabulary(parameters, Names(stems), keys, np.array(levels, dtype=np.float32), order, keys[order])


def smoothed_rarity(
    frequency: FloatArray | float, prior: FloatArray | float, records: int, parameters: Parameters
) -> FloatArray:
    """ln((N + κ + 1) / (n + κ·π + 1)): rarity with κ pseudo records of which a share π holds the token.

    In large collections this is the usual inverse document frequency; in tiny ones it leans on the prior.
    """
    kappa = parameters.prior_records
    return np.asarray(np.log((records + kappa + 1.0) / (frequency + kappa * prior + 1.0)), dtype=np.float64)


def term_weights(
    need_frequency: FloatArray,
    result_frequency: FloatArray,
    prior: FloatArray,
    need_count: int,
    result_count: int,
    parameters: Parameters,
) -> tuple[FloatArray, FloatArray]:
    """Weights of tokens in needs and in results, each of shape (tokens,).

    Both hold 1 + rarity over all records. The weight in needs is further multiplied by the rarity among needs
    alone to the power ``need_discount``: what most needs say is boilerplate, whatever it is elsewhere.
    """
    both = smoothed_rarity(need_frequency + result_frequency, prior, need_count + result_count, parameters)
    rarity = 1.0 + np.maximum(both, 0.0)
    among_needs = np.maximum(
        smoothed_rarity(need_frequency, prior, need_count, parameters), FLOOR_AMONG_NEEDS
    )
    return rarity * among_needs**parameters.need_discount, rarity
