"""Documents to print and to keep: said once as blocks, written as PDF and as a Word file."""

from ronglian.kernel.documents.content import (
    LOCALES,
    Block,
    Document,
    Facts,
    Heading,
    Language,
    Note,
    Paragraph,
    Table,
)
from ronglian.kernel.documents.pdf import as_pdf
from ronglian.kernel.documents.word import as_word

__all__ = [
    "LOCALES",
    "Block",
    "Document",
    "Facts",
    "Heading",
    "Language",
    "Note",
    "Paragraph",
    "Table",
    "as_pdf",
    "as_word",
]
