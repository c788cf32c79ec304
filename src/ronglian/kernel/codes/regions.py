"""Regions 行政区划 (GB/T 2260): 34 provinces and 333 prefecture-level units, as of 2023.

Codes have two digits (province), four (prefecture) or six (county, or either of the others padded with 00).
Counties are not listed: a county is known by its first four digits. Taiwan, Hong Kong and Macao have no
prefectures in the standard, so their six-digit codes are known by the first two. Retired codes are unknown.

Nine four-digit rows are containers (市辖区 under a municipality, 省直辖县级行政区划): they name no place, so
their `zh_short` and `en` are empty and they are shown as their province.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import permutations

from ronglian.kernel.codes.table import UnknownCodeError, is_english, name_key, plain_text, read_table

# Groups of regions that policies and statistics name. A member may be a province or a prefecture.
REGION_SETS: Mapping[str, frozenset[str]] = {
    "jing_jin_ji": frozenset({"11", "12", "13"}),  # 京津冀
    "yangtze_delta": frozenset({"31", "32", "33", "34"}),  # 长三角
    # 粤港澳大湾区: nine cities of Guangdong, Hong Kong, Macao
    "greater_bay_area": frozenset(
        {"4401", "4403", "4404", "4406", "4407", "4412", "4413", "4419", "4420", "81", "82"}
    ),
    "chengdu_chongqing": frozenset({"50", "51"}),  # 成渝
}

# Other spellings in use: traditional characters, pinyin of names whose English is not pinyin, older English.
_ALIASES: Mapping[str, tuple[str, ...]] = {
    "15": ("Neimenggu", "Nei Mongol"),
    "54": ("Xizang",),
    "71": ("臺灣", "臺灣省", "台湾地区"),
    "81": ("香港特区", "Hongkong", "HK"),
    "82": ("澳門", "澳门特区", "Macau"),
    "1411": ("Lvliang", "Lyuliang"),
    "1501": ("Huhehaote",),
    "1506": ("Eerduosi", "Erdos"),
    "1507": ("Hulunbeier",),
    "1508": ("Bayannaoer", "Bayannao'er"),
    "1509": ("Wulanchabu",),
    "1529": ("Alashan",),
    "2301": ("Haerbin",),
    "2302": ("Qiqihaer",),
    "5132": ("Aba",),
    "5133": ("Ganzi",),
    "5401": ("Lasa",),
    "5402": ("Rikaze", "Xigaze"),
    "5403": ("Changdu", "Chamdo"),
    "5404": ("Linzhi",),
    "5406": ("Naqu",),
    "6326": ("Guoluo",),
    "6501": ("Wulumuqi", "Urumchi"),
    "6502": ("Kelamayi",),
    "6504": ("Tulufan", "Turfan"),
    "6505": ("Kumul",),
    "6531": ("Kashi",),
    "6532": ("Hetian", "Khotan"),
    "6540": ("Yili",),
}

# Suzhou (苏州, 宿州) and Fuzhou (福州, 抚州) alone mean the far better known city. Other English names shared
# by two prefectures (Taizhou, Yichun, Yulin) name neither unless the province stands beside them.
_BETTER_KNOWN: Mapping[str, str] = {"suzhou": "3205", "fuzhou": "3501"}

_PREFECTURE_WORDS = frozenset({"city", "prefecture", "league"})
_PEOPLES = """
    zhuang hui uygur uyghur korean tujia miao tibetan qiang yi buyei bouyei dong hani dai bai jingpo lisu
    mongol mongolian kazak kazakh kirgiz kyrgyz
