"""Triage by technology managers, and checks whether a need is real."""

from __future__ import annotations

from collections.abc import Iterator

from tests.authorization.endpoint import Endpoint, at, fixed


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
