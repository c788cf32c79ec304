"""Contracts of the demo region: one in force with payment after use, one paid and registered, one being negotiated; and a price
on public notice.

Everything is invented. Nobody can sign in as the people who signed.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.agreements.enums import (
    AgreementKind,
    MovementKind,
    NoticeReach,
    PricedWay,
    PriceMethod,
    RelatedTo,
    ShareRole,
    Side,
)
from ronglian.apps.agreements.models import Agreement
from ronglian.apps.agreements.operations.distributions import begin_notice, notice_days, propose_distribution
from ronglian.apps.agreements.operations.drafting import draft_agreement, propose_terms, send_agreement
from ronglian.apps.agreements.operations.money import confirm_movement, tell_movement
from ronglian.apps.agreements.operations.pricing import notice_price, propose_price
from ronglian.apps.agreements.operations.registering import (
    fill_in_registration,
    hand_in_registration,
    record_registration,
)
from ronglian.apps.agreements.operations.signing import sign_agreement
from ronglian.apps.agreements.operations.valuing import make_valuation
from ronglian.apps.agreements.pricing import notice_law
from ronglian.apps.agreements.queries.agreements import latest_version
from ronglian.apps.registry.models import Result
from ronglian.demo.people import demo_organisation, editor_of
from ronglian.kernel.actor import Actor

BUYER, SELLER, PORT = "demo-org-b01", "demo-org-b14", "demo-org-a13"
COMMON: dict[str, Any] = {
    "confidentiality": "双方对交换的技术资料保密五年。（虚构）",
    "ownership": "原有技术归乙方；履行中产生的成果归完成的一方。（虚构）",
    "improvements": "后续改进归改进的一方，另一方可以按普通许可优先取得。（虚构）",
    "disputes": "先行协商；协商不成的，由被告所在地人民法院管辖。（虚构）",
}
AFTER_USE: dict[str, Any] = {
    **COMMON,
    "subject": "漂洗废水六价铬在线还原与膜分离回用技术的实施许可，用于甲方一条滚镀线。（虚构）",
    "plan": "签约后三十天内交付工艺包，派两人到厂调试，试用期内不收许可费。（虚构）",
    "acceptance": "连续运行 72 小时，出水六价铬不高于 0.1 mg/L，由第三方检测机构取样测定。（虚构）",
    "licence": {"kind": "ordinary", "area": "中国境内", "purpose": "电镀漂洗废水"},
    "rights": [{"kind": "know_how", "name": "六价铬在线还原与膜分离工艺（虚构）"}],
    "items": [
        {"name": "入门费", "amount_fen": 5_200_000},
        {"name": "成套膜组件两套", "amount_fen": 3_000_000, "technical": False, "carrier": True},
    ],
    "payments": [
        {"title": "入门费与膜组件", "amount_fen": 3_000_000, "due": "signing"},
        {"title": "起付后三个月", "amount_fen": 5_200_000, "due": "payment_start", "months": 3},
    ],
    "royalty": {"rate": 300, "base": "output_value", "report_months": 6, "may_inspect_books": True},
    "after_use": {
        "trial_days": 180,
        "start": "first_income",
        "most_fen": 31_000_000,
        "buy_out_fen": 24_500_000,
        "royalty_credit": 5_000,
        "guarantee": "云澜科技保险（虚构）先用后付履约险",
    },
}
PAID: dict[str, Any] = {
    **COMMON,
    "subject": "化学镀镍废液中次磷酸盐催化氧化技术的独占实施许可，用于甲方末端废水达标。（虚构）",
    "plan": "六周内交付工艺包和操作规程，到厂调试三次。（虚构）",
    "acceptance": "连续十个工作日，总磷不高于 0.5 mg/L，由甲方化验室测定，乙方复核。（虚构）",
    "licence": {"kind": "exclusive", "area": "江苏省", "purpose": "化学镀镍废液"},
    "rights": [{"kind": "know_how", "name": "次磷酸盐催化氧化工艺（虚构）"}],
    "items": [{"name": "许可费", "amount_fen": 12_000_000}],
    "payments": [{"title": "许可费", "amount_fen": 12_000_000, "due": "signing"}],
}
DEVELOPMENT: dict[str, Any] = {
    **COMMON,
    "subject": "散货堆场喷淋水回收处理装置的研究开发，目标为悬浮物去除与油分离一体化。（虚构）",
    "plan": "十个月：小试三个月，中试四个月，现场三个月。（虚构）",
    "acceptance": "现场连续运行三十天，回用水悬浮物不高于 30 mg/L。（虚构）",
    "items": [{"name": "研究开发经费", "amount_fen": 67_600_000}, {"name": "中试装置", "amount_fen": 17_600_000, "technical": False}],
    "payments": [
        {"title": "首付", "amount_fen": 26_000_000, "due": "signing"},
        {"title": "验收", "amount_fen": 60_000_000, "due": "acceptance", "retained_fen": 4_000_000},
    ],
}  # fmt: skip
PARTICULARS: dict[str, Any] = {
    "client_nature": "150",
    "provider_nature": "021",
    "plan": "none",
    "objective": "01",
    "industry": "C33",
    "technology_field": "environment",
    "technology_fen": 12_000_000,
    "responsible": "虚构·周砚",
    "filled_by": "虚构·沈岚",
    "said": {"mastered": True, "complete": True, "not_public": True},
}


ASSUMED: dict[str, Any] = {
    "cost": {
        "items": [
            {
                "name": "研究人员",
                "fen": [21_000_000, 24_000_000, 27_000_000],
                "index": [10_600, 10_600, 10_600],
            },
            {"name": "中试装置与运行", "fen": [9_000_000, 11_000_000, 14_000_000]},
        ],
        "profit": [800, 1_200, 1_600],
        "obsolescence": [500, 1_300, 2_200],
    },
    "income": {
        "base": "output_value",
        "fen": [210_000_000, 330_000_000, 460_000_000],
        "growth": [0, 600, 1_200],
        "share": [250, 350, 450],
        "discount": [1_400, 1_800, 2_300],
        "success": [5_500, 6_500, 8_500],
        "delay": [1, 1, 2],
        "years": [4, 6, 8],
    },
}


@transaction.atomic
def load_contracts(actor: Actor) -> int:
    """Conclude them once; answers how many are new."""
    buyer, seller, port = (demo_organisation(key) for key in (BUYER, SELLER, PORT))
    if Agreement.objects.filter(provider=seller).exists():
        return 0
    clients = {
        buyer.pk: editor_of(actor, buyer, "contract-01", "虚构·甲方经办"),
        port.pk: editor_of(actor, port, "contract-02", "虚构·港口经办"),
    }
    office = editor_of(actor, seller, "contract-03", "虚构·转移办公室")
    in_use = _draft(
        office, AgreementKind.LICENCE, "六价铬在线还原工艺先用后付许可（虚构）", buyer, seller, AFTER_USE
    )
    _sign(in_use, office, clients[buyer.pk])
    _pay(in_use, clients[buyer.pk], office, 3_000_000)
    paid = _draft(office, AgreementKind.LICENCE, "次磷酸盐催化氧化技术独占许可（虚构）", buyer, seller, PAID)
    _sign(paid, office, clients[buyer.pk])
    _pay(paid, clients[buyer.pk], office, 12_000_000)
    _register(paid, office)
    _share(paid, office)
    _negotiate(office, clients[port.pk], port, seller)
    _price(office, seller)
    return 3


def _draft(
    actor: Actor,
    kind: AgreementKind,
    title: str,
    client: Organisation,
    provider: Organisation,
    terms: dict[str, Any],
) -> Agreement:
    agreement = draft_agreement(
        actor=actor,
        kind=kind,
        title=title,
        client=client,
        provider=provider,
        drafted_by=Side.PROVIDER,
        terms=terms | {"ends_on": (timezone.localdate() + timedelta(days=1095)).isoformat()},
    )
    return send_agreement(actor=actor, agreement=agreement)


def _sign(agreement: Agreement, *people: Actor) -> None:
    for person in people:
        sign_agreement(actor=person, agreement=agreement, digest=latest_version(agreement).digest)


def _pay(agreement: Agreement, payer: Actor, payee: Actor, amount_fen: int) -> None:
    told = tell_movement(
        actor=payer,
        agreement=agreement,
        kind=MovementKind.PAY,
        amount_fen=amount_fen,
        day=timezone.localdate(),
        reference="虚构流水",
    )
    confirm_movement(actor=payee, agreement=agreement, movement=told)


def _register(agreement: Agreement, office: Actor) -> None:
    today = timezone.localdate()
    row = fill_in_registration(actor=office, agreement=agreement, particulars=PARTICULARS)
    hand_in_registration(
        actor=office, agreement=agreement, registration=row, body="云澜技术合同登记处（虚构）", day=today
    )
    record_registration(
        actor=office,
        agreement=agreement,
        registration=row,
        number=f"{today.year}320500000001",
        day=today,
        turnover_fen=12_000_000,
        technology_fen=12_000_000,
    )


def _share(agreement: Agreement, office: Actor) -> None:
    """A plan of shares on public notice."""
    plan = propose_distribution(
        actor=office,
        agreement=agreement,
        reward_fen=7_300_000,
        shares=[
            ("虚构·顾汀", ShareRole.CONTRIBUTOR, 5),
            ("虚构·陆砾", ShareRole.CONTRIBUTOR, 3),
            ("技术转移办公室（虚构）", ShareRole.TRANSFER_OFFICE, 2),
        ],
        costs={"own_net_income": 10_000_000},
        state_set=True,
    )
    days = notice_days(agreement.place or "cn", timezone.localdate()) or 15
    begin_notice(actor=office, agreement=agreement, plan=plan, days=days)


def _price(office: Actor, seller: Organisation) -> None:
    """A result of the seller, supported by cost and income, on public notice for whoever reads the site."""
    result = Result.objects.filter(owner=seller).order_by("pk").first()
    if result is None:
        return
    support = make_valuation(
        actor=office,
        holder=seller,
        result=result,
        way=PricedWay.LICENCE,
        assumptions=ASSUMED,
        grounds="成本按课题台账；产值按两家意向企业的投产计划。（虚构）",
    )
    finding = propose_price(
        actor=office,
        seller=seller,
        result=result,
        way=PricedWay.LICENCE,
        method=PriceMethod.AGREEMENT,
        price_fen=36_500_000,
        basis="价格测算的重合区间，并与受让方三轮磋商。（虚构）",
        state_set=True,
        related_to=RelatedTo.INVENTORS,
        related_how="受让方的技术顾问是第二完成人。（虚构）",
        buyer="云澜膜材料有限公司（虚构）",
        valuation=support,
    )
    notice_price(
        actor=office,
        finding=finding,
        days=max(notice_law(finding.place, timezone.localdate()).days or 0, 20),
        noticed_at="研究院内网公告栏（虚构）",
        reach=NoticeReach.PUBLIC,
    )


def _negotiate(office: Actor, buyer: Actor, client: Organisation, provider: Organisation) -> None:
    """Sent by party B; party A has asked for more to be retained."""
    title = "堆场喷淋水回收装置委托开发（虚构）"
    agreement = _draft(office, AgreementKind.COMMISSIONED_DEVELOPMENT, title, client, provider, DEVELOPMENT)
    kept = latest_version(agreement).terms
    kept["payments"][1]["retained_fen"] = 7_600_000
    kept["plan"] = "十二个月：小试三个月，中试四个月，现场三个月，冬季停工两个月。（虚构）"
    propose_terms(
        actor=buyer,
        agreement=agreement,
        terms=kept,
        note="冬季码头停工，工期加两个月；质保金留到一个完整雨季之后。（虚构）",
    )
