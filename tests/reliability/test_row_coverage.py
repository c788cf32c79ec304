"""Whatever writes a row, its last event commits to that row; whatever changes it otherwise is found."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.registry.models import DuplicateCandidate, Need, Result
from ronglian.apps.registry.operations.imports import apply_import, check_import, stage_import
from ronglian.demo.load import load_region
from ronglian.kernel.log.coverage import Uncovered, logged_models, uncovered_rows
from tests.factories import SYSTEM, make_need, make_organisation, make_result

pytestmark = pytest.mark.django_db


def uncovered() -> list[Uncovered]:
    return [found for model in logged_models() for found in uncovered_rows(model)]


def test_imported_and_reimported_rows_are_covered(settings: Any, tmp_path: Path) -> None:
    settings.UPLOADS = tmp_path
    today = timezone.localdate()
    load_region(SYSTEM, today - timedelta(days=60), lambda _kind: None)
    assert uncovered() == []
    changes = load_region(SYSTEM, today, lambda _kind: None)
    assert sum(loaded.changes for loaded in changes) > 50
    assert uncovered() == []


def test_duplicates_found_by_an_import_are_covered(settings: Any, tmp_path: Path) -> None:
    settings.UPLOADS = tmp_path
    owner = make_organisation()
    text = "电镀废水六价铬深度处理,现有工艺六价铬降不下来，寻求低成本的处理技术"
    rows = "\n".join(["需求编号,需求名称,需求详情", *(f"N{number},{text}" for number in range(3))])
    batch = stage_import(
        actor=SYSTEM, owner=owner, kind="needs", file=BytesIO(rows.encode()), filename="needs.csv"
    )
    apply_import(actor=SYSTEM, batch=check_import(actor=SYSTEM, batch=batch))
    assert DuplicateCandidate.objects.exists()
    assert uncovered() == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda: Need.objects.update(budget_low_fen=1), "changed"),
        (lambda: Need.objects.update(anonymous=True), "changed"),
        (lambda: Need.objects.update(state="withdrawn"), "changed"),
        (lambda: Result.objects.update(owner=make_organisation()), "changed"),
        (lambda: Result.objects.update(metrics=[{"name": "x"}]), "changed"),
        (lambda: Result.objects.update(created_at=timezone.now()), "changed"),
        (lambda: Organisation.objects.filter(name="甲").update(name="乙"), "changed"),
        (lambda: Need.objects.all().delete(), "deleted"),
        (lambda: Need.objects.create(owner=make_organisation(), title="塞进来的"), "without_event"),
    ],
)  # fmt: skip
def test_a_row_changed_behind_the_log_is_found(change: Any, problem: str) -> None:
    ours = make_organisation("甲")
    make_need(ours)
    make_result(ours)
    assert uncovered() == []
    change()
    assert [found.problem for found in uncovered()] == [problem]
