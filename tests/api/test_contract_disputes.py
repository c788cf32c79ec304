"""Disputes about contracts through the API: everything but accepting a settlement."""

from __future__ import annotations

import pytest

from ronglian.apps.accounts.models import Person
from ronglian.apps.agreements.models import Agreement
from ronglian.apps.agreements.operations.mediating import accept_settlement
from ronglian.kernel.actor import Actor
from tests.api.calls import Caller, caller_of, secret_of
from tests.factories import make_organisation
from tests.factories.agreements import LICENCE_TERMS, Parties, make_agreement, make_parties, make_signed
from tests.factories.disputes import make_settlement
from tests.factories.technology_managers import make_manager

pytestmark = pytest.mark.django_db
CLAIM = {"subject": "quality", "claim": "出水超标", "days": 15, "payment": 2, "clause": "acceptance",
         "amount_fen": 6_000_000, "asks_hold": True}  # fmt: skip
TERMS = {**LICENCE_TERMS, "disputes": "提交苏州仲裁委员会仲裁"}


@pytest.fixture
def parties() -> Parties:
    return make_parties()


@pytest.fixture
def agreement(parties: Parties) -> Agreement:
    return make_signed(parties, terms=TERMS)


def caller(actor: Actor) -> Caller:
    return Caller(secret_of(Person.objects.get(public_id=actor.person)))


def test_from_the_claim_to_the_settlement(parties: Parties, agreement: Agreement) -> None:
    buyer, seller = caller(parties.buyer), caller(parties.seller)
    place = f"/contracts/{agreement.public_id}/disputes"
    raised = buyer.post(place, CLAIM)
    assert raised.status_code == 201
    assert raised.json()["log"][0]["step"] == "raised"
    answered = seller.post(f"{place}/1/answer", {"text": "进水超出约定", "agrees_hold": True}).json()
    assert (answered["state"], answered["held_fen"], answered["payment"]) == ("answered", 6_000_000, 2)
    assert [one["number"] for one in seller.get(place).json()] == [1]

    manager = make_manager()
    mediator = Caller(secret_of(manager.person))
    party = {"organisation": str(agreement.client.public_id)}
    assert buyer.post(f"{place}/1/mediators", party).status_code == 422
    assert buyer.post(f"{place}/1/mediators", {}).status_code == 422
    proposed = buyer.post(f"{place}/1/mediators", {"manager": str(manager.public_id)}).json()
    path = f"{place}/1/mediators/{proposed['proposed_mediator']['id']}/answer"
    assert mediator.get(f"{place}/1").status_code == 404
    assert seller.post(path, {"agrees": True}).json()["mediator"]["manager"] == str(manager.public_id)
    assert mediator.get(f"{place}/1").json()["claim"] == "出水超标"
    assert mediator.get(f"/contracts/{agreement.public_id}").status_code == 404
    assert mediator.get(place).status_code == 404

    said = mediator.post(f"{place}/1/statements", {"text": "请交检测报告"})
    assert said.json()["log"][-1]["role"] == "mediator"
    amounts = [{"payer": "client", "amount_fen": 3_000_000, "title": "验收款", "day": "2027-01-31"}]
    first = mediator.post(f"{place}/1/settlements", {"text": "各半", "amounts": amounts})
    assert first.status_code == 201
    assert first.json()["settlements"][0]["amounts"] == amounts
    declined = seller.post(f"{place}/1/settlements/decline", {"reason": "太少"}).json()
    assert declined["settlements"][0]["state"] == "declined"
    second = mediator.post(f"{place}/1/settlements", {"text": "六四"}).json()["settlements"][0]
    assert (second["number"], second["amounts"]) == (2, [])
    left = mediator.post(f"{place}/1/mediator/leave", {"reason": "与一方有往来"})
    assert (left.status_code, left.json()["state"]) == (200, "answered")
    assert mediator.get(f"{place}/1").status_code == 404
    failed = buyer.post(f"{place}/1/fail", {"reason": "谈不拢"}).json()
    assert (failed["state"], failed["courts"]) == ("failed", "提交苏州仲裁委员会仲裁")


def test_who_accepted_is_told(parties: Parties) -> None:
    settlement = make_settlement(parties)
    dispute = settlement.dispute
    accept_settlement(actor=parties.seller, dispute=dispute, digest=settlement.digest)
    shown = caller(parties.buyer).get(f"/contracts/{dispute.agreement.public_id}/disputes/1").json()
    assert shown["settlements"][0]["accepted_by"] == ["provider"]
    assert shown["settlements"][0]["digest"] == settlement.digest


def test_taken_back_and_not_there(parties: Parties, agreement: Agreement) -> None:
    buyer, stranger = caller(parties.buyer), caller_of(make_organisation("他方"))
    place = f"/contracts/{agreement.public_id}/disputes"
    assert buyer.post(place, CLAIM | {"days": 9}).status_code == 422
    assert buyer.post(place, CLAIM | {"payment": 9}).status_code == 404
    assert buyer.post(place, CLAIM).status_code == 201
    for path in (place, f"{place}/1"):
        assert stranger.get(path).status_code == 404
    assert buyer.post(f"{place}/1/withdraw", {"reason": "已经整改"}).json()["state"] == "withdrawn"
    unsigned = make_agreement(parties)
    assert buyer.get(f"/contracts/{unsigned.public_id}/disputes").status_code == 404
