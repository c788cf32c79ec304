"""Challenges of the demo region: one being drafted, one open with sealed bids, an answer and an amendment, one withdrawn.

Everything is invented. Nobody can sign in as the holders of the keys, and their passphrases are kept nowhere.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.challenges.bid_content import BidContent
from ronglian.apps.challenges.enums import HolderRole
from ronglian.apps.challenges.models import Challenge
from ronglian.apps.challenges.operations.bids import hand_in_bid
from ronglian.apps.challenges.operations.drafting import draft_challenge, make_holder_key, state_facts
from ronglian.apps.challenges.operations.exchange import amend_challenge, ask_question, publish_answer
from ronglian.apps.challenges.operations.steps import advance_challenge
from ronglian.apps.clinic.models import TechnologyManager
from ronglian.demo.people import demo_organisation, editor_of
from ronglian.kernel.actor import Actor

SCHEME = "prize_challenge"
ISSUER, ESCROW = "demo-org-a13", "demo-org-a05"
BIDS = (
    ("demo-org-a03", "以声纹阵列定位异响轴承，样机已在两台输送机上运行。（虚构）", 62_000_000, 150),
    ("demo-org-b16", "以加速度传感器加边缘识别，提供中试场地。（虚构）", 55_000_000, 180),
)
CRITERIA = [
    {"title": "技术可行", "weight": 50, "anchors": ["没有依据", "", "", "有实验数据", "", "有现场运行数据"]},
    {"title": "实施周期与费用", "weight": 30, "anchors": ["超出期限或预算", "", "", "按期且在预算内", "", "明显提前或节省"]},
    {"title": "团队与条件", "weight": 20, "anchors": ["无相关经验", "", "", "有同类项目", "", "有同类项目和中试条件"]},
]  # fmt: skip
TEST = [
    {
        "quantity": "托辊轴承早期故障检出率", "threshold": "≥ 90 %", "method": "对 200 个托辊盲测，其中 40 个带已知缺陷",
        "measured_by": "港口设备部与第三方检测机构", "evidence": "盲测记录与现场三十天运行日志",
    }
]  # fmt: skip
CALL: dict[str, Any] = {
    "title": "输送机托辊轴承早期故障识别（虚构榜单）",
    "title_en": "Finding failing idler bearings early (invented)",
    "kind": "prototype",
    "reward_kind": "prize",
    "reward_fen": 85_000_000,
    "text": "散货码头的带式输送机有一万多个托辊，靠人工听音巡检，轴承卡死后才发现，每年因此停机四十多小时。希望在粉尘、雨雾和皮带"
    "噪声下提前一周识别将要失效的托辊，单点成本不高于 200 元，并能接入现有巡检系统。（虚构）",
    "text_en": "A bulk terminal has over ten thousand idlers; bearings are found after they have seized. Wanted: a week's warning, in dust, "
    "rain and noise, for at most 200 yuan a point, working with the inspection system that exists. (Invented)",
    "acceptance": TEST,
    "rubric": CRITERIA,
    "eligibility": [{"label": "是否有散货码头或矿山的实施经验？", "required": True}],
    "compensation": "撤榜的，给每个有效揭榜方 5000 元编制费。",
}  # fmt: skip
DRAFTED = {
    "title": "岸桥钢丝绳在线探伤（虚构草稿）",
    "kind": "proof_of_concept",
    "reward_kind": "contract",
    "text": "希望不停机检测岸桥起升钢丝绳的内部断丝，验收方法还没有想好。（虚构）",
}
WITHDRAWN: dict[str, Any] = {
    "title": "堆场扬尘抑制剂（虚构榜单，已撤）",
    "title_en": "Dust suppressant for stockyards (invented, withdrawn)",
    "reward_fen": 21_000_000,
    "text": "散货堆场遇大风起尘，洒水半天就干，冬天还会结冰。希望得到一种喷洒后成膜、能管七天以上、不影响后续装卸和煤质的抑尘剂，"
    "每平方米成本不高于 1.5 元。（虚构）",
    "text_en": "Stockyards raise dust in strong wind; water dries in half a day and freezes in winter. Wanted: a film that holds seven days. "
    "(Invented)",
    "acceptance": [
        {
            "quantity": "抑尘率", "threshold": "≥ 85 %，保持 7 天", "method": "风洞试验加堆场对比观测", "measured_by": "第三方检测机构",
            "evidence": "试验报告与七天观测记录",
        }
    ],
    "eligibility": [],
}  # fmt: skip


@transaction.atomic
def load_challenges(actor: Actor, manager: TechnologyManager) -> int:
    """Put them out once; answers how many are new."""
    issuer = demo_organisation(ISSUER)
    if Challenge.objects.filter(issuer=issuer).exists():
        return 0
    buyer, keeper = _person(actor, issuer, 1), _person(actor, demo_organisation(ESCROW), 2)
    holders = {
        HolderRole.BUYER: buyer,
        HolderRole.MANAGER: actor_of_person(manager.person),
        HolderRole.ESCROW: keeper,
    }
    held = {"manager": manager, "escrow": demo_organisation(ESCROW)}
    draft_challenge(actor=buyer, issuer=issuer, scheme=SCHEME, fields=DRAFTED)
    answers = []
    for number, (source_id, proposal, price_fen, days) in enumerate(BIDS, start=3):
        bidder = demo_organisation(source_id)
        content = BidContent(proposal=proposal, answers=("有。（虚构）",), price_fen=price_fen, days=days)
        answers.append((_person(actor, bidder, number), bidder, content))
    go_on(buyer, put_out(buyer, issuer, holders, CALL | held), answers)
    _withdraw(buyer, put_out(buyer, issuer, holders, CALL | held | WITHDRAWN))
    return 3


def put_out(
    buyer: Actor, issuer: Organisation, holders: dict[HolderRole, Actor], fields: dict[str, Any]
) -> Challenge:
    """Drafted, with three keys, published and open for twenty days."""
    closes = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=20)
    challenge = draft_challenge(
        actor=buyer, issuer=issuer, scheme=SCHEME, fields=fields | {"closes_at": closes}
    )
    for role, holder in holders.items():
        make_holder_key(actor=holder, challenge=challenge, role=role, passphrase=secrets.token_urlsafe(24))
    state_facts(actor=buyer, challenge=challenge, facts={"prize_secured": True})
    papers = {"call_text": "见本页题目（虚构）", "rules_text": "见本页规则（虚构）"}
    return advance_challenge(actor=buyer, challenge=challenge, step="publish", documents=papers)


def go_on(
    buyer: Actor, challenge: Challenge, answers: Sequence[tuple[Actor, Organisation, BidContent]]
) -> None:
    """Some bid, one of them asks, and the issuer gives more time."""
    for person, bidder, content in answers:
        hand_in_bid(actor=person, challenge=challenge, bidder=bidder, content=content)
    person, bidder, _content = answers[-1]
    asked = ask_question(
        actor=person, challenge=challenge, asker=bidder, text="能否先提供一段现场录音？（虚构）"
    )
    publish_answer(
        actor=buyer, challenge=challenge, question=asked, answer="可以，签保密承诺后提供两小时录音。（虚构）"
    )
    assert challenge.closes_at is not None
    amend_challenge(
        actor=buyer,
        challenge=challenge,
        fields={"closes_at": challenge.closes_at + timedelta(days=10)},
        reason="录音要脱敏，多给十天。（虚构）",
    )


def _withdraw(buyer: Actor, challenge: Challenge) -> None:
    state_facts(actor=buyer, challenge=challenge, facts={"compensation_settled": True})
    reason = {"withdrawal_reason": "堆场改建封闭式料仓，不再需要抑尘剂；尚无须补偿的揭榜方。（虚构）"}
    advance_challenge(actor=buyer, challenge=challenge, step="withdraw", documents=reason)


def _person(actor: Actor, organisation: Organisation, number: int) -> Actor:
    return editor_of(actor, organisation, f"challenge-{number:02d}", f"虚构·揭榜{number:02d}")
