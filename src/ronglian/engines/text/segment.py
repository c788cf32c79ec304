"""Words and character n-grams of Chinese and English text (分词).

Chinese is cut by rjieba with its own dictionary; the instance is ours alone, so nobody's added words change
the answers. English words are lower-cased. The stemmer follows the first steps of M. F. Porter, "An algorithm
for suffix stripping", Program 14 (1980), with a short list of derivational endings.
"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache

import rjieba

from ronglian.engines.text.normalise import join_normalised, normalise

MARK = "\ue000"  # ends a text where many are cut at once; for private use, so it stands in no word

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_LATIN = (
    r"[0-9]*[A-Za-z\u00c0-\u024f\u0370-\u03ff]+[0-9A-Za-z\u00c0-\u024f\u0370-\u03ff]*|[0-9]+(?:\.[0-9]+)*"
)
_TOKEN = re.compile(rf"[{_HAN}]+|{_LATIN}")
_LATIN_OR_MARK = re.compile(rf"{_LATIN}|{MARK}")
_NOT_HAN = re.compile(rf"[^{_HAN}{MARK}]+")
_RUN = re.compile(rf"[{_HAN}]+|[0-9A-Za-z\u00c0-\u024f\u0370-\u03ff]+")
_VOWEL = re.compile("[aeiouy]")
_ENDINGS = (
    ("ization", "ize"), ("isation", "ize"), ("ational", "ate"), ("fulness", "ful"), ("iveness", "ive"),
    ("ousness", "ous"), ("ability", "able"), ("ibility", "ible"), ("ation", "ate"), ("ator", "ate"),
    ("alli", "al"), ("ment", ""), ("ness", ""), ("ical", "ic"), ("ance", ""), ("ence", ""), ("ise", "ize"),
)  # fmt: skip


@cache
def _cutter() -> rjieba.Jieba:
    return rjieba.Jieba()


def segment(text: str) -> list[str]:
    """Words in order: Chinese words, lower-cased Latin words and numbers; punctuation is dropped."""
    words: list[str] = []
    for token in _TOKEN.findall(normalise(text)):
        if token[0] >= "\u3400":
            words.extend(_cutter().cut(token))
        else:
            words.append(token.lower())
    return words


def segment_all(texts: Sequence[str]) -> tuple[str, list[str], list[str]]:
    """The normalised texts, their Chinese words, and their Latin words and numbers, each text ended by MARK.

    The words are those of :func:`segment`, Latin ones as they are written; Chinese ones have blanks between runs.
    """
    joined = join_normalised(texts, MARK)
    chinese: list[str] = _cutter().cut(_NOT_HAN.sub(" ", joined))
    return joined, chinese, _LATIN_OR_MARK.findall(joined)


def cut_words(text: str) -> list[str]:
    """All of ``text`` cut into words, blanks and marks included: joined, they are the text again."""
    words: list[str] = _cutter().cut(text)
    return words


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Light English stem of one word; words of other scripts are only lower-cased."""
    word = word.lower()
    if len(word) <= 3 or not word.isascii() or not word.isalpha():
        return word
    word = _verb_endings(_plural(word))
    if word.endswith("y") and len(word) > 3 and word[-2] not in "aeiou":
        word = word[:-1] + "i"
    for ending, replacement in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)] + replacement
            break
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


def _plural(word: str) -> str:
    if word.endswith("sses"):
        return word[:-2]
    if word.endswith("ies"):
        return word[:-2] if len(word) <= 4 else word[:-3] + "y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _verb_endings(word: str) -> str:
    for ending in ("ing", "ed"):
        base = word[: -len(ending)]
        if word.endswith(ending) and len(base) >= 3 and _VOWEL.search(base) and not word.endswith("eed"):
            if base[-1] == base[-2] and base[-1] not in "lsz":
                return base[:-1]
            return base + "e" if base.endswith(("at", "bl", "iz")) else base
    return word


def char_ngrams(text: str, low: int = 1, high: int = 2) -> list[str]:
    """Character n-grams (low ≤ n ≤ high) of each unbroken run; a Latin word or number counts as one."""
    if low < 1 or high < low:
        raise ValueError(f"n-gram range must satisfy 1 <= low <= high, got {low}..{high}")
    units: list[list[str]] = []
    end = -1
    for run in _RUN.finditer(normalise(text)):
        piece = run.group()
        parts = list(piece) if piece[0] >= "\u3400" else [piece.lower()]
        if run.start() == end:
            units[-1].extend(parts)
        else:
            units.append(parts)
        end = run.end()
    return [
        "".join(run_units[at : at + size])
        for size in range(low, high + 1)
        for run_units in units
        for at in range(len(run_units) - size + 1)
    ]