"""
_GENERIC_WORDS = _PREFECTURE_WORDS | {"province", "municipality", "autonomous", "region"}
_GENERIC_WORDS |= {"special", "administrative", "sar", "and", *_PEOPLES.split()}
_COUNTRY = re.compile(r"^(中华人民共和国|中国)(?=.)")
_COUNTRY_KEYS = frozenset({"china", "prchina", "prc", "peoplesrepublicofchina"})
# "海淀区" or "昆山市" after a province's short name; not 河南蒙古族自治县, which lies in Qinghai.
_COUNTY_NAME = re.compile(r"[^族]{2,6}[市县区旗]")


@dataclass(frozen=True, slots=True)
class Region:
    """行政区划: one province or prefecture. `zh_short` drops 省, 市 and the like; `en` is the bare name."""

    code: str
    zh: str
    zh_short: str
    en: str

    @property
    def is_container(self) -> bool:
        """Whether the code only groups counties and names no place."""
        return not self.zh_short


@cache
def _regions() -> Mapping[str, Region]:
    return {row["code"]: Region(**row) for row in read_table("regions")}


@cache
def _children() -> Mapping[str, tuple[Region, ...]]:
    """Province code → its four-digit units, containers included."""
    regions = _regions().values()
    return {
        province.code: tuple(r for r in regions if len(r.code) == 4 and r.code.startswith(province.code))
        for province in regions
        if len(province.code) == 2
    }


def provinces() -> list[Region]:
    """The 34 provinces in the order of their codes."""
    return [_regions()[code] for code in _children()]


def prefectures(province: str) -> list[Region]:
    """The places at prefecture level in a province; none in municipalities, 台湾, 香港, 澳门."""
    if province not in _children():
        raise UnknownCodeError("regions", province)
    return [region for region in _children()[province] if not region.is_container]


def _listed(code: str) -> Region | None:
    """The deepest listed unit a code of two, four or six digits lies in."""
    if not re.fullmatch(r"[0-9]{2}|[0-9]{4}|[0-9]{6}", code):
        return None
    while len(code) > 2 and code.endswith("00"):
        code = code[:-2]
    province = _regions().get(code[:2])
    if len(code) == 2 or province is None:
        return province
    if len(code) == 6 and not _children()[province.code]:
        return province
    return _regions().get(code[:4])


def is_region(code: str) -> bool:
    """Whether a code of two, four or six digits is known, or lies in a known unit."""
    return _listed(code) is not None


def _place(code: str) -> Region:
    """The deepest listed place a code lies in; the province where the table lists only a container."""
    region = _listed(code)
    if region is None:
        raise UnknownCodeError("regions", code)
    return _regions()[region.code[:2]] if region.is_container else region


def region_name(code: str, language: str) -> str:
    """ "江苏省苏州市" or "Suzhou, Jiangsu". A county reads as its prefecture. Raises UnknownCodeError."""
    place = _place(code)
    if len(place.code) == 2:
        return place.en if is_english(language) else place.zh
    province = _regions()[place.code[:2]]
    return f"{place.en}, {province.en}" if is_english(language) else province.zh + place.zh


def region_short_name(code: str, language: str) -> str:
    """ "江苏" or "Jiangsu", "苏州" or "Suzhou": the deepest listed place alone. Raises UnknownCodeError."""
    place = _place(code)
    return place.en if is_english(language) else place.zh_short


def in_region_set(code: str, name: str) -> bool:
    """Whether a place lies wholly inside a set of REGION_SETS: 深圳 in the bay area, 广东 not."""
    return any(code[:digits] in REGION_SETS[name] for digits in (2, 4))


def find_region(text: str) -> str | None:
    """The code of a region as files write it, or None where the text names none or could mean two.

    Understood are codes (320500 → 3205, 110100 → 11), Chinese names full or short, alone or in order
    (江苏省苏州市吴中区 → 3205, 江苏 → 32), and English names (Suzhou, Jiangsu). 吉林, 海南 and their English
    mean the province; 吉林市 and 海南州 the prefecture.
    """
    plain = plain_text(text)
    if re.fullmatch(r"[0-9]+", plain):
        return _find_code(plain)
    return _find_chinese(name_key(_COUNTRY.sub("", plain))) or _find_english(plain)


def _find_code(digits: str) -> str | None:
    region = _listed(digits)
    if region is None:
        return None
    is_county = len(digits) == 6 and not digits.endswith("00")
    return digits if is_county else _place(digits).code


def _full_names(region: Region) -> Iterator[str]:
    """Chinese names that say what kind of unit it is, longest first."""
    yield region.zh
    if region.zh.endswith("自治区"):
        yield region.zh_short + "自治区"
    if region.zh.endswith("自治州"):
        yield region.zh_short + "州"
    yield from (alias for alias in _ALIASES.get(region.code, ()) if not alias.isascii())


@cache
def _chinese_names() -> Mapping[str, str]:
    """Every whole Chinese name → code; a province outranks a prefecture of the same short name."""
    places = [region for region in _regions().values() if not region.is_container]
    by_rank = sorted(places, key=lambda region: len(region.code), reverse=True)
    return {name: region.code for region in by_rank for name in (*_full_names(region), region.zh_short)}


@cache
def _full_prefecture_names() -> Mapping[str, str]:
    """Names with their 市, 州 or 地区 → code. What begins with a short name may be 苏州大学."""
    return {
        name: p.code
        for province in provinces()
        for p in prefectures(province.code)
        for name in _full_names(p)
    }


@cache
def _province_names() -> Mapping[str, str]:
    return {name: p.code for p in provinces() for name in (*_full_names(p), p.zh_short)}


@cache
def _names_within(province: str) -> Mapping[str, str]:
    """Full and short names of a province's prefectures → code."""
    return {name: p.code for p in prefectures(province) for name in (*_full_names(p), p.zh_short)}


