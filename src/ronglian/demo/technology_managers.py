"""Technology managers of the demo region. Nobody of them exists; nobody can sign in as one of them."""

from __future__ import annotations

import secrets
from typing import Any

from ronglian.apps.accounts.models import Person
from ronglian.apps.accounts.operations.people import register_person
from ronglian.apps.clinic.models import AssignmentRun
from ronglian.apps.clinic.operations.assignments import propose_assignments
from ronglian.apps.clinic.operations.technology_managers import confirm_manager, register_manager
from ronglian.kernel.actor import Actor
from ronglian.kernel.provenance import SourceKind

Entry = dict[str, Any]
MANAGERS: tuple[Entry, ...] = (
    {"name": "虚构·林一舟", "name_en": "Lin Yizhou (invented)", "level": "senior", "regions": ["32", "31"],
     "technology_fields": ["environment", "new_materials"], "languages": ["zh", "en"], "capacity": 12,
     "summary": "表面处理与工业废水治理：电镀、含铬废水、污泥资源化。促成过多项中试合作。",
     "summary_en": "Surface treatment and industrial waste water: plating, chromium, sludge. Carried several pilots."},
    {"name": "虚构·陈知远", "name_en": "Chen Zhiyuan (invented)", "level": "middle", "regions": ["3205", "3302"],
     "technology_fields": ["advanced_manufacturing", "electronic_information"], "languages": ["zh"], "capacity": 15,
     "summary": "机器视觉检测、工业机器人、减速器与轴承；熟悉汽车零部件企业产线改造。",
     "summary_en": "Machine vision, industrial robots, gears and bearings; knows the lines of car suppliers."},
    {"name": "虚构·周青禾", "name_en": "Zhou Qinghe (invented)", "level": "middle", "regions": ["37", "41"],
     "technology_fields": ["agriculture", "biomedicine"], "languages": ["zh"], "capacity": 10,
     "summary": "育种、农产品加工与发酵；服务县域中小企业。",
     "summary_en": "Breeding, food processing and fermentation; works with small firms of the counties."},
    {"name": "虚构·许望川", "name_en": "Xu Wangchuan (invented)", "level": "initial", "regions": [],
     "technology_fields": ["new_energy", "modern_transport"], "languages": ["zh", "ja"], "capacity": 8,
     "summary": "电池、电机与储能；正在积累案例。",
     "summary_en": "Batteries, motors and storage; gathering first cases."},
    {"name": "虚构·Emma Weiss", "name_en": "Emma Weiss (invented)", "level": "senior", "regions": ["31", "44"],
     "technology_fields": ["biomedicine", "electronic_information"], "languages": ["en", "de", "zh"], "capacity": 6,
     "summary": "跨国许可与联合研发，医疗器械和传感器。",
     "summary_en": "Licences and joint research across borders; medical devices and sensors."},
)  # fmt: skip
WAITING: Entry = {
    "name": "虚构·何未定", "name_en": "He Weiding (invented)", "level": "initial", "regions": ["32"],
    "technology_fields": ["new_materials"], "languages": ["zh"], "capacity": 5, "summary": "新材料中试放大。",
}  # fmt: skip


def load_managers(actor: Actor) -> int:
    """Enter them once, and say how many were new."""
    return sum(_enter(actor, number, entry) for number, entry in enumerate((*MANAGERS, WAITING), start=1))


def propose_once(actor: Actor) -> None:
    """Propose who carries the region's needs, if nobody has yet."""
    if not AssignmentRun.objects.exists():
        propose_assignments(actor=actor)


def _enter(actor: Actor, number: int, entry: Entry) -> bool:
    email = f"demo-manager-{number:02d}@example.org"
    if Person.objects.filter(email__iexact=email).exists():
        return False
    person = register_person(actor=actor, email=email, password=secrets.token_urlsafe(32), name=entry["name"])
    manager = register_manager(actor=actor, person=person, fields=entry, source_kind=SourceKind.DEMO)
    if entry is not WAITING:
        confirm_manager(actor=actor, manager=manager)
    return True
