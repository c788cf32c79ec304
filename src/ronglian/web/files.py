"""Files that a page hands out."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from ronglian.kernel.documents import Document, Language, as_pdf, as_word
from ronglian.kernel.errors import NotFound
from ronglian.kernel.log.carried import checkpoint_note

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def document_file(document: Document, name: str, ending: str) -> HttpResponse:
    """The document as a PDF or Word file to keep. Raises NotFound for another ending."""
    if ending not in TYPES:
        raise NotFound
    write = as_pdf if ending == "pdf" else as_word
    content = write(document, checkpoint_note())
    response = HttpResponse(content, content_type=TYPES[ending])
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response


def named_language(named: str) -> Language:
    """The language that the address of a file names. Raises NotFound for another one."""
    match named:
        case "zh" | "en":
            return named
        case _:
            raise NotFound


def file_choices() -> list[tuple[str, str, str]]:
    """Language, ending and label of the files that a document is handed out as."""
    return [
        ("zh", "pdf", _("Chinese, PDF")),
        ("zh", "docx", _("Chinese, Word")),
        ("en", "pdf", _("English, PDF")),
        ("en", "docx", _("English, Word")),
    ]
