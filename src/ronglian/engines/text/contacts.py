"""Finding what leads to a person or a firm in a text: addresses, numbers, links, names behind a cue (联系方式识别).

By form and by cue, not by a model: an e-mail address, a link, a telephone number in mainland form or with a country code, an
identity number, a credit code, an account of QQ or WeChat behind its name, and the name behind 联系人, 经理 and the like. Names that
are known (of the firm, of its people) are given. What is found too much costs a word; what is missed leaves the house, so doubtful
runs of digits are taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

MARK = "〔…〕"
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹窦章苏潘葛范彭郎鲁韦马苗方俞任袁柳史唐费薛雷贺倪汤殷罗毕郝安常于傅齐康余顾孟黄"
    "穆萧尹姚邵汪毛米戴宋庞熊纪舒项董梁杜阮蓝季贾路江童郭梅林钟徐邱高夏蔡田樊胡凌霍万柯卢莫房缪解应宗丁邓洪石崔龚程邢裴陆荣翁甄曲段侯武刘龙叶司黎白"
    "蒲邰赖卓蔺乔谭姬申冉雍温庄晏瞿阎连习艾鱼容向古易廖耿匡文关东欧沃利师巩聂晁敖冷辛阚那简饶曾沙鞠丰游权盖岳"
)
_TITLES = "先生|女士|小姐|经理|主任|总监|总工|工程师|老师|教授|博士|厂长|董事长|处长|科长|院长|所长"
_PATTERNS = (
    re.compile(r"[\w.+-]{1,64}\s?(?:@|＠|\[at\]|\(at\))\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}", re.IGNORECASE),
    re.compile(r"(?:https?://|www\.)[^\s，。；、）)】\]]+", re.IGNORECASE),
    re.compile(r"\b[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,6}\.(?:com|cn|net|org|io|top|vip|cc|gov|edu)\b(?:/[^\s，。；]*)?", re.IGNORECASE),
    re.compile(r"(?<![\w.])[1-9]\d{5}(?:18|19|20)\d{2}[01]\d[0-3]\d\d{3}[\dXx](?!\w)"),
    re.compile(r"(?<![A-Za-z0-9])[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![A-Za-z0-9])"),
    re.compile(r"(?<![\d.])(?:\+|00)\d{1,3}[\s-]?\d(?:[\s-]?\d){6,12}(?![\d.])"),
    re.compile(r"(?<![\d.])1[3-9]\d(?:[\s-]?\d{4}){2}(?![\d.])"),
    re.compile(r"(?<![\d.])0\d{2,3}[\s-]?\d{7,8}(?:[\s-]?(?:转|ext\.?)\s?\d+)?(?![\d.])"),
    re.compile(r"(?<![\d.])[48]00[\s-]?\d{3}[\s-]?\d{4}(?![\d.])"),
    re.compile(r"(?:QQ|微信|wechat|weixin|vx|whatsapp|telegram|钉钉|飞书)(?:号|群)?\s*[:：]?\s*[A-Za-z0-9_-]{5,}", re.IGNORECASE),
    re.compile(r"(?:联系人|负责人|经办人|对接人|填报人|法人代表|法定代表人|contact(?: person)?)\s*[:：]\s*[^\s，。；、,;]{2,20}", re.IGNORECASE),
    re.compile(rf"[{_SURNAMES}][\u4e00-\u9fff]{{0,2}}(?:{_TITLES})"),
    re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof)\.?\s+[A-Z][\w-]+(?:\s+[A-Z][\w-]+)?"),
    re.compile(r"(?:电话|手机|传真|tel|phone|mobile|fax)\s*[:：]?\s*[\d\s+()-]{6,}", re.IGNORECASE),
)  # fmt: skip
SHORTEST_NAME = 2


def find_contacts(text: str, names: Iterable[str] = ()) -> list[tuple[int, int]]:
    """Where such stand, as spans that do not overlap, in order. `names` are looked for as they are, whatever the case."""
    found = sorted(_spans(text, names))
    joined: list[tuple[int, int]] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def without_contacts(text: str, names: Iterable[str] = ()) -> tuple[str, int]:
    """The text with a mark in the place of each, and how many there were."""
    spans = find_contacts(text, names)
    parts, at = [], 0
    for start, end in spans:
        parts += [text[at:start], MARK]
        at = end
    return "".join([*parts, text[at:]]), len(spans)


def _spans(text: str, names: Iterable[str]) -> Iterator[tuple[int, int]]:
    for pattern in _PATTERNS:
        yield from (found.span() for found in pattern.finditer(text))
    for name in names:
        plain = name.strip()
        if len(plain) >= SHORTEST_NAME:
            yield from (found.span() for found in re.finditer(re.escape(plain), text, re.IGNORECASE))
