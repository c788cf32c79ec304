"""The catalogue of services: ours offers one that theirs asked for."""

from __future__ import annotations

from collections.abc import Iterator

from tests.authorization.endpoint import Endpoint, at, below, fixed, of, owned

ENTRY = {
    "kind": "finance",
    "title": "保险对接",
    "summary": "对接首台套保险。",
    "answer_days": 5,
    "price_basis": "free",
}


def web() -> Iterator[Endpoint]:
    yield Endpoint("web", "services", "GET", at("services"), lists=("service",))
    yield Endpoint("web", "service", "GET", at("service"), "service")
    yield Endpoint("web", "work:services", "GET", at("work:services"), lists=("service_request",))
    yield Endpoint("web", "work:service-new", "GET", at("work:service-new"))
    offered = of(lambda world: {**ENTRY, "provider": str(world.ours.public_id)})
    yield Endpoint("web", "work:service-new", "POST", at("work:service-new"), body=offered)
    yield Endpoint("web", "work:service-edit", "GET", at("work:service-edit"), "service")
    yield Endpoint("web", "work:service-edit", "POST", at("work:service-edit"), "service", body=fixed(ENTRY))
    reason = fixed({"reason": "停办"})
    yield Endpoint(
        "web", "work:service-withdraw", "POST", at("work:service-withdraw"), "service", body=reason
    )
    yield Endpoint("web", "work:service-resume", "POST", at("work:service-resume"), "service")
    wish = of(lambda world: {"organisation": str(world.theirs.public_id), "wish": "请来"})
    yield Endpoint("web", "work:service-ask", "POST", at("work:service-ask"), "service", body=wish)
    yield Endpoint("web", "work:service-request", "GET", at("work:service-request"), "service_request")
    answer = fixed({"answer": "好", "accepts": "1"})
    path = at("work:service-request-answer")
    yield Endpoint("web", "work:service-request-answer", "POST", path, "service_request", body=answer)
    yield Endpoint(
        "web", "work:service-request-back", "POST", at("work:service-request-back"), "service_request"
    )
    path, met = at("work:service-request-confirm"), fixed({"met": "yes"})
    yield Endpoint("web", "work:service-request-confirm", "POST", path, "service_request", body=met)


def api() -> Iterator[Endpoint]:
    yield Endpoint("api", "list_services", "GET", below("/services"), lists=("service",))
    yield Endpoint("api", "get_service", "GET", below("/services/{}"), "service")
    yield Endpoint("api", "offer_service", "POST", below("/services"), body=owned(ENTRY))
    yield Endpoint("api", "edit_service", "PATCH", below("/services/{}"), "service",
                   body=fixed({"title": "改"}), headers={"If-Match": "*"})  # fmt: skip
    reason = fixed({"reason": "停办"})
    yield Endpoint("api", "withdraw_service", "POST", below("/services/{}/withdraw"), "service", body=reason)
    yield Endpoint("api", "resume_service", "POST", below("/services/{}/resume"), "service")
    wish = of(lambda world: {"organisation": str(world.theirs.public_id), "wish": "请来"})
    yield Endpoint("api", "ask_for_service", "POST", below("/services/{}/requests"), "service", body=wish)
    yield Endpoint(
        "api", "list_service_requests", "GET", below("/service-requests"), lists=("service_request",)
    )
    yield Endpoint("api", "get_service_request", "GET", below("/service-requests/{}"), "service_request")
    path, answer = below("/service-requests/{}/answer"), fixed({"accepts": True, "answer": "好"})
    yield Endpoint("api", "answer_service_request", "POST", path, "service_request", body=answer)
    path = below("/service-requests/{}/take-back")
    yield Endpoint("api", "take_back_service_request", "POST", path, "service_request")
    path, met = below("/service-requests/{}/confirm"), fixed({"met": "yes"})
    yield Endpoint("api", "confirm_service_request", "POST", path, "service_request", body=met)
