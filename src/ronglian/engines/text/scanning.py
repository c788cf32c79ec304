"""Finding numbers with their units in one sentence (数值扫描): the first step of reading metrics."""

import re
from dataclasses import dataclass
from functools import lru_cache

from ronglian.engines.text.numerals import chinese_number
from ronglian.engines.text.quantities import UNIT, parse_unit, write_unit

HAN = "\u3400-\u9fff"
#: Unit of "3倍": a multiple of something, never a unit that pint knows.
MULTIPLE = "倍"

# What begins an item of a list: Chinese text that is no unit.
_ITEM = rf"(?![倍万亿千百余多毫厘分微纳米克公平立吨升元年个小天度兆瓦伏安赫帕目])[{HAN}]{{4}}"
# Both patterns below are searched for at every place of a sentence: a look at one character rules most places out.
# Number-like pieces that are no quantities, by reason; "" is passed over in silence (list numbers, names).
_NO_QUANTITY = re.compile(
    rf"""
    (?=[(\d粒专电手编第A-Za-z_\#])(?:
    (?P<list>(?:^|(?<=[\s:;。,，；：]))[(]?\d{{1,2}}(?:\.\d{{1,2}}){{0,2}}(?:[、)](?:\.(?!\d))?|\.{{1,2}}(?=\s|[{HAN}A-Za-z])|\s+(?={_ITEM}))|^\d{{1,2}}\.\d{{1,2}}(?={_ITEM}))
   |(?P<grain>(?:粒度|粒径)\s?[:为]?\s?\d{{2,4}}\s?/\s?\d{{2,4}}(?:\s?[目#])?|\d{{2,4}}\s?/\s?\d{{2,4}}\s?(?:粒度|目|号|\#|grit|mesh))
   |(?P<identifier>(?:(?<![A-Za-z])(?:GB|JB|HG|YB|QB|DB|YY|NY|HJ|ISO|IEC|ASTM|EN|DIN|IATF|GJB|IEEE|ANSI|JIS)(?:/[TZ])?|(?<![A-Za-z])ZL|专利号:?|电话:?|手机:?|(?<![A-Za-z])[Tt]el:?|编号:?)
        \s?[A-Z]{{0,3}}\s?[:.]?\s?\d[\d.\-—–]*[A-Z]?(?:[-—–:]\d{{4}})?
       |(?<![\d.])1[3-9]\d{{9}}(?!\d)|(?<![\d.])0\d{{2,3}}-\d{{7,8}}(?!\d)|(?<![\d.,])\d{{12,}}[X.]?\d?)
   |(?P<date>(?<![\d.])(?:19|20)\d{{2}}\s?(?:[-~—至到]\s?(?:19|20)?\d{{2}})?\s?年(?:度|底|初|末|代|\s?\d{{1,2}}\s?月(?:\s?\d{{1,2}}\s?日)?)?
       |(?<![\d.])(?:19|20)\d{{2}}[-./]\d{{1,2}}(?:[-./]\d{{1,2}})?(?![\d.]|\s?[a-zA-Z%])|(?<![\d.])\d{{1,2}}月(?:\d{{1,2}}[日号]|底|初|份|中旬|上旬|下旬)?(?![{HAN}]?均)
       |\d0年代|\b(?:in|since|by|from|until|year)\s(?:19|20)\d{{2}}\b(?!\s?[%a-z]))
   |(?P<ratio>(?<![\d.])\d+(?:\.\d+)?(?:\s?[:：∶]\s?\d+(?:\.\d+)?)+(?![\d.]))
   |(?P<power>\d+(?:\.\d+)?\s?[×xX*]\s?10\d{{1,2}}(?![\d.,]))
   |(?P<name>第\s?\d+|[A-Za-z_]+[-–]?\d[A-Za-z0-9_.\-/]*|\#\s?\d+|\d+\s?\#|(?<![\d.])\d+[-–][A-Za-z{HAN}]{{2,}}))
    """,
    re.VERBOSE,
)  # fmt: skip
_REASONS = {"grain": "grain_notation", "identifier": "identifier", "date": "not_technical", "ratio": "ratio_notation",
            "power": "unclear_power"}  # fmt: skip
