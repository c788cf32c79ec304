"""A strict part of YAML 1.2 with line numbers: what the rulebook is written in (规则文件读取).

Mappings, lists, texts, comments; `{a: b}` and `[a, b]` on one line. Every scalar is a text: the reader of a
field decides what it means, so that `no` stays a word and 2021-05-10 what was written. Anchors, tags, block
texts, tabs, duplicate keys and several documents are refused: they make files that say more than they show.
What is accepted reads the same with any YAML processor (failsafe schema).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from ronglian.engines.text.wording import Words

DEEPEST = 30
KEY = re.compile(r"(?P<key>\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'|[^\s\[\]{},#&*!|>%@`\"'][^#]*?)\s*:(?=\s|$)")
ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\", "/": "/", "0": "\0"}
SIGNS = "&*!|>%@`]},[{"
PROBLEMS: Mapping[str, Words] = {
    "empty": Words(
        "文件是空的。开头应是一个键，例如 process: my_scheme。",
        "The file says nothing. It begins with a key, such as `process: my_scheme`.",
    ),
    "indent": Words(
        "这一行的缩进与所属内容不一致。同一列表或映射的各行要从同一列开始。",
        "The line is indented otherwise than what it belongs to. Lines of one list or mapping begin in the same column.",
    ),
    "tab": Words(
        "这里有制表符。缩进请用空格。",
        "There is a tab. Indent with blanks.",
    ),
    "document": Words(
        "这里有文档分隔符。一个文件只放一份文档，请删去。",
        "There is a document mark. Leave it out: a file holds one document.",
    ),
    "deep": Words(
        "嵌套太深，最多{what}层。",
        "This is nested too deeply; at most {what} levels.",
    ),
    "no_key": Words(
        "这里缺少键。应写“键: 值”，冒号后有空格；文字写在一行里。",
        "There is no key. Write `key: value`, with a blank behind the colon; a text is written on one line.",
    ),
    "twice": Words(
        "键“{what}”出现了两次。请只留一个。",
        "The key “{what}” stands twice. Keep one of the two.",
    ),
    "nothing": Words(
        '后面没有内容。请写上值；空文字写作 ""。',
        'Nothing follows. Give a value, or "" for an empty text.',
    ),
    "further": Words(
        "这一行比上一行缩进得深，而上一行已经有值。文字写在一行里，长的加引号。",
        "The line is indented further than the one before, which has its value already. A text is written on one line; put it in quotes if it is long.",
    ),
    "behind": Words(
        "值的后面还有“{what}”。含有这类符号的文字要加引号。",
        "“{what}” stands behind the value. Put a text with such signs in quotes.",
    ),
    "comma": Words(
        "缺少逗号。括号里的各项用英文逗号隔开。",
        "A comma is missing. Separate what stands in brackets by commas.",
    ),
    "open": Words(
        "缺少“{what}”。括号要在同一行里关闭。",
        "“{what}” is missing. Brackets are closed on the line on which they are opened.",
    ),
    "quote": Words(
        "引号没有关闭。请在同一行里关闭。",
        "A quotation mark is not closed. Close it on the same line.",
    ),
    "bracket": Words(
        "文字中间有括号。请给文字加引号。",
        "There is a bracket inside a text. Put the text in quotes.",
    ),
    "missing": Words(
        '缺少值。空文字写作 ""。',
        'A value is missing. Write "" for an empty text.',
    ),
    "sign": Words(
        "“{what}”开头的符号在 YAML 里另有含义（锚、别名、标签、块文本等），这里不用。若是文字，请加引号。",
        "“{what}” begins with a sign that means something else in YAML (anchor, alias, tag, block text), which is not used here. Put it in quotes if it is meant as a text.",
    ),
    "colon": Words(
        "“{what}”里有冒号加空格。请给文字加引号。",
        "“{what}” holds a colon and a blank. Put the text in quotes.",
    ),
    "escape": Words(
        '不认识的转义“{what}”。可用 \\n、\\t、\\"、\\\\ 和 \\u4e2d。',
        'The escape “{what}” is not known. Known are \\n, \\t, \\", \\\\ and \\u4e2d.',
    ),
}


class OutlineError(ValueError):
    """The text is not such a file. `line` counts from 1; `words` say what is wrong and what would be right."""

    def __init__(self, line: int, words: Words) -> None:
        super().__init__(f"line {line}: {words.en}")
        self.line, self.words = line, words


@dataclass(frozen=True, slots=True)
class Node:
    """A value and the line on which it begins: a text, a list of nodes or a mapping to nodes."""

    value: str | Sequence[Node] | Mapping[str, Node]
    line: int

    @property
    def plain(self) -> object:
        """The value without its lines."""
        if isinstance(self.value, str):
            return self.value
        if isinstance(self.value, Mapping):
            return {key: node.plain for key, node in self.value.items()}
        return [node.plain for node in self.value]


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    indent: int
    text: str


def read_outline(text: str) -> Node:
    """The tree that the text says. Raises OutlineError."""
    lines = list(_lines(text))
    if not lines:
        _refuse(1, "empty")
    reader = _Reader(lines)
    node = reader.block(lines[0].indent, 0)
    if reader.at < len(lines):
        _refuse(lines[reader.at].number, "indent")
    return node


def _lines(text: str) -> Iterator[_Line]:
    for number, raw in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        body = raw.lstrip(" ")
        if not body.strip() or body.startswith("#"):
            continue
        if "\t" in raw:
            _refuse(number, "tab")
        if body.rstrip() in ("---", "..."):
            _refuse(number, "document")
        yield _Line(number, len(raw) - len(body), body.rstrip())


class _Reader:
    """Reads lines from `at` on."""

    def __init__(self, lines: list[_Line]) -> None:
        self.lines, self.at = lines, 0

    def block(self, indent: int, depth: int) -> Node:
        """What stands in this column from here on."""
        first = self.lines[self.at]
        if depth > DEEPEST:
            _refuse(first.number, "deep", DEEPEST)
        if first.text == "-" or first.text.startswith("- "):
            return self._list(indent, depth)
        if KEY.match(first.text):
            return self._mapping(indent, depth)
        self.at += 1
        return _inline(first.text, first.number)

    def _list(self, indent: int, depth: int) -> Node:
        start, items = self.lines[self.at].number, []
        while self._is_here(indent) and (self.lines[self.at].text + " ").startswith("- "):
            line = self.lines[self.at]
            rest = line.text[1:].lstrip(" ")
            if rest and not rest.startswith("#"):
                column = indent + len(line.text) - len(rest)
                self.lines[self.at] = _Line(line.number, column, rest)
                items.append(self.block(column, depth + 1))
            else:
                items.append(self._below(line, indent, depth))
        return Node(tuple(items), start)

    def _mapping(self, indent: int, depth: int) -> Node:
        start = self.lines[self.at].number
        found: dict[str, Node] = {}
        while self._is_here(indent):
            line = self.lines[self.at]
            match = KEY.match(line.text)
            if match is None:
                _refuse(line.number, "no_key")
            key = _scalar(match["key"], line.number)
            if key in found:
                _refuse(line.number, "twice", key)
            rest = line.text[match.end() :].strip()
            if rest and not rest.startswith("#"):
                self.at += 1
                found[key] = _inline(rest, line.number)
            else:
                found[key] = self._below(line, indent, depth, is_key=True)
        return Node(found, start)

    def _below(self, line: _Line, indent: int, depth: int, *, is_key: bool = False) -> Node:
        """What is indented below this line; a list may stand in the column of its key."""
        self.at += 1
        following = self.lines[self.at] if self.at < len(self.lines) else line
        is_list = (following.text + " ").startswith("- ")
        if following is line or not (
            following.indent > indent or (is_key and following.indent == indent and is_list)
        ):
            _refuse(line.number, "nothing")
        return self.block(following.indent, depth + 1)

    def _is_here(self, indent: int) -> bool:
        if self.at >= len(self.lines) or self.lines[self.at].indent < indent:
            return False
        line = self.lines[self.at]
        if line.indent > indent:
            _refuse(line.number, "further")
        return True


def _inline(text: str, line: int) -> Node:
    """A value that begins and ends on its line."""
    node, end = _flow(text, 0, line, 0) if text[0] in "[{" else _text(text, 0, line, "")
    rest = text[end:].strip()
    if rest and not (rest.startswith("#") and text[end] == " "):
        _refuse(line, "behind", rest[:40])
    return node


def _flow(text: str, at: int, line: int, depth: int) -> tuple[Node, int]:
    """`[…]` or `{…}` from here on, and where it ends."""
    if depth > DEEPEST:
        _refuse(line, "deep", DEEPEST)
    closing = {"[": "]", "{": "}"}[text[at]]
    items: list[Node] = []
    found: dict[str, Node] = {}
    at = _skip(text, at + 1)
    while at < len(text) and text[at] != closing:
        if closing == "}":
            match = KEY.match(text, at)
            if match is None:
                _refuse(line, "no_key")
            key = _scalar(match["key"], line)
            if key in found:
                _refuse(line, "twice", key)
            found[key], at = _flow_value(text, _skip(text, match.end()), line, depth)
        else:
            item, at = _flow_value(text, at, line, depth)
            items.append(item)
        at = _skip(text, at)
        if at < len(text) and text[at] == ",":
            at = _skip(text, at + 1)
        elif at < len(text) and text[at] != closing:
            _refuse(line, "comma")
    if at >= len(text):
        _refuse(line, "open", closing)
    return Node(found if closing == "}" else tuple(items), line), at + 1


def _flow_value(text: str, at: int, line: int, depth: int) -> tuple[Node, int]:
    if at < len(text) and text[at] in "[{":
        return _flow(text, at, line, depth + 1)
    return _text(text, at, line, ",]}")


def _text(text: str, at: int, line: int, ends: str) -> tuple[Node, int]:
    """A quoted or plain text from here on; a plain one ends before ` #` and before a sign of `ends`."""
    if at < len(text) and text[at] in "\"'":
        match = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'").match(text, at)
        if match is None:
            _refuse(line, "quote")
        return Node(_scalar(match.group(), line), line), match.end()
    end = at
    while end < len(text) and text[end] not in ends and text[end : end + 2] != " #":
        if ends and text[end] in "[{":
            _refuse(line, "bracket")
        end += 1
    plain = text[at:end].strip()
    if not plain:
        _refuse(line, "missing")
    return Node(_scalar(plain, line), line), end


def _scalar(text: str, line: int) -> str:
    if text.startswith("'"):
        return text[1:-1].replace("''", "'")
    if text.startswith('"'):
        return re.sub(r"\\(u[0-9A-Fa-f]{4}|.)", lambda found: _unescaped(found[1], line), text[1:-1])
    if text[0] in SIGNS or text.startswith(("- ", "? ", ": ")) or text in ("-", "?", ":"):
        _refuse(line, "sign", text[:20])
    if re.search(r":(\s|$)", text):
        _refuse(line, "colon", text[:40])
    return text


def _unescaped(escape: str, line: int) -> str:
    if escape[0] == "u" and len(escape) == 5:
        return chr(int(escape[1:], 16))
    if escape not in ESCAPES:
        _refuse(line, "escape", "\\" + escape)
    return ESCAPES[escape]


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] == " ":
        at += 1
    return at


def _refuse(line: int, problem: str, what: object = "") -> NoReturn:
    words = PROBLEMS[problem]
    raise OutlineError(
        line, Words(words.zh.replace("{what}", str(what)), words.en.replace("{what}", str(what)))
    )
