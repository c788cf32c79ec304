"""Matched words as the longest run of words that both texts share (共有片段).

The index knows which words two records share, not where they stand: of 六价铬, cut into 六价 and 铬, it names the first.
Whoever has both texts at hand can look, and show the whole of what they share.
"""

from collections.abc import Sequence

from ronglian.engines.matching.explain import MatchedTerm
from ronglian.engines.text.segment import cut_words

LONGEST_SPAN = 10  # characters
MOST_WORDS = 4
# Words at which a span ends: they join others and are part of none.
_ENDS = frozenset("的了和与及或在为是对中等并于以由其该之将被把从到")


def join_terms(terms: Sequence[MatchedTerm], first: str, second: str) -> tuple[MatchedTerm, ...]:
    """The terms, Chinese ones grown to the longest run of words of both texts that holds them.

    Terms that lie in the same span become one, with the sum of their weights. Best first, ties by term.
    """
    (first_runs, first_heads), (second_runs, second_heads) = _runs(first), _runs(second)
    shared = (first_runs & second_heads) | (second_runs & first_heads)
    spans = {
        term.term: max((run for run in shared if term.term in run), key=_size, default=term.term)
        for term in terms
    }
    whole = sorted(set(spans.values()), key=_size, reverse=True)
    weights: dict[str, float] = {}
    for term in terms:
        span = next(span for span in whole if term.term in span)
        weights[span] = weights.get(span, 0.0) + term.weight
    joined = (MatchedTerm(span, round(weight, 6)) for span, weight in weights.items())
    return tuple(sorted(joined, key=lambda each: (-each.weight, each.term)))


def _runs(text: str) -> tuple[set[str], set[str]]:
    """All runs of Chinese words, up to MOST_WORDS of them, as they stand in the text; and all beginnings of runs.

    The other text may be cut otherwise: 六价, 铬超标. So a span begins with a word in both and ends with one in either.
    """
    words = cut_words(text)
    runs: set[str] = set()
    heads: set[str] = set()
    for begin in range(len(words)):
        run = ""
        for word in words[begin : begin + MOST_WORDS]:
            if word in _ENDS or not _is_chinese(word) or len(run + word) > LONGEST_SPAN:
                break
            heads.update(run + word[:size] for size in range(1, len(word) + 1))
            run += word
            runs.add(run)
    return runs, heads


def _is_chinese(word: str) -> bool:
    return all("\u3400" <= character <= "\u9fff" for character in word)


def _size(span: str) -> tuple[int, str]:
    return len(span), span
