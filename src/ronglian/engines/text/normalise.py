"""Folding of Chinese and English text that keeps its meaning (文本规范化).

NFKC would turn ``m³`` into ``m3``, ``①`` into ``1`` and ``℃`` into ``°C``: fine for search, ruinous for
quantities. The folding here touches only what carries no meaning: width, entities, tags, blanks.
"""

import html
import re
from collections.abc import Sequence
from typing import Literal

Language = Literal["zh", "en", "mixed", "none"]

_SENTENCE_MARKS = "，；：！？"  # full-width on purpose: they separate clauses and never stand inside a number
_WIDTH = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code) not in _SENTENCE_MARKS}
_WIDTH["\u3000"] = " "
_WIDTH["\u00a0"] = " "
_WIDTH["\u2212"] = "-"  # minus sign
_WIDTH["\u00b5"] = "μ"  # micro sign → Greek mu
_WIDTH["\u223c"] = "~"
_WIDTH["\u301c"] = "~"
_LONGER = {
    "\u338e": "mg", "\u338f": "kg", "\u339c": "mm", "\u339d": "cm", "\u339e": "km", "\u339b": "μm",
    "\u33a1": "m²", "\u33a0": "cm²", "\u33a5": "m³", "\u33a4": "cm³", "\u3396": "ml", "\u33c4": "cc",
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl",
}  # fmt: skip
_FOLDS = _WIDTH | _LONGER
_FOLD = re.compile("[" + re.escape("".join(_FOLDS)) + "]")
_WIDTH_TABLE = str.maketrans(_WIDTH)
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff\ud800-\udfff]"
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31}\d{0,2});")
# Only names of real elements: "浓度<b且温度>c" is mathematics, not a tag.
_TAG = re.compile(
    r"<(?:!--[\s\S]*?--|/?(?:p|br|hr|div|span|b|i|u|em|strong|sub|sup|font|table|tbody|thead|tr|td|th|ul|ol|li|a|img|"
    r"h[1-6]|pre|code|center|section|article|style|script|html|body|head|meta|o:p)(?:\s[^<>]*)?/?)>",
    re.IGNORECASE,
)
_NESTED = re.compile(r"&(?:amp;)+")
_BLANKS = re.compile(r"[ \t]+")
_LINES = re.compile(r" ?\n[ \n]*")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


def normalise(text: str) -> str:
    """Fold width, entities, tags, invisible characters and blanks; idempotent.

    Superscripts, comparison signs, ``℃``, circled digits and Chinese sentence marks stay as they are.
    """
    if _has_markup(text):
        text = _strip_markup(text)
    text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _FOLD.sub(lambda match: _FOLDS[match.group()], text)
    if "&" in text or "<" in text:
        text = _FOLD.sub(lambda match: _FOLDS[match.group()], _INVISIBLE.sub("", _strip_markup(text)))
    text = _BLANKS.sub(" ", text)
    return _LINES.sub("\n", text).strip()


def join_normalised(texts: Sequence[str], mark: str) -> str:
    """The normalised texts, each followed by ``mark``, a character that folding leaves alone; it is taken out of the texts.

    Blanks beside a mark may differ from those of :func:`normalise`. Texts without markup are folded in one pass.
    """
    clean = [normalise(text) if _has_markup(text) else text for text in texts]
    joined = "".join([text.replace(mark, " ") + mark for text in clean])
    joined = _INVISIBLE.sub("", joined.replace("\r\n", "\n").replace("\r", "\n"))
    return _FOLD.sub(lambda match: _FOLDS[match.group()], joined)


def _has_markup(text: str) -> bool:
    return "&" in text or "<" in text or "＆" in text or "＜" in text


def _strip_markup(text: str) -> str:
    # Entities may be escaped twice in exports of web systems; each round shortens the text, so this ends.
    text = _NESTED.sub("&", text)  # "&amp;amp;lt;" at once: a round for each level would be quadratic
    while True:
        shorter = _TAG.sub(" ", _ENTITY.sub(lambda match: html.unescape(match.group()), text))
        if shorter == text:
            return text
        text = shorter


def fold_width(text: str) -> str:
    """Full-width to half-width, one character for one, so that positions in both texts are the same."""
    return text.translate(_WIDTH_TABLE)


def detect_language(text: str) -> Language:
    """Language by share of Han characters against Latin words; acronyms alone do not make it "mixed"."""
    han = len(_HAN.findall(text))
    words = len(_LATIN_WORD.findall(text))
    if not han and not words:
        return "none"
    share = han / (han + 2 * words)  # a Chinese word is about two characters
    if share >= 0.6:
        return "zh"
    return "mixed" if share > 0.1 else "en"
