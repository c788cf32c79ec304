"""A contract put together from clauses."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronglian.engines.contracts import (
    Clause,
    ClauseError,
    Kind,
    Royalty,
    RoyaltyBase,
    Terms,
    assemble,
    assemble_where,
    changed_words,
    check_clause,
    redline,
)


def clause(name: str, text: str, **others: object) -> Clause:
    return Clause(name, {"zh": name, "en": name}, {"zh": text, "en": text}, **others)  # type: ignore[arg-type]


CLAUSES = (
    clause("subject", "标的：{subject}"),
    clause("licence", "许可", kinds=frozenset({Kind.LICENCE})),
    clause("royalty", "提成", when=("royalty",)),
    clause("no_royalty", "一次付清", when=("not royalty",)),
)


def ids(kind: Kind, terms: Terms) -> list[str]:
    return [section.id for section in assemble(CLAUSES, kind, terms, {"subject": "x"}, "zh")]


def test_the_clauses_that_apply_in_their_order() -> None:
    royalty = Terms(royalty=Royalty(300, RoyaltyBase.SALES))
    assert ids(Kind.LICENCE, royalty) == ["subject", "licence", "royalty"]
    assert ids(Kind.SERVICE, Terms()) == ["subject", "no_royalty"]


@given(st.text())
def test_what_is_typed_is_filled_in_as_it_is(typed: str) -> None:
    (section,) = assemble(CLAUSES[:1], Kind.SERVICE, Terms(), {"subject": typed + "{price}"}, "zh")
    assert section.text == f"标的：{typed}{{price}}".strip()


def test_a_name_that_nothing_has_is_refused() -> None:
    with pytest.raises(ClauseError, match="subject"):
        assemble(CLAUSES, Kind.SERVICE, Terms(), {}, "zh")
    with pytest.raises(ClauseError, match="subject"):
        check_clause(CLAUSES[0], frozenset())
    with pytest.raises(ClauseError, match="weather"):
        check_clause(replace(CLAUSES[1], when=("weather",)), frozenset())
    with pytest.raises(ClauseError, match="zh and en"):
        check_clause(Clause("x", {"zh": "x"}, {"zh": "x"}), frozenset())


def test_a_redline_names_what_changed() -> None:
    before = assemble(CLAUSES, Kind.SERVICE, Terms(), {"subject": "甲"}, "zh")
    after = assemble(CLAUSES, Kind.LICENCE, Terms(), {"subject": "乙"}, "zh")
    assert redline(before, after) == (
        ("subject", before[0].heading, "标的：甲", "标的：乙"),
        ("licence", after[1].heading, "", "许可"),
    )
    assert redline(before, before) == ()


@given(st.text(alphabet="甲乙丙ab ", max_size=30), st.text(alphabet="甲乙丙ab ", max_size=30))
def test_runs_give_both_texts_back(before: str, after: str) -> None:
    runs = changed_words(before, after)
    assert "".join(text for tag, text in runs if tag != "new") == before
    assert "".join(text for tag, text in runs if tag != "gone") == after


def test_clauses_of_other_documents_go_by_named_conditions() -> None:
    both = {"zh": "{x}", "en": "{x}"}
    clauses = [
        Clause("always", both, both),
        Clause("with", both, both, when=("a",)),
        Clause("without", both, both, when=("not a", "b")),
    ]
    values = {"x": "{y} stays as typed"}

    def chosen(*holding: str) -> list[str]:
        return [section.id for section in assemble_where(clauses, holding, values, "en")]

    assert chosen("a", "b") == ["always", "with"]
    assert chosen("b") == ["always", "without"]
    assert chosen() == ["always"]
    assert assemble_where(clauses, (), values, "en")[0].text == "{y} stays as typed"
    with pytest.raises(ClauseError, match="nothing is called x"):
        assemble_where(clauses, (), {}, "en")
    check_clause(clauses[2], frozenset({"x"}), frozenset({"a", "b"}))
    with pytest.raises(ClauseError, match="no condition 'not a'"):
        check_clause(clauses[2], frozenset({"x"}), frozenset({"b"}))
