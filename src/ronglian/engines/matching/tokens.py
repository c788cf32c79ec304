"""From a profile to weighted tokens and to readable words (特征词元).

Tokens are Chinese characters and pairs of neighbouring characters, and stems of Latin words. On judged Chinese
pairs characters beat dictionary words clearly; words are kept beside them only to explain a match.
"""

import math
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import add

import numpy as np

from ronglian.engines.matching.parameters import Parameters
from ronglian.engines.matching.records import NeedProfile, Profile
from ronglian.engines.text import char_ngrams, content_terms, normalise, stem

_FIRST_HAN = "\u3400"
_HAN_RUN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")

# Words found in every other sheet whatever it is about; tiny collections cannot learn that by themselves.
_GENERIC_WORDS = (
    "技术 系统 方法 装置 设备 工艺 产品 材料 研究 开发 应用 制备 生产 加工 设计 控制 检测 分析 智能 高效 新型 关键 产业 产业化 "
    "性能 质量 效率 成本 结构 功能 数据 信息 平台 工程 项目 企业 公司 市场 目前 国内 国外 提高 降低 解决 实现 需求 问题 要求 "
    "指标 目标 内容 预期 现有 基础 合作 方式 专利 自主 创新 研发 研制 集成 优化 改进 处理 服务 管理 示范 推广 及其 用于 基于 进行"
)
_GENERIC_STEMS = frozenset(
    map(
        stem,
        (  # noqa: SIM905 - a list of words is easier to read and mend as running text
            "system method device process product material application design control analysis performance quality "
            "efficiency cost structure function data information platform high low improve improvement reduce increase "
            "solution problem phase program proposal propose effort demonstrate objective description feasibility "
            "prototype commercial government potential approach include result support capability current existing "
            "future key innovative novel advanced test evaluate"
        ).split(),
    )
)


@cache
def generic_tokens() -> frozenset[str]:
    """Tokens that are common in any collection of needs and results."""
    grams = {gram for word in _GENERIC_WORDS.split() for gram in char_ngrams(word, 2, 2)}
    return frozenset(grams | _GENERIC_STEMS)


def is_han(token: str) -> bool:
    """Whether a token belongs to the Chinese side of the norm."""
    return token[-1] >= _FIRST_HAN


@dataclass(frozen=True, slots=True)
class Features:
    """Tokens of one record with damped weights (1 + ln count), and its readable words (文本特征).

    ``words`` gives for each key (a Chinese word itself, a Latin word's stem) how the record first writes it.
    """

    weights: dict[str, float]
    words: dict[str, str]


def read_features(profile: Profile, parameters: Parameters) -> Features:
    """Features of a profile; the fields' counts are added with the weights of the parameters."""
    counts: dict[str, float] = {}
    words: dict[str, str] = {}
    for text, weight in _weighted_texts(profile, parameters):
        terms = content_terms(text)
        for term in terms:
            key = key_of(term)
            words.setdefault(key, term)
            if key[-1] < _FIRST_HAN:
                counts[key] = counts.get(key, 0.0) + weight
        for gram in _han_grams(text):
            counts[gram] = counts.get(gram, 0.0) + weight
    return Features({token: _damp(count) for token, count in counts.items()}, words)


@lru_cache(maxsize=10_000)
def _damp(count: float) -> float:
    # Held in single precision in the index: a record just read must weigh the same as a stored one.
    return float(np.float32(1.0 + math.log(max(count, 1.0))))


def _weighted_texts(profile: Profile, parameters: Parameters) -> list[tuple[str, float]]:
    keywords = "\n".join(profile.keywords)
    is_need = isinstance(profile, NeedProfile)
    title_weight = parameters.need_title_weight if is_need else parameters.result_title_weight
    pairs = [
        (profile.title, title_weight),
        (profile.title_en, title_weight),
        (keywords, parameters.keyword_weight),
        (profile.body, 1.0),
        (profile.body_en, 1.0),
    ]
    return [(text, weight) for text, weight in pairs if text]


def _han_grams(text: str) -> list[str]:
    """Characters and pairs of neighbouring characters of all Chinese runs."""
    if not _HAN_RUN.search(text):
        return []
    return [gram for run in _HAN_RUN.findall(normalise(text)) for gram in _grams(run)]


def _grams(run: str) -> list[str]:
    return [*run, *map(add, run, run[1:])]


def key_of(word: str) -> str:
    """What makes two words the same: a Chinese word itself, a Latin word's stem."""
    return word if word[-1] >= _FIRST_HAN else stem(word)


def tokens_of_word(word: str) -> list[str]:
    """The tokens through which a readable word takes part in a match."""
    return _grams(word) if is_han(word) else [stem(word)]
