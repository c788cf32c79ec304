"""Services of the demo region. Nobody who offers them exists."""

from __future__ import annotations

from typing import Any

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.clinic.models import Service, TechnologyManager
from ronglian.apps.clinic.operations.services import answer_request, ask_for_service, offer_service
from ronglian.apps.registry.models import Need
from ronglian.kernel.actor import Actor
from ronglian.kernel.provenance import SourceKind

Entry = dict[str, Any]
# The number of the demo's technology manager who offers it.
OF_MANAGERS: tuple[tuple[str, Entry], ...] = (
    ("虚构·林一舟", {
        "kind": "evaluation", "title": "电镀废水治理技术评价", "title_en": "Evaluation of plating waste water technology",
        "summary": "到厂取样两次，委托检测机构出具数据，比较三条工艺路线的投资与运行费用，交付评价报告。约三周。",
        "summary_en": "Two samplings on site, data by a laboratory, three routes compared by investment and cost, a report. About three weeks.",
        "technology_fields": ["environment"], "regions": ["32", "31"], "price_basis": "fixed",
        "price_note": "每份报告8000元起", "answer_days": 3}),
    ("虚构·陈知远", {
        "kind": "consulting", "title": "产线视觉检测改造诊断", "title_en": "Diagnosis of machine vision on a line",
        "summary": "一天到厂，列出可用机器检测的工位、节拍和精度要求，交付改造清单。",
        "summary_en": "One day on site: stations that machines can inspect, takt and accuracy; a list of changes.",
        "technology_fields": ["advanced_manufacturing"], "regions": ["3205"], "price_basis": "free", "answer_days": 5}),
    ("虚构·Emma Weiss", {
        "kind": "transfer", "title": "跨境技术许可谈判", "title_en": "Negotiating licences across borders",
        "summary": "条款起草、出口管制初查、双语谈判，直至签约。", "summary_en": "Drafting, a first export-control check, negotiation in two languages, to the signature.",
        "technology_fields": ["biomedicine", "electronic_information"], "regions": [], "price_basis": "success",
        "price_note": "按首付款比例，合同中约定", "answer_days": 7}),
    ("虚构·许望川", {
        "kind": "finance", "title": "首台套保险与中试贷款对接", "title_en": "Insurance of first units and loans for pilots",
        "summary": "测算资金缺口，准备材料，对接保险与银行各两家。", "summary_en": "Works out the gap, prepares papers, introduces two insurers and two banks.",
        "technology_fields": [], "regions": [], "price_basis": "agreed", "answer_days": 5}),
)  # fmt: skip


def load_services(actor: Actor) -> int:
    """Put them in the catalogue once, with one request that was answered; say how many were new."""
    if Service.objects.filter(source_kind=SourceKind.DEMO).exists():
        return 0
    offered = []
    for name, entry in OF_MANAGERS:
        manager = TechnologyManager.objects.filter(name=name).first()
        if manager is not None:
            offered.append(
                offer_service(actor=actor, provider=manager, fields=entry, source_kind=SourceKind.DEMO)
            )
    need = Need.objects.filter(state="published", source_kind=SourceKind.DEMO).order_by("id").first()
    if offered and need is not None:
        _ask(actor, offered[0], need.owner, need)
    return len(offered)


def _ask(actor: Actor, service: Service, organisation: Organisation, need: Need) -> None:
    wish = "请于下月到厂取样，重点看总铬与六价铬。"
    asked = ask_for_service(actor=actor, organisation=organisation, service=service, wish=wish, need=need)
    answer_request(
        actor=actor, request=asked, accepts=True, answer="可以，下周一上午到厂，请备好近三个月的检测记录。"
    )
