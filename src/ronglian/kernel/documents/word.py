"""A document as a Word file, by python-docx; made of its blocks alone, no template of anybody's is read."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from ronglian.kernel.documents.content import Block, Document, Facts, Heading, Note, Paragraph, Table

# Names by which Word knows the Chinese fonts of its own.
BODY_FONT, HEAD_FONT = "SimSun", "SimHei"
LONGEST_PROPERTY = 255
# What XML 1.0 cannot hold. Such a character has no look on paper either.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MADE = datetime(2000, 1, 1, tzinfo=UTC)


def as_word(document: Document, checkpoint: str = "") -> bytes:
    """The bytes of the .docx, with the signed note of a checkpoint among its properties.

    The same document and checkpoint give the same bytes but for the clock of the archive.
    """
    import docx  # noqa: PLC0415 - slow to import, and few requests need it
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415 - beside it
    from docx.oxml.ns import qn  # noqa: PLC0415 - beside it
    from docx.shared import Pt  # noqa: PLC0415 - beside it

    written = docx.Document()
    normal: Any = written.styles["Normal"]
    normal.font.name, normal.font.size = "Times New Roman", Pt(10.5)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), BODY_FONT)
    for name in ("Title", "Heading 2"):
        style: Any = written.styles[name]
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), HEAD_FONT)
    written.core_properties.title = _text(document.title)[:250]
    written.core_properties.author = ""
    if len(checkpoint) <= LONGEST_PROPERTY:  # longer only where somebody named the log at length
        written.core_properties.comments = checkpoint
    written.core_properties.created = written.core_properties.modified = _MADE.replace(tzinfo=None)
    written.add_heading(_text(document.title), level=0).alignment = WD_ALIGN_PARAGRAPH.CENTER
    if document.subtitle:
        written.add_paragraph(_text(document.subtitle)).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for block in document.blocks:
        _add(written, block, Pt(8.5))
    if document.foot:
        written.sections[0].footer.paragraphs[0].text = _text(document.foot)
    file = BytesIO()
    written.save(file)
    return file.getvalue()


def _add(written: Any, block: Block, small: Any) -> None:
    match block:
        case Heading(text):
            written.add_heading(_text(text), level=2)
        case Paragraph(text):
            written.add_paragraph(_text(text))
        case Note(text):
            written.add_paragraph().add_run(_text(text)).font.size = small
        case Facts(rows):
            _add_table(written, rows, has_head=False)
        case Table(heads, rows):
            _add_table(written, (heads, *rows), has_head=True)


def _add_table(written: Any, rows: tuple[tuple[str, ...], ...], *, has_head: bool) -> None:
    if not rows:
        return
    table = written.add_table(rows=len(rows), cols=len(rows[0]))
    table.style = "Table Grid"
    for place, row in enumerate(rows):
        for cell, text in zip(table.rows[place].cells, row, strict=True):
            cell.text = _text(text)
            if has_head and place == 0:
                for run in cell.paragraphs[0].runs:
                    run.font.bold = True


def _text(text: str) -> str:
    return _UNPRINTABLE.sub("", text)
