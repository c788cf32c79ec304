"""The drafting assistant through each door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ronglian.apps.clinic.models import Consultation, DraftingRun
from ronglian.apps.clinic.operations.consultations import open_consultation
from tests.factories import SYSTEM
from tests.factories.drafting import configured, make_run
from tests.parity.doors import Doors, told

WORDS = "返工率8%，希望≤3%"


def _told(doors: Doors) -> Consultation:
    return open_consultation(actor=SYSTEM, owner=doors.organisation, title="镀层不均", words="返工多")


def same_question(doors: Doors) -> None:
    by_web, by_api, by_cli = (_told(doors) for _door in range(3))
    with configured:
        doors.post(f"/work/clinic/{by_web.public_id}/drafting/", {"words": WORDS, "is_public": "on"})
        body = {"consultation": str(by_api.public_id), "words": WORDS, "is_public": True}
        assert doors.api.post("/drafting", body).status_code == 201
        doors.cli("drafting", "ask", str(by_cli.public_id), "--words", WORDS)
    first, *others = (_run(row) for row in DraftingRun.objects.order_by("id"))
    assert len(others) == 2
    assert all(other == first for other in others)


def same_decision(doors: Doors) -> None:
    found = []
    for door in ("web", "api"):
        suggestion = make_run(_told(doors)).suggestions.get()
        if door == "web":
            doors.post(
                f"/work/suggestions/{suggestion.public_id}/decide/", {"take": "1", "text": "返工率≤2%"}
            )
        else:
            path = f"/drafting/suggestions/{suggestion.public_id}/decide"
            assert doors.api.post(path, {"take": True, "text": "返工率≤2%"}).status_code == 200
        suggestion.refresh_from_db()
        values, events = told(suggestion)
        consultation = told(suggestion.run.consultation)
        found.append(({name: values[name] for name in ("topic", "text", "state")}, events, consultation))
    assert found[0] == found[1]


def _run(run: DraftingRun) -> tuple[dict[str, Any], list[tuple[str, Any]]]:
    values, events = told(run)
    for name in ("consultation", "asked_by", "state", "failure", "version"):  # the job may have run already
        values.pop(name)
    return values, [event for event in events if event[0] == "drafting.asked"]


COMPARED: dict[str, Callable[[Doors], None]] = {
    "drafting.ask": same_question,
    "suggestion.decide": same_decision,
}
