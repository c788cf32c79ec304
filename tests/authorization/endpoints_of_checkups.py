"""Check-ups: our organisation's own."""

from __future__ import annotations

from collections.abc import Iterator

from tests.authorization.endpoint import Endpoint, at, below, fixed, owned

ANSWERS = {"energy_heat": {"choice": "no", "words": ""}}


def web() -> Iterator[Endpoint]:
    yield Endpoint("web", "work:checkups", "GET", at("work:checkups"), lists=("checkup",))
    yield Endpoint("web", "work:checkups", "POST", at("work:checkups"))
    yield Endpoint("web", "work:checkup", "GET", at("work:checkup"), "checkup")
    sent = fixed({"energy_heat": "no"})
    yield Endpoint("web", "work:checkup", "POST", at("work:checkup"), "checkup", body=sent)
    yield Endpoint("web", "work:checkup-report", "GET", at("work:checkup-report"), "checkup")
    found = fixed({"question": "quality_scrap"})
    yield Endpoint("web", "work:checkup-bring", "POST", at("work:checkup-bring"), "checkup", body=found)


def api() -> Iterator[Endpoint]:
    yield Endpoint("api", "list_checkups", "GET", below("/checkups"), lists=("checkup",))
    yield Endpoint("api", "open_checkup", "POST", below("/checkups"), body=owned({}))
    yield Endpoint("api", "get_checkup", "GET", below("/checkups/{}"), "checkup")
    yield Endpoint("api", "answer_checkup", "PATCH", below("/checkups/{}"), "checkup",
                   body=fixed({"answers": ANSWERS}), headers={"If-Match": "*"})  # fmt: skip
    found = fixed({"question": "quality_scrap"})
    yield Endpoint("api", "bring_checkup_finding", "POST", below("/checkups/{}/bring"), "checkup", body=found)
