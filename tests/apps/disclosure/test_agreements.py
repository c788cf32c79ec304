"""Agreements: signed, decided on, read under, written down, revoked; and the annex that no agreement opens."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.disclosure.agreement_text import CURRENT, DIGESTS, agreement_text
from ronglian.apps.disclosure.enums import NdaState
from ronglian.apps.disclosure.models import Nda, Viewing
from ronglian.apps.disclosure.operations.agreements import decline_nda, grant_nda, revoke_nda
from ronglian.apps.disclosure.operations.annexes import end_annex_reader, name_annex_reader
from ronglian.apps.disclosure.queries.agreements import list_viewings_of
from ronglian.apps.matching.queries.matches import match_result
from ronglian.apps.registry.models import Need
from ronglian.apps.registry.operations.disclosure import keep_annex, sign_nda
from ronglian.apps.registry.operations.records import withdraw_record
from ronglian.apps.registry.queries.records import access_record
from ronglian.kernel.actor import ANONYMOUS, Actor, ActorKind, Role
from ronglian.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound, RuleViolation
from ronglian.kernel.models import Event
from tests.factories import (
    SYSTEM,
    make_member,
    make_need,
    make_organisation,
    make_person,
    make_person_of,
    make_result,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
SECRET = "药剂甲九一七"


@pytest.fixture
def need() -> Need:
    return make_need(title="电镀废水深度处理", summary="寻求处理技术", details=SECRET, under_nda=True)


@pytest.fixture
def reader() -> Actor:
    return make_person_of(make_organisation("读者单位"), Role.EDITOR)


def sign(reader: Actor, need: Need, **change: Any) -> Nda:
    organisation = Organisation.objects.get(pk=next(iter(reader.memberships)))
    given = {"purpose": "评估合作", "text_digest": agreement_text().digest, **change}
    return sign_nda(actor=reader, record=need, organisation=organisation, **given)


def reads(actor: Actor, need: Need) -> bool:
    return access_record(actor, Need, need.public_id).details == SECRET


def test_released_texts_never_change() -> None:
    assert {version: agreement_text(version).digest for version in DIGESTS} == DIGESTS
    assert CURRENT in DIGESTS


def test_from_signature_to_revocation(need: Need, reader: Actor) -> None:
    owner = make_person_of(need.owner)
    assert not reads(reader, need)
    nda = sign(reader, need)
    assert (nda.state, reads(reader, need)) == (NdaState.REQUESTED, False)
    grant_nda(actor=owner, nda=nda)
    assert reads(reader, need)
    assert not reads(make_person_of(make_organisation(), Role.OWNER), need)
    assert not reads(ANONYMOUS, need)
    revoke_nda(actor=owner, nda=nda)
    assert not reads(reader, need)
    assert not Need.objects.filter(details=SECRET).exists()
    events = list(Event.objects.filter(subject_type="nda").order_by("id").values_list("name", flat=True))
    assert events == ["nda.signed", "nda.granted", "nda.details_shown", "nda.revoked"]


def test_every_member_of_the_signing_organisation_reads(need: Need, reader: Actor) -> None:
    grant_nda(actor=make_person_of(need.owner), nda=sign(reader, need))
    colleague = Actor(
        kind=ActorKind.PERSON, label="同事", person_id=make_person().public_id,
        memberships=dict.fromkeys(reader.memberships, Role.VIEWER),
    )  # fmt: skip
    assert reads(colleague, need)


@pytest.mark.parametrize("days", [(-3, -1), (1, 3)])
def test_it_holds_from_its_first_day_to_its_last(need: Need, reader: Actor, days: tuple[int, int]) -> None:
    nda = grant_nda(actor=make_person_of(need.owner), nda=sign(reader, need))
    today = timezone.localdate()
    first, last = (today + timedelta(days=each) for each in days)
    Nda.objects.filter(pk=nda.pk).update(starts_on=first, ends_on=last)
    assert not reads(reader, need)
    Nda.objects.filter(pk=nda.pk).update(starts_on=today, ends_on=today)
    assert reads(reader, need)


def test_an_agreement_opens_nothing_that_is_not_visible(need: Need, reader: Actor) -> None:
    owner = make_person_of(need.owner)
    grant_nda(actor=owner, nda=sign(reader, need))
    withdraw_record(actor=owner, record=need, reason="已解决")
    with pytest.raises(NotFound):
        access_record(reader, Need, need.public_id)


def test_signing_suffices_where_the_owner_chose_so(need: Need, reader: Actor) -> None:
    Need.objects.filter(pk=need.pk).update(signing_suffices=True)
    nda = sign(reader, need)
    assert nda.state == NdaState.GRANTED
    assert nda.ends_on is not None
    assert reads(reader, need)


def test_one_agreement_can_cover_all_records_of_the_owner(need: Need, reader: Actor) -> None:
    other = make_need(need.owner, details=SECRET, under_nda=True)
    nda = sign(reader, need)
    assert not reads(reader, other)
    grant_nda(actor=make_person_of(need.owner), nda=nda, for_all=True)
    assert reads(reader, other)
    assert reads(reader, need)
    assert not reads(reader, make_need(details=SECRET, under_nda=True))


def test_an_anonymous_owner_cannot_be_told_by_a_wider_agreement(reader: Actor) -> None:
    need = make_need(details=SECRET, under_nda=True, anonymous=True)
    nda = sign(reader, need)
    with pytest.raises(RuleViolation, match="whose it is"):
        grant_nda(actor=make_person_of(need.owner), nda=nda, for_all=True)


def test_who_may_not_sign(need: Need, reader: Actor) -> None:
    viewer = make_person_of(make_organisation(), Role.VIEWER)
    token = Actor(
        kind=ActorKind.TOKEN, label="程序", person_id=reader.person_id, memberships=reader.memberships
    )
    for actor in (viewer, token, make_person_of(need.owner)):
        with pytest.raises(NotAllowed):
            sign(actor, need)
    with pytest.raises(RuleViolation, match="replaced"):
        sign(reader, need, text_digest="0" * 64)
    with pytest.raises(InvalidInput):
        sign(reader, need, purpose="")
    with pytest.raises(NotAllowed):
        sign(reader, make_need(details="公开"))
    sign(reader, need)
    with pytest.raises(Conflict):
        sign(reader, need)


def test_who_may_not_decide(need: Need, reader: Actor) -> None:
    nda = sign(reader, need)
    operator = actor_of_person(make_person(is_operator=True))
    for actor in (reader, operator, make_person_of(need.owner, Role.VIEWER)):
        with pytest.raises(NotAllowed):
            grant_nda(actor=actor, nda=nda)
    assert not reads(operator, need)
    decline_nda(actor=make_person_of(need.owner), nda=nda, reason="同行")
    with pytest.raises(RuleViolation):
        grant_nda(actor=make_person_of(need.owner), nda=nda)
    assert sign(reader, need).state == NdaState.REQUESTED  # may ask again


def test_readings_are_written_down_once_a_day(need: Need, reader: Actor) -> None:
    grant_nda(actor=make_person_of(need.owner), nda=sign(reader, need))
    for _ in range(3):
        assert reads(reader, need)
    viewing = Viewing.objects.get()
    assert (viewing.person_id, set(viewing.fields)) == (reader.person_id, set(Need.nda_fields))
    reads(make_person_of(need.owner), need)
    reads(SYSTEM, need)
    assert Viewing.objects.count() == 1


def test_matches_under_an_agreement_use_the_details_and_are_written_down() -> None:
    need = make_need(
        title="寻求技术",
        summary="某处理技术",
        details="电镀废水六价铬还原沉淀",
        under_nda=True,
        keywords=["处理"],
    )
    reader = make_person_of(make_organisation(), Role.OWNER)
    result = make_result(make_organisation(), "电镀废水六价铬还原沉淀处理技术")
    before = match_result(reader, result)
    grant_nda(actor=make_person_of(need.owner), nda=sign(reader, need))
    after = match_result(reader, result)
    assert after[0].match.score > (before[0].match.score if before else 0)
    assert Viewing.objects.filter(subject_id=need.public_id).exists()
    stranger = match_result(make_person_of(make_organisation()), result)
    assert [view.match.score for view in stranger] == [view.match.score for view in before]


def test_both_sides_are_told_in_both_languages_and_nothing_secret(need: Need, reader: Actor) -> None:
    owner = make_person_of(need.owner)
    nda = sign(reader, need)
    grant_nda(actor=owner, nda=nda)
    assert len(mail.outbox) == 2
    for message in mail.outbox:
        assert re.search(r"保密协议", message.subject)
        assert "Agreement" in message.subject
        assert SECRET not in message.body + message.subject
        assert need.owner.name not in message.body


def test_the_annex_is_for_the_owner_and_those_named(need: Need, reader: Actor) -> None:
    owner = make_person_of(need.owner)
    annex = keep_annex(actor=owner, record=need, text="附件乙三三")
    assert "附件乙三三" not in annex.sealed
    grant_nda(actor=owner, nda=sign(reader, need))
    person = make_person("named@example.org")
    path = f"/needs/{need.public_id}/"

    def shown(somebody: Any) -> bool:
        client = Client()
        if somebody is not None:
            client.force_login(somebody)
        return "附件乙三三" in client.get(path).content.decode()

    reading = make_member(make_organisation(), Role.OWNER)
    assert [shown(each) for each in (None, person, reading)] == [False] * 3
    name_annex_reader(actor=owner, annex=annex, email="named@example.org")
    assert (shown(person), shown(make_member(need.owner, Role.VIEWER))) == (True, True)
    assert [shown(each) for each in (None, reading, make_person(is_operator=True))] == [False] * 3
    end_annex_reader(actor=owner, annex=annex, person=str(person.public_id))
    assert not shown(person)


def test_a_reading_of_the_annex_is_written_down_and_shown_to_its_owner(need: Need, reader: Actor) -> None:
    owner = make_person_of(need.owner)
    annex = keep_annex(actor=owner, record=need, text="附件乙三三")
    person = make_person("named@example.org")
    name_annex_reader(actor=owner, annex=annex, email="named@example.org")
    client = Client()
    client.force_login(person)
    for _ in range(2):
        client.get(f"/needs/{need.public_id}/")
    client.force_login(make_member(need.owner, Role.VIEWER))
    client.get(f"/needs/{need.public_id}/")
    (reading,) = list_viewings_of(owner, need.owner_id, need.public_id)
    assert (reading.person_id, reading.of_annex, reading.nda) == (person.public_id, True, None)
    assert Event.objects.filter(name="annex.shown").count() == 1
    owning = Client(headers={"Accept-Language": "en"})
    owning.force_login(make_member(need.owner, Role.OWNER))
    page = owning.get(reverse("work:readers", args=["needs", need.public_id])).content.decode()
    assert "the sealed annex" in page
    assert str(person) in page


def test_a_reviewer_decides_who_reads_and_changes_nothing(need: Need, reader: Actor) -> None:
    reviewer = make_person_of(need.owner, Role.REVIEWER)
    nda = grant_nda(actor=reviewer, nda=sign(reader, need))
    assert nda.state == NdaState.GRANTED
    revoke_nda(actor=reviewer, nda=nda)
    with pytest.raises(NotAllowed):
        keep_annex(actor=reviewer, record=need, text="附件")
    with pytest.raises(NotAllowed):
        grant_nda(actor=make_person_of(need.owner, Role.VIEWER), nda=sign(reader, need))


def test_the_whole_way_on_the_site(need: Need) -> None:
    reading, owning = Client(headers={"Accept-Language": "en"}), Client(headers={"Accept-Language": "en"})
    organisation = make_organisation("读者单位")
    reading.force_login(make_member(organisation, Role.OWNER))
    owning.force_login(make_member(need.owner, Role.OWNER))
    page = f"/needs/{need.public_id}/"
    assert "Sign in to read on" in Client(headers={"Accept-Language": "en"}).get(page).content.decode()
    sign_url = f"/work/needs/{need.public_id}/sign/"
    assert sign_url in reading.get(page).content.decode()
    text = reading.get(sign_url).content.decode()
    assert agreement_text().digest in text
    form = {"organisation": str(organisation.public_id), "purpose": "评估", "digest": agreement_text().digest}
    assert reading.post(sign_url, form).status_code == 422  # not agreed
    assert reading.post(sign_url, form | {"agreed": "on"}).status_code == 302
    assert "the owner decides next" in reading.get(page).content.decode()
    nda = Nda.objects.get()
    assert "waits for you" in owning.get("/work/").content.decode()
    agreement = f"/work/agreements/{nda.public_id}/"
    for client in (reading, owning):
        assert client.get("/work/agreements/").status_code == client.get(agreement).status_code == 200
    assert reading.post(f"{agreement}grant/").status_code == 403
    assert owning.post(f"{agreement}grant/", {"ends_on": ""}).status_code == 302
    assert SECRET in reading.get(page).content.decode()
    assert "15 fields" not in owning.get(agreement).content.decode()
    assert str(Viewing.objects.get().person_label) in owning.get(agreement).content.decode()
    readers = f"/work/needs/{need.public_id}/readers/"
    assert owning.get(readers).status_code == 200
    assert reading.get(readers).status_code == 404
    assert owning.post(f"/work/needs/{need.public_id}/annex/", {"text": "附件"}).status_code == 302
    assert owning.post(f"{agreement}revoke/", {"reason": ""}).status_code == 302
    assert SECRET not in reading.get(page).content.decode()
    stranger = Client()
    stranger.force_login(make_member(make_organisation(), Role.OWNER))
    assert stranger.get(agreement).status_code == 404
