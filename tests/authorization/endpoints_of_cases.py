"""Cases: carried by a technology manager of theirs, about a need of ours and a result of a third organisation."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from tests.authorization.endpoint import Endpoint, at, below, fixed, of
from tests.authorization.world_of_cases import CALENDAR_SECRET, DUE

OF_CASE = {
    "case-plan": {"next_step": "约企业", "next_due": DUE},
    "case-advance": {"stage": "negotiating"},
    "case-partner": {"address": "/results/none/"},
    "case-introduce": {"words": "互补", "protected_months": "12"},
    "case-name": {},
    "case-confirm": {},
    "case-object": {"words": "应当继续"},
    "case-contact": {"with_whom": "seeker", "channel": "phone", "note": "谈了样品", "reader": "carrier"},
    "case-task": {"title": "寄样", "due_on": DUE},
    "case-offer": {"taker": "", "reason": "转岗"},
    "case-terms": {"base": "money_paid", "rate": "5", "payer": "half_each"},
    "introduction-answer": {"kind": "acknowledged", "side": "seeker"},
}


def web() -> Iterator[Endpoint]:
    """The board, the page of a case, and what belongs to it."""
    yield Endpoint("web", "work:cases", "GET", at("work:cases"))
    pair = of(lambda world: {"need": str(world.records["need"]["public"].public_id)})
    yield Endpoint("web", "work:case-open", "POST", at("work:case-open"), body=pair)
    for name in ("case", "case-introduction", "introduction-receipt"):
        yield Endpoint("web", f"work:{name}", "GET", at(f"work:{name}"), "case")
    for name, body in OF_CASE.items():
        yield Endpoint("web", f"work:{name}", "POST", at(f"work:{name}"), "case", body=fixed(body))
    yield Endpoint("web", "work:task-file", "GET", at("work:task-file"), "task")
    yield Endpoint("web", "work:task-finish", "POST", at("work:task-finish"), "task")
    yield Endpoint(
        "web", "work:task-postpone", "POST", at("work:task-postpone"), "task", body=fixed({"due_on": DUE})
    )
    for name in ("offer-accept", "offer-decline", "offer-take-back"):
        yield Endpoint(
            "web", f"work:{name}", "POST", at(f"work:{name}"), "hand_over", body=fixed({"words": "没空"})
        )
    words = fixed({"words": "已恢复", "reopen": "1"})
    yield Endpoint(
        "web", "work:objection-answer", "POST", at("work:objection-answer"), "objection", body=words
    )
    digest = of(lambda world: {"digest": world.rest["terms"]["proposed"].digest, "side": "seeker"})
    yield Endpoint("web", "work:terms-accept", "POST", at("work:terms-accept"), "terms", body=digest)
    yield Endpoint(
        "web",
        "work:terms-decline",
        "POST",
        at("work:terms-decline"),
        "terms",
        body=fixed({"words": "费率过高"}),
    )
    yield Endpoint("web", "work:case-calendar", "GET", at("work:case-calendar"))
    yield Endpoint("web", "work:case-calendar", "POST", at("work:case-calendar"))
    yield Endpoint("web", "calendar", "GET", lambda *_: reverse("calendar", args=[CALENDAR_SECRET]))


def api() -> Iterator[Endpoint]:
    """The same for programs."""
    yield Endpoint("api", "list_cases", "GET", below("/cases"), lists=("case",))
    pair = of(lambda world: {"need": str(world.records["need"]["public"].public_id)})
    yield Endpoint("api", "open_case", "POST", below("/cases"), body=pair)
    for name, path in (("get_case", ""), ("list_case_contacts", "/contacts"), ("list_case_tasks", "/tasks"),
                       ("list_case_objections", "/objections"), ("list_case_terms", "/terms")):  # fmt: skip
        yield Endpoint("api", name, "GET", below(f"/cases/{{}}{path}"), "case")
    for name, path, body in (
        ("plan_case", "plan", {"next_step": "约企业", "next_due": DUE}),
        ("advance_case", "advance", {"stage": "negotiating"}),
        ("choose_case_partner", "partner", {}),
        ("introduce_case", "introduce", {"words": "互补"}),
        ("name_case_owner", "name", None),
        ("confirm_case_agreement", "confirm", {}),
        ("log_case_contact", "contacts", {"with_whom": "seeker", "channel": "phone", "note": "谈了样品"}),
        ("add_case_task", "tasks", {"title": "寄样", "due_on": DUE}),
        ("object_to_case_stop", "object", {"note": "应当继续"}),
        ("propose_case_terms", "terms", {"base": "money_paid", "rate": 500, "payer": "half_each"}),
    ):
        yield Endpoint("api", name, "POST", below(f"/cases/{{}}/{path}"), "case", body=fixed(body))
    taker = of(lambda world: {"taker": str(world.rest["manager"]["registered"].public_id), "reason": "转岗"})
    yield Endpoint("api", "offer_case", "POST", below("/cases/{}/offer"), "case", body=taker)
    yield Endpoint("api", "finish_task", "POST", below("/case-tasks/{}/finish"), "task")
    later = fixed({"due_on": DUE})
    yield Endpoint("api", "postpone_task", "POST", below("/case-tasks/{}/postpone"), "task", body=later)
    answer = fixed({"answer": "没空"})
    offer = below("/hand-overs/{}/decline")
    yield Endpoint("api", "accept_hand_over", "POST", below("/hand-overs/{}/accept"), "hand_over")
    yield Endpoint("api", "decline_hand_over", "POST", offer, "hand_over", body=answer)
    yield Endpoint("api", "take_back_hand_over", "POST", below("/hand-overs/{}/take-back"), "hand_over")
    said = fixed({"answer": "已恢复", "reopen": True})
    path = below("/case-objections/{}/answer")
    yield Endpoint("api", "answer_case_objection", "POST", path, "objection", body=said)
