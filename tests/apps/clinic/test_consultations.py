"""From a trouble in one's own words to a published need, and who may do what."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.clinic.enums import ConsultationState
from ronglian.apps.clinic.models import Consultation
from ronglian.apps.clinic.operations.consultations import (
    answer_question,
    close_consultation,
    open_consultation,
    register_consultation,
    set_acceptance,
    tell_consultation,
)
from ronglian.apps.clinic.queries.consultations import acceptance_of, access_consultation, list_consultations
from ronglian.apps.clinic.reading import read_consultation
from ronglian.apps.clinic.rules import is_visible
from ronglian.apps.registry.enums import State
from ronglian.kernel.actor import ANONYMOUS, Actor, Role
from ronglian.kernel.errors import InvalidInput, NotAllowed, NotFound, RuleViolation, StaleVersion
from ronglian.kernel.events import events_about
from tests.engines.diagnosis.samples import PLATING, PLATING_TITLE
from tests.factories import SYSTEM, make_organisation, make_person_of

pytestmark = pytest.mark.django_db

WHOLE = {
    "quantity": "六价铬",
    "threshold": "≤ 0.1 mg/L",
    "method": "GB 7467",
    "measured_by": "第三方检测机构",
    "evidence": "检测报告",
}


@pytest.fixture
def firm() -> Organisation:
    return make_organisation("某表面处理有限公司")


@pytest.fixture
def editor(firm: Organisation) -> Actor:
    return make_person_of(firm)


@pytest.fixture
def told(firm: Organisation, editor: Actor) -> Consultation:
    return open_consultation(actor=editor, owner=firm, title=PLATING_TITLE, words=PLATING)


def test_every_word_goes_into_the_need(editor: Actor, told: Consultation) -> None:
    told = answer_question(actor=editor, consultation=told, topic="tried", text="换过两种还原剂，效果有限。")
    told = answer_question(actor=editor, consultation=told, topic="condition", text="可提供调节池和水样。")
    told = answer_question(actor=editor, consultation=told, topic="处理量", text="≥ 500 m³/d")
    told = set_acceptance(actor=editor, consultation=told, criteria=[WHOLE])
    told = register_consultation(actor=editor, consultation=told, publish=True)
    need = told.need
    assert need is not None
    assert need.state == State.PUBLISHED
    assert need.title == PLATING_TITLE
    assert PLATING in need.details
    assert "处理量：≥ 500 m³/d" in need.details
    assert (need.difficulty, need.existing_conditions) == (
        "换过两种还原剂，效果有限。",
        "可提供调节池和水样。",
    )
    assert (need.budget_low_fen, need.budget_high_fen) == (80_000_000, 120_000_000)
    assert [metric["name"] for metric in need.metrics] == ["六价铬"]
    assert acceptance_of(need) == [WHOLE]
    assert [event.name for event in events_about(told)] == [
        "consultation.opened",
        *["consultation.answered"] * 3,
        "consultation.acceptance_set",
        "consultation.registered",
    ]


def test_events_tell_nothing_of_what_was_told(editor: Actor, told: Consultation) -> None:
    told = answer_question(actor=editor, consultation=told, topic="baseline", text="密中之密")
    assert all("密中之密" not in str(event.data) for event in events_about(told))


def test_what_was_told_is_sealed_in_the_database(told: Consultation) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM clinic_consultation")
        stored = str(cursor.fetchall())
    assert PLATING_TITLE not in stored
    assert "六价铬" not in stored
    assert Consultation.objects.get().words == PLATING


def test_without_a_whole_acceptance_test_nothing_is_published(editor: Actor, told: Consultation) -> None:
    with pytest.raises(RuleViolation):
        register_consultation(actor=editor, consultation=told, publish=True)
    half = {**WHOLE, "method": ""}
    told = set_acceptance(actor=editor, consultation=told, criteria=[half])
    with pytest.raises(RuleViolation):
        register_consultation(actor=editor, consultation=told, publish=True)
    told = register_consultation(actor=editor, consultation=told, publish=False)
    assert told.need is not None
    assert told.need.state == State.DRAFT


def test_secret_details_stay_out_of_the_row_of_the_need(editor: Actor, told: Consultation) -> None:
    told = set_acceptance(actor=editor, consultation=told, criteria=[WHOLE])
    fields = {"summary": "镀铬废水治理", "under_nda": True}
    told = register_consultation(actor=editor, consultation=told, fields=fields, publish=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM registry_need")
        stored = str(cursor.fetchall())
    assert "镀铬废水治理" in stored
    assert "焦亚硫酸钠" not in stored


def test_an_answer_can_be_changed_and_taken_back(editor: Actor, told: Consultation) -> None:
    for text in ("一", "二"):
        told = answer_question(actor=editor, consultation=told, topic="condition", text=text)
    assert told.answers == [{"topic": "condition", "text": "二"}]
    assert answer_question(actor=editor, consultation=told, topic="condition", text=" ").answers == []


def test_an_answer_makes_it_more_complete(editor: Actor, told: Consultation) -> None:
    before = read_consultation(told).completeness.total
    told = answer_question(actor=editor, consultation=told, topic="condition", text="可提供调节池。")
    assert read_consultation(told).completeness.total == before + 6


def test_two_who_tell_at_once_do_not_overwrite_each_other(editor: Actor, told: Consultation) -> None:
    tell_consultation(actor=editor, consultation=told, title="甲", words="", version=told.version)
    with pytest.raises(StaleVersion):
        tell_consultation(actor=editor, consultation=told, title="乙", words="", version=told.version)


def test_it_ends_with_a_reason_or_not_at_all(editor: Actor, told: Consultation) -> None:
    with pytest.raises(InvalidInput):
        close_consultation(actor=editor, consultation=told, reason=" ")
    told = close_consultation(actor=editor, consultation=told, reason="已自行解决")
    assert (told.state, told.closed_because) == (ConsultationState.CLOSED, "已自行解决")
    for call in (
        lambda: close_consultation(actor=editor, consultation=told, reason="再"),
        lambda: answer_question(actor=editor, consultation=told, topic="goal", text="再"),
        lambda: tell_consultation(actor=editor, consultation=told, title="再", words=""),
        lambda: set_acceptance(actor=editor, consultation=told, criteria=[]),
        lambda: register_consultation(actor=editor, consultation=told),
    ):
        with pytest.raises(RuleViolation):
            call()


@pytest.mark.parametrize(
    "criteria",
    [[{"quantity": "六价铬"}], [{**WHOLE, "quantity": ""}], [WHOLE] * 31, [{**WHOLE, "method": "长" * 501}]],
)
def test_a_malformed_acceptance_test_is_refused(
    editor: Actor, told: Consultation, criteria: list[dict[str, Any]]
) -> None:
    with pytest.raises(InvalidInput):
        set_acceptance(actor=editor, consultation=told, criteria=criteria)
    told.refresh_from_db()
    assert told.acceptance == []


def test_only_members_see_it_and_only_editors_change_it(firm: Organisation, told: Consultation) -> None:
    viewer = make_person_of(firm, Role.VIEWER)
    stranger = make_person_of(make_organisation())
    for actor, sees in ((SYSTEM, True), (viewer, True), (stranger, False), (ANONYMOUS, False)):
        assert list_consultations(actor).exists() == sees
        assert is_visible(actor, told) == sees
    with pytest.raises(NotFound):
        access_consultation(stranger, told.public_id)
    for actor in (viewer, stranger, ANONYMOUS):
        with pytest.raises(NotAllowed):
            answer_question(actor=actor, consultation=told, topic="goal", text="x")
        with pytest.raises(NotAllowed):
            open_consultation(actor=actor, owner=firm, title="x", words="")
