"""A look at one character spares a pattern most places of a text; it must never spare it a match."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronglian.engines.text import comparing, quantities, scanning

PATTERNS = {
    "oddities": scanning._NO_QUANTITY,
    "numbers": scanning._NUMBER,
    "units": quantities.UNIT,
    "strong comparisons": comparing._STRONG_BEFORE,
    "weak comparisons": comparing._WEAK_BEFORE,
    "changes": comparing._CHANGE,
}
LOOK = re.compile(r"^\s*\(\?=\[(?:[^\]\\]|\\.)+\]\)")
# Letters that are equal to ASCII ones where case is ignored: ſ K ı İ.
CHARACTERS = sorted(
    {character for pattern in PATTERNS.values() for character in pattern.pattern} | set("ſKıİ３①µ")
)
WORDS = sorted(
    {word for p in PATTERNS.values() for word in re.findall(r"[\u3400-\u9fff]+|[A-Za-z]+", p.pattern)}
)


def without_look(pattern: re.Pattern[str]) -> re.Pattern[str]:
    bare, count = LOOK.subn("", pattern.pattern)
    assert count == 1
    return re.compile(bare, pattern.flags)


BARE = {name: without_look(pattern) for name, pattern in PATTERNS.items()}


@pytest.mark.parametrize("name", PATTERNS)
@given(
    pieces=st.lists(
        st.sampled_from(WORDS) | st.sampled_from(CHARACTERS) | st.integers(0, 2030).map(str), max_size=6
    )
)
def test_the_look_changes_no_match(name: str, pieces: list[str]) -> None:
    text = "".join(pieces)
    found = [match.span() for match in PATTERNS[name].finditer(text)]
    assert found == [match.span() for match in BARE[name].finditer(text)]


@pytest.mark.parametrize("name", PATTERNS)
def test_the_look_lets_every_word_of_the_pattern_through(name: str) -> None:
    for word in [*WORDS, *(f"{word}12" for word in WORDS), *CHARACTERS]:
        for text in (word, word.upper(), f"{word} than", f"{word}的"):
            assert bool(PATTERNS[name].search(text)) == bool(BARE[name].search(text)), text