def _leading_name(key: str, names: Mapping[str, str]) -> str | None:
    """The longest of the names that the key begins with."""
    longest = max(map(len, names), default=0)
    return next((key[:length] for length in range(longest, 1, -1) if key[:length] in names), None)


def _find_chinese(key: str) -> str | None:
    whole = _chinese_names().get(key)
    if whole is not None:
        return whole
    # Before the province: 吉林市昌邑区 begins with a province's short name, too.
    prefecture = _leading_name(key, _full_prefecture_names())
    if prefecture is not None:
        return _full_prefecture_names()[prefecture]
    province = _leading_name(key, _province_names())
    return None if province is None else _find_below(province, key.removeprefix(province))


def _find_below(name: str, rest: str) -> str | None:
    """A province by name, then perhaps a prefecture, then anything below it."""
    province = _province_names()[name]
    prefecture = _leading_name(rest, _names_within(province))
    if prefecture is not None:
        return _names_within(province)[prefecture]
    is_short = name == _regions()[province].zh_short
    return None if is_short and not _COUNTY_NAME.fullmatch(rest) else province


@cache
def _english_names(digits: int) -> Mapping[str, tuple[str, ...]]:
    """English name → codes of that many digits bearing it."""
    names: dict[str, tuple[str, ...]] = {}
    for region in _regions().values():
        if len(region.code) != digits or region.is_container:
            continue
        aliases = (alias for alias in _ALIASES.get(region.code, ()) if alias.isascii())
        for key in {name_key(name) for name in (region.en, *aliases)}:
            names[key] = (*names.get(key, ()), region.code)
    return names


def _english_key(part: str) -> tuple[str, bool]:
    """The bare name in a part, and whether its generic word says it is below a province ("Jilin City")."""
    words = part.lower().replace("-", " ").split()
    below = bool(words) and words[-1] in _PREFECTURE_WORDS
    while len(words) > 1 and words[-1] in _GENERIC_WORDS:
        words.pop()
    return name_key("".join(words)), below


def _find_english(text: str) -> str | None:
    parts = [_english_key(part) for part in re.split(r"[,;/|()，；、]", text) if part.strip()]
    parts = [(key, below) for key, below in parts if key not in _COUNTRY_KEYS]
    for (inner, _), (outer, _) in permutations(parts, 2):
        for province in _english_names(2).get(outer, ()):
            for code in _english_names(4).get(inner, ()):
                if code.startswith(province):
                    return code
    found = {code for key, below in parts for code in _english_place(key, below)}
    return found.pop() if len(found) == 1 else None


def _english_place(key: str, below: bool) -> tuple[str, ...]:
    """The codes one English name may mean."""
    prefecture = (_BETTER_KNOWN[key],) if key in _BETTER_KNOWN else _english_names(4).get(key, ())
    province = _english_names(2).get(key, ())
    return (prefecture or province) if below else (province or prefecture)
