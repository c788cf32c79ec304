"""A small database in which a little of everything happened, written as it is in life."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from ronglian.apps.accounts.operations.people import appoint_operator
from ronglian.apps.accounts.operations.tokens import issue_token, new_secret
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.matching.enums import DecisionKind, DecisionReason
from ronglian.apps.matching.operations.matches import decide_match, suggest_matches
from ronglian.apps.matching.rules import Pair
from ronglian.apps.registry.operations.imports import apply_import, check_import, stage_import
from ronglian.kernel.idempotency import idempotency
from ronglian.kernel.log.sequencer import keep_log
from tests.factories import (
    SYSTEM,
    make_expert,
    make_member,
    make_need,
    make_organisation,
    make_person,
    make_result,
    make_scene,
)

HEADER, ROW = "需求编号,需求名称,需求详情,所属地区", "N1,电镀废水六价铬处理,现有工艺六价铬降不下来,苏州市"


@pytest.fixture
def world(settings: Any, tmp_path: Path) -> None:
    settings.UPLOADS = tmp_path / "uploads"
    firm = make_organisation("甲厂")
    need = make_need(firm, "电镀废水六价铬深度处理", budget_low_fen=100, budget_high_fen=200)
    result = make_result(title="电镀废水六价铬还原技术", price_low_fen=100, price_high_fen=200)
    make_result(title="电镀废水六价铬还原技术")
    make_expert(firm)
    make_scene(firm, opens_on=timezone.localdate(), closes_on=timezone.localdate())
    suggest_matches(actor=SYSTEM, record=need)
    editor = actor_of_person(make_member(firm))
    with idempotency("once", b"{}"):
        decide_match(
            actor=editor,
            pair=Pair(need, result),
            kind=DecisionKind.CONFIRMED,
            reason=DecisionReason.FITS_PROBLEM,
        )
    issue_token(actor=editor, name="程序", secret=new_secret(), may_write=True, days=30)
    appoint_operator(actor=SYSTEM, email=make_person().email)
    for name in ("一.csv", "二.csv"):
        file = BytesIO(f"{HEADER}\n{ROW.replace('N1', name)}\n".encode())
        batch = stage_import(actor=SYSTEM, owner=firm, kind="needs", file=file, filename=name)
        if name == "一.csv":
            apply_import(actor=SYSTEM, batch=check_import(actor=SYSTEM, batch=batch))
    now = timezone.now()
    keep_log(now)
    make_need(firm)
    keep_log(now + timedelta(hours=1))
