"""A survey along the chain of the demo region. Nobody in it exists, and no mail is sent: the addresses lead nowhere."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.prospecting.models import ChainPartner, ChainSurvey, Checkup
from ronglian.apps.prospecting.operations.checkups import answer_checkup, open_checkup
from ronglian.apps.prospecting.operations.replies import decline_survey, say_no_need, tell_need
from ronglian.apps.prospecting.operations.surveys import enter_partners, invite_partners, open_survey
from ronglian.apps.prospecting.rules import LINK
from ronglian.demo.load import SOURCE_NAME, TRIED_AS
from ronglian.kernel.actor import Actor

TITLE = "电镀与表面处理产业链技术难题调研（虚构）"
MESSAGE = "我们希望了解上下游单位的共性技术难题，并与科研力量对接。（示例数据，均为虚构）"
PRODUCTS = ("镀铬", "前处理药剂", "整流电源", "挂具", "废水处理", "喷涂")
CHECKED = {
    "process_bottleneck": {"choice": "sometimes", "words": "旺季镀后烘干排队"},
    "quality_scrap": {"choice": "high", "words": "挂具边缘镀层偏厚，返工率8%"},
    "energy_share": {"choice": "middle", "words": ""},
    "waste_limits": {"choice": "near", "words": "雨季出水总镍接近限值"},
    "labour_jobs": {"choice": "none", "words": ""},
}
TROUBLES: tuple[tuple[str, str, str], ...] = (
    ("镀层厚度不均返工多", "挂具边缘镀层偏厚，中间偏薄，返工率8%", "返工率≤3%"),
    ("前处理除油不净", "冬季槽温低，除油不净，镀层起泡", "起泡率≤0.5%"),
    ("整流电源能耗高", "老式整流电源效率低，吨件耗电高", "能耗降低20%"),
    ("挂具寿命短", "绝缘涂层两个月脱落", "寿命≥12个月"),
    ("镍离子排放不稳", "雨季出水总镍时有超标", "总镍≤0.1 mg/L"),
    ("喷涂漆膜流挂", "换色后前几十件流挂", "一次合格率≥98%"),
)


def load_survey(actor: Actor, today: date) -> int:
    """One survey of a firm of the region with eighteen partners, most of whom have answered; answers how many are new."""
    lead = Organisation.objects.filter(source_name=SOURCE_NAME, source_id=TRIED_AS[0]).first()
    if lead is None or ChainSurvey.objects.filter(lead=lead, title=TITLE).exists():
        return 0
    survey = open_survey(
        actor=actor, lead=lead, title=TITLE, message=MESSAGE, closes_on=today + timedelta(days=60)
    )
    invite_partners(actor=actor, survey=enter_partners(actor=actor, survey=survey, rows=_rows()))
    # The addresses do not exist; nothing is to be sent to them.
    partners = list(ChainPartner.objects.filter(survey=survey).order_by("id"))
    ChainPartner.objects.filter(survey=survey).update(mailed=1, mailed_at=timezone.now())
    for partner, (title, trouble, wanted) in zip(partners, TROUBLES, strict=False):
        tell_need(actor=LINK, partner=partner, title=title, answers={"trouble": trouble, "wanted": wanted})
    for partner in partners[6:9]:
        say_no_need(actor=LINK, partner=partner)
    decline_survey(actor=LINK, partner=partners[9])
    return len(partners)


def load_checkup(actor: Actor) -> bool:
    """A check-up of the same firm, once."""
    owner = Organisation.objects.filter(source_name=SOURCE_NAME, source_id=TRIED_AS[0]).first()
    if owner is None or Checkup.objects.filter(owner=owner).exists():
        return False
    answer_checkup(actor=actor, checkup=open_checkup(actor=actor, owner=owner), answers=CHECKED)
    return True


def _rows() -> list[dict[str, Any]]:
    relations = ("processor", "supplier", "equipment", "supplier", "customer")
    return [
        {
            "name": f"虚构·云澜配套{number}厂",
            "relation": relations[number % len(relations)],
            "tier": 1 if number <= 14 else 2,
            "product": PRODUCTS[number % len(PRODUCTS)],
            "email": f"demo-partner-{number:02d}@example.org",
        }
        for number in range(1, 19)
    ]
