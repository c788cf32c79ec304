"""Conditions of recognition: read off the terms, said by party B, or open."""

from __future__ import annotations

import pytest

from ronglian.engines.contracts import (
    Condition,
    Excluded,
    Kind,
    Right,
    RightKind,
    Terms,
    Verdict,
    check_recognition,
)

LICENCE, SERVICE = frozenset({Kind.LICENCE}), frozenset({Kind.SERVICE})
CONDITIONS = (
    Condition("mastered", LICENCE),
    Condition("rights", LICENCE, "rights"),
    Condition("no_right_passes", SERVICE, "no_rights"),
)
EXCLUDED = (Excluded("no_service", SERVICE, ("维修", "加工")),)
RIGHTS = (Right(RightKind.KNOW_HOW, "工艺"),)


def found(kind: Kind, terms: Terms, said: dict[str, bool] | None = None) -> dict[str, Verdict]:
    return {one.id: one.verdict for one in check_recognition(kind, terms, CONDITIONS, EXCLUDED, said or {})}


def test_what_is_not_said_stays_open_and_what_is_seen_does_not_ask() -> None:
    assert found(Kind.LICENCE, Terms(rights=RIGHTS)) == {"mastered": Verdict.OPEN, "rights": Verdict.MET}
    said = found(Kind.LICENCE, Terms(), {"mastered": False, "rights": True})
    assert said == {"mastered": Verdict.NOT_MET, "rights": Verdict.NOT_MET}


def test_only_the_conditions_of_the_kind_are_asked() -> None:
    assert found(Kind.SERVICE, Terms(rights=RIGHTS)) == {"no_right_passes": Verdict.NOT_MET}
    assert found(Kind.TRAINING, Terms()) == {}


def test_words_of_the_subject_are_pointed_at() -> None:
    checked = check_recognition(Kind.SERVICE, Terms(subject="设备维修与零件加工"), (), EXCLUDED, {})
    assert [(one.verdict, one.detail) for one in checked] == [(Verdict.LOOK, "维修、加工")]
    assert check_recognition(Kind.LICENCE, Terms(subject="设备维修"), (), EXCLUDED, {}) == ()


def test_an_unknown_reading_is_a_fault_of_the_data() -> None:
    with pytest.raises(KeyError):
        check_recognition(Kind.LICENCE, Terms(), (Condition("odd", LICENCE, "moon"),), (), {})
