"""Texts on the page: the right language, marked words, money, dates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from ronglian.engines.text import find_spans, format_money
from ronglian.kernel.codes.industries import industry_name
from ronglian.kernel.codes.regions import region_name, region_short_name
from ronglian.kernel.codes.table import UnknownCodeError
from ronglian.web.context import short_language

EXCERPT = {"zh": 100, "en": 220}
BEFORE_HIT = 30


@dataclass(frozen=True, slots=True)
class Said:
    """A text in the reader's language, or in the other one where only that was written."""

    text: str
    language: str

    def __bool__(self) -> bool:
        return bool(self.text)

    def __str__(self) -> str:
        return self.text


def choose(chinese: str, english: str) -> Said:
    """The text for the page's language, falling back to the other."""
    if short_language() == "en":
        return Said(english, "en") if english else Said(chinese, "zh")
    return Said(chinese, "zh") if chinese else Said(english, "en")


def said(record: object, name: str) -> Said:
    """An attribute that has an English twin: `title` and `title_en`."""
    return choose(getattr(record, name), getattr(record, f"{name}_en"))


def said_words(record: object, name: str = "keywords") -> list[str]:
    """The same for a list of words."""
    chinese, english = getattr(record, name), getattr(record, f"{name}_en")
    return list((english or chinese) if short_language() == "en" else (chinese or english))


def in_own_language(html: SafeString, language: str) -> SafeString:
    """Tell readers' software when a piece is not in the page's language."""
    if language == short_language():
        return html
    return format_html('<span lang="{}">{}</span>', "en" if language == "en" else "zh-Hans", html)


def show(text: Said, terms: Sequence[str] = ()) -> SafeString:
    """One line, with the terms marked."""
    return in_own_language(highlight(text.text, terms), text.language)


def show_paragraphs(text: Said, terms: Sequence[str] = ()) -> SafeString:
    """Many lines, each a paragraph."""
    lines = [line.strip() for line in text.text.splitlines() if line.strip()]
    return format_html_join(
        "", "<p>{}</p>", ((in_own_language(highlight(line, terms), text.language),) for line in lines)
    )


def highlight(text: str, terms: Iterable[str]) -> SafeString:
    """The text with the places of the terms marked; every piece is escaped before it is marked."""
    pieces, at = [], 0
    for start, end in find_spans(text, terms):
        pieces += [escape(text[at:start]), format_html("<mark>{}</mark>", text[start:end])]
        at = end
    return mark_safe("".join([*pieces, escape(text[at:])]))  # noqa: S308 - each piece was escaped above


def excerpt(text: Said, terms: Sequence[str] = ()) -> SafeString:
    """The beginning of the text, or the surroundings of the first term."""
    flat = " ".join(text.text.split())
    length = EXCERPT[text.language]
    spans = find_spans(flat, terms) if terms else []
    start = max(0, spans[0][0] - BEFORE_HIT) if spans and spans[0][1] > length else 0
    return in_own_language(highlight(_cut(flat, start, start + length), terms), text.language)


def _cut(text: str, start: int, end: int) -> str:
    """A piece of the text that begins and ends between words where words have blanks between them."""
    if start and text[start].isascii():
        start = text.find(" ", start, end) + 1 or start
    if end < len(text) and text[end].isascii():
        end = max(text.rfind(" ", start, end), 0) or end
    return f"{'…' if start else ''}{text[start:end].strip()}{'…' if end < len(text) else ''}"


def money_range(low_fen: int | None, high_fen: int | None) -> str:
    """ "30万元–60万元", "≤ 60万元" or "" where nothing is stated."""
    language = short_language()
    low = None if low_fen is None else format_money(low_fen, language)
    high = None if high_fen is None else format_money(high_fen, language)
    if low and high:
        return low if low == high else f"{low} – {high}"
    if high:
        return _("up to %(amount)s") % {"amount": high}
    return _("from %(amount)s") % {"amount": low} if low else ""


def place(code: str, *, short: bool = True) -> str:
    """The name of a region, empty for a code this table does not know."""
    try:
        return (region_short_name if short else region_name)(code, short_language()) if code else ""
    except UnknownCodeError:
        return ""


def province(code: str) -> str:
    return place(code[:2])


def industry(code: str) -> str:
    try:
        return industry_name(code, short_language()) if code else ""
    except UnknownCodeError:
        return ""


def mark_piece(sentence: str, piece: str) -> SafeString:
    """A sentence with one verbatim piece of it marked."""
    before, found, after = sentence.partition(piece) if piece else (sentence, "", "")
    return format_html("{}<mark>{}</mark>{}", before, found, after) if found else format_html("{}", sentence)
