"""A check-up: kept in part, read by its enterprise alone, and what it finds goes to the clinic in its own words."""

from __future__ import annotations

import pytest
from django.test import Client

from ronglian.apps.clinic.queries.consultations import list_consultations
from ronglian.apps.prospecting.models import Checkup, CheckupFinding
from ronglian.apps.prospecting.operations.checkups import answer_checkup, bring_to_clinic, open_checkup
from ronglian.apps.prospecting.queries.checkups import access_checkup, troubles_of
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound, RuleViolation, StaleVersion
from ronglian.kernel.models import Event
from tests.factories import SYSTEM, make_member, make_organisation, make_person, make_person_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
WORDS = "压铸件气孔，返工每月三百件"


@pytest.fixture
def actor() -> Actor:
    return make_person_of(make_organisation())


@pytest.fixture
def checkup(actor: Actor) -> Checkup:
    (owner_id,) = actor.organisation_ids
    owner = type(make_organisation()).objects.get(pk=owner_id)
    return open_checkup(actor=actor, owner=owner)


def scrap(actor: Actor, checkup: Checkup, words: str = WORDS) -> Checkup:
    answers = {"quality_scrap": {"choice": "high", "words": words}}
    return answer_checkup(actor=actor, checkup=checkup, answers=answers)


def test_answers_are_kept_in_part_changed_and_taken_back(actor: Actor, checkup: Checkup) -> None:
    checkup = scrap(actor, checkup)
    checkup = answer_checkup(actor=actor, checkup=checkup, answers={"energy_heat": {"choice": "yes"}})
    assert [each.question.id for each in troubles_of(checkup)] == ["quality_scrap", "energy_heat"]
    checkup = answer_checkup(actor=actor, checkup=checkup, answers={"energy_heat": {"choice": ""}})
    assert list(dict(checkup.answers)) == ["quality_scrap"]
    with pytest.raises(StaleVersion):
        answer_checkup(actor=actor, checkup=checkup, answers={"energy_heat": {"choice": "no"}}, version=1)


def test_what_does_not_fit_the_questionnaire_is_refused_and_named(actor: Actor, checkup: Checkup) -> None:
    wrong = {
        "nothing": {"choice": "x"},
        "quality_scrap": {"choice": "x"},
        "energy_heat": {"choice": "", "words": "有"},
    }
    with pytest.raises(InvalidInput) as refused:
        answer_checkup(actor=actor, checkup=checkup, answers=wrong)
    assert sorted(refused.value.fields) == sorted(wrong)
    with pytest.raises(InvalidInput):
        scrap(actor, checkup, "长" * 2_001)
    checkup.refresh_from_db()
    assert dict(checkup.answers) == {}


def test_a_finding_becomes_a_consultation_in_the_own_words_and_once(actor: Actor, checkup: Checkup) -> None:
    checkup = scrap(actor, checkup)
    finding = bring_to_clinic(actor=actor, checkup=checkup, question="quality_scrap")
    told = finding.consultation
    assert told.title == WORDS
    assert str(told.words).startswith(WORDS)
    assert "above 5 %" in str(told.words)
    with pytest.raises(Conflict, match="already"):
        bring_to_clinic(actor=actor, checkup=checkup, question="quality_scrap")
    with pytest.raises(RuleViolation, match="no trouble"):
        bring_to_clinic(actor=actor, checkup=checkup, question="energy_heat")
    assert list_consultations(actor).count() == CheckupFinding.objects.count() == 1


def test_it_is_the_enterprises_own_and_the_log_tells_none_of_it(actor: Actor, checkup: Checkup) -> None:
    from ronglian.apps.accounts.queries.actors import actor_of_person  # noqa: PLC0415 - beside the factories

    scrap(actor, checkup)
    for stranger in (
        make_person_of(make_organisation()),
        actor_of_person(make_person(is_operator=True)),
        actor_of_person(make_person(offices=["bureau"])),
    ):
        with pytest.raises(NotFound):
            access_checkup(stranger, checkup.public_id)
        with pytest.raises(NotAllowed):
            scrap(stranger, checkup)
    assert access_checkup(SYSTEM, checkup.public_id) == checkup
    assert not [
        row
        for row in Event.objects.values_list("data", flat=True)
        if "quality" in str(row) or "气孔" in str(row)
    ]


def test_the_pages_lead_from_questions_to_the_report_to_the_clinic() -> None:
    browser = Client(headers={"Accept-Language": "en"})
    owner = make_organisation()
    browser.force_login(make_member(owner))
    assert "No check-up yet" in browser.get("/work/checkups/").content.decode()
    questions = browser.post("/work/checkups/").headers["Location"]
    assert "Nothing is answered yet" in browser.get(f"{questions}report/").content.decode()
    refused = browser.post(questions, {"quality_scrap-words": WORDS, "energy_heat": "yes"})
    assert refused.status_code == 422
    assert WORDS in refused.content.decode(), "what was typed stays"
    sent = browser.post(
        questions, {"quality_scrap": "high", "quality_scrap-words": WORDS, "energy_heat": "no"}
    )
    report = browser.get(sent.headers["Location"]).content.decode()
    assert "wasted" in report
    assert WORDS in report
    assert report.count("Take it to the clinic") == 1
    brought = browser.post(f"{questions}bring/", {"question": "quality_scrap"})
    assert "/work/clinic/" in brought.headers["Location"]
    assert "In the clinic:" in browser.get(sent.headers["Location"]).content.decode()
