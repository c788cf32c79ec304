"""What is exported can be read back unchanged, runs nothing, and shows nothing hidden."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.registry.columns import COLUMNS, KINDS, Kind
from ronglian.apps.registry.enums import (
    HardConstraint,
    IpKind,
    OutputForm,
    Stage,
    TechnicalLevel,
    TechnologyField,
    TransferMode,
)
from ronglian.apps.registry.exports import (
    DANGEROUS,
    FORMATS,
    Format,
    Language,
    export_rows,
    guard,
    template_file,
)
from ronglian.apps.registry.imports.cells import without_guard
from ronglian.apps.registry.models import Expert, ImportState, Need, Result, Scene
from ronglian.apps.registry.operations.imports import check_import, stage_import
from ronglian.apps.registry.queries.imports import list_bad_cells
from ronglian.kernel.actor import ANONYMOUS
from ronglian.kernel.errors import RuleViolation
from tests.apps.registry.imports.conftest import Check
from tests.factories import (
    SYSTEM,
    make_expert,
    make_need,
    make_organisation,
    make_person_of,
    make_result,
    make_scene,
)

pytestmark = pytest.mark.django_db

MODELS: dict[Kind, Any] = {"needs": Need, "results": Result, "experts": Expert, "scenes": Scene}


def exported(kind: Kind, file_format: Format, language: Language = "zh", actor: Any = SYSTEM) -> bytes:
    return b"".join(export_rows(actor, kind, MODELS[kind].objects.order_by("id"), file_format, language))


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


TEXT = st.text(
    st.characters(exclude_categories=("Cc", "Cf", "Cs"), include_characters="\n\t"), max_size=60
).map(str.strip)
LINE = st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp")), min_size=1, max_size=40)
ONE_LINE = LINE.map(lambda text: " ".join(text.split())).filter(bool)
NASTY = st.sampled_from(
    [
        "=1+1",
        "+1",
        "-2",
        "@x",
        "＝x",
        "'=1",
        "''@",
        "_x000D_",
        "a\nb",
        '"',
        ",;\t|",
        "'",
        "1e5",
        "007",
        "TRUE",
    ]
)
MONEY = st.integers(0, 10**13)
WORDS = st.lists(
    ONE_LINE | NASTY.filter(lambda text: "\n" not in text and "\t" not in text), max_size=4, unique=True
)


@st.composite
def need_fields(draw: st.DrawFn) -> dict[str, Any]:
    low, high = draw(st.tuples(st.none() | MONEY, st.none() | MONEY))
    if low is not None and high is not None:
        low, high = sorted((low, high))
    return {
        "title": draw(ONE_LINE | NASTY.map(lambda text: " ".join(text.split()))),
        "title_en": draw(ONE_LINE),
        "details": draw(TEXT | NASTY),
        "difficulty": draw(TEXT),
        "metrics_text": draw(TEXT | st.just("-40℃~85℃；良率≥95%")),
        "keywords": draw(WORDS),
        "technology_field": draw(st.sampled_from(["", *TechnologyField.values])),
        "industry": draw(st.sampled_from(["", "C", "C26", "C2614", "I65"])),
        "region": draw(st.sampled_from(["", "32", "3205", "320506", "11", "71"])),
        "modes": draw(st.lists(st.sampled_from(TransferMode.values), unique=True)),
        "hard": draw(st.lists(st.sampled_from(HardConstraint.values), unique=True)),
        "budget_low_fen": low,
        "budget_high_fen": high,
        "minimum_maturity": draw(st.none() | st.integers(1, 9)),
        "anonymous": draw(st.booleans()),
        "expires_on": draw(st.dates(date(2026, 12, 1), date(2030, 1, 1))),
    }


def assert_unchanged(kind: Kind, file_format: Format, language: Language, owner: Organisation) -> None:
    """Reading the export back changes nothing, with every column there."""
    content = exported(kind, file_format, language)
    batch = stage_import(
        actor=SYSTEM, owner=owner, kind=kind, file=BytesIO(content), filename=f"x.{file_format}"
    )
    batch = check_import(actor=SYSTEM, batch=batch)
    bad = [(cell.column, cell.value, cell.message) for cell in list_bad_cells(batch)]
    changed = [row.values for row in batch.rows.filter(outcome="update")]
    assert (batch.state, bad, changed) == (ImportState.CHECKED, [], [])
    assert batch.unchanged == batch.rows_seen == MODELS[kind].objects.count()


ROUND_TRIP = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("file_format", ["csv", "jsonl"])
@settings(ROUND_TRIP, max_examples=15)
@given(records=st.lists(need_fields(), min_size=1, max_size=3))
def test_reading_back_changes_nothing(
    records: list[dict[str, Any]], file_format: Format, language: Language, owner: Organisation
) -> None:
    with transaction.atomic():
        for fields in records:
            make_need(owner, **fields)
        assert_unchanged("needs", file_format, language, owner)
        transaction.set_rollback(True)


@settings(ROUND_TRIP, max_examples=3)
@given(records=st.lists(need_fields(), min_size=1, max_size=8), language=st.sampled_from(["zh", "en"]))
def test_reading_a_workbook_back_changes_nothing(
    records: list[dict[str, Any]], language: Language, owner: Organisation
) -> None:
    with transaction.atomic():
        for fields in records:
            make_need(owner, **fields)
        assert_unchanged("needs", "xlsx", language, owner)
        transaction.set_rollback(True)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("file_format", FORMATS)
def test_every_kind_and_every_code_reads_back(
    file_format: Format, language: Language, owner: Organisation
) -> None:
    for number, field in enumerate(TechnologyField.values):
        make_result(
            owner,
            f"成果{number}",
            summary="=HYPERLINK(1)",
            technology_field=field,
            output_form=OutputForm.values[number % 8],
            stage=Stage.values[number % 3],
            technical_level=TechnicalLevel.values[number % 5],
            ip=IpKind.values[: number % 8],
            ip_numbers="ZL 2019 1 0123456.7",
            transfer_modes=TransferMode.values[: number % 10],
            price_low_fen=number * 1_234_567,
            price_high_fen=None,
            maturity=number % 9 + 1,
            completed_by="-某大学",
        )
    make_expert(
        owner, "云澜某", technology_fields=TechnologyField.values, orcid="0000-0002-1825-0097", post="教授"
    )
    make_scene(owner, "试点", opens_on=date(2026, 12, 1), closes_on=date(2027, 1, 1), conditions="@x")
    for kind in ("results", "experts", "scenes"):
        assert_unchanged(kind, file_format, language, owner)


@pytest.mark.parametrize("start", [*DANGEROUS, "'=", "''＋"])
@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_nothing_runs_as_a_formula(
    start: str, file_format: Format, owner: Organisation, tmp_path: Path
) -> None:
    """Every text column of a spreadsheet begins with something harmless."""
    text = f"{start}cmd|' /C calc'!A0"
    need = make_need(owner, "x", keywords=[text.strip()])
    Need.objects.filter(pk=need.pk).update(
        title=text, title_en=text, details=text, difficulty=text, metrics_text=text, existing_conditions=text
    )
    content = exported("needs", file_format)
    if file_format == "csv":
        cells = [cell for row in table(content) for cell in row]
    else:
        with ZipFile(BytesIO(content)) as book:
            assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
        rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
        cells = [str(cell) for row in rows for cell in row]
    assert sum(text.strip() in cell for cell in cells) >= 6
    assert not [cell for cell in cells if cell.startswith(DANGEROUS)]


@given(st.text() | NASTY)
@example("'")
def test_the_guard_comes_off_again(text: str) -> None:
    assert without_guard(guard(text)) == text
    assert not guard(text).startswith(DANGEROUS)


def test_the_headers_are_in_the_language(owner: Organisation) -> None:
    make_need(owner, "甲", anonymous=True)
    for language in ("zh", "en"):
        rows = table(exported("needs", "csv", language))
        assert rows[0] == [column.header(language) for column in COLUMNS["needs"]]
    assert json.loads(exported("needs", "jsonl")).keys() == {column.name for column in COLUMNS["needs"]}


def test_csv_opens_in_spreadsheets() -> None:
    assert exported("needs", "csv").startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_hidden_owner_stays_hidden(file_format: Format, tmp_path: Path) -> None:
    hidden, shown = make_organisation("隐名的单位"), make_organisation("具名的单位")
    make_need(hidden, "匿名需求", anonymous=True)
    make_need(shown, "具名需求")
    for actor in (ANONYMOUS, make_person_of(shown)):
        text = readable(exported("needs", file_format, actor=actor), file_format)
        assert "隐名的单位" not in text
        assert "匿名需求" in text
        assert "具名的单位" in text
    own = readable(exported("needs", file_format, actor=make_person_of(hidden)), file_format)
    assert "隐名的单位" in own


def readable(content: bytes, file_format: Format) -> str:
    if file_format == "xlsx":
        return str(CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python())
    return content.decode()


def test_only_what_the_reader_may_see() -> None:
    owner = make_organisation()
    make_need(owner, "公开")
    make_need(owner, "内部", disclosure="organisation")
    make_need(owner, "草稿", state="draft")
    assert [row[2] for row in table(exported("needs", "csv", actor=ANONYMOUS))[1:]] == ["公开"]
    assert len(table(exported("needs", "csv", actor=make_person_of(owner)))) == 4


def test_a_text_too_long_for_a_workbook(owner: Organisation) -> None:
    make_need(owner, "长", details_en="x" * 33_000)
    with pytest.raises(RuleViolation):
        exported("needs", "xlsx")
    assert len(exported("needs", "csv")) > 33_000


def test_organisations_are_exported(owner: Organisation) -> None:
    content = b"".join(export_rows(ANONYMOUS, "organisations", Organisation.objects.all(), "csv", "zh"))
    assert table(content)[1][1] == owner.name


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("file_format", FORMATS)
def test_a_template_filled_in_can_be_read(
    kind: Kind, file_format: Format, language: Language, check: Check
) -> None:
    """As handed out it holds no row but, in JSON Lines, the example; its guide is not taken for records."""
    content = template_file(kind, file_format, language)
    options = {"owner": None} if kind == "organisations" else {}
    batch = check(content, f"template.{file_format}", kind, **options)
    if file_format == "jsonl":
        assert batch.rows_seen == 1
        assert {cell.code for cell in list_bad_cells(batch)} <= {"unknown_organisation"}
    else:
        assert batch.failure["code"] == "no_rows"
        assert set(batch.mapping.values()) == {
            column.name for column in COLUMNS[kind] if not column.read_only
        }
