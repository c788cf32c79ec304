"""The screens of technology contracts, from a match to the last payment."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from ronglian.apps.accounts.models import Membership, Organisation, Person
from ronglian.apps.agreements.models import Agreement, MoneyMovement
from ronglian.apps.agreements.queries.agreements import latest_version
from ronglian.kernel.actor import Role
from tests.factories import make_member, make_need, make_organisation, make_result
from tests.web.work.conftest import at_screen

pytestmark = pytest.mark.django_db


def rows(name: str, *given: dict[str, Any]) -> dict[str, Any]:
    """What a browser sends for the rows of one part."""
    sent: dict[str, Any] = {f"{name}-TOTAL_FORMS": len(given), f"{name}-INITIAL_FORMS": 0}
    for place, row in enumerate(given):
        sent |= {f"{name}-{place}-{key}": value for key, value in row.items()}
    return sent


def terms(**others: Any) -> dict[str, Any]:
    return {
        "subject": "除铬技术实施许可",
        "acceptance": "连续 72 小时六价铬不高于 0.1 mg/L",
        "licence_kind": "ordinary",
        "licence_area": "中国境内",
        **rows("rights", {"kind": "know_how", "name": "除铬工艺秘密"}),
        **rows("items", {"name": "许可费", "amount_fen": "10万元", "sort": "technical"}),
        **rows(
            "payments",
            {"title": "首付", "amount_fen": "4万元", "due": "signing"},
            {"title": "验收", "amount_fen": "6万元", "due": "acceptance", "retained_fen": "5000元"},
        ),
        **others,
    }


@pytest.fixture
def buyer(organisation: Organisation) -> Organisation:
    return make_organisation("甲方电镀厂")


def begin(client: Client, organisation: Organisation, partner: Organisation, **others: Any) -> Any:
    fields = {
        "kind": "licence",
        "title": "除铬技术许可",
        "side": "provider",
        "own": str(organisation.public_id),
        "other": f"https://example.org/organisations/{partner.public_id}/",
    }
    return client.post("/work/contracts/new/", {**fields, **terms(), **others})


def test_a_draft_begins_with_the_match(
    client: Client, organisation: Organisation, buyer: Organisation
) -> None:
    result = make_result(organisation, "一种除铬方法", summary="电解还原")
    need = make_need(buyer, "六价铬超标")
    page = client.get(
        f"/work/contracts/new/?need={need.public_id}&result={result.public_id}"
    ).content.decode()
    for text in ("一种除铬方法：电解还原", "六价铬超标", str(buyer.public_id)):
        assert text in page
    hidden = make_need(buyer, "不署名的需求", anonymous=True)
    page = client.get(
        f"/work/contracts/new/?need={hidden.public_id}&result={result.public_id}"
    ).content.decode()
    assert "不署名的需求" in page
    assert str(buyer.public_id) not in page
    assert client.get("/work/contracts/new/?need=nothing").status_code == 404


def test_from_the_draft_to_the_last_payment(
    client: Client, organisation: Organisation, buyer: Organisation
) -> None:
    begun = begin(client, organisation, buyer)
    assert begun.status_code == 302
    agreement = Agreement.objects.get()
    place = f"/work/contracts/{agreement.public_id}/"
    other = at_screen(make_member(buyer))
    assert other.get(place).status_code == 404
    assert "CNY 100,000" in client.get(place).content.decode()
    assert client.post(f"{place}send/").status_code == 302
    assert "Civil Code 845" in other.get(place).content.decode()

    cheaper = terms(note="预算九万")
    cheaper |= rows("items", {"name": "许可费", "amount_fen": "9万元", "sort": "technical"})
    cheaper |= rows("payments", {"title": "验收", "amount_fen": "9万元", "due": "acceptance"})
    assert other.post(f"{place}terms/", {**cheaper, "number": "1"}).status_code == 302
    stale = client.post(f"{place}terms/", {**terms(), "number": "1"})
    assert stale.status_code == 412
    changed = client.get(f"{place}versions/2/").content.decode()
    assert "<ins>" in changed
    assert "预算九万" in changed

    for one in (client, other):
        assert one.post(f"{place}sign/", {"digest": latest_version(agreement).digest}).status_code == 302
    refused = client.post(f"{place}payments/1/accept/", {"evidence": "自认"})
    assert refused.status_code == 403
    assert other.post(f"{place}payments/1/accept/", {"evidence": "检测报告 27 号"}).status_code == 302
    told = {"kind": "pay", "amount_fen": "9万元", "day": "2026-11-25", "reference": "RL-1"}
    assert other.post(f"{place}movements/", told).status_code == 302
    movement = MoneyMovement.objects.get(kind="pay")
    assert client.post(f"{place}movements/{movement.public_id}/confirm/").status_code == 302
    assert "RL-1" in client.get(place).content.decode()


def test_wrong_rows_name_their_field_and_nothing_is_kept(
    client: Client, organisation: Organisation, buyer: Organisation
) -> None:
    wrong = begin(client, organisation, buyer, **{"items-0-amount_fen": "许多", "royalty_rate": "三"})
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert "is-invalid" in page
    assert "许多" in page
    assert not Agreement.objects.exists()
    nowhere = begin(client, organisation, buyer, other="https://example.org/organisations/")
    assert nowhere.status_code == 422
    unknown = begin(client, organisation, buyer, other="/organisations/00000000-0000-4000-8000-000000000000/")
    assert unknown.status_code == 422


def test_payment_after_use_is_typed_and_shown(
    client: Client, organisation: Organisation, buyer: Organisation
) -> None:
    typed = {
        **rows("payments", {"title": "起付后", "amount_fen": "10万元", "due": "payment_start", "months": "3"}),
        "royalty_rate": "2.5", "royalty_base": "sales", "royalty_report_months": "6",
        "use_trial_days": "365", "use_start": "first_income", "use_most_fen": "50万元", "use_royalty_credit": "50",
    }  # fmt: skip
    begin(client, organisation, buyer, **typed)
    kept = latest_version(Agreement.objects.get()).terms
    assert kept["royalty"]["rate"] == 250
    assert kept["after_use"]["trial_days"] == 365
    assert kept["after_use"]["royalty_credit"] == 5_000
    place = f"/work/contracts/{Agreement.objects.get().public_id}/"
    assert 'value="2.5"' in client.get(f"{place}terms/").content.decode()


def test_the_list_says_what_to_do_next(client: Client) -> None:
    assert "/work/contracts/new/" in client.get("/work/contracts/").content.decode()


def test_the_income_is_shared_by_the_law_of_the_place(
    client: Client, organisation: Organisation, buyer: Organisation
) -> None:
    begun = begin(
        client,
        organisation,
        buyer,
        **rows("payments", {"title": "首付", "amount_fen": "10万元", "due": "signing"}),
    )
    place = begun["location"]
    agreement = Agreement.objects.get()
    other = at_screen(make_member(buyer))
    client.post(f"{place}send/")
    for one in (client, other):
        one.post(f"{place}sign/", {"digest": latest_version(agreement).digest})
    other.post(
        f"{place}movements/",
        {"kind": "pay", "amount_fen": "10万元", "day": "2026-11-25", "reference": "RL-1"},
    )
    movement = MoneyMovement.objects.get(kind="pay")
    client.post(f"{place}movements/{movement.public_id}/confirm/")
    assert other.get(f"{place}income/").status_code == 404
    typed = {
        "own_net_income": "9.4万元",
        "state_set": "on",
        **rows("shares", {"name": "甲教授", "role": "contributor", "weight": "1"}),
    }
    refused = client.post(f"{place}income/", {**typed, "reward_fen": "4.69万元"})
    assert refused.status_code == 409
    assert "art. 44, 45" in refused.content.decode()
    assert client.post(f"{place}income/", {**typed, "reward_fen": "4.7万元"}).status_code == 302
    page = client.get(f"{place}income/").content.decode()
    assert "甲教授" in page
    assert "50 %" in page
    assert client.post(f"{place}income/1/notice/", {"days": "15"}).status_code == 302
    assert client.post(f"{place}income/1/settle/").status_code == 409
    assert client.post(f"{place}income/1/withdraw/", {"reason": "人员有误"}).status_code == 302


def test_who_speaks_for_both_sides_says_for_which(
    editor: Person, organisation: Organisation, buyer: Organisation
) -> None:
    Membership.objects.create(person=editor, organisation=buyer, role=Role.EDITOR)
    client = at_screen(editor)
    place = begin(client, organisation, buyer)["location"]
    client.post(f"{place}send/")
    digest = latest_version(Agreement.objects.get()).digest
    for side in ("client", "provider"):
        assert client.post(f"{place}sign/", {"digest": digest, "side": side}).status_code == 302
    assert 'name="side"' in client.get(place).content.decode()
    told = {"kind": "pay", "amount_fen": "4万元", "day": "2026-11-25", "reference": "RL-1"}
    assert client.post(f"{place}movements/", told).status_code == 422
    assert client.post(f"{place}movements/", {**told, "side": "client"}).status_code == 302
    movement = MoneyMovement.objects.get(kind="pay")
    assert movement.told_by == "client"
    assert client.post(f"{place}movements/{movement.public_id}/confirm/").status_code == 302
