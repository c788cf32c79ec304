"""Amounts of money in Chinese and English writing, in whole fen (金额).

Decimal throughout: a budget is compared and split to the fen, and binary fractions do not keep fen.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ronglian.engines.text.normalise import fold_width
from ronglian.engines.text.numerals import chinese_number

Unit = Literal["yuan", "wan_yuan"]
_FEN = {"yuan": 100, "wan_yuan": 1_000_000}
_SCALE = {"": 1, "百": 100, "千": 1000, "万": 10**4, "w": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8,
          "万亿": 10**12, "k": 1000, "thousand": 1000, "m": 10**6, "mn": 10**6, "million": 10**6, "bn": 10**9,
          "billion": 10**9}  # fmt: skip
_LARGEST_FEN = 10**18 - 1  # keeps sums within the 64-bit integers of both databases
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟萬億圆", "一二三四五六七八九十百千万亿元")
_NEGOTIABLE = re.compile(r"面议|面谈|协商|另议|议定|待定|negotiab|to be agreed|by agreement", re.IGNORECASE)
_FOREIGN = re.compile(
    r"美元|美金|欧元|日元|英镑|港[元币]|[$€£]|USD|EUR|JPY|GBP|HKD|dollars?|euros?", re.IGNORECASE
)
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_CHINESE = r"[零〇一二两三四五六七八九十百千]+"
_WORD = r"万亿|[十百千]万|百|千|万|亿|thousand|million|billion|bn|mn|[kmw](?![a-z])"
_AMOUNT = re.compile(
    rf"(?:(?P<number>{_NUMBER})|(?P<chinese>{_CHINESE}))\s*(?:多|余|来)?\s*(?P<scale>{_WORD})?\s*(?:多|余)?\s*"
    r"(?P<unit>元|块钱?|yuan|rmb|cny)?(?:整|人民币)?(?:\((?:人民币|rmb|cny)\))?"
)
_BETWEEN = re.compile(r"\s*(?:-{1,2}|—{1,2}|–|~|至|到|to|and)\s*(?:¥|rmb|cny|人民币)?\s*")
_LOW = re.compile(
    r"不低于|不少于|至少|最低|大于|高于|超过|以上|≥|>|起$|及以上|at least|no less than|more than|over|minimum"
)
_HIGH = re.compile(
    r"不超过|不高于|不多于|不大于|至多|最多|最高|上限|小于|低于|以内|以下|之内|≤|<|within|up to|at most|no more than|less than|"
    r"maximum|under"
)


class MoneyError(ValueError):
    """An amount that cannot be read; ``reason`` is a code.

    Codes: empty, unreadable, negative, foreign_currency, below_one_fen, too_large, reversed_range.
    """

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(f"{reason}: {text!r}")
        self.reason = reason
        self.text = text


@dataclass(frozen=True, slots=True)
class MoneyRange:
    """Bounds of an amount in fen (金额范围); None on a side means no bound there. ``negotiable`` is 面议."""

    low_fen: int | None
    high_fen: int | None
    negotiable: bool = False


def read_money(text: str, *, default_unit: Unit = "wan_yuan") -> MoneyRange:
    """Read "30万元", "30-50万", "不超过1.2亿元", "面议", "CNY 300,000" or a bare number in ``default_unit``.

    Raises MoneyError with a reason code; nothing is guessed and nothing is rounded.
    """
    wanted = fold_width(text).strip().lower().translate(_FORMAL)
    if not wanted:
        raise MoneyError("empty", text)
    if _FOREIGN.search(wanted):
        raise MoneyError("foreign_currency", text)
    first = _AMOUNT.search(wanted)
    if first is None:
        if _NEGOTIABLE.search(wanted):
            return MoneyRange(None, None, negotiable=True)
        raise MoneyError("unreadable", text)
    if re.search(r"(?:^|[\s¥:])-\s*¥?\s*$|负\s*$", wanted[: first.start()]):
        raise MoneyError("negative", text)
    if re.search(r"(?:¥|rmb|cny|人民币)\s*$", wanted[: first.start()]):
        default_unit = "yuan"
    low, high, rest = _bounds(wanted, first, default_unit, text)
    if re.search(r"[\d零〇一二三四五六七八九]", rest):
        raise MoneyError("unreadable", text)
    if low is not None and high is not None and low > high:
        raise MoneyError("reversed_range", text)
    return MoneyRange(low, high, negotiable=bool(_NEGOTIABLE.search(rest)))


def _bounds(
    wanted: str, first: re.Match[str], default_unit: Unit, text: str
) -> tuple[int | None, int | None, str]:
    """Low and high fen, and what of the text is left over."""
    between = _BETWEEN.match(wanted, first.end())
    second = _AMOUNT.match(wanted, between.end()) if between else None
    if second is not None:
        # "30-50万": the unit behind the second number holds for both.
        scale, unit = first["scale"], first["unit"]
        if not scale and not unit:
            scale, unit = second["scale"], second["unit"]
        low = _fen(first, scale, unit or second["unit"], default_unit, text)
        high = _fen(second, second["scale"], second["unit"] or unit, default_unit, text)
        return low, high, wanted[: first.start()] + wanted[second.end() :]
    amount = _fen(first, first["scale"], first["unit"], default_unit, text)
    rest = wanted[: first.start()] + " " + wanted[first.end() :]
    if _LOW.search(rest) and not re.search(r"不(?:大于|高于|超过)|no more than", rest):
        return amount, None, rest
    if _HIGH.search(rest) and not re.search(r"不(?:小于|低于)|no less than", rest):
        return None, amount, rest
    return amount, amount, rest


def _fen(amount: re.Match[str], scale: str | None, unit: str | None, default_unit: Unit, text: str) -> int:
    if amount["number"]:
        if len(amount["number"]) > 24:  # Decimal would round beyond 28 digits
            raise MoneyError("too_large", text)
        value = Decimal(amount["number"].replace(",", ""))
    else:
        read = chinese_number(amount["chinese"])
        if read is None:
            raise MoneyError("unreadable", text)
        value = Decimal(read)
    fen = value * (_SCALE[scale or ""] * 100 if scale or unit else _FEN[default_unit])
    if fen > _LARGEST_FEN:
        raise MoneyError("too_large", text)
    whole = int(fen)
    if whole != fen:
        raise MoneyError("below_one_fen", text)
    return whole


def format_money(fen: int, language: Literal["zh", "en"]) -> str:
    """ "30万元", "1.2亿元", "12,345.67元" or "CNY 300,000"; always exact, so reading it gives ``fen`` again."""
    if language == "en":
        return f"CNY {_grouped(fen)}"
    for scale, word in ((10**10, "亿元"), (10**6, "万元")):
        # More than four places is easier to read in the next smaller unit.
        if abs(fen) >= scale and fen * 10**4 % scale == 0:
            return f"{_plain(Decimal(fen) / scale)}{word}"
    return f"{_grouped(fen)}元"


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _grouped(fen: int) -> str:
    yuan, rest = divmod(abs(fen), 100)
    sign = "-" if fen < 0 else ""
    return f"{sign}{yuan:,}" + (f".{rest:02d}" if rest else "")
