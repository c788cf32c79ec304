"""Services through each door."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ronglian.apps.clinic.models import Service, ServiceRequest
from tests.factories import make_organisation
from tests.factories.services import ENTRY, make_accepted, make_request, make_service
from tests.parity.doors import Doors, assert_same

TYPED = {**ENTRY, "answer_days": "3", "regions": "江苏省苏州市"}


def same_offered(doors: Doors) -> None:
    owner = str(doors.organisation.public_id)
    doors.post("/work/services/new/", {**TYPED, "provider": owner})
    sent = {**ENTRY, "owner": owner, "title_en": "", "summary_en": ""}
    assert doors.api.post("/services", sent).status_code == 201
    assert_same(*Service.objects.order_by("id"))


def same_edited(doors: Doors) -> None:
    first, second = (make_service(doors.organisation, title="旧") for _door in range(2))
    doors.post(f"/work/services/{first.public_id}/edit/", {**TYPED, "version": "1"})
    etag = {"If-Match": '"1"'}
    assert doors.api.patch(f"/services/{second.public_id}", ENTRY, **etag).status_code == 200
    assert_same(*Service.objects.order_by("id"))


def same_withdrawn_and_resumed(doors: Doors) -> None:
    first, second, third = (make_service(doors.organisation) for _door in range(3))
    doors.post(f"/work/services/{first.public_id}/withdraw/", {"reason": "停办"})
    assert doors.api.post(f"/services/{second.public_id}/withdraw", {"reason": "停办"}).status_code == 200
    doors.cli("services", "withdraw", str(third.public_id), "--reason", "停办")
    assert_same(*Service.objects.order_by("id"))
    doors.post(f"/work/services/{first.public_id}/resume/", {})
    assert doors.api.post(f"/services/{second.public_id}/resume").status_code == 200
    doors.cli("services", "resume", str(third.public_id))
    assert_same(*Service.objects.order_by("id"))


def _two_offered(doors: Doors) -> tuple[Service, Service, dict[str, str]]:
    first, second = (make_service(make_organisation()) for _door in range(2))
    return first, second, {"organisation": str(doors.organisation.public_id), "wish": "请来取样"}


def same_asked(doors: Doors) -> None:
    first, second, wish = _two_offered(doors)
    doors.post(f"/work/services/{first.public_id}/ask/", wish)
    assert doors.api.post(f"/services/{second.public_id}/requests", wish).status_code == 201
    _assert_same_requests()


def same_answered(doors: Doors) -> None:
    service = make_service(doors.organisation)
    first, second = (make_request(service, make_organisation()) for _door in range(2))
    doors.post(f"/work/service-requests/{first.public_id}/answer/", {"answer": "下周", "accepts": "1"})
    said = {"accepts": True, "answer": "下周"}
    assert doors.api.post(f"/service-requests/{second.public_id}/answer", said).status_code == 200
    _assert_same_requests()


def same_taken_back(doors: Doors) -> None:
    first, second = (
        make_request(make_service(make_organisation()), doors.organisation) for _door in range(2)
    )
    doors.post(f"/work/service-requests/{first.public_id}/take-back/", {})
    assert doors.api.post(f"/service-requests/{second.public_id}/take-back").status_code == 200
    _assert_same_requests()


def same_confirmed(doors: Doors) -> None:
    first, second = (
        make_accepted(make_service(make_organisation()), doors.organisation) for _door in range(2)
    )
    doors.post(f"/work/service-requests/{first.public_id}/confirm/", {"met": "yes"})
    confirmed = doors.api.post(f"/service-requests/{second.public_id}/confirm", {"met": "yes"})
    assert confirmed.status_code == 200
    _assert_same_requests()


def _assert_same_requests() -> None:
    """Their services differ, and so do the moments."""
    rows = list(ServiceRequest.objects.order_by("id"))
    first = rows[0]
    for row in rows:
        for name in ("service", "asked_by", "asked_at", "answered_at", "confirmed_at"):
            setattr(row, name, getattr(first, name))
    assert_same(*rows)


COMPARED: Mapping[str, Callable[[Doors], None]] = {
    "service.offer": same_offered,
    "service.edit": same_edited,
    "service.withdraw": same_withdrawn_and_resumed,
    "service.resume": same_withdrawn_and_resumed,
    "service.ask": same_asked,
    "servicerequest.answer": same_answered,
    "servicerequest.take_back": same_taken_back,
    "servicerequest.confirm": same_confirmed,
}
