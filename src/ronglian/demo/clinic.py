"""The clinic of the demo region: troubles on every way, clinic hours with bookings, notes about needs that wait.

Everything is invented. Loading again adds nothing but clinic hours, when all that were offered are over.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.utils import timezone

from ronglian.apps.accounts.models import Organisation, Person
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.clinic.enums import AttentionKind, ConsultationState, Route
from ronglian.apps.clinic.models import Consultation, TechnologyManager
from ronglian.apps.clinic.operations.attention import note_attention
from ronglian.apps.clinic.operations.checks import record_check
from ronglian.apps.clinic.operations.consultations import open_consultation
from ronglian.apps.clinic.operations.hours import book_slot, offer_slot
from ronglian.apps.clinic.operations.triage import decide_triage, show_to_managers
from ronglian.apps.clinic.queries.hours import open_slots
from ronglian.apps.clinic.queries.triage import propose
from ronglian.apps.clinic.triage_enums import CheckFinding, CheckMeans
from ronglian.apps.registry.models import Need, SavedSearch
from ronglian.apps.registry.operations.searches import save_search
from ronglian.demo.load import SOURCE_NAME
from ronglian.kernel.actor import Actor

# Whose, title, words, the way it was sent with the minutes; the last ones wait for a technology manager.
TROUBLES: tuple[tuple[str, str, str, Route | None, str], ...] = (
    ("demo-org-b01", "镀镍挂具退镀慢、酸雾大", "挂具上的镍层靠硝酸退，一槽要四个小时，酸雾大，环保老提意见。想快一点、少用硝酸，但说不清要到什么程度。",
     Route.DIAGNOSE, "电话沟通：先量清退镀层厚度和现用酸耗，再定目标。（虚构）"),
    ("demo-org-a09", "微型轴承清洗后仍有磨粒", "微型轴承超声清洗后装配前抽检，每套残留磨粒约0.8 mg，要求不高于0.2 mg，节拍不超过12 s/套，预算40万元，六个月内完成，第三方检测颗粒质量作为验收。试过换溶剂，没有用。",
     Route.MATCH_NOW, "指标、预算和验收都说清楚了，直接匹配。（虚构）"),
    ("demo-org-b06", "小铸造厂废砂没处去", "每月三百吨废砂，填埋场不收了，周边几家小厂也一样。单家上再生设备不划算。",
     Route.POOL, "同园区至少三家情况相同，建议共同提出。（虚构）"),
    ("demo-org-a10", "飞控用高可靠连接器依赖进口", "飞控连接器依赖进口，交期不稳，希望国产替代，但国内样品振动后接触电阻漂移。",
     Route.LONG_TERM, "基础材料与镀层问题，列入长期攻关清单。（虚构）"),
    ("demo-org-b03", "想申请一笔设备贷款", "想换两台挤出机，需要贷款三百万元，问有没有贴息。",
     Route.OUTSIDE, "没有技术问题，转园区金融服务窗口。（虚构）"),
    ("demo-org-a11", "泵体铸件试压老渗漏", "水压试验时泵体法兰根部渗漏，返工率大约12%，希望降到3%以下，换过浸渗液效果不稳。", None, ""),
    ("demo-org-c12", "蓝莓冷链到站后果粉没了", "发到外省的蓝莓开箱果粉脱落、发软，客户扣款，不知道是预冷还是包装的问题。", None, ""),
)  # fmt: skip
# Days from today, hour of the day, which of the managers.
HOURS = ((1, 9, 0), (1, 14, 1), (2, 10, 0), (3, 9, 1), (3, 15, 2), (6, 9, 4))
NOTES: tuple[tuple[str, AttentionKind, str], ...] = (
    ("demo-need-a08", AttentionKind.CONTACTED, "与企业通话：异响集中在低温，已请企业补录音。（虚构）"),
    ("demo-need-b09", AttentionKind.CLARIFIED, "帮企业把“又硬又不能断”写成冲击功和硬度两项指标。（虚构）"),
    ("demo-need-c08", AttentionKind.REFERRED, "转给中药饮片检测平台，等待回复。（虚构）"),
)
CHECKS: tuple[tuple[str, CheckMeans, CheckFinding, str], ...] = (
    (
        "demo-need-b02",
        CheckMeans.SITE_VISIT,
        CheckFinding.GENUINE,
        "到厂看了清洗线和近三个月的出水记录。（虚构）",
    ),
    ("demo-need-a05", CheckMeans.CALL, CheckFinding.PARTLY, "误报率属实，复判人数与所述不符。（虚构）"),
)
# As the address of a list has them.
SEARCHES = (
    ("needs", urlencode({"q": "六价铬"})),
    ("results", urlencode({"q": "废水", "stage": "pilot"})),
)


def load_clinic(actor: Actor, managers: list[TechnologyManager]) -> int:
    """What everybody finds; answers how many troubles are new."""
    offer_hours(actor, managers)
    if Consultation.objects.filter(opened_by=actor.label).exists():
        return 0
    for owner, title, words, route, minutes in TROUBLES:
        told = open_consultation(actor=actor, owner=organisation(owner), title=title, words=words)
        told = show_to_managers(actor=actor, consultation=told, shown=True)
        if route is not None:
            proposal = propose(actor, told)
            decide_triage(actor=actor, subject=told, proposal=proposal, route=route, minutes=minutes)
    for owner in ("demo-org-b01", "demo-org-a11"):
        book(actor, organisation(owner))
    for source_id, kind, note in NOTES:
        note_attention(actor=actor, need=need(source_id), kind=kind, note=note)
    for source_id, means, finding, what in CHECKS:
        record_check(
            actor=actor,
            need=need(source_id),
            means=means,
            checked_on=timezone.localdate(),
            finding=finding,
            what=what,
        )
    return len(TROUBLES)


def offer_hours(actor: Actor, managers: list[TechnologyManager]) -> None:
    """Clinic hours of the coming days, where none is open any more."""
    if open_slots().filter(manager__in=managers).exists():
        return
    today = timezone.localdate()
    for days, hour, at in HOURS:
        begins = datetime.combine(today + timedelta(days=days), datetime.min.time()) + timedelta(hours=hour)
        is_online = at % 2 == 1
        offer_slot(
            actor=actor,
            manager=managers[at % len(managers)],
            starts_at=timezone.make_aware(begins),
            minutes=60,
            is_online=is_online,
            place="" if is_online else "岫桥科技园三楼问诊室（虚构）",
            joining="到前台报问诊单标题即可。（虚构）",
        )


def book(actor: Actor, owner: Organisation) -> None:
    """The next open hour for a trouble of this organisation."""
    told = Consultation.objects.filter(owner=owner, state=ConsultationState.OPEN).first()
    slot = open_slots().first()
    if told is not None and slot is not None:
        book_slot(actor=actor, slot=slot, consultation=told, allows_preread=True)


def save_searches(person: Person) -> None:
    """Two searches of the demo account; what is there now is not told of."""
    for kind, query in SEARCHES:
        if not SavedSearch.objects.filter(person=person, kind=kind, query=query).exists():
            known = list(Need.objects.values_list("public_id", flat=True)) if kind == "needs" else []
            save_search(
                actor=actor_of_person(person), kind=kind, query=query, frequency="weekly", known=known
            )


def organisation(source_id: str) -> Organisation:
    found: Organisation = Organisation.objects.get(source_name=SOURCE_NAME, source_id=source_id)
    return found


def need(source_id: str) -> Need:
    found: Need = Need.objects.get(source_name=SOURCE_NAME, source_id=source_id)
    return found
