"""The packaged rulebook is whole, and every case of it comes out."""

from __future__ import annotations

import pytest

from ronglian.engines.rules import Confidence, check_book, run_case
from ronglian.rulebook import load_rulebook

BOOK = load_rulebook()


def test_the_rulebook_is_whole() -> None:
    assert [fault for fault in check_book(BOOK) if not fault.is_notice] == []


@pytest.mark.parametrize("case", BOOK.cases, ids=lambda case: case.id)
def test_a_case_comes_out(case: object) -> None:
    outcome = run_case(BOOK, case)  # type: ignore[arg-type] # parametrize gives objects
    assert outcome.faults == ()


def test_what_is_not_sure_decides_nothing() -> None:
    """No answer of a case stands on a version below H."""
    for case in BOOK.cases:
        answer = run_case(BOOK, case).answer
        assert answer is not None
        assert [one.reference for one in answer.versions if one.confidence is not Confidence.HIGH] == []
