"""Matched words are shown as the longest span of both texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronglian.engines.matching import MatchedTerm
from ronglian.engines.matching.spans import LONGEST_SPAN, join_terms

text = st.text("六价铬废水处理的膜,x ", max_size=30)


def joined(terms: str, first: str, second: str) -> list[str]:
    given = [MatchedTerm(term, 1.0) for term in terms.split()]
    return [each.term for each in join_terms(given, first, second)]


def test_pieces_of_a_word_are_shown_as_the_word() -> None:
    assert joined("六价 废水", "镀铬废水中的六价铬超标", "处理六价铬的废水") == ["六价铬", "废水"]
    assert joined("电镀 废水", "电镀废水处理", "处理电镀废水") == ["电镀废水"]
    assert joined("六价", "进水六价铬", "废水六价铬") == ["六价铬"]
    assert joined("废水", "含油废水，零排", "含油废水，外排") == ["含油废水"]
    assert joined("废水 处理", "废水的处理", "废水的处理") == ["处理", "废水"]


def test_what_a_text_does_not_hold_as_it_is_stays_as_it_is() -> None:
    assert joined("membrane 铬 膜", "六价铬 Membranes", "三价镉") == ["membrane", "膜", "铬"]


@given(
    text,
    text,
    st.lists(
        st.tuples(st.sampled_from(["六价", "铬", "废水", "处理", "膜", "x"]), st.floats(0.1, 9)),
        unique_by=lambda each: each[0],
    ),
)
def test_spans_stand_in_both_texts_and_the_weights_stay(
    first: str, second: str, pairs: list[tuple[str, float]]
) -> None:
    terms = [MatchedTerm(term, weight) for term, weight in pairs]
    spans = join_terms(terms, first, second)
    assert sum(each.weight for each in spans) == pytest.approx(sum(each.weight for each in terms), abs=1e-5)
    assert len({each.term for each in spans}) == len(spans)
    for span in spans:
        if span.term not in {each.term for each in terms}:
            assert span.term in first
            assert span.term in second
            assert len(span.term) <= LONGEST_SPAN
            assert any(each.term in span.term for each in terms)
    assert list(spans) == sorted(spans, key=lambda each: (-each.weight, each.term))