_PREFIXED_NAME = re.compile(r"(?:HRC|HRB|HRA|HBW|HB|HV|Ra|Rz|Ry|pH|PH)\s?\d")
_NUMBER = re.compile(
    r"""
    (?=[-+±—–零\d百一二两三四五六七八九十半HRpPφΦФ∅⌀ø])
    (?:(?<![A-Za-z0-9_])(?P<prefix>HRC|HRB|HRA|HBW|HB|HV|Ra|Rz|Ry|pH|PH|[φΦФ∅⌀ø])\s?)?
    (?P<sign>[-+±—–](?:\s(?=\d))?|零下)?
    (?:(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![,\d])|\d+(?:\.\d+)?)
       (?P<power>\s?[×xX*]\s?10(?:\^\s?\(?(?P<caret>[-+]?\d+)\)?|(?P<raised>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)|(?P<minus>-\d+))
        |(?:\^(?P<caret2>[-+]?\d+)|(?P<raised2>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)))?
      |百分之(?P<percent>\d+(?:\.\d+)?|[一二两三四五六七八九十]+)
      |(?P<chinese>[一二两三四五六七八九十百]+|半)(?=个月|个半月|小时|个小时|分钟|倍|成(?:以上|左右|[,，。;；]|$)))
    """,
    re.VERBOSE,
)  # fmt: skip
_HARDNESS = {"HRC": "HRC", "HRB": "HRB", "HRA": "HRA", "HV": "HV", "HB": "HB", "HBW": "HB"}
_BEHIND = re.compile(r"\s?(?:多|余|来)?\s?(?P<scale>万亿|千万|百万|十万|万|亿)?\s?(?:多|余)?\s?")
_SCALES = {"万亿": 1e12, "千万": 1e7, "百万": 1e6, "十万": 1e5, "亿": 1e8, "万": 1e4}
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
# A short unit word that is only the beginning of a longer word: 2方面, 3人工, 5分析.
_LONGER_WORD = re.compile(
    r"(?:目(?:前|标|的|录)|个(?:数量级|滴度)|方(?:面|法|式|案|向|程)|分(?:为|别|之|析|子|公|布|阶|层|类|级|厂)|条件|台阶|人(?:工|机|才|员|体|类|造|兽)|天然|周(?:边|围|龄)|"
    r"把握|米(?:粉|制)|度(?:假|空)|转(?:化|变|移|让|换)|安(?:全|装)|欧(?:洲|盟)|牛(?:奶|肉|场)|焦(?:炭|点)|瓦(?:斯|楞)|根据|回(?:收|路)|套(?:筒|管)|"
    r"支(?:持|架)|头(?:部|孢)|粒(?:度|径)|升(?:级|高)|元(?:素|件|器)|株(?:系|洲)|个(?:方面|百分点)|只(?:有|能|需|要)|年(?:级|代)|次(?:级|要)|片(?:区|段)|摩(?:擦|托)|伏(?:特)?安|平方根|牛顿环)"
)
_LETTER = re.compile(r"[A-Za-z_]")
_JOINED = re.compile(r"[A-Za-z0-9)%°℃—–-]")
_ROUND_OPEN = re.compile(r"\([-+±\d.,\s~至到–—]*$")


@dataclass(slots=True)
class Quantity:
    """A number with its unit at a place in a sentence; ``unit`` is None where none is written."""

    start: int
    end: int
    value: float
    unit: str | None
    prefix: str = ""
    tolerance: bool = False
    scaled: bool = False
    decimal: bool = False


@dataclass(slots=True)
class Oddity:
    """Something like a number that is no quantity; an empty reason means a list number or a name."""

    start: int
    end: int
    reason: str


def scan(sentence: str) -> tuple[list[Quantity], list[Oddity]]:
    """Quantities and oddities of a width-folded sentence, each in order of appearance."""
    oddities = [_oddity(match) for match in _NO_QUANTITY.finditer(sentence) if not _is_prefixed(match)]
    quantities: list[Quantity] = []
    taken = {at for oddity in oddities for at in range(oddity.start, oddity.end)}
    at = 0
    while match := _NUMBER.search(sentence, at):
        at = match.end()
        if match.start() in taken or _digits_start(match) in taken:
            continue
        found = _quantity(sentence, match)
        if isinstance(found, Oddity):
            oddities.append(found)
        elif found is not None:
            quantities.append(found)
            at = max(at, found.end)
    return quantities, oddities


def _oddity(match: re.Match[str]) -> Oddity:
    return Oddity(match.start(), match.end(), _REASONS.get(match.lastgroup or "", ""))


