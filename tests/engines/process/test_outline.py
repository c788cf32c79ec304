"""Definitions are read as YAML reads them, with lines, and nothing hidden."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ronglian.engines.text.outline import Node, OutlineError, read_outline
from tests.engines.process.samples import RULEBOOK

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12)
VALUES = st.recursive(
    TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS.filter(bool), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_what_is_written_is_read(value: object) -> None:
    text = yaml.safe_dump(value, allow_unicode=True, default_style='"')
    text = text.replace("!!str ", "")
    assert read_outline(text).plain == yaml.load(text, yaml.BaseLoader)  # noqa: S506 - texts only


@pytest.mark.parametrize("path", sorted(RULEBOOK.glob("*/processes/*.yaml")), ids=lambda path: path.stem)
def test_lines_are_those_of_the_file(path: object) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()  # type: ignore[attr-defined]  # a Path
    root = read_outline("\n".join(lines))
    assert isinstance(root.value, dict)
    for key, node in root.value.items():
        if isinstance(node.value, str):
            assert lines[node.line - 1].startswith(f"{key}:")
    states = root.value["states"]
    assert isinstance(states, Node)
    assert isinstance(states.value, dict)
    for key, node in states.value.items():
        assert lines[node.line - 1].startswith(f"  {key}:")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: &x 1", 1, "anchor"), ("a: 1\nb: *x", 2, ""), ("a: !!int 3", 1, "tag"), ("a: 1\na: 2", 2, "twice"),
        ("a: b: c", 1, "colon"), ('a: "x', 1, "quote"), ("", 1, "nothing"), ("\ta: 1", 1, "blanks"),
        ("a: 1\n---\nb: 2", 2, "document"), ("[" * 40 + "]" * 40, 1, "nested"), ("[" * 5000 + "]" * 5000, 1, "nested"),
        ("? [a]\n: b", 1, "word"), ("a: \x00", 1, "YAML"),
    ],
)  # fmt: skip
def test_what_is_hidden_or_broken_is_refused_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(OutlineError) as refused:
        read_outline(text)
    assert refused.value.line == line
    assert said in refused.value.words.en
    assert refused.value.words.zh != refused.value.words.en
