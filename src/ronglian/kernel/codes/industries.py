"""Industries 国民经济行业分类 (GB/T 4754-2017): 20 sections 门类 and 97 divisions 大类.

A code is a section's letter, alone or followed by two to four digits: C, C26, C261, C2614. Groups 中类 and
classes 小类 are not listed; they are accepted where their division stands under that letter, and read as it.
The English names follow the translations usual in statistics.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from ronglian.kernel.codes.table import UnknownCodeError, is_english, name_key, plain_text, read_table

_CODE = re.compile(r"[A-T]([0-9]{2,4})?")
# A cell may hold the code, with or without its letter, or the code and then the name: "C27 医药制造业".
_CELL = re.compile(r"([A-Ta-t]?)([0-9]{2,4})?(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Division:
    """大类"""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Section:
    """门类, with its divisions in the order of the standard."""

    code: str
    zh: str
    en: str
    divisions: tuple[Division, ...]


@cache
def _sections() -> tuple[Section, ...]:
    rows = read_table("industries")
    divisions = [Division(**row) for row in rows if len(row["code"]) > 1]
    return tuple(
        Section(**row, divisions=tuple(division for division in divisions if division.code[0] == row["code"]))
        for row in rows
        if len(row["code"]) == 1
    )


@cache
def _by_code() -> Mapping[str, Section | Division]:
    sections: list[Section | Division] = list(_sections())
    return {entry.code: entry for entry in (*sections, *(d for s in _sections() for d in s.divisions))}


@cache
def _letters() -> Mapping[str, str]:
    """Two digits of a division → its section's letter."""
    return {division.code[1:]: section.code for section in _sections() for division in section.divisions}


@cache
def _names() -> Mapping[str, str]:
    """Name → code. 房地产业, 教育, 国际组织 name a section and its one division: the section is taken."""
    names: dict[str, str] = {}
    for code, entry in _by_code().items():  # sections come first
        for name in (entry.zh, entry.en):
            names.setdefault(_industry_key(name), code)
    return names


def _industry_key(name: str) -> str:
    """Files write 医药制造 for 医药制造业, and 与 or 及 where the standard writes 和."""
    key = re.sub("[与及]", "和", name_key(name))
    return key.removesuffix("业") if len(key) > 2 else key


def industries() -> list[Section]:
    """The sections with their divisions, for select boxes."""
    return list(_sections())


def is_industry(code: str) -> bool:
    """Whether a code (letter, then none or two to four digits) is a section or lies in its divisions."""
    return bool(_CODE.fullmatch(code)) and code[:3] in _by_code()


def industry_name(code: str, language: str) -> str:
    """The name of the section or division a code lies in. Raises UnknownCodeError."""
    if not is_industry(code):
        raise UnknownCodeError("industries", code)
    entry = _by_code()[code[:3]]
    return entry.en if is_english(language) else entry.zh


def find_industry(text: str) -> str | None:
    """The code of an industry as files write it, or None: by code (C26, 26, C2614) or by name, zh or en.

    Where a code and a name stand together they have to agree (C30 混凝土 is a grade of concrete); the names
    of groups and classes are not listed, so there the code alone decides.
    """
    plain = plain_text(text)
    by_name = _names().get(_industry_key(plain))
    if by_name is not None:
        return by_name
    cell = _CELL.fullmatch(plain)
    if cell is None:
        return None
    letter, digits, rest = cell[1].upper(), cell[2] or "", _industry_key(cell[3])
    if not (letter or digits):
        return None
    code = (letter or _letters().get(digits[:2], "")) + digits
    if not is_industry(code):
        return None
    if not rest:
        return code
    if len(code) > 3:
        return code if letter else None  # "2023年" is a year
    entry = _by_code()[code]
    return code if rest in (_industry_key(entry.zh), _industry_key(entry.en)) else None
