"""Neglected needs: which they are, who is told, what was done, and whose share of attention is whose."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from ronglian.apps.clinic.enums import AttentionKind
from ronglian.apps.clinic.models import Attention
from ronglian.apps.clinic.neglect import HISTORY, parameters_on, urgency
from ronglian.apps.clinic.operations.attention import note_attention
from ronglian.apps.clinic.queries.neglect import list_neglected, read_neglect
from ronglian.apps.matching.enums import DecisionKind, DecisionReason
from ronglian.apps.matching.operations.matches import decide_match
from ronglian.apps.matching.queries.quality import HIDDEN, Share
from ronglian.apps.matching.rules import Pair
from ronglian.apps.registry.models import Need
from ronglian.kernel.actor import ANONYMOUS, Actor, Office
from ronglian.kernel.errors import InvalidInput, NotAllowed, NotFound
from ronglian.kernel.models import Event
from tests.factories import SYSTEM, make_need, make_organisation, make_person, make_person_of, make_result
from tests.web.work.conftest import at_screen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
LONG = parameters_on(date(2026, 12, 1)).unanswered_days + 1


def waiting_need(days: int, title: str = "", size: str = "small", **fields: object) -> Need:
    """A need that was published so many days ago."""
    need = make_need(make_organisation(size=size), title, **fields)
    Event.objects.filter(subject_id=need.public_id).update(occurred_at=timezone.now() - timedelta(days=days))
    return need


def neglected(actor: Actor = SYSTEM, name: str = "neglected") -> list[Need]:
    return [lying.need for lying in list_neglected(actor, name)]


def manager() -> Actor:
    person = make_person(offices=[Office.TECHNOLOGY_MANAGER])
    return Actor(
        kind="person",
        label="经理",
        person_id=person.public_id,
        offices=frozenset({Office.TECHNOLOGY_MANAGER}),
    )  # type: ignore[arg-type]  # a value of the enum


def test_long_unanswered_and_silent_is_neglected_and_small_firms_come_first() -> None:
    large = waiting_need(LONG + 5, "大企业的", size="large")
    small = waiting_need(LONG + 1, "小企业的")
    waiting_need(LONG - 2, "还不久")
    waiting_need(LONG, "不公开", disclosure="organisation")
    assert neglected() == [small, large]
    assert neglected(name="neglected-small") == [small]
    assert neglected(name="neglected-other") == [large]
    assert len(neglected(name="needs-small")) == 2
    with pytest.raises(NotFound):
        list_neglected(SYSTEM, "everything")


def test_an_answer_ends_it() -> None:
    need = waiting_need(LONG)
    actor = make_person_of(need.owner)
    decide_match(
        actor=actor,
        pair=Pair(need, make_result()),
        kind=DecisionKind.DECLINED,
        reason=DecisionReason.DIFFERENT_PROBLEM,
    )
    assert neglected() == []


def test_what_is_done_silences_the_alarm_for_a_while() -> None:
    need = waiting_need(LONG)
    note_attention(actor=manager(), need=need, kind=AttentionKind.CONTACTED, note="已电话沟通，补充了指标")
    assert neglected() == []
    long_ago = timezone.now() - timedelta(days=HISTORY[-1].silent_days + 1)
    Attention.objects.update(created_at=long_ago)
    assert neglected() == [need]
    assert list_neglected(SYSTEM)[0].days_silent == HISTORY[-1].silent_days + 1


def test_a_note_takes_a_kind_and_a_reason() -> None:
    need = waiting_need(LONG)
    with pytest.raises(InvalidInput) as refused:
        note_attention(actor=SYSTEM, need=need, kind="ignored", note=" ")
    assert set(refused.value.fields) == {"kind", "note"}


def test_who_may_note_and_about_what() -> None:
    need = waiting_need(LONG)
    for actor in (make_person_of(need.owner), make_person_of(make_organisation())):
        with pytest.raises(NotAllowed):
            note_attention(actor=actor, need=need, kind="contacted", note="x")
    hidden = waiting_need(LONG, disclosure="organisation")
    with pytest.raises(NotAllowed):
        note_attention(actor=manager(), need=hidden, kind="contacted", note="x")


def test_everybody_else_sees_its_own() -> None:
    need = waiting_need(LONG)
    waiting_need(LONG)
    assert neglected(make_person_of(need.owner)) == [need]
    assert neglected(ANONYMOUS) == []
    assert len(neglected(manager())) == 2


def test_the_shares_have_their_denominators_and_few_are_hidden() -> None:
    small = [waiting_need(LONG) for _ in range(3)]
    waiting_need(LONG, size="large")
    waiting_need(LONG, anonymous=True)  # a small firm that is not named counts among the others
    note_attention(actor=SYSTEM, need=small[0], kind="contacted", note="沟通")
    report = read_neglect(SYSTEM)
    assert report.neglected == Share(4, 5)
    assert (report.neglected_small, report.neglected_other) == (Share(2, 3), Share(2, 2))
    assert report.small_of_needs == Share(3, 5)
    assert report.small_of_attention == Share(1, 1)
    public = read_neglect(ANONYMOUS)
    assert public.neglected == public.neglected_small == public.small_of_attention == HIDDEN
    assert public.small_of_needs == Share(3, 5)


def test_the_numbers_hold_from_their_day() -> None:
    assert parameters_on(date(2020, 1, 1)) == HISTORY[0]
    assert [each.since for each in HISTORY] == sorted(each.since for each in HISTORY)
    assert urgency(10, is_small=True, parameters=HISTORY[0]) > urgency(
        10, is_small=False, parameters=HISTORY[0]
    )


def test_the_pages_tell_each_reader_its_part() -> None:
    need = waiting_need(LONG, "久无人问的需求")
    visitor = Client(headers={"accept-language": "en"})
    assert "久无人问的需求" not in visitor.get("/neglected/lists/neglected/").content.decode()
    assert visitor.get("/neglected/").status_code == 200
    assert visitor.get("/neglected/lists/all/").status_code == 404
    keeper = at_screen(make_person(is_operator=True))
    assert "久无人问的需求" in keeper.get("/neglected/lists/neglected/").content.decode()
    address = f"/work/needs/{need.public_id}/attention/"
    assert keeper.post(address, {"kind": "contacted", "note": ""}).status_code == 422
    assert keeper.post(address, {"kind": "contacted", "note": "已电话沟通"}).status_code == 302
    assert "已电话沟通" in keeper.get(address).content.decode()
    stranger = at_screen(make_person())
    assert stranger.get(address).status_code == 404
    assert stranger.post(address, {"kind": "contacted", "note": "x"}).status_code == 404
