"""The picture: the same each time, readable, complete; boxes do not overlap."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings

from ronglian.engines.process import Definition, read_definition
from ronglian.engines.process.drawing import draw, is_listed
from ronglian.engines.process.layout import GAP, Size, place
from tests.engines.process.random_definitions import definition_texts
from tests.engines.process.samples import packaged, sample

SVG = "{http://www.w3.org/2000/svg}"
DEFINITIONS = [read_definition(path.read_text(encoding="utf-8"), path.name) for path in packaged()]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda each: each.id)
def test_a_picture_shows_every_state_and_step(definition: Definition, language: str) -> None:
    picture = draw(definition, language, [definition.start])
    assert picture == draw(definition, language, [definition.start])
    root = ET.fromstring(picture)  # noqa: S314 - our own picture
    title, described = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert title.text == definition.name.say(language)
    assert described is not None
    assert described.text
    for each in definition.transitions.values():
        assert each.name.say(language) in described.text
    shown = "".join("".join(text.itertext()) for text in root.iter(f"{SVG}text")).replace(" ", "")
    listed = {each.targets[0] for each in definition.transitions.values() if is_listed(each)}
    for state in definition.states.values():
        assert state.name.say(language).replace(" ", "") in shown or state.id in listed
    for each in definition.transitions.values():
        assert each.name.say(language).replace(" ", "") in shown
    assert ("●" in shown) is True
    assert "style=" not in picture
    assert "<script" not in picture


def boxes(root: ET.Element) -> list[tuple[float, float, float, float]]:
    group = root.find(f"{SVG}g")
    assert group is not None
    return [
        tuple(float(rect.attrib[name]) for name in ("x", "y", "width", "height"))  # type: ignore[misc]  # four of them
        for rect in group.findall(f"{SVG}rect")
    ]


@settings(max_examples=25, deadline=None)
@given(definition_texts())
def test_boxes_never_overlap_and_lie_within_the_picture(text: str) -> None:
    root = ET.fromstring(draw(read_definition(text, "random.yaml"), "zh"))  # noqa: S314 - our own picture
    found = boxes(root)
    for at, (x, y, width, height) in enumerate(found):
        assert x >= -1
        assert x + width <= float(root.attrib["width"])
        for other_x, other_y, other_width, other_height in found[:at]:
            assert (
                x + width <= other_x
                or other_x + other_width <= x
                or y + height <= other_y
                or other_y + other_height <= y
            )


def test_names_are_escaped() -> None:
    definition = sample()
    text = draw(definition, "en").replace("Sample", "")
    assert "&lt;" not in text
    hostile = read_definition(
        (packaged("platform/processes/race_stage-1.yaml")[0])
        .read_text(encoding="utf-8")
        .replace("en: at work", 'en: "<script>&"'),
        "x.yaml",
    )
    assert "<script" not in draw(hostile, "en")
    assert "&lt;script&gt;&amp;" in draw(hostile, "en")


def test_a_layout_by_hand() -> None:
    """a → b, a → c, b → d, c → d, d → a: a diamond whose way back is turned round."""
    sizes = dict.fromkeys("abcd", Size(40, 20))
    placed = place(sizes, [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("d", "a")])
    assert placed.turned == {("d", "a")}
    ys = [placed.centres[name][1] for name in "abcd"]
    assert ys[0] < ys[1] == ys[2] < ys[3]
    assert placed.centres["c"][0] - placed.centres["b"][0] >= 40 + GAP
    assert placed.paths["d", "a"][0] == placed.centres["d"]
    assert placed.paths["d", "a"][-1] == placed.centres["a"]