def _is_prefixed(match: re.Match[str]) -> bool:
    return match.lastgroup == "name" and _PREFIXED_NAME.match(match.group()) is not None


def _digits_start(match: re.Match[str]) -> int:
    """Where the digits begin: one of the three groups has matched."""
    return max(match.start("number"), match.start("percent"), match.start("chinese"))


def _quantity(sentence: str, match: re.Match[str]) -> Quantity | Oddity | None:
    digits = _digits_start(match)
    sign = _sign(sentence, match)
    start = digits if match["sign"] and not sign else match.start()
    if not match["prefix"] and not sign and _LETTER.match(sentence[max(0, digits - 1) : digits]):
        return None  # inside a name
    value = _value(match)
    if value is None:
        return None
    end, unit, scale = _unit_behind(sentence, match.end(), start, match)
    if match["percent"]:
        unit, end = "%", match.end()
    if match["prefix"] in _HARDNESS and not unit:
        unit = _HARDNESS[match["prefix"]]
    tail = sentence[end : end + 1]
    if unit is None and _LETTER.match(tail):
        return Oddity(start, end, "")  # 5G, 304N, 60Si2Mn
    if tail and tail in "级型系号维轴阶代通所":
        return Oddity(start, end + 1, "")  # 600MPa级, 3维: a name
    value = _clean(value * scale)
    return Quantity(
        start,
        end,
        -value if sign in {"-", "—", "–", "零下"} else value,
        unit,
        match["prefix"] or "",
        tolerance=sign == "±",
        scaled=scale != 1.0,
        decimal="." in (match["number"] or ""),
    )


def _sign(sentence: str, match: re.Match[str]) -> str:
    """The sign before a number; "" where the dash before it is a hyphen or joins a range."""
    sign = (match["sign"] or "").strip()
    before = sentence[match.start() - 1] if match.start() else " "
    if sign in {"-", "+", "—", "–"} and _JOINED.match(before):
        return ""
    # "耐寒—15度" is minus fifteen; after any other word the long dash is punctuation.
    if sign in {"—", "–"} and before.isalnum() and before not in "寒冷温":
        return ""
    return sign


def _clean(value: float) -> float:
    return float(f"{value:.12g}")


def _value(match: re.Match[str]) -> float | None:
    if match["number"]:
        value = float(match["number"].replace(",", ""))
        power = match["caret"] or match["raised"] or match["minus"]
        exponent = int((power or match["caret2"] or match["raised2"] or "0").translate(_SUPERSCRIPTS))
        if not -60 <= exponent <= 60 or len(match["number"]) > 25:
            return None
        if match["caret2"] or match["raised2"]:
            return value**exponent if value == 10 else None
        return value * 10.0**exponent
    text: str = match["percent"] or match["chinese"]
    if text[0].isdigit():
        return float(text)
    read = 0.5 if text == "半" else chinese_number(text)
    return None if read is None else float(read)


def _unit_behind(sentence: str, at: int, start: int, match: re.Match[str]) -> tuple[int, str | None, float]:
    """End, canonical unit and scale of what is written behind a number."""
    behind = _BEHIND.match(sentence, at)
    place = behind.end() if behind else at
    scale = _SCALES.get((behind["scale"] if behind else None) or "", 1.0)
    if sentence.startswith("个百分点", place):
        return place + 4, "pp", scale
    if sentence.startswith(("倍", "-fold", " fold"), place) and not sentence.startswith(
        ("倍频", "倍体", "倍率"), place
    ):
        return place + (1 if sentence[place] == "倍" else 5), MULTIPLE, scale
    if match["chinese"] and sentence.startswith("成", place):
        return place + 1, "成", scale
    if sentence.startswith(")", place) and _ROUND_OPEN.search(sentence, max(0, start - 24), start):
        place += 2 if sentence.startswith(") ", place) else 1
    unit = UNIT.match(sentence, place)
    if unit is None or _LONGER_WORD.match(sentence, place):
        end = behind.end("scale") if behind and behind["scale"] else at
        return end, None, scale
    written, factor = _canonical(unit.group())
    if written is None:
        return at, None, scale
    return unit.end(), written, scale * factor


@lru_cache(maxsize=4096)
def _canonical(unit: str) -> tuple[str | None, float]:
    """The unit in its canonical writing without its factor, and the factor; None where it is none."""
    parsed = parse_unit(unit)
    return (None, 1.0) if parsed is None else (write_unit(parsed._replace(scale=1.0)), parsed.scale)
