"""Content words and their places in a text (实词与高亮)."""

import re
from collections.abc import Iterable

from ronglian.engines.text.normalise import fold_width
from ronglian.engines.text.segment import segment, stem

# Words that carry no technical content, and the boilerplate of need and result sheets.
_ZH_WORDS = """
的 了 和 与 及 或 在 是 为 对 等 中 上 下 内 外 以 于 从 由 将 把 被 使 让 向 给 并 并且 而 而且 且 但
但是 如 如果 因 因为 所以 其 其中 该 本 此 这 那 这些 那些 这个 一个 一种 一些 某 各 每 我 我们 我司 我国
他 她 它 他们 自己 之 之间 之后 以及 及其 有 无 没有 可 可以 能 能够 需 需要 须 应 要 会 已 已经 曾 正在
目前 现在 现有 当前 今后 未来 近年来 同时 此外 另外 不 非 未 很 更 最 较 比较 非常 都 也 还 又 再 就 才 只
仅 均 约 左右 通过 根据 按照 基于 关于 由于 为了 针对 围绕 包括 具有 拥有 存在 得到 进行 实现 采用 使用
利用 达到 提供 开展 形成 具备 满足 解决 希望 欲 拟 主要 相关 有关 一定 不同 各种 多种 方面 情况 问题 要求
目标 预期 预期目标 内容 需求 技术需求 技术难题 难题 项目 公司 企业 有限公司 单位 研究 研发 开发 研制 技术
成果 工作 基础 合作 方式 的话 一 二 三 个 万元 元 年 月 日
"""
STOP_ZH = frozenset(_ZH_WORDS.split())
_EN_WORDS = """
a an the and or but if of in on at by for with without from to into onto over under between among through
during is are was were be been being am do does did has have had will would shall should can could may
might must not no this that these those it its they them their there here we our ours you your he she his
her i as than then so such which who whom whose what when where why how all any each both more most other
some only own same very also just about above below up down out off again further once per via using use
used uses based need needs needed require requires required requirement requirements provide provides
provided develop developed developing development research technology technologies technical project
company etc e g ie eg new
"""
STOP_EN = frozenset(_EN_WORDS.split())
_WORD = re.compile(r"[0-9A-Za-z\u00c0-\u024f\u0370-\u03ff]+")
_NUMBER = re.compile(r"\d+(?:\.\d+)*")


def content_terms(text: str) -> list[str]:
    """Segments in order, without stop words, boilerplate, bare numbers and single characters."""
    return [word for word in segment(text) if is_content(word)]


def is_content(word: str) -> bool:
    """Whether a segment is more than a stop word, boilerplate, a bare number or a single character."""
    if word in STOP_ZH or word in STOP_EN or _NUMBER.fullmatch(word):
        return False
    return len(word) > 1


def find_spans(text: str, terms: Iterable[str]) -> list[tuple[int, int]]:
    """Places of the terms in ``text`` as sorted, merged (start, end) pairs of positions in the original text.

    Case and width do not matter. A purely Latin term is found as whole words by stem ("filters" finds
    "filtering"); any other term is found as a substring.
    """
    folded = _fold(text)
    spans: list[tuple[int, int]] = []
    word_places: list[tuple[str, int, int]] | None = None
    for term in terms:
        wanted = _fold(term).strip()
        if not wanted:
            continue
        stems = [stem(word) for word in _WORD.findall(wanted)]
        if wanted.isascii() and stems:
            if word_places is None:
                word_places = [(stem(m.group()), m.start(), m.end()) for m in _WORD.finditer(folded)]
            spans.extend(_word_spans(word_places, stems))
        else:
            spans.extend(_substring_spans(folded, wanted))
    return _merge(spans)


def _fold(text: str) -> str:
    folded = fold_width(text)
    lowered = folded.lower()
    # A few letters (İ) grow when lowered; positions must stay those of the original.
    if len(lowered) != len(folded):
        return "".join(char.lower() if len(char.lower()) == 1 else char for char in folded)
    return lowered


def _word_spans(places: list[tuple[str, int, int]], stems: list[str]) -> list[tuple[int, int]]:
    size = len(stems)
    return [
        (places[at][1], places[at + size - 1][2])
        for at in range(len(places) - size + 1)
        if all(places[at + step][0] == stems[step] for step in range(size))
    ]


def _substring_spans(text: str, wanted: str) -> list[tuple[int, int]]:
    spans = []
    at = text.find(wanted)
    while at >= 0:
        spans.append((at, at + len(wanted)))
        at = text.find(wanted, at + 1)
    return spans


def _merge(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
