"""How large a file may be: each kind has its limit, and reading stops there."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.registry.imports import formats
from ronglian.apps.registry.imports.problems import FileProblem
from ronglian.apps.registry.models import ImportBatch
from ronglian.apps.registry.operations.imports import stage_import
from ronglian.kernel.errors import InvalidInput
from ronglian.project.uploads import CountingHandler
from tests.factories import SYSTEM, make_organisation
from tests.factories.files import csv_file, json_lines, workbook

pytestmark = pytest.mark.django_db
ROWS = [["需求名称", "需求详情"], *[["电镀废水处理", "六价铬降不下来"]] * 50]


@pytest.fixture(autouse=True)
def uploads(settings: Any, tmp_path: Path) -> None:
    settings.UPLOADS = tmp_path


@pytest.fixture
def owner() -> Organisation:
    return make_organisation()


@pytest.mark.parametrize(
    ("name", "make", "kind"),
    [
        ("large.csv", lambda: csv_file(ROWS), formats.FileFormat.CSV),
        ("large.xlsx", lambda: workbook(ROWS), formats.FileFormat.XLSX),
        ("large.jsonl", lambda: json_lines([{"title": "甲" * 500}]), formats.FileFormat.JSONL),
        ("large.jsonl.gz", lambda: gzip.compress(bytes(10**6)) + bytes(200), formats.FileFormat.JSONL_GZ),
    ],
)
def test_each_kind_of_file_has_its_own_limit_and_reading_stops_there(
    name: str,
    make: Callable[[], bytes],
    kind: formats.FileFormat,
    owner: Organisation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(formats.LARGEST, kind, 1000)
    monkeypatch.setattr("ronglian.apps.registry.imports.uploads.BLOCK", 400)
    monkeypatch.setattr("ronglian.apps.registry.imports.uploads.HEAD", 400)
    file = BytesIO(make() + bytes(5000))
    with pytest.raises(InvalidInput) as refused:
        stage_import(actor=SYSTEM, owner=owner, kind="needs", file=file, filename=name)
    assert isinstance(refused.value.__cause__, FileProblem)
    assert refused.value.__cause__.code == "file_too_large"
    assert file.tell() <= 1400
    assert not ImportBatch.objects.exists()


def test_a_file_without_end_is_not_kept(owner: Organisation, settings: Any) -> None:
    """However much is sent: on disk there is never more than the limit, and the file is refused as too large."""
    settings.UPLOAD_LIMIT_BYTES = 100_000
    handler = CountingHandler()
    handler.new_file("file", "endless.csv", "text/csv", None)
    for step in range(100):
        handler.receive_data_chunk(b"x" * 10_000, step * 10_000)
    file = handler.file_complete(1_000_000)
    assert file is not None
    assert file.size == 1_000_000
    assert len(file.read()) == 100_000
    file.seek(0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(formats.LARGEST, formats.FileFormat.CSV, 200_000)
        with pytest.raises(InvalidInput) as refused:
            stage_import(actor=SYSTEM, owner=owner, kind="needs", file=file, filename="endless.csv")
    assert refused.value.__cause__.code == "file_too_large"  # type: ignore[union-attr]
    file.close()
