"""Sealed columns are covered by the log by what they say: a changed word is found, a changed key is not mistaken for one."""

from __future__ import annotations

from typing import Any

import pytest

from ronglian.apps.clinic.models import Consultation
from ronglian.apps.clinic.operations.consultations import open_consultation
from ronglian.apps.disclosure.models import Annex
from ronglian.apps.registry.operations.disclosure import keep_annex
from ronglian.kernel.actor import Role
from ronglian.kernel.log.coverage import logged_models, uncovered_rows
from ronglian.kernel.sealing import seal
from tests.factories import SYSTEM, make_need, make_organisation, make_person_of

pytestmark = pytest.mark.django_db


def problems() -> list[tuple[str, str]]:
    return [(found.kind, found.problem) for model in logged_models() for found in uncovered_rows(model)]


@pytest.fixture(autouse=True)
def rows() -> None:
    ours = make_organisation()
    open_consultation(
        actor=make_person_of(ours, Role.OWNER), owner=ours, title="六价铬超标", words="降不下来"
    )
    keep_annex(actor=SYSTEM, record=make_need(ours), text="附件原文")


@pytest.mark.parametrize(
    ("change", "kind", "problem"),
    [
        (lambda: Consultation.objects.update(title="另一句话"), "consultation", "changed"),
        (lambda: Consultation.objects.update(words="另一番话"), "consultation", "changed"),
        (lambda: Consultation.objects.update(answers=[{"topic": "x", "text": "y"}]), "consultation", "changed"),
        (lambda: Consultation.objects.update(opened_by="别人"), "consultation", "changed"),
        (lambda: Consultation.objects.all().delete(), "consultation", "deleted"),
        (lambda: Annex.objects.update(sealed=seal("另一份附件")), "annex", "changed"),
        (lambda: Annex.objects.all().delete(), "annex", "deleted"),
    ],
)  # fmt: skip
def test_what_is_changed_behind_the_log_is_found(change: Any, kind: str, problem: str) -> None:
    assert problems() == []
    change()
    assert problems() == [(kind, problem)]


def test_the_same_words_sealed_again_raise_no_alarm() -> None:
    consultation = Consultation.objects.get()
    Consultation.objects.update(title=consultation.title, words=consultation.words)
    assert problems() == []
