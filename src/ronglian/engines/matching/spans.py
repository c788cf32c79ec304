"""Matched words as the longest span that both texts share (共有片段).

The index knows which words two records share, not where they stand: 六价铬 is 六价 beside a character. Whoever has
both texts at hand can look, and show the whole of what they share.
"""

from collections.abc import Iterator, Sequence

from ronglian.engines.matching.explain import MatchedTerm
from ronglian.engines.matching.tokens import is_han

LONGEST_SPAN = 10  # characters
PLACES = 20  # at which a word is looked at in the first text
# Characters at which a span ends: they join words and are part of none.
_ENDS = frozenset("的了和与及或在为是对中等并于以由其该之将被把从到")


def join_terms(terms: Sequence[MatchedTerm], first: str, second: str) -> tuple[MatchedTerm, ...]:
    """The terms, Chinese ones grown to the longest span of both texts that holds them.

    Terms that lie in the same span become one, with the sum of their weights. Best first, ties by term.
    """
    spans = {term: _longest(term.term, first, second) for term in terms}
    weights: dict[str, float] = {}
    whole = sorted(set(spans.values()), key=lambda span: (-len(span), span))
    for term in terms:
        span = next(span for span in whole if term.term in span or span == spans[term])
        weights[span] = weights.get(span, 0.0) + term.weight
    joined = (MatchedTerm(span, round(weight, 6)) for span, weight in weights.items())
    return tuple(sorted(joined, key=lambda each: (-each.weight, each.term)))


def _longest(term: str, first: str, second: str) -> str:
    """The longest shared span around the term; the term itself where a text does not hold it as it is."""
    if not is_han(term):
        return term
    found = (_grow(first, at, at + len(term), second) for at in _places(term, first))
    return max((term, *found), key=len)


def _places(term: str, text: str) -> Iterator[int]:
    at = text.find(term)
    for _ in range(PLACES):
        if at < 0:
            return
        yield at
        at = text.find(term, at + 1)


def _grow(text: str, begin: int, end: int, other: str) -> str:
    """text[begin:end], longer by characters on both sides as long as the other text holds it."""
    if text[begin:end] not in other:
        return text[begin:end]
    while (
        end < len(text)
        and end - begin < LONGEST_SPAN
        and _joins(text[end])
        and text[begin : end + 1] in other
    ):
        end += 1
    while (
        begin > 0
        and end - begin < LONGEST_SPAN
        and _joins(text[begin - 1])
        and text[begin - 1 : end] in other
    ):
        begin -= 1
    return text[begin:end]


def _joins(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" and character not in _ENDS
