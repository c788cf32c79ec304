"""Triage by technology managers, and checks whether a need is real."""

from __future__ import annotations

from collections.abc import Iterator

from tests.authorization.endpoint import Endpoint, at, below, fixed, owned


def web() -> Iterator[Endpoint]:
    """`their_editor` is a technology manager."""
    yield Endpoint("web", "work:triage-list", "GET", at("work:triage-list"), lists=("consultation", "need"))
    decision = fixed({"route": "diagnose", "minutes": "电话谈过"})
    for about in ("consultation", "need"):
        yield Endpoint("web", "work:triage", "GET", at("work:triage", about), about)
        yield Endpoint("web", "work:triage", "POST", at("work:triage", about), about, body=decision)
    yield Endpoint(
        "web", "work:show-consultation", "POST", at("work:show-consultation"), "consultation", body=fixed({"shown": "1"})
    )  # fmt: skip
    why = fixed({"objection": "不是这样"})
    yield Endpoint("web", "work:triage-object", "POST", at("work:triage-object"), "triage", body=why)
    seen = fixed({"means": "call", "finding": "genuine", "checked_on": "2026-01-05", "what": "电话核实"})
    yield Endpoint("web", "work:check", "GET", at("work:check"), "need")
    yield Endpoint("web", "work:check", "POST", at("work:check"), "need", body=seen)
    yield Endpoint("web", "work:dispute", "GET", at("work:dispute"), "check")
    yield Endpoint("web", "work:dispute", "POST", at("work:dispute"), "check", body=why)


def api() -> Iterator[Endpoint]:
    """The clinic for programs of the organisation whose trouble it is."""
    trouble = {"title": "漆膜不匀", "words": "返工率8%"}
    yield Endpoint("api", "list_consultations", "GET", below("/consultations"), lists=("consultation",))
    yield Endpoint("api", "open_consultation", "POST", below("/consultations"), body=owned(trouble))
    one = "/consultations/{}"
    for name, path in (("get_consultation", ""), ("list_consultation_questions", "/questions"),
                       ("list_consultation_triages", "/triages")):  # fmt: skip
        yield Endpoint("api", name, "GET", below(one + path), "consultation")
    yield Endpoint("api", "tell_consultation", "PATCH", below(one), "consultation",
                   body=fixed({"words": "返工率9%"}), headers={"If-Match": "*"})  # fmt: skip
    for name, path, body in (
        ("answer_consultation", "answers", {"topic": "budget", "text": "预算50万元"}),
        ("set_consultation_acceptance", "acceptance", {"criteria": []}),
        ("register_consultation", "register", {}),
        ("show_consultation", "show", {"shown": True}),
        ("close_consultation", "close", {"reason": "已解决"}),
    ):
        yield Endpoint("api", name, "POST", below(f"{one}/{path}"), "consultation", body=fixed(body))
    yield Endpoint("api", "list_need_triages", "GET", below("/needs/{}/triages"), "need")
    yield Endpoint("api", "list_need_checks", "GET", below("/needs/{}/checks"), "need")
    why = fixed({"objection": "不是这样"})
    yield Endpoint("api", "object_to_triage", "POST", below("/triages/{}/object"), "triage", body=why)
    yield Endpoint("api", "object_to_check", "POST", below("/checks/{}/object"), "check", body=why)
