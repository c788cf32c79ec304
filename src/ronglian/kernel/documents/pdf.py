"""A document as PDF, by WeasyPrint.

The page is written here from escaped texts, and nothing that a document names is fetched: no file, no address.
"""

from __future__ import annotations

from html import escape

from django.utils.translation import gettext_lazy as _

from ronglian.engines.proof import CHECKPOINT_HEADER, as_header
from ronglian.kernel.documents.content import Block, Document, Facts, Heading, Note, Paragraph, Table
from ronglian.kernel.errors import RuleViolation

STYLE = """
@page { size: A4; margin: 22mm 20mm 24mm;
  @bottom-left { content: string(foot); font-size: 7.5pt; color: #555; }
  @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt; color: #555; } }
html { font: 10.5pt/1.6 "Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", SimSun, serif; color: #111; }
h1 { font-size: 18pt; line-height: 1.3; text-align: center; margin: 0 0 2mm; }
h2 { font-size: 12pt; margin: 6mm 0 1.5mm; break-after: avoid; }
.subtitle { text-align: center; margin: 0 0 8mm; }
.foot { string-set: foot content(); font-size: 0; line-height: 0; margin: 0; }
p { margin: 0 0 2mm; white-space: pre-line; overflow-wrap: anywhere; }
.note { font-size: 8.5pt; color: #444; }
table { width: 100%; border-collapse: collapse; margin: 1mm 0 4mm; }
th, td { border: 0.4pt solid #888; padding: 1.2mm 2mm; text-align: left; vertical-align: top; overflow-wrap: anywhere; white-space: pre-line; }
th { background: #f0f0f0; font-weight: 600; }
.facts th { width: 32%; }
.facts th, .facts td { padding: 0.7mm 2mm; }
tr { break-inside: avoid; }
"""


def as_pdf(document: Document, checkpoint: str = "") -> bytes:
    """The bytes of the PDF, with the signed note of a checkpoint among its properties. Raises RuleViolation where this machine lacks what WeasyPrint draws with."""
    try:
        from weasyprint import HTML  # noqa: PLC0415 - loads Pango, which no other page needs and a machine may lack
        from weasyprint.urls import URLFetcher  # noqa: PLC0415 - beside it
    except OSError as error:
        raise RuleViolation(
            _(
                "PDF files need Pango on the machine of this site (Debian: apt-get install libpango-1.0-0"
                " libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk). The Word file says the same."
            )
        ) from error
    pdf: bytes = HTML(
        string=as_page(document, checkpoint), url_fetcher=URLFetcher(allowed_protocols=())
    ).write_pdf(custom_metadata=True)
    return pdf


def as_page(document: Document, checkpoint: str = "") -> str:
    """The page that is drawn."""
    body = "\n".join(_block(block) for block in document.blocks)
    subtitle = f'<p class="subtitle">{escape(document.subtitle)}</p>' if document.subtitle else ""
    kept = f'<meta name="{CHECKPOINT_HEADER}" content="{as_header(checkpoint)}">' if checkpoint else ""
    language = "zh-Hans" if document.language == "zh" else "en"
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(document.title)}</title>{kept}'
        f'<style>{STYLE}</style></head><body><p class="foot">{escape(document.foot)}</p>'
        f"<h1>{escape(document.title)}</h1>{subtitle}{body}</body></html>"
    )


def _block(block: Block) -> str:
    match block:
        case Heading(text):
            return f"<h2>{escape(text)}</h2>"
        case Paragraph(text):
            return f"<p>{escape(text)}</p>"
        case Note(text):
            return f'<p class="note">{escape(text)}</p>'
        case Facts(rows):
            lines = "".join(
                f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in rows
            )
            return f'<table class="facts">{lines}</table>'
        case Table(heads, rows):
            head = "".join(f"<th>{escape(text)}</th>" for text in heads)
            lines = "".join(
                "<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>" for row in rows
            )
            return f"<table><thead><tr>{head}</tr></thead>{lines}</table>"
