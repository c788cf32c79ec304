"""From a profile to weighted tokens and to readable words (特征词元).

Tokens are Chinese characters and pairs of neighbouring characters, and stems of Latin words. On judged Chinese
pairs characters beat dictionary words clearly; words are kept beside them only to explain a match.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import add
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ronglian.engines.matching.packing import Rows, starts_of
from ronglian.engines.matching.parameters import Parameters
from ronglian.engines.matching.records import NeedProfile, Profile
from ronglian.engines.text import MARK, char_ngrams, is_content, segment_all, stem

_FIRST_HAN = "\u3400"
_HAN_RANGES = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF))

# A token as a number: a character is its code point, a pair the code points of both (16 bits each), a Latin stem LATIN
# plus a number that whoever holds the key gives to the stem.
LATIN = 1 << 32
_KEY_BITS = 33

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


class Reading(NamedTuple):
    """Tokens and words of many records (文本读取结果)."""

    tokens: Rows  # keys, rising within each record
    weights: NDArray[np.float32]  # damped counts, beside the keys
    stems: list[str]  # by the number in the key of a Latin token
    words: Rows  # places in ``written``, rising within each record
    written: list[str]


def read_features(profile: Profile, parameters: Parameters) -> Features:
    """Features of one profile."""
    reading = read_texts([profile], parameters)
    names = [write_token(key, reading.stems) for key in reading.tokens.items.tolist()]
    words = [reading.written[place] for place in reading.words.items.tolist()]
    return Features(
        dict(zip(names, reading.weights.tolist(), strict=True)), {key_of(word): word for word in words}
    )


class _Found(NamedTuple):
    """Content words: the number of the text that holds each, and the place of the word."""

    texts: NDArray[np.int64]
    places: NDArray[np.int64]


class _Words(dict[str, int]):
    """Segment → place of the content word that it is, in ``written``; or what it is instead."""

    _OTHER, _MARK = -1, -2

    def __init__(self) -> None:
        super().__init__()
        self.written: list[str] = []

    def __missing__(self, segment: str) -> int:
        word = segment.lower()
        if segment == MARK:
            place = self._MARK
        elif word != segment:
            place = self[word]
        elif is_content(word):
            place = len(self.written)
            self.written.append(word)
        else:
            place = self._OTHER
        self[segment] = place
        return place

    def find(self, segments: Sequence[str]) -> _Found:
        """The content words among the segments of texts that end with MARK."""
        places = np.fromiter(map(self.__getitem__, segments), np.int64, len(segments))
        content = places >= 0
        return _Found(np.cumsum(places == self._MARK)[content], places[content])


def read_texts(profiles: Sequence[Profile], parameters: Parameters) -> Reading:
    """Tokens and words of profiles; the fields' counts are added with the weights of the parameters.

    All texts are read as one, with arrays: record by record, Python would take ten times as long.
    """
    texts, places = [], []
    for at, profile in enumerate(profiles):
        for text, field in _texts(profile):
            if text:
                texts.append(text)
                places.append((at << 2) | field)
    joined, chinese, latin = segment_all(texts)
    # What stands before a token of a text in its number: the record and the field.
    owners = np.array([*places, 0], dtype=np.int64)
    words = _Words()
    spoken, written = words.find(chinese), words.find(latin)
    stems: dict[str, int] = {}
    # Words of Chinese have no stem; theirs is never looked at.
    stem_of = np.array(
        [stems.setdefault(stem(each), len(stems)) if each[-1] < _FIRST_HAN else -1 for each in words.written],
        dtype=np.int64,
    )
    stemmed = stem_of[written.places]
    entries = np.concatenate(
        [
            *(_entries(owners, texts_of, keys) for texts_of, keys in _han_grams(joined)),
            _entries(owners, written.texts, LATIN + stemmed),
        ]
    )
    entries.sort()
    tokens = entries >> 2
    firsts = np.flatnonzero(np.diff(tokens, prepend=-1))
    weights = _field_weights(parameters)[entries & 3]
    counts = np.add.reduceat(weights, firsts) if len(firsts) else weights
    tokens = tokens[firsts]
    sizes = np.bincount(tokens >> _KEY_BITS, minlength=len(profiles))
    # Held in single precision: a record just read must weigh the same as a stored one.
    damped = (1.0 + np.log(np.maximum(counts, 1.0))).astype(np.float32)
    return Reading(
        Rows(starts_of(sizes), tokens & ((1 << _KEY_BITS) - 1)),
        damped,
        list(stems),
        _first_words(owners >> 2, spoken, written, stemmed, len(profiles)),
        words.written,
    )


def _first_words(
    owners: NDArray[np.int64], spoken: _Found, written: _Found, stemmed: NDArray[np.int64], records: int
) -> Rows:
    """Places of the words of each record; of Latin words with one stem, the one written first."""
    _, firsts = np.unique((owners[written.texts] << 32) | stemmed, return_index=True)
    first = _Found(written.texts[firsts], written.places[firsts])
    found = np.unique(np.concatenate([(owners[each.texts] << 32) | each.places for each in (spoken, first)]))
    sizes = np.bincount(found >> 32, minlength=records)
    return Rows(starts_of(sizes), found & 0xFFFFFFFF)


def _texts(profile: Profile) -> tuple[tuple[str, int], ...]:
    """Texts with the number of their field in :func:`_field_weights`."""
    title = 0 if isinstance(profile, NeedProfile) else 1
    keywords = "\n".join(profile.keywords)
    return (
        (profile.title, title),
        (profile.title_en, title),
        (keywords, 2),
        (profile.body, 3),
        (profile.body_en, 3),
    )


def _field_weights(parameters: Parameters) -> NDArray[np.float64]:
    return np.array(
        [parameters.need_title_weight, parameters.result_title_weight, parameters.keyword_weight, 1.0]
    )


def _entries(
    owners: NDArray[np.int64], texts: NDArray[np.int64], keys: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Record, key and field in one number each, so that sorting brings equal tokens of a record together."""
    own = owners[texts]
    return ((own >> 2) << (_KEY_BITS + 2)) | (keys << 2) | (own & 3)


