"""Cases at each stage, made through the operations."""

from __future__ import annotations

from typing import Any

from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.clinic.case_enums import CaseOrigin, CaseStage
from ronglian.apps.clinic.models import Case, TechnologyManager
from ronglian.apps.clinic.operations.cases import advance_case, open_case
from ronglian.apps.clinic.operations.introductions import introduce_sides
from ronglian.apps.registry.models import Need, Result
from ronglian.kernel.actor import Actor
from tests.factories import make_need, make_result
from tests.factories.technology_managers import make_manager

WORDS = "双方工艺互补，建议先做一次小试。"


def actor_of(manager: TechnologyManager) -> Actor:
    return actor_of_person(manager.person)


def make_case(
    manager: TechnologyManager | None = None,
    *,
    stage: str = CaseStage.DIAGNOSIS,
    need: Need | None = None,
    result: Result | None = None,
    **fields: Any,
) -> Case:
    """A case with both sides, moved to the stage."""
    manager = manager or make_manager()
    actor = actor_of(manager)
    case = open_case(
        actor=actor,
        manager=manager,
        origin=CaseOrigin.MATCH,
        need=need or make_need(title="含铬废水深度处理"),
        result=result or make_result(title="六价铬还原技术"),
        **fields,
    )
    path = {
        CaseStage.DIAGNOSIS: (),
        CaseStage.INTRODUCED: (),
        CaseStage.NEGOTIATING: (CaseStage.NEGOTIATING,),
        CaseStage.AGREEMENT: (CaseStage.NEGOTIATING, CaseStage.AGREEMENT),
        CaseStage.DONE: (CaseStage.NEGOTIATING, CaseStage.AGREEMENT, CaseStage.DONE),
        CaseStage.STOPPED: (CaseStage.STOPPED,),
    }[CaseStage(stage)]
    if stage != CaseStage.DIAGNOSIS:
        case = introduce_sides(actor=actor, case=case, words=WORDS)
    for step in path:
        more: dict[str, Any] = {}
        if step == CaseStage.AGREEMENT:
            more = {"contract_number": "2026-001", "amount_fen": 50_000_000}
        if step == CaseStage.STOPPED:
            more = {"reason": "no_money", "note": "企业本年度没有预算。"}
        case = advance_case(actor=actor, case=case, stage=step, **more)
    return case
