"""What belongs to a case: reminders once, hand-over with its notes, answers within the clock, and who sees what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from ronglian.apps.clinic.case_enums import (
    CaseStage,
    ContactChannel,
    ContactWith,
    IntroductionAnswerKind,
    NoteReader,
)
from ronglian.apps.clinic.case_mails import remind_of_due, send_reminder
from ronglian.apps.clinic.case_rules import is_contact_visible, view_of
from ronglian.apps.clinic.models import Case, Contact, Introduction, Reminder
from ronglian.apps.clinic.operations.contacts import add_task, log_contact, postpone_task
from ronglian.apps.clinic.operations.hand_overs import accept_case, offer_case
from ronglian.apps.clinic.operations.introductions import answer_introduction
from ronglian.kernel.actor import ANONYMOUS
from ronglian.kernel.errors import RuleViolation
from ronglian.kernel.invariant import all_invariants, check_invariant
from tests.factories import SYSTEM, make_person_of
from tests.factories.cases import actor_of, make_case
from tests.factories.technology_managers import make_manager

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
TODAY = timezone.localdate()


def test_each_due_day_is_reminded_of_once() -> None:
    case = make_case(next_step="约企业", next_due=TODAY)
    task = add_task(actor=actor_of(case.manager), case=case, title="寄样", due_on=TODAY)
    mail.outbox.clear()
    assert (remind_of_due.call(), remind_of_due.call()) == (2, 0)
    for reminder in Reminder.objects.all():
        assert send_reminder.call(reminder.pk) == 0  # the job that came with it has sent it
    assert len(mail.outbox) == 2
    assert {message.to[0] for message in mail.outbox} == {case.manager.person.email}
    assert "寄样" in "".join(str(message.body) for message in mail.outbox)
    postpone_task(actor=actor_of(case.manager), task=task, due_on=TODAY + timedelta(days=1))
    assert remind_of_due.call() == 1


def test_private_notes_stay_unless_they_are_passed_on() -> None:
    for passes in (False, True):
        case = make_case(stage=CaseStage.INTRODUCED)
        giver, taker = case.manager, make_manager()
        log_contact(
            actor=actor_of(giver),
            case=case,
            with_whom=ContactWith.SEEKER,
            channel=ContactChannel.PHONE,
            note="私下的看法",
            reader=NoteReader.AUTHOR,
        )
        offer = offer_case(actor=actor_of(giver), case=case, taker=taker, reason="转岗", passes_notes=passes)
        accept_case(actor=actor_of(taker), hand_over=offer)
        case.refresh_from_db()
        assert (case.manager, case.introducer) == (taker, giver)
        seen = Contact.objects.visible_to(actor_of(taker)).filter(case=case)
        assert seen.count() == int(passes)


def test_an_objection_comes_within_the_clock() -> None:
    case = make_case(stage=CaseStage.INTRODUCED)
    actor, introduction = make_person_of(case.seeker), case.introduction
    said = {"kind": IntroductionAnswerKind.OBJECTED, "reason": "knew_before"}
    assert answer_introduction(actor=actor, introduction=introduction, **said).reason == "knew_before"
    Introduction.objects.update(answer_by=timezone.now() - timedelta(seconds=1))
    introduction.refresh_from_db()
    with pytest.raises(RuleViolation, match="Objections were possible until"):
        answer_introduction(actor=actor, introduction=introduction, **said)
    kind = IntroductionAnswerKind.ACKNOWLEDGED
    assert answer_introduction(actor=actor, introduction=introduction, kind=kind).kind == kind


def test_filter_and_predicate_say_the_same() -> None:
    cases = [make_case(stage=stage) for stage in (CaseStage.DIAGNOSIS, CaseStage.INTRODUCED)]
    offered, taker = make_case(stage=CaseStage.NEGOTIATING), make_manager()
    offer_case(actor=actor_of(offered.manager), case=offered, taker=taker, reason="转岗")
    passed, next_one = make_case(stage=CaseStage.INTRODUCED), make_manager(capacity=9)
    cases += [offered, passed]
    actors = [SYSTEM, ANONYMOUS, actor_of(taker), actor_of(next_one)]
    for case in cases:
        for with_whom in ContactWith:
            for reader in NoteReader:
                if (with_whom, reader) != (ContactWith.OTHERS, NoteReader.SIDE):
                    log_contact(
                        actor=actor_of(case.manager), case=case, with_whom=with_whom, note="谈话",
                        channel=ContactChannel.PHONE, reader=reader,
                    )  # fmt: skip
        actors += [actor_of(case.manager), make_person_of(case.seeker)]
        if case.partner is not None:
            actors.append(make_person_of(case.partner))
    offer = offer_case(actor=actor_of(passed.manager), case=passed, taker=next_one, reason="转岗")
    accept_case(actor=actor_of(next_one), hand_over=offer)
    for actor in actors:
        seen = {case.pk for case in Case.objects.visible_to(actor)}
        assert seen == {case.pk for case in Case.objects.all() if view_of(actor, case)}
        read = {contact.pk for contact in Contact.objects.visible_to(actor)}
        assert read == {contact.pk for contact in Contact.objects.all() if is_contact_visible(actor, contact)}


def test_the_invariants_find_what_breaks_them() -> None:
    case = make_case(stage=CaseStage.INTRODUCED)
    own = [each for each in all_invariants() if each.name.startswith(("clinic.introduc", "clinic.offers"))]
    assert len(own) == 3
    assert all(check_invariant(each).holds for each in own)
    Case.objects.filter(pk=case.pk).update(offered_to=make_manager())
    assert [each.name for each in own if not check_invariant(each).holds] == ["clinic.offers_open_once"]
