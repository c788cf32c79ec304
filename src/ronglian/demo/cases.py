"""Cases of the demo region, one in every stage, for an invented technology manager or for the demo account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from ronglian.apps.accounts.models import Person
from ronglian.apps.clinic.case_enums import (
    CaseOrigin,
    CaseStage,
    ContactChannel,
    ContactWith,
    NoteReader,
    StopReason,
)
from ronglian.apps.clinic.manager_enums import ManagerState
from ronglian.apps.clinic.models import Case, TechnologyManager
from ronglian.apps.clinic.operations.cases import advance_case, open_case, plan_case
from ronglian.apps.clinic.operations.contacts import add_task, log_contact
from ronglian.apps.clinic.operations.introductions import introduce_sides
from ronglian.apps.clinic.operations.technology_managers import confirm_manager, register_manager
from ronglian.apps.registry.models import Result
from ronglian.demo.clinic import need
from ronglian.demo.load import SOURCE_NAME
from ronglian.kernel.actor import Actor
from ronglian.kernel.provenance import SourceKind

Row = tuple[str, str, CaseStage, str, int]
# Need, result, stage, next step, and in how many days that is due; a day that is over makes the case overdue.
OF_A_MANAGER: tuple[Row, ...] = (
    ("demo-need-b02", "demo-result-b05", CaseStage.INTRODUCED, "陪企业看树脂装置（虚构）", 3),
    ("demo-need-b06", "demo-result-b09", CaseStage.DIAGNOSIS, "问清排水温度曲线（虚构）", -2),
)
OF_THE_ACCOUNT: tuple[Row, ...] = (
    ("demo-need-a01", "demo-result-a02", CaseStage.DIAGNOSIS, "约企业看翘曲件（虚构）", 2),
    ("demo-need-a02", "demo-result-a03", CaseStage.DIAGNOSIS, "请企业同意具名（虚构）", -3),
    ("demo-need-a03", "demo-result-a05", CaseStage.INTRODUCED, "寄送样件（虚构）", 5),
    ("demo-need-a04", "demo-result-a06", CaseStage.NEGOTIATING, "谈许可方式（虚构）", 9),
    ("demo-need-c02", "demo-result-c03", CaseStage.AGREEMENT, "等合同登记（虚构）", 20),
    ("demo-need-c05", "demo-result-c08", CaseStage.DONE, "", 0),
    ("demo-need-c03", "demo-result-c05", CaseStage.STOPPED, "", 0),
)
PATH: Mapping[CaseStage, tuple[CaseStage, ...]] = {
    CaseStage.DIAGNOSIS: (),
    CaseStage.INTRODUCED: (),
    CaseStage.NEGOTIATING: (CaseStage.NEGOTIATING,),
    CaseStage.AGREEMENT: (CaseStage.NEGOTIATING, CaseStage.AGREEMENT),
    CaseStage.DONE: (CaseStage.NEGOTIATING, CaseStage.AGREEMENT, CaseStage.DONE),
    CaseStage.STOPPED: (CaseStage.STOPPED,),
}
SAID: Mapping[CaseStage, Mapping[str, Any]] = {
    CaseStage.AGREEMENT: {"contract_number": "虚构-2026-001", "amount_fen": 48_000_000},
    CaseStage.STOPPED: {"reason": StopReason.NO_MONEY, "note": "企业今年没有预算，明年再谈。（虚构）"},
}
ACCOUNT: Mapping[str, Any] = {
    "name": "虚构·演示账号", "name_en": "Demo account (invented)", "level": "middle", "regions": ["32"],
    "technology_fields": ["advanced_manufacturing", "biomedicine"], "languages": ["zh", "en"], "capacity": 12,
    "summary": "演示用：看板、分诊、坐诊。", "summary_en": "For trying out: board, triage, clinic hours.",
}  # fmt: skip


@transaction.atomic
def load_cases(actor: Actor, manager: TechnologyManager, rows: tuple[Row, ...]) -> int:
    """Open them once, with contacts and a task; answers how many are new."""
    if Case.objects.filter(manager=manager).exists():
        return 0
    for source_id, result, stage, step, days in rows:
        found = Result.objects.get(source_name=SOURCE_NAME, source_id=result)
        case = open_case(
            actor=actor, manager=manager, origin=CaseOrigin.MATCH, need=need(source_id), result=found
        )
        _carry(actor, case, stage, step, days)
    return len(rows)


def _carry(actor: Actor, case: Case, stage: CaseStage, step: str, days: int) -> None:
    log_contact(
        actor=actor,
        case=case,
        with_whom=ContactWith.SEEKER,
        channel=ContactChannel.PHONE,
        names="张工（虚构）",
        note="说明来意，企业同意先看资料。（虚构）",
        reader=NoteReader.SIDE,
    )
    if stage != CaseStage.DIAGNOSIS:
        case = introduce_sides(
            actor=actor, case=case, words="需求的关键指标与成果的中试数据相符，建议先做一次样件试验。（虚构）"
        )
    for after in PATH[stage]:
        case = advance_case(actor=actor, case=case, stage=after, **SAID.get(after, {}))
    if case.is_open:
        day = timezone.localdate() + timedelta(days=days)
        plan_case(actor=actor, case=case, next_step=step, next_due=day)
        add_task(actor=actor, case=case, title="整理双方资料（虚构）", due_on=day + timedelta(days=4))


def invented_managers() -> list[TechnologyManager]:
    """Those of the region that are confirmed, in their order."""
    rows = TechnologyManager.objects.filter(
        source_kind=SourceKind.DEMO, state=ManagerState.CONFIRMED, name__startswith="虚构"
    ).exclude(name=ACCOUNT["name"])
    return list(rows.order_by("id"))


def enter_account(actor: Actor, person: Person) -> TechnologyManager:
    """The demo account in the register, so that it finds the board, triage and clinic hours filled."""
    found = TechnologyManager.objects.filter(person=person).first()
    if found is not None:
        return found
    manager = register_manager(actor=actor, person=person, fields=dict(ACCOUNT), source_kind=SourceKind.DEMO)
    return confirm_manager(actor=actor, manager=manager)
