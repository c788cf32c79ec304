"""A definition as an SVG picture (流程图): states and steps as boxes, in one language, readable without colour."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from html import escape
from unicodedata import east_asian_width

from ronglian.engines.process.definition import CLOCK, Definition, State, Transition
from ronglian.engines.process.layout import Edge, Placed, Size, place
from ronglian.engines.process.showing import who_may
from ronglian.engines.text.wording import Words

MOST_SOURCES = 3
LETTER = 13
SMALL = 11
LINE = 17
MARGIN = 12
WIDEST = 150
FILLS = {"success": "#e6f4ea", "failure": "#fdecea", "cancelled": "#eeeeee"}
MARKS = {"success": "✓ ", "failure": "✗ ", "cancelled": "– "}
FONT = "system-ui, 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif"


def draw(definition: Definition, language: str, current: Collection[str] = ()) -> str:
    """The picture as one `<svg>` element; states in `current` are marked. The same data gives the same text."""
    drawn = [each for each in definition.transitions.values() if not is_listed(each)]
    lines = {f"s:{each.id}": _state_lines(each, language, current) for each in definition.states.values()}
    lines |= {f"t:{each.id}": _step_lines(definition, each, language) for each in drawn}
    edges: list[Edge] = []
    for each in drawn:
        edges += [(f"s:{source}", f"t:{each.id}") for source in each.sources]
        edges += [(f"t:{each.id}", f"s:{target}") for target in each.targets]
    order = _reading_order(definition, drawn)
    placed = place({name: _size(lines[name]) for name in order}, list(dict.fromkeys(edges)))
    notes = [
        _listed_line(definition, each, language)
        for each in definition.transitions.values()
        if is_listed(each)
    ]
    return _svg(definition, language, placed, lines, notes, set(current))


def is_listed(transition: Transition) -> bool:
    """Whether a step starts in so many states that it stands in the list below the picture."""
    return transition.is_any and len(transition.sources) > MOST_SOURCES


def _reading_order(definition: Definition, drawn: list[Transition]) -> list[str]:
    """Breadth first from the start, so that the way of success stays to the left where it is written first."""
    names, seen = [f"s:{definition.start}"], {f"s:{definition.start}"}
    for name in names:
        state = name[2:]
        for each in drawn if name.startswith("s:") else []:
            if state not in each.sources:
                continue
            for found in (f"t:{each.id}", *(f"s:{target}" for target in each.targets)):
                if found not in seen:
                    seen.add(found)
                    names.append(found)
    names += [f"s:{state}" for state in definition.states if f"s:{state}" not in seen]
    return names + [f"t:{each.id}" for each in drawn if f"t:{each.id}" not in seen]


def _state_lines(state: State, language: str, current: Collection[str]) -> list[str]:
    name = (MARKS[state.end] if state.end else "") + state.name.say(language)
    more = Words("（分阶段、分队伍进行）", "(in parts)").say(language) if state.parts else ""
    here = Words("● 当前", "● now").say(language) if state.id in current else ""
    return [*_wrapped(name, LETTER), *([more] if more else []), *([here] if here else [])]


def _step_lines(definition: Definition, transition: Transition, language: str) -> list[str]:
    between = ", " if language.startswith("en") else "、"
    who = between.join(each.name.say(language) for each in who_may(definition, transition))
    return [*_wrapped(transition.name.say(language), LETTER), *_wrapped(who, SMALL)]


def _wrapped(text: str, size: int) -> list[str]:
    """Lines no wider than a box: English at blanks, Chinese anywhere."""
    lines = [""]
    for word in _words(text):
        if lines[-1] and _width(lines[-1] + word, size) > WIDEST:
            lines.append(word.lstrip())
        else:
            lines[-1] += word
    return [line for line in lines if line]


def _words(text: str) -> list[str]:
    words = [""]
    for letter in text:
        if (
            letter == " "
            or east_asian_width(letter) in "WF"
            or (words[-1] and east_asian_width(words[-1][-1]) in "WF")
        ):
            words.append(letter)
        else:
            words[-1] += letter
    return [word for word in words if word]


def _width(text: str, size: int) -> int:
    """About how wide a text is: a full-width letter is as wide as high, another half of it and a bit."""
    return round(sum(size if east_asian_width(letter) in "WF" else size * 0.58 for letter in text))


def _size(lines: list[str]) -> Size:
    return Size(max(_width(line, LETTER) for line in lines) + 20, len(lines) * LINE + 10)


def _listed_line(definition: Definition, transition: Transition, language: str) -> str:
    between = ", " if language.startswith("en") else "、"
    name = transition.name.say(language)
    who = between.join(each.name.say(language) for each in who_may(definition, transition))
    sources = between.join(definition.states[each].name.say(language) for each in transition.sources)
    target = definition.states[transition.targets[0]].name.say(language)
    return Words(
        f"{name}（{who}）：自{sources} → {target}", f"{name} ({who}): from {sources} → {target}"
    ).say(language)


def _svg(
    definition: Definition, language: str, placed: Placed, lines: dict[str, list[str]], notes: list[str], current: set[str]
) -> str:  # fmt: skip
    width = max(placed.size.width, 320) + 2 * MARGIN
    noted = [line for note in notes for line in _note_lines(note, width - 2 * MARGIN)]
    height = placed.size.height + 2 * MARGIN + (len(noted) * LINE + MARGIN if noted else 0)
    key = f"process-{definition.id}-{definition.version}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{key}-title {key}-desc" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}" font-family="{escape(FONT)}" font-size="{LETTER}">',
        f'<title id="{key}-title">{escape(definition.name.say(language))}</title>',
        f'<desc id="{key}-desc">{escape(_described(definition, language))}</desc>',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<g transform="translate({MARGIN + (width - 2 * MARGIN - placed.size.width) // 2} {MARGIN})">',
    ]
    for edge, points in placed.paths.items():
        parts.append(_line(points, edge in placed.turned, _size(lines[edge[0]]), _size(lines[edge[1]])))
    parts += [_box(definition, name, placed.centres[name], text, current) for name, text in lines.items()]
    parts.append("</g>")
    for at, line in enumerate(noted):
        y = placed.size.height + 2 * MARGIN + at * LINE + SMALL
        parts.append(
            f'<text x="{MARGIN}" y="{y}" font-size="{SMALL + 1}" fill="#333333">{escape(line)}</text>'
        )
    return "\n".join([*parts, "</svg>"])


def _note_lines(text: str, width: int) -> list[str]:
    lines = [""]
    for word in _words(text):
        if lines[-1] and _width(lines[-1] + word, SMALL + 1) > width:
            lines.append(word.lstrip())
        else:
            lines[-1] += word
    return lines


def _described(definition: Definition, language: str) -> str:
    """What the picture shows, for those who do not see it: every step in a sentence."""
    said = []
    for each in definition.transitions.values():
        sources = "、".join(definition.states[one].name.zh for one in each.sources)
        targets = "、".join(definition.states[one].name.zh for one in each.targets)
        sources_en = ", ".join(definition.states[one].name.en for one in each.sources)
        targets_en = ", ".join(definition.states[one].name.en for one in each.targets)
        said.append(
            Words(
                f"{each.name.zh}：{sources} → {targets}。", f"{each.name.en}: {sources_en} → {targets_en}."
            ).say(language)
        )
    return " ".join(said)


def _line(points: list[tuple[int, int]], is_turned: bool, first: Size, last: Size) -> str:
    """From the edge of one box to that of the other; a way back is dashed."""
    way = -1 if is_turned else 1
    (x0, y0), (x1, y1) = points[0], points[-1]
    corners = [(x0, y0 + way * first.height // 2), *points[1:-1], (x1, y1 - way * last.height // 2 - way * 6)]
    path = f"M{corners[0][0]} {corners[0][1]}"
    for (ax, ay), (bx, by) in itertools.pairwise(corners):
        middle = (ay + by) // 2
        path += f"C{ax} {middle} {bx} {middle} {bx} {by}"
    x, y = corners[-1]
    dashes = ' stroke-dasharray="4 3"' if is_turned else ""
    return (
        f'<path d="{path}" fill="none" stroke="#667085"{dashes}/>'
        f'<path d="M{x - 4} {y}L{x + 4} {y}L{x} {y + way * 6}Z" fill="#667085"/>'
    )


def _box(
    definition: Definition, name: str, centre: tuple[int, int], text: list[str], current: set[str]
) -> str:
    kind, key = name[0], name[2:]
    size, (x, y) = _size(text), centre
    left, top = x - size.width // 2, y - size.height // 2
    if kind == "s":
        end = definition.states[key].end
        fill, stroke, thick = FILLS.get(end or "", "#eaf1fb"), "#1f4e8c", 3 if key in current else 1.5
        shape = f'rx="12" fill="{fill}" stroke="{stroke}" stroke-width="{thick}"'
    else:
        dashes = ' stroke-dasharray="3 2"' if CLOCK in definition.transitions[key].roles else ""
        shape = f'rx="2" fill="#ffffff" stroke="#98a2b3"{dashes}'
    drawn = [f'<rect x="{left}" y="{top}" width="{size.width}" height="{size.height}" {shape}/>']
    names = 0
    if kind == "t":
        names = len(text) - 1
    for at, line in enumerate(text):
        is_small = kind == "t" and at >= names
        look = f'font-size="{SMALL}" fill="#475467"' if is_small else 'fill="#101828"'
        drawn.append(
            f'<text x="{x}" y="{top + 5 + at * LINE + 13}" text-anchor="middle" {look}>{escape(line)}</text>'
        )
    return "".join(drawn)
