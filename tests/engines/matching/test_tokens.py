"""Reading many texts at once gives what reading each by the plain definition gives."""

import math
import re
from collections import Counter
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ronglian.engines.matching import DEFAULT_PARAMETERS, NeedProfile, ResultProfile
from ronglian.engines.matching.tokens import key_of, read_features, read_texts, write_token
from ronglian.engines.text import content_terms, normalise

_HAN_RUN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_pieces = st.sampled_from(
    ["锂离子电池", "的研发", "PLC控制", "3.5mm", "Filters filtering", " ", "\ue000", "\ud800", "<p>膜</p>", "&lt;", "浓度<b且",
     "İstanbul", "β-ray", "㎎", "！", "\n", "２０２６年", "a&amp;b", ">"]
)  # fmt: skip
_texts = st.lists(_pieces | st.text(max_size=3), max_size=8).map("".join)
_profiles = st.builds(
    NeedProfile, id=st.just("n"), title=_texts, body=_texts, title_en=_texts, keywords=st.tuples(_texts)
) | st.builds(ResultProfile, id=st.just("r"), title=_texts, body=_texts, body_en=_texts)


def _plain(profile: NeedProfile | ResultProfile) -> tuple[dict[str, float], dict[str, str]]:
    title = 8.0 if isinstance(profile, NeedProfile) else 3.0
    counts: Counter[str] = Counter()
    words: dict[str, str] = {}
    for text, weight in (
        (profile.title, title),
        (profile.title_en, title),
        ("\n".join(profile.keywords), 2.0),
        (profile.body, 1.0),
        (profile.body_en, 1.0),
    ):
        for word in content_terms(text):
            words.setdefault(key_of(word), word)
            if key_of(word)[-1] < "\u3400":
                counts[key_of(word)] += weight
        for run in _HAN_RUN.findall(normalise(text)):
            for gram in (*run, *map("".join, pairwise(run))):
                counts[gram] += weight
    return {token: float(np.float32(1.0 + math.log(count))) for token, count in counts.items()}, words


@settings(max_examples=200, deadline=None)
@given(st.lists(_profiles, max_size=5))
def test_texts_read_at_once_are_those_read_one_by_one(profiles: list[NeedProfile | ResultProfile]) -> None:
    reading = read_texts(profiles, DEFAULT_PARAMETERS)

    assert len(reading.tokens) == len(reading.words) == len(profiles)
    for at, profile in enumerate(profiles):
        keys = reading.tokens.row(at)
        own = reading.weights[reading.tokens.starts[at] : reading.tokens.starts[at + 1]].tolist()
        weights = {
            write_token(key, reading.stems): each for key, each in zip(keys.tolist(), own, strict=True)
        }
        words = {key_of(word): word for word in (reading.written[place] for place in reading.words.row(at))}
        single = read_features(profile, DEFAULT_PARAMETERS)
        assert (weights, words) == (single.weights, single.words) == _plain(profile)
        assert (np.diff(keys) > 0).all()
