"""Identifiers with check characters: 统一社会信用代码 (USCC), ORCID iD, ROR id. Plain Python, no Django.

Each `check_…` takes what people paste and returns the identifier in one written form, or raises
IdentifierError: what is wrong and, for a wrong check character, which one would be right. All three detect
every single changed character; USCC and ORCID also detect two neighbours swapped.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

Problem = Literal["length", "alphabet", "check_digit"]

# GB 32100-2015: digits and capitals without I, O, S, V, Z. A character's value is its place in the row.
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# ROR uses Crockford's base 32: no i, l, o, u.
ROR_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_DIGITS = "0123456789"

# Blanks, the invisible ones of copied cells, and every dash.
_BLANKS_AND_DASHES = re.compile(r"[\s\u200b-\u200d\ufeff\-\u2010-\u2015\u2212]+")
_ORCID_PREFIX = re.compile(r"(orcid(\s*id)?[\s:]+)?((https?://)?(www\.)?orcid\.org/)?", re.IGNORECASE)
_ROR_PREFIX = re.compile(r"(ror[\s:]+)?((https?://)?(www\.)?ror\.org/)?", re.IGNORECASE)


class IdentifierError(ValueError):
    """The text is not such an identifier.

    `code` is "length", "alphabet" or "check_digit"; `value` the text after normalising. With "alphabet"
    `position` is the first wrong character, counted from 0; with "check_digit" `expected` is what the check
    would have to be.
    """

    def __init__(
        self, code: Problem, value: str, *, position: int | None = None, expected: str | None = None
    ) -> None:
        super().__init__(f"{code}: {value!r}")
        self.code: Problem = code
        self.value = value
        self.position = position
        self.expected = expected


def _without_prefix(prefix: re.Pattern[str], text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).strip()
    found = prefix.match(plain)
    return plain[found.end() if found else 0 :].rstrip("/")


def _require_length(value: str, length: int) -> None:
    if len(value) != length:
        raise IdentifierError("length", value)


def _require_alphabet(value: str, alphabet: str, start: int, stop: int) -> None:
    for position in range(start, stop):
        if value[position] not in alphabet:
            raise IdentifierError("alphabet", value, position=position)


def uscc_check_character(first17: str) -> str:
    """The 18th character of a 统一社会信用代码 for its first seventeen.

    GB 32100-2015: with values C_i of the characters and weights W_i = 3^(i-1) mod 31 for i = 1…17
    (1, 3, 9, 27, 19, …), the check value is 31 - (Σ C_i · W_i mod 31), where 31 is written as 0.

    Raises IdentifierError ("length", "alphabet").
    """
    _require_length(first17, 17)
    _require_alphabet(first17, USCC_ALPHABET, 0, 17)
    total = sum(USCC_ALPHABET.index(character) * pow(3, i, 31) for i, character in enumerate(first17))
    return USCC_ALPHABET[-total % 31]


def check_uscc(text: str) -> str:
    """A 统一社会信用代码 in capitals without blanks, or IdentifierError.

    Length, alphabet and the last character are checked; not the parts inside (registering body, region,
    organisation code of GB 11714).
    """
    value = _BLANKS_AND_DASHES.sub("", unicodedata.normalize("NFKC", text)).upper()
    _require_length(value, 18)
    _require_alphabet(value, USCC_ALPHABET, 0, 18)
    expected = uscc_check_character(value[:17])
    if value[17] != expected:
        raise IdentifierError("check_digit", value, expected=expected)
    return value


def orcid_check_character(first15: str) -> str:
    """The 16th character of an ORCID iD for its first fifteen digits: ISO/IEC 7064 MOD 11-2, X is ten.

    Raises IdentifierError ("length", "alphabet").
    """
    _require_length(first15, 15)
    _require_alphabet(first15, _DIGITS, 0, 15)
    total = 0
    for digit in first15:
        total = (total + int(digit)) * 2 % 11
    return "0123456789X"[(12 - total) % 11]


def check_orcid(text: str) -> str:
    """An ORCID iD as 0000-0002-1825-0097, from that, its address or without dashes, or IdentifierError."""
    value = _BLANKS_AND_DASHES.sub("", _without_prefix(_ORCID_PREFIX, text)).upper()
    _require_length(value, 16)
    _require_alphabet(value, _DIGITS, 0, 15)
    _require_alphabet(value, _DIGITS + "X", 15, 16)
    expected = orcid_check_character(value[:15])
    if value[15] != expected:
        raise IdentifierError("check_digit", value, expected=expected)
    return "-".join(value[i : i + 4] for i in range(0, 16, 4))


def check_ror(text: str) -> str:
    """A ROR id as 03yrm5c26, from that or its address, or IdentifierError.

    It is a 0, six characters of Crockford's base 32 and two decimal digits: the check of ISO/IEC 7064 MOD
    97-10 over the number n that the six write, 98 - (100 n mod 97), from 02 to 98.
    """
    value = _BLANKS_AND_DASHES.sub("", _without_prefix(_ROR_PREFIX, text)).lower()
    _require_length(value, 9)
    _require_alphabet(value, "0", 0, 1)
    _require_alphabet(value, ROR_ALPHABET, 1, 7)
    _require_alphabet(value, _DIGITS, 7, 9)
    number = 0
    for character in value[1:7]:
        number = number * 32 + ROR_ALPHABET.index(character)
    expected = f"{98 - number * 100 % 97:02d}"
    if value[7:] != expected:
        raise IdentifierError("check_digit", value, expected=expected)
    return value
