"""The catalogue of services: offered, found, asked for once, answered in time, and confirmed by who asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.clinic.manager_enums import ManagerState
from ronglian.apps.clinic.models import Service, ServiceRequest, TechnologyManager
from ronglian.apps.clinic.operations.services import (
    answer_request,
    ask_for_service,
    confirm_delivery,
    edit_service,
    offer_service,
    resume_service,
    take_back_request,
    withdraw_service,
)
from ronglian.apps.clinic.queries.services import (
    access_request,
    access_service,
    catalogue,
    list_requests,
    search_services,
    services_of,
    waiting_requests,
)
from ronglian.apps.clinic.service_enums import RequestState, ServiceState
from ronglian.kernel.actor import ANONYMOUS, Actor
from ronglian.kernel.errors import (
    Conflict,
    InvalidInput,
    NotAllowed,
    NotFound,
    RuleViolation,
    StaleVersion,
)
from ronglian.kernel.events import events_about
from tests.factories import SYSTEM, make_need, make_organisation, make_person_of
from tests.factories.cases import actor_of
from tests.factories.services import ENTRY, make_accepted, make_request, make_service
from tests.factories.technology_managers import make_manager

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre() -> Organisation:
    return make_organisation("示例技术转移中心")


@pytest.fixture
def firm() -> Organisation:
    return make_organisation("某表面处理有限公司")


@pytest.fixture
def manager() -> TechnologyManager:
    return make_manager()


@pytest.fixture
def editor(firm: Organisation) -> Actor:
    return make_person_of(firm)


def test_organisations_and_registered_managers_offer(
    centre: Organisation, manager: TechnologyManager
) -> None:
    by_centre = offer_service(actor=make_person_of(centre), provider=centre, fields=ENTRY)
    by_manager = offer_service(actor=actor_of(manager), provider=manager, fields=ENTRY)
    assert {by_centre, by_manager} == set(catalogue(ANONYMOUS))
    assert [event.name for event in events_about(by_centre)] == ["service.offered"]
    assert list(services_of(ANONYMOUS, manager)) == [by_manager]


def test_nobody_offers_for_another(centre: Organisation, manager: TechnologyManager, editor: Actor) -> None:
    for provider in (centre, manager):
        with pytest.raises(NotAllowed):
            offer_service(actor=editor, provider=provider, fields=ENTRY)
    waiting = make_manager(is_confirmed=False)
    with pytest.raises(NotAllowed):
        offer_service(actor=actor_of(waiting), provider=waiting, fields=ENTRY)


def test_what_is_wrong_is_named(centre: Organisation) -> None:
    with pytest.raises(InvalidInput) as error:
        make_service(centre, title="", regions=["99"], technology_fields=["none"], answer_days=31)
    assert set(error.value.fields) == {"title", "regions", "technology_fields", "answer_days"}


def test_a_service_has_one_provider(centre: Organisation, manager: TechnologyManager) -> None:
    service = make_service(centre)
    for change in ({"manager": manager}, {"owner": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Service.objects.filter(pk=service.pk).update(**change)


def test_who_leaves_the_register_leaves_the_catalogue(manager: TechnologyManager) -> None:
    service = make_service(manager)
    TechnologyManager.objects.filter(pk=manager.pk).update(state=ManagerState.ENDED, ended_because="转行")
    assert not catalogue(ANONYMOUS).exists()
    with pytest.raises(NotFound):
        access_service(ANONYMOUS, service.public_id)
    assert access_service(SYSTEM, service.public_id) == service


def test_found_by_words_kind_field_and_place(centre: Organisation) -> None:
    there = make_service(centre)
    anywhere = make_service(
        centre, kind="finance", title="首台套保险对接", technology_fields=[], regions=[], price_basis="free"
    )
    rows = catalogue(ANONYMOUS)
    assert list(search_services(rows, query="废水")) == [there]
    assert list(search_services(rows, kind="finance")) == [anywhere]
    assert set(search_services(rows, technology_field="environment", region="32")) == {there, anywhere}
    assert list(search_services(rows, technology_field="biomedicine")) == [anywhere]
    assert list(search_services(rows, region="3302")) == [anywhere]
    assert list(search_services(rows, price_basis="free")) == [anywhere]


def test_withdrawn_with_a_reason_and_offered_again(centre: Organisation) -> None:
    service = make_service(centre)
    own = make_person_of(centre)
    with pytest.raises(InvalidInput):
        withdraw_service(actor=own, service=service, reason=" ")
    withdraw_service(actor=own, service=service, reason="设备检修")
    assert not catalogue(own).exists()
    assert access_service(own, service.public_id).state == ServiceState.WITHDRAWN
    with pytest.raises(NotFound):
        access_service(ANONYMOUS, service.public_id)
    with pytest.raises(RuleViolation):
        withdraw_service(actor=own, service=service, reason="再一次")
    resumed = resume_service(actor=own, service=Service.objects.get(pk=service.pk))
    assert (resumed.state, resumed.withdrawn_because) == (ServiceState.OFFERED, "")
    with pytest.raises(RuleViolation):
        resume_service(actor=own, service=resumed)


def test_edited_by_its_provider_in_the_version_that_was_read(centre: Organisation, editor: Actor) -> None:
    service = make_service(centre)
    with pytest.raises(NotAllowed):
        edit_service(actor=editor, service=service, fields={"title": "改名"})
    with pytest.raises(StaleVersion):
        edit_service(actor=SYSTEM, service=service, fields={"title": "改名"}, version=9)
    edited = edit_service(actor=SYSTEM, service=service, fields={"title": "改名", "kind": "evaluation"})
    assert events_about(edited).latest("id").data["changed"] == ["title"]


def test_asked_answered_and_confirmed(
    firm: Organisation, editor: Actor, manager: TechnologyManager,
    django_capture_on_commit_callbacks: object,
) -> None:  # fmt: skip
    service, need = make_service(manager), make_need(firm)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        asked = ask_for_service(
            actor=editor, organisation=firm, service=service, wish="机密：请来取样", need=need
        )
    assert asked.answer_due == timezone.localdate() + timedelta(days=3)
    assert [letter.to for letter in mail.outbox] == [[manager.person.email]]
    assert "机密" not in mail.outbox[0].body
    assert firm.name not in mail.outbox[0].body
    assert list(waiting_requests(actor_of(manager))) == [asked]
    assert not waiting_requests(editor).exists()
    with pytest.raises(NotAllowed):
        answer_request(actor=editor, request=asked, accepts=True, answer="好")
    with pytest.raises(InvalidInput):
        answer_request(actor=actor_of(manager), request=asked, accepts=True, answer=" ")
    accepted = answer_request(actor=actor_of(manager), request=asked, accepts=True, answer="下周一取样")
    with pytest.raises(RuleViolation):
        take_back_request(actor=editor, request=accepted)
    with pytest.raises(NotAllowed):
        confirm_delivery(actor=actor_of(manager), request=accepted, met="yes")
    with pytest.raises(InvalidInput):
        confirm_delivery(actor=editor, request=accepted, met="perhaps")
    confirmed = confirm_delivery(actor=editor, request=accepted, met="partly")
    assert (confirmed.state, confirmed.met) == (RequestState.CONFIRMED, "partly")
    names = [event.name for event in events_about(confirmed).order_by("id")]
    assert names == ["servicerequest.asked", "servicerequest.accepted", "servicerequest.confirmed"]


def test_one_request_waits_at_a_time(firm: Organisation, editor: Actor, centre: Organisation) -> None:
    service = make_service(centre)
    first = make_request(service, firm)
    with pytest.raises(Conflict):
        make_request(service, firm)
    take_back_request(actor=editor, request=first)
    make_request(service, firm)
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceRequest.objects.filter(pk=first.pk).update(state=RequestState.ASKED)


def test_what_cannot_be_asked_for(firm: Organisation, editor: Actor, centre: Organisation) -> None:
    service = make_service(centre)
    with pytest.raises(InvalidInput):
        ask_for_service(actor=editor, organisation=firm, service=service, wish=" ")
    with pytest.raises(InvalidInput):
        ask_for_service(actor=editor, organisation=firm, service=service, wish="请来", need=make_need(centre))
    with pytest.raises(RuleViolation):
        make_request(service, centre)
    withdraw_service(actor=SYSTEM, service=service, reason="停办")
    with pytest.raises(RuleViolation):
        ask_for_service(actor=editor, organisation=firm, service=service, wish="请来")


def test_a_request_is_between_its_two_sides(firm: Organisation, editor: Actor, centre: Organisation) -> None:
    asked = make_accepted(make_service(centre), firm)
    provider, stranger = make_person_of(centre), make_person_of(make_organisation())
    assert list(list_requests(editor)) == list(list_requests(provider)) == [asked]
    for other in (stranger, ANONYMOUS):
        assert not list_requests(other).exists()
        with pytest.raises(NotFound):
            access_request(other, asked.public_id)


def test_wishes_and_answers_are_sealed(firm: Organisation, centre: Organisation) -> None:
    asked = make_accepted(make_service(centre), firm)
    with connection.cursor() as cursor:
        cursor.execute("SELECT wish, answer FROM clinic_servicerequest")
        (stored,) = cursor.fetchall()
    assert asked.wish not in stored[0]
    assert asked.answer not in stored[1]
