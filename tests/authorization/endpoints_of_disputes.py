"""Disputes about contracts: what is asked of their pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from ronglian.apps.agreements.models import Settlement
from tests.authorization.endpoint import API, Endpoint, Path, at, below, fixed, of
from tests.authorization.world import Subject, World

REASON = {"reason": "有理由"}
CLAIM = {"subject": "quality", "claim": "出水超标"}
SAID = {"text": "请看检测报告"}
NO_AMOUNTS = {"amounts-TOTAL_FORMS": "0", "amounts-INITIAL_FORMS": "0"}
# Page, path of the API, operation, what is sent, and on contracts in which state.
STEPS: tuple[tuple[str, str, str, dict[str, Any], str], ...] = (
    ("answer", "answer", "answer_contract_dispute", SAID, "contract in dispute"),
    ("withdraw", "withdraw", "withdraw_contract_dispute", REASON, "contract in dispute"),
    ("fail", "fail", "end_contract_dispute", REASON, "contract in dispute"),
    ("say", "statements", "add_contract_dispute_statement", SAID, "contract in mediation"),
    ("leave", "mediator/leave", "leave_contract_mediation", REASON, "contract in mediation"),
    ("settlement", "settlements", "propose_contract_settlement", SAID, "contract in mediation"),
    ("decline", "settlements/decline", "decline_contract_settlement", REASON, "contract in mediation"),
)


def web() -> Iterator[Endpoint]:
    screen = at("work:contract-disputes")
    yield Endpoint("web", "work:contract-disputes", "GET", screen, "disputed contract")
    raised = fixed({**CLAIM, "days": "15"})
    yield Endpoint("web", "work:contract-disputes", "POST", screen, "contract in dispute", body=raised)
    yield Endpoint("web", "work:dispute", "GET", _first("work:dispute"), "disputed contract")
    yield Endpoint("web", "work:dispute-settlement-file", "GET", _file, "contract in mediation")
    for page, _path, _name, told, about in STEPS:
        name = f"work:dispute-{page}"
        yield Endpoint("web", name, "POST", _first(name), about, body=fixed({**told, **NO_AMOUNTS}))
    name = "work:dispute-mediator"
    named = of(lambda world: {"mediator": f"/organisations/{_office(world)}/"})
    yield Endpoint("web", name, "POST", _first(name), "contract in dispute", body=named)
    name = "work:dispute-accept"
    yield Endpoint("web", name, "POST", _first(name), "contract in mediation", body=_digest)
    for name in ("work:dispute-mediator-accept", "work:dispute-mediator-decline"):
        yield Endpoint("web", name, "POST", _of_proposal(name), "mediator proposal", body=fixed(REASON))


def api() -> Iterator[Endpoint]:
    place = "/contracts/{}/disputes"
    yield Endpoint("api", "list_contract_disputes", "GET", below(place), "disputed contract")
    raised = fixed({**CLAIM, "days": 15})
    yield Endpoint("api", "raise_contract_dispute", "POST", below(place), "contract in dispute", body=raised)
    yield Endpoint("api", "get_contract_dispute", "GET", below(f"{place}/1"), "disputed contract")
    for _page, path, name, told, about in STEPS:
        yield Endpoint("api", name, "POST", below(f"{place}/1/{path}"), about, body=fixed(told))
    named = of(lambda world: {"organisation": _office(world)})
    where = below(f"{place}/1/mediators")
    yield Endpoint("api", "propose_contract_mediator", "POST", where, "contract in dispute", body=named)
    answered = fixed({"agrees": False, **REASON})
    yield Endpoint(
        "api", "answer_contract_mediator", "POST", _below_its_dispute, "mediator proposal", body=answered
    )


def _first(name: str) -> Path:
    """The first dispute of a contract."""
    return lambda _world, agreement: reverse(name, args=[agreement.public_id, 1])


def _file(_world: World, agreement: Subject) -> str:
    """The settlement that waits, as a file."""
    return reverse("work:dispute-settlement-file", args=[agreement.public_id, 1, 1, "zh", "docx"])


def _of_proposal(name: str) -> Path:
    return lambda _world, proposal: reverse(
        name, args=[proposal.dispute.agreement.public_id, 1, proposal.public_id]
    )


def _below_its_dispute(_world: World, proposal: Subject) -> str:
    agreement = proposal.dispute.agreement
    return f"{API}/contracts/{agreement.public_id}/disputes/1/mediators/{proposal.public_id}/answer"


def _office(world: World) -> str:
    """The reading organisation, which has nothing to do with the two parties."""
    return str(world.subjects("mediator proposal")["made by theirs"].organisation.public_id)


def _digest(_world: World, agreement: Subject) -> dict[str, str]:
    kept = Settlement.objects.filter(dispute__agreement__public_id=agreement.public_id).first()
    return {"digest": kept.digest if kept else ""}
