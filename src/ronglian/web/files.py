"""Files that a page hands out."""

from __future__ import annotations

from django.http import HttpResponse

from ronglian.kernel.documents import Document, as_pdf, as_word
from ronglian.kernel.errors import NotFound

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def document_file(document: Document, name: str, ending: str) -> HttpResponse:
    """The document as a PDF or Word file to keep. Raises NotFound for another ending."""
    if ending not in TYPES:
        raise NotFound
    content = as_pdf(document) if ending == "pdf" else as_word(document)
    response = HttpResponse(content, content_type=TYPES[ending])
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response