def _han_grams(joined: str) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Characters and pairs of neighbouring characters of all Chinese runs: numbers of their texts, and keys."""
    codes = np.frombuffer(joined.encode("utf-32-le"), dtype="<u4").astype(np.int64)
    han = np.zeros(len(codes) + 1, dtype=bool)
    for first, last in _HAN_RANGES:
        han[:-1] |= (codes >= first) & (codes <= last)
    texts = np.cumsum(codes == ord(MARK))
    single = np.flatnonzero(han)
    pairs = single[han[single + 1]]
    return [
        (texts[single], codes[single]),
        (texts[pairs], (codes[pairs] << 16) | codes[pairs + 1]),
    ]


def key_of(word: str) -> str:
    """What makes two words the same: a Chinese word itself, a Latin word's stem."""
    return word if word[-1] >= _FIRST_HAN else stem(word)


@lru_cache(maxsize=1 << 16)
def tokens_of_word(word: str) -> tuple[str, ...]:
    """The tokens through which a readable word takes part in a match, each once."""
    return tuple(dict.fromkeys((*word, *map(add, word, word[1:])))) if is_han(word) else (stem(word),)


def write_token(key: int, stems: Sequence[str]) -> str:
    """The token that a key stands for."""
    if key >= LATIN:
        return stems[key - LATIN]
    return chr(key >> 16) + chr(key & 0xFFFF) if key >> 16 else chr(key)


def key_of_token(token: str, stems: Mapping[str, int]) -> int:
    """The key of a token; -1 for a stem that is not among these."""
    number = stems.get(token)
    return _han_key(token) if number is None else LATIN + number


@lru_cache(maxsize=1 << 17)
def _han_key(token: str) -> int:
    if not is_han(token):
        return -1
    return ord(token) if len(token) == 1 else (ord(token[0]) << 16) | ord(token[1])
