"""Documents as PDF and as Word files: everything is said, nothing is markup, nothing is fetched."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from weasyprint import HTML

from ronglian.kernel.documents import Document, Facts, Heading, Note, Paragraph, Table, as_pdf, as_word
from ronglian.kernel.documents import pdf as of_pdf

HOSTILE = '<link rel="attachment" href="file:///etc/passwd"><img src="file:///etc/passwd">'


def document(text: str = "甲方支付许可费。") -> Document:
    return Document(
        title="技术许可合同",
        subtitle=text,
        blocks=(
            Heading(text),
            Paragraph(f"{text}\n第二行"),
            Facts((("甲方", text), ("乙方", "示例大学"))),
            Table(("款项", "金额"), ((text, "1,000.00"),)),
            Note(text),
        ),
        foot="版本 1",
    )


def words_of(content: bytes) -> str:
    read = docx.Document(BytesIO(content))
    cells = [cell.text for table in read.tables for row in table.rows for cell in row.cells]
    return "\n".join(
        [*(one.text for one in read.paragraphs), *cells, read.sections[0].footer.paragraphs[0].text]
    )


def test_a_word_file_says_every_block() -> None:
    said = words_of(as_word(document()))
    for text in ("技术许可合同", "甲方支付许可费。", "第二行", "示例大学", "1,000.00", "版本 1"):
        assert text in said


def test_a_pdf_is_drawn_on_pages_and_holds_its_font() -> None:
    drawn = as_pdf(document())
    assert drawn.startswith(b"%PDF-")
    assert b"/FontFile" in drawn or b"/Filter" in drawn
    many = Document("长", "", tuple(Paragraph(f"第 {number} 条 " * 40) for number in range(60)))
    assert len(HTML(string=of_pdf.as_page(many)).render().pages) > 3


def test_markup_in_a_text_is_text() -> None:
    page = of_pdf.as_page(document(HOSTILE))
    assert "<link" not in page
    assert "<img" not in page
    assert page.count("&lt;link") == 6
    assert HOSTILE in words_of(as_word(document(HOSTILE)))


@pytest.mark.filterwarnings("ignore")
def test_even_markup_that_slipped_through_reads_no_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The second lock: were a text not escaped, still nothing would be fetched."""
    secret = tmp_path / "secret.txt"
    secret.write_text("canary-7d1f")
    plain = len(as_pdf(Document("长", "", (Paragraph("文"),))))
    monkeypatch.setattr(of_pdf, "escape", lambda text: text)
    attached = f'文<link rel="attachment" href="{secret.as_uri()}">'
    drawn = as_pdf(Document("长", "", (Paragraph(attached),)))
    assert b"EmbeddedFile" not in drawn
    assert len(drawn) < plain + 400
    opened = HTML(string=of_pdf.as_page(Document("长", "", (Paragraph(attached),)))).write_pdf()
    assert b"EmbeddedFile" in opened  # without the lock it is attached: the check can fail


@settings(max_examples=40, deadline=None)
@given(text=st.text(max_size=60))
def test_any_text_makes_a_word_file_that_opens(text: str) -> None:
    docx.Document(BytesIO(as_word(document(text))))


def test_a_machine_without_pango_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import builtins  # noqa: PLC0415 - only this test replaces it

    found = builtins.__import__

    def refusing(name: str, *rest: Any, **more: Any) -> Any:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return found(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refusing)
    with pytest.raises(of_pdf.RuleViolation, match="libpango"):
        as_pdf(document())
