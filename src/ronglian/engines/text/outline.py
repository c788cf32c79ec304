"""YAML with line numbers, and only what shows: what process definitions are written in (规则文件读取).

Every scalar stays a text: the reader of a field decides what it means, so that `no` is a word and 2021-05-10 what was
written. Anchors, aliases, tags, duplicate keys and several documents are refused: they make files that say more than
they show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import yaml

from ronglian.engines.text.wording import Words

DEEPEST = 30


class OutlineError(ValueError):
    """The text is not such a file. `line` counts from 1; `words` say what is wrong and what would be right."""

    def __init__(self, line: int, zh: str, en: str) -> None:
        super().__init__(f"line {line}: {en}")
        self.line, self.words = line, Words(zh, en)


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


def read_outline(text: str) -> Node:
    """The tree that the text says. Raises OutlineError."""
    try:
        for event in yaml.parse(text, yaml.BaseLoader):
            _refuse_hidden(event)
        root = yaml.compose(text, yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = " ".join(part for part in (error.context, error.problem) if part)
        raise OutlineError(
            mark.line + 1 if mark else 1,
            f"这里不是 YAML：{said}。缩进请用空格；含有冒号加空格等符号的文字要加引号。",
            f"This is no YAML: {said}. Indent with blanks; put a text that holds a colon and a blank in quotes.",
        ) from error
    except RecursionError as error:
        raise _too_deep(1) from error
    except yaml.YAMLError as error:
        raise OutlineError(1, f"这里不是 YAML：{error}。", f"This is no YAML: {error}.") from error
    if root is None:
        raise OutlineError(
            1,
            "文件是空的。开头应是一个键，例如 process: my_scheme。",
            "The file says nothing. It begins with a key, such as `process: my_scheme`.",
        )
    return _node(root, 0)


def _refuse_hidden(event: yaml.Event) -> None:
    """Anchors, aliases and tags."""
    line = event.start_mark.line + 1 if event.start_mark else 1
    if getattr(event, "anchor", None) is not None:
        raise OutlineError(
            line,
            "这里有锚或别名（& 或 *）。请把内容写出来；若是文字，请加引号。",
            "There is an anchor or an alias (& or *). Write out what it stands for; put it in quotes if it is a text.",
        )
    if getattr(event, "tag", None) is not None:
        raise OutlineError(
            line,
            "这里有标签（!）。请删去；若是文字，请加引号。",
            "There is a tag (!). Leave it out; put it in quotes if it is a text.",
        )


def _node(node: yaml.Node, depth: int) -> Node:
    line = node.start_mark.line + 1
    if depth > DEEPEST:
        raise _too_deep(line)
    if isinstance(node, yaml.ScalarNode):
        return Node(str(node.value), line)
    if isinstance(node, yaml.SequenceNode):
        return Node(tuple(_node(item, depth + 1) for item in node.value), line)
    assert isinstance(node, yaml.MappingNode)
    found: dict[str, Node] = {}
    for key, value in node.value:
        at = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode) or not key.value:
            raise OutlineError(at, "键应是一个词。", "A key is a word.")
        if key.value in found:
            raise OutlineError(
                at,
                f"键“{key.value}”出现了两次。请只留一个。",
                f"The key “{key.value}” stands twice. Keep one of the two.",
            )
        found[str(key.value)] = _node(value, depth + 1)
    return Node(found, line)


def _too_deep(line: int) -> OutlineError:
    return OutlineError(
        line, f"嵌套太深，最多{DEEPEST}层。", f"This is nested too deeply; at most {DEEPEST} levels."
    )
