"""Cases: carried by a technology manager of theirs, about a need of ours and a result of a third organisation."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from tests.authorization.endpoint import Endpoint, at, fixed, of
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
