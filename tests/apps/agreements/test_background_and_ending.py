"""Background rights and termination in a contract: their own clauses where they are agreed, none where not."""

from __future__ import annotations

import pytest

from ronglian.apps.agreements.contract_text import clauses, sections_of
from ronglian.apps.agreements.queries.agreements import latest_version
from tests.factories.agreements import LICENCE_TERMS, make_agreement, make_parties

pytestmark = pytest.mark.django_db


def test_they_stand_in_both_texts_between_what_they_belong_to() -> None:
    terms = {
        **LICENCE_TERMS,
        "background": "乙方的检测专利仍归乙方。",
        "ending": "提前三十日书面通知可以解除。",
    }
    version = latest_version(make_agreement(make_parties(), terms=terms))
    for language in ("zh", "en"):
        sections = {section.id: section.text for section in sections_of(version, language)}
        order = list(sections)
        assert order.index("improvements") + 1 == order.index("background")
        assert order.index("ending") < order.index("closing")
        assert "乙方的检测专利仍归乙方。" in sections["background"]
        assert "提前三十日书面通知可以解除。" in sections["ending"]
    assert version.clauses_version == clauses()[0]


def test_a_contract_that_is_silent_has_no_such_clause() -> None:
    version = latest_version(make_agreement(make_parties()))
    assert {"background", "ending"}.isdisjoint(section.id for section in sections_of(version, "zh"))
