"""Disputes through the site and by a program: the same step on two disputes that are alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from ronglian.apps.agreements.enums import Side
from ronglian.apps.agreements.models import Dispute, DisputeEntry, MediatorProposal, Settlement
from ronglian.apps.agreements.operations.mediating import answer_mediator
from tests.factories.agreements import Parties, make_parties, make_signed
from tests.factories.disputes import (
    make_answered,
    make_dispute,
    make_nominated,
    make_settlement,
)
from tests.factories.technology_managers import make_manager
from tests.parity.contracts import parties_of
from tests.parity.contracts import told as told_of_one
from tests.parity.doors import Doors, latest

CLAIM = {"subject": "quality", "claim": "出水超标", "days": "15", "amount_fen": "1元", "asks_hold": "on",
         "clause": "acceptance", "payment": "2"}  # fmt: skip
CLAIM_BODY = {**CLAIM, "days": 15, "amount_fen": 100, "asks_hold": True, "payment": 2}
REASON = {"reason": "有理由"}
SAID = {"text": "附上检测报告"}
AMOUNTS = {"amounts-TOTAL_FORMS": "1", "amounts-INITIAL_FORMS": "0", "amounts-0-payer": "client",
           "amounts-0-amount_fen": "1元", "amounts-0-title": "验收款", "amounts-0-day": "2027-01-31"}  # fmt: skip
AMOUNTS_BODY = [{"payer": "client", "amount_fen": 100, "title": "验收款", "day": "2027-01-31"}]
APART = {"said_by", "raised_by_label"}


@dataclass(frozen=True, slots=True)
class Step:
    """What the form sends, what a program sends, and the dispute as it is before. `model`: what the step writes last."""

    page: str
    form: Mapping[str, Any]
    path: str
    body: Mapping[str, Any]
    make: Callable[[Doors, Parties], Dispute]
    model: type[models.Model] = Dispute
    side: Side = Side.PROVIDER


def told(row: Any) -> tuple[dict[str, Any], list[tuple[str, Any]]]:
    values, events = told_of_one(row)
    return {name: value for name, value in values.items() if name not in APART}, events


def compare(step: Step) -> Callable[[Doors], None]:
    def same(doors: Doors) -> None:
        found = []
        for is_site in (True, False):
            dispute = step.make(doors, parties_of(doors, step.side))
            named = MediatorProposal.objects.filter(dispute=dispute).last()
            thing = named.public_id if named else ""
            place = f"/contracts/{dispute.agreement.public_id}/disputes/1/"
            if is_site:
                doors.post("/work" + place + step.page.format(thing=thing), dict(step.form))
            else:
                answer = doors.api.post(place + step.path.format(thing=thing), step.body)
                assert answer.status_code in (200, 201), answer.content.decode()
            row = Dispute.objects.get(pk=dispute.pk)
            found.append((told(latest(step.model)), told(row), told(latest(DisputeEntry))))
        assert found[0] == found[1]
        assert found[0][0][1], "the step wrote an event"

    return same


def raised(_doors: Doors, parties: Parties) -> Dispute:
    return make_dispute(parties, amount_fen=100, asks_hold=True)


def answered(_doors: Doors, parties: Parties) -> Dispute:
    return make_answered(parties)


def nominated(_doors: Doors, parties: Parties) -> Dispute:
    return make_nominated(parties).dispute


def proposed(_doors: Doors, parties: Parties) -> Dispute:
    return make_settlement(parties).dispute


def mediated_by_us(doors: Doors, _parties: Parties) -> Dispute:
    """A dispute of others that the organisation at the doors mediates."""
    parties = make_parties()
    nomination = make_nominated(parties, organisation=doors.organisation)
    return answer_mediator(actor=parties.seller, dispute=nomination.dispute, proposal=nomination, agrees=True)


STEPS: dict[str, Step] = {
    "dispute.answer": Step("answer/", {**SAID, "agrees_hold": "on"}, "answer", {**SAID, "agrees_hold": True}, raised),
    "dispute.say": Step("say/", SAID, "statements", SAID, answered, DisputeEntry),
    "dispute.withdraw": Step("withdraw/", REASON, "withdraw", REASON, answered, side=Side.CLIENT),
    "dispute.fail": Step("fail/", REASON, "fail", REASON, answered),
    "mediator.answer": Step("mediators/{thing}/accept/", {}, "mediators/{thing}/answer", {"agrees": True}, nominated,
                            MediatorProposal),
    "mediator.leave": Step("leave/", REASON, "mediator/leave", REASON, mediated_by_us, MediatorProposal),
    "settlement.propose": Step("settlement/", {**SAID, **AMOUNTS}, "settlements", {**SAID, "amounts": AMOUNTS_BODY},
                               mediated_by_us, Settlement),
    "settlement.decline": Step("decline/", REASON, "settlements/decline", REASON, proposed, Settlement),
}  # fmt: skip


def same_raised(doors: Doors) -> None:
    found = []
    for is_site in (True, False):
        agreement = make_signed(parties_of(doors, Side.CLIENT))
        place = f"/contracts/{agreement.public_id}/disputes"
        if is_site:
            doors.post(f"/work{place}/", CLAIM)
        else:
            assert doors.api.post(place, CLAIM_BODY).status_code == 201
        found.append((told(latest(Dispute)), told(latest(DisputeEntry))))
    assert found[0] == found[1]


def same_nominated(doors: Doors) -> None:
    manager = make_manager()
    found = []
    for is_site in (True, False):
        dispute = make_answered(parties_of(doors, Side.PROVIDER))
        place = f"/contracts/{dispute.agreement.public_id}/disputes/1"
        if is_site:
            doors.post(f"/work{place}/mediator/", {"mediator": f"/managers/{manager.public_id}/"})
        else:
            body = {"manager": str(manager.public_id)}
            assert doors.api.post(f"{place}/mediators", body).status_code == 201
        named = latest(MediatorProposal)
        assert named.manager == manager
        found.append((told(named), told(Dispute.objects.get(pk=dispute.pk))))
    assert found[0] == found[1]


COMPARED: dict[str, Callable[[Doors], None]] = {
    **{name: compare(step) for name, step in STEPS.items()},
    "dispute.raise": same_raised,
    "mediator.propose": same_nominated,
}
