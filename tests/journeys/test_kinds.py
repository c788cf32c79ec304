"""A deal of each kind in the browser, from the match: drafted, signed by both, paid, and shared by the law of the place of
party B where the law gives rewards, else fulfilled by both. The fast suite walks two of them; `-m ""` walks all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from ronglian.apps.accounts.models import Person
from ronglian.apps.agreements.models import Agreement, Distribution
from ronglian.kernel.actor import Actor
from tests.factories import make_need, make_organisation, make_person_of, make_result
from tests.journeys.test_challenge import fill_row, sign_in
from tests.journeys.test_contract import PLACES, fill_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.any_database]
OF_WORK = ("joint_development", "conversion", "consulting", "service", "training", "intermediation")
SHARED = [(kind, place) for kind in ("transfer", "licence") for place in range(3)]


class Deal:
    """A need of a firm, a result of a university in some place, and the contract between them."""

    def __init__(self, page: Page, kind: str, region: str) -> None:
        self.page, self.kind = page, kind
        firm = make_organisation("甲方电镀厂", region="320500", industry="C33")
        university = make_organisation("乙方大学", kind="university", size="", region=region)
        self.buyer, self.seller = make_person_of(firm), make_person_of(university)
        self.need = make_need(firm, "六价铬超标", summary="漂洗水六价铬降不到 0.1 mg/L")
        self.result = make_result(university, "电解除铬方法", summary="出水六价铬 0.05 mg/L")
        self.place = ""

    def as_(self, actor: Actor, path: str = "") -> None:
        email = str(Person.objects.get(public_id=actor.person).email)
        sign_in(self.page, email, path or self.place)

    def draft(self) -> Agreement:
        """What need and result say stands in the form; the rest is what this kind of contract asks for."""
        page = self.page
        self.as_(self.seller, "/work/contracts/")
        page.goto(f"/needs/{self.need.public_id}/matches/{self.result.public_id}/")
        page.get_by_role("link", name="起草合同").click()
        page.locator("[name=kind]").select_option(self.kind)
        for name, value in (("plan", "三个月内完成，每月报告进度"), ("acceptance", "连续 72 小时六价铬不高于 0.1 mg/L"),
                            ("ownership", "技术归乙方"), ("confidentiality", "双方保密五年"), ("ends_on", "2031-11-30")):  # fmt: skip
            page.locator(f"[name={name}]").fill(value)
        if self.kind in ("transfer", "licence"):
            page.locator("[name=rights-0-kind]").select_option("know_how")
            fill_row(page, "rights", 0, [("name", "电解除铬工艺秘密")])
        if self.kind == "licence":
            page.locator("[name=licence_kind]").select_option("ordinary")
        fill_row(page, "items", 0, [("name", "价款"), ("amount_fen", "1000元")])
        fill_row(page, "payments", 0, [("title", "一次付清"), ("amount_fen", "1000元")])
        page.get_by_role("button", name="保存草稿").click()
        expect(page.get_by_text("没有妨碍签署的问题")).to_be_visible()
        page.get_by_role("button", name="发给对方").click()
        agreement = Agreement.objects.get()
        assert agreement.kind == self.kind
        self.place = f"/work/contracts/{agreement.public_id}/"
        return agreement

    def sign_and_pay(self) -> None:
        page = self.page
        for actor in (self.seller, self.buyer):
            self.as_(actor)
            page.get_by_role("button", name="签署").click()
        expect(page.get_by_text("生效中").first).to_be_visible()
        page.locator("summary", has_text="申报款项").click()
        told = page.locator("form[action$='/movements/']")
        told.locator("[name=kind]").select_option("pay")
        told.locator("[name=amount_fen]").fill("1000元")
        told.get_by_role("button").click()
        self.as_(self.seller)
        page.get_by_role("button", name="确认款项").click()
        expect(page.get_by_role("button", name="确认款项")).to_have_count(0)

    def share(self, costs: dict[str, str], least: str, law: str) -> None:
        """Refused below what the law of the place asks, with its article; at it, noticed and effective."""
        page, today = self.page, timezone.localdate()
        page.goto(f"{self.place}income/")
        fill_in(page, costs, f"{int(least) - 1}元")
        refusal = page.locator("main .alert, main .invalid-feedback").first
        expect(refusal).to_contain_text(f"应付不少于 {least}.00 元")
        expect(refusal).to_contain_text(law)
        fill_in(page, costs, f"{least}元")
        page.locator("[name=days]").fill("15")
        page.get_by_role("button", name="开始公示").click()
        expect(page.get_by_role("button", name="公示无异议，生效")).to_be_visible()
        Distribution.objects.update(
            notice_from=today - timedelta(days=20), notice_until=today - timedelta(days=1)
        )
        page.get_by_role("button", name="公示无异议，生效").click()
        expect(page.locator("summary", has_text="已经发放")).to_be_visible()
        plan = Distribution.objects.get()
        assert (plan.floor_fen, plan.reward_fen) == (int(least) * 100, int(least) * 100)
        assert sum(share["fen"] for share in plan.shares) == plan.reward_fen

    def fulfil(self) -> None:
        page = self.page
        self.as_(self.seller)
        page.locator("summary", has_text="终止合同").click()
        page.locator("#endform-kind").select_option("fulfilled")
        page.locator("#endform-reason").fill("双方均已履行")
        page.get_by_role("button", name="提议", exact=True).click()
        expect(page.get_by_text("已提议，待对方答复。")).to_be_visible()
        self.as_(self.buyer)
        page.get_by_role("button", name="同意，合同终止").click()
        expect(page.get_by_text("合同已终止。")).to_be_visible()


def some(cases: list[tuple[str, int]]) -> list[object]:
    """The first is walked by the fast suite, all by the slow one."""
    return [
        pytest.param(*each, marks=() if number == 0 else pytest.mark.slow, id="-".join(map(str, each)))
        for number, each in enumerate(cases)
    ]


@pytest.mark.parametrize(("kind", "place"), some(SHARED))
def test_a_transfer_or_licence_is_shared_by_the_law_of_its_place(page: Page, kind: str, place: int) -> None:
    region, costs, least, law = PLACES[place]
    deal = Deal(page, kind, region)
    agreement = deal.draft()
    assert agreement.place == region
    deal.sign_and_pay()
    deal.share(costs, least, law)


@pytest.mark.parametrize(
    ("kind", "place"), some([("commissioned_development", 0), *((kind, 0) for kind in OF_WORK)])
)
def test_a_contract_of_work_is_paid_and_fulfilled(page: Page, kind: str, place: int) -> None:
    deal = Deal(page, kind, PLACES[place][0])
    deal.draft()
    deal.sign_and_pay()
    deal.page.goto(f"{deal.place}income/")
    expect(deal.page.get_by_text("本合同属于其他类别")).to_be_visible()
    expect(deal.page.locator("[name=reward_fen]")).to_have_count(0)
    deal.fulfil()
