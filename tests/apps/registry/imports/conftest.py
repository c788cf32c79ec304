"""Uploads of these tests lie in a folder of each test."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.registry.models import ImportBatch
from ronglian.apps.registry.operations.imports import check_import, stage_import
from tests.factories import SYSTEM, make_organisation

Check = Callable[..., ImportBatch]


@pytest.fixture(autouse=True)
def uploads(settings: Any, tmp_path: Path) -> Path:
    settings.UPLOADS = tmp_path / "uploads"
    return tmp_path / "uploads"


@pytest.fixture
def owner(db: None) -> Organisation:
    return make_organisation("示例单位")


@pytest.fixture
def check(owner: Organisation) -> Check:
    """Stage and check a file; for the example organisation unless `owner` says otherwise."""

    def staged_and_checked(
        content: bytes, name: str = "needs.csv", kind: Any = "needs", **options: Any
    ) -> ImportBatch:
        options = {"actor": SYSTEM, "owner": owner, **options}
        batch = stage_import(kind=kind, file=BytesIO(content), filename=name, **options)
        return check_import(actor=options["actor"], batch=batch)

    return staged_and_checked
