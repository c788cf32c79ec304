"""What the clinic holds about a technology manager: told to the person, and gone with the account."""

from __future__ import annotations

import pytest
from django.apps import apps

from ronglian.apps.accounts.operations.erasure import erase_person
from ronglian.apps.accounts.personal import personal_data
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.clinic.case_enums import CaseStage, NoteReader
from ronglian.apps.clinic.models import CalendarFeed, ClinicSlot, Contact
from ronglian.apps.clinic.operations.attention import note_attention
from ronglian.apps.clinic.operations.calendar_feeds import open_calendar
from ronglian.apps.clinic.operations.cases import advance_case
from ronglian.apps.clinic.operations.contacts import log_contact
from ronglian.apps.clinic.operations.stop_objections import answer_stop_objection, object_to_stop
from ronglian.apps.clinic.queries.technology_managers import own_manager
from ronglian.kernel.errors import RuleViolation
from ronglian.kernel.log.coverage import logged_models, uncovered_rows
from tests.factories import make_need, make_person, make_person_of
from tests.factories.cases import actor_of, make_case
from tests.factories.clinic import make_slot
from tests.factories.technology_managers import make_manager

pytestmark = pytest.mark.django_db
NAME = "独特之名"


def test_cases_are_told_and_erased_but_not_while_they_are_open() -> None:
    manager = make_manager(make_person(name=NAME))
    person, actor = manager.person, actor_of(manager)
    case = make_case(manager, stage=CaseStage.INTRODUCED)
    for reader in (NoteReader.AUTHOR, NoteReader.SIDE):
        log_contact(
            actor=actor, case=case, with_whom="seeker", channel="phone", note=f"谈了{reader}", reader=reader
        )
    make_slot(manager, 1, joining="私人会议号")
    open_calendar(actor=actor, manager=manager, secret="rl_" + "1" * 40)
    told = personal_data(person)["cases"]
    assert [row["note"] for row in told["contacts"]] == ["谈了author", "谈了side"]
    assert told["carried"][0]["stage"] == "introduced"
    assert told["clinic_hours"][0]["joining"] == "私人会议号"
    with pytest.raises(RuleViolation, match="1"):
        erase_person(actor=actor, person=person, email=person.email)

    stopped = advance_case(
        actor=actor, case=case, stage=CaseStage.STOPPED, reason="no_money", note="没有预算"
    )
    objection = object_to_stop(actor=make_person_of(stopped.seeker), case=stopped, note="应当继续")
    answer_stop_objection(actor=actor, objection=objection, answer="不再继续", reopen=False)
    note_attention(
        actor=actor_of_person(own_manager(actor).person), need=make_need(), kind="contacted", note="谈过"
    )
    erase_person(actor=actor, person=person, email=person.email)
    assert [note.note for note in Contact.objects.all()] == ["谈了side"]
    slot = ClinicSlot.objects.get()
    assert (slot.joining, slot.is_withdrawn) == ("", True)
    assert CalendarFeed.objects.get().revoked_at is not None
    for model in apps.get_models():
        for row in model._base_manager.values():
            assert NAME not in str(row), model
    assert personal_data(person)["cases"]["contacts"][0]["note"] == "谈了side"
    assert [row for model in logged_models() for row in uncovered_rows(model)] == []
