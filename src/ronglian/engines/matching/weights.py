"""Term weights learned from the collection (词项权重)."""

from array import array

import numpy as np
from numpy.typing import NDArray

from ronglian.engines.matching.parameters import Parameters
from ronglian.engines.matching.tokens import generic_tokens, is_han, key_of

FloatArray = NDArray[np.float64]
FLOOR_AMONG_NEEDS = 0.05  # a word of every need keeps a little weight


class WordBook:
    """Readable words with their numbers and keys (词表, 用于解释)."""

    def __init__(self, words: list[str]) -> None:
        self.words: list[str] = []
        self.keys: list[str] = []
        self.numbers: dict[str, int] = {}
        for word in words:
            self.add(word)

    def add(self, word: str) -> int:
        """The number of a word, new ones included."""
        number = self.numbers.get(word)
        if number is None:
            number = self.numbers[word] = len(self.words)
            self.keys.append(key_of(word))
            self.words.append(word)
        return number


class Vocabulary:
    """Numbers of tokens, in order of first appearance, with what weighting needs to know of each (词表)."""

    def __init__(self, tokens: list[str], parameters: Parameters) -> None:
        self._parameters = parameters
        self._generic = generic_tokens()
        self.tokens: list[str] = []
        self.numbers: dict[str, int] = {}
        self._han = bytearray()
        self._prior = array("d")
        for token in tokens:
            self.add(token)

    def __len__(self) -> int:
        return len(self.tokens)

    def add(self, token: str) -> int:
        """The number of a token, new ones included."""
        number = self.numbers.get(token)
        if number is None:
            number = len(self.tokens)
            self._prior.append(self.prior_share(token))
            self._han.append(is_han(token))
            self.tokens.append(token)
            self.numbers[token] = number  # last: a reader that sees the number finds everything else in place
        return number

    def prior_share(self, token: str) -> float:
        """Share of records that is expected to hold the token before any was seen."""
        parameters = self._parameters
        if token in self._generic:
            return parameters.prior_share_generic
        if not is_han(token):
            return parameters.prior_share_word
        return parameters.prior_share_character if len(token) == 1 else parameters.prior_share_bigram

    def han(self, size: int) -> NDArray[np.bool_]:
        """Which of the first ``size`` tokens are Chinese; shape (size,)."""
        return np.frombuffer(self._han[:size], dtype=bool)

    def prior(self, size: int) -> FloatArray:
        """Prior shares of the first ``size`` tokens; shape (size,)."""
        return np.frombuffer(self._prior[:size], dtype=np.float64)


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
