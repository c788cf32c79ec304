"""Reading typed fields from an outline; every fault is kept with its line and path, none stops the reading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from ronglian.engines.process.definition import UNITS, Duration, FactKind, Value
from ronglian.engines.process.faults import Fault
from ronglian.engines.text.outline import Node
from ronglian.engines.text.wording import Words

ID = re.compile(r"[a-z][a-z0-9_]{0,59}")


class Fields:
    """A node of the file with its path. What is asked for and missing or wrong becomes a fault."""

    def __init__(self, node: Node, path: str, file: str, faults: list[Fault]) -> None:
        self.node, self.path, self.file, self.faults = node, path, file, faults
        self.asked: set[str] = set()

    def fault(self, code: str, zh: str, en: str, key: str = "") -> None:
        """Note what is wrong with this node, or with its field `key`."""
        node = self.node
        if key and isinstance(node.value, Mapping) and key in node.value:
            node = node.value[key]
        path = f"{self.path}.{key}".strip(".") if key else self.path
        self.faults.append(Fault(self.file, node.line, path, code, Words(zh, en)))

    def has(self, key: str) -> bool:
        self.asked.add(key)
        return isinstance(self.node.value, Mapping) and key in self.node.value

    def at(self, key: str) -> Fields:
        """The field; an empty node where it is not there."""
        self.asked.add(key)
        value = self.node.value
        found = value.get(key) if isinstance(value, Mapping) else None
        path = f"{self.path}.{key}".strip(".")
        return Fields(found or Node("", self.node.line), path, self.file, self.faults)

    def each(self, key: str) -> Iterator[tuple[str, Fields]]:
        """The entries of a mapping, by id; nothing where the field is not there."""
        if not self.has(key):
            return
        inner = self.at(key)
        if not isinstance(inner.node.value, Mapping):
            inner.fault("mapping", "这里应是“编号: 内容”的映射。", "This is a mapping of ids.")
            return
        for name in inner.node.value:
            entry = inner.at(name)
            if not ID.fullmatch(name):
                entry.fault("id", f"编号“{name}”应由小写英文字母、数字、下划线组成。",
                            f"The id “{name}” is written in small letters, digits and underscores.")  # fmt: skip
            yield name, entry

    def text(self, key: str, default: str | None = None) -> str:
        if not self.has(key) and default is not None:
            return default
        value = self.at(key).node.value
        if not isinstance(value, str) or not value.strip():
            self.fault("text", f"缺少文字“{key}”。", f"The text “{key}” is missing.", key)
            return ""
        return value

    def words(self) -> Words:
        """`zh` and `en` of this node."""
        return Words(self.text("zh"), self.text("en"))

    def note(self) -> Words | None:
        return self.at("note").words() if self.has("note") else None

    def ids(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """One id or a list of them."""
        if not self.has(key):
            if required:
                self.fault("missing", f"缺少“{key}”。", f"“{key}” is missing.")
            return ()
        value = self.at(key).node.value
        items = [Node(value, 0)] if isinstance(value, str) else value
        if isinstance(items, Mapping) or not all(isinstance(item.value, str) for item in items):
            self.fault(
                "ids", f"“{key}”应是一个编号或编号列表 [a, b]。", f"“{key}” is an id or a list [a, b].", key
            )
            return ()
        found = tuple(str(item.value) for item in items)
        if len(set(found)) < len(found):
            self.fault("twice", f"“{key}”里有重复的编号。", f"“{key}” names something twice.", key)
        return found

    def texts(self, key: str) -> list[str]:
        """One text or a list of texts."""
        value = self.at(key).node.value
        items = [Node(value, 0)] if isinstance(value, str) else [] if isinstance(value, Mapping) else value
        return [item.value for item in items if isinstance(item.value, str)]

    def yes(self, key: str) -> bool:
        value = self.text(key, "no")
        if value not in ("yes", "no"):
            self.fault("yes_no", f"“{key}”应是 yes 或 no。", f"“{key}” is yes or no.", key)
        return value == "yes"

    def whole(self, key: str, default: int | None = None) -> int:
        """A whole number from 0 on."""
        if default is not None and not self.has(key):
            return default
        value = self.at(key).node.value
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
            return int(value)
        self.fault("number", f"“{key}”应是非负整数。", f"“{key}” is a whole number from 0 on.", key)
        return 1

    def day(self, key: str) -> date | None:
        if not self.has(key):
            return None
        try:
            return date.fromisoformat(self.text(key))
        except ValueError:
            self.fault(
                "date", f"“{key}”应是日期，如 2021-05-10。", f"“{key}” is a date such as 2021-05-10.", key
            )
            return None

    def period(self) -> Duration | str:
        """`{working_days: 5}`, or the id of a parameter."""
        value = self.node.value
        if isinstance(value, str) and ID.fullmatch(value):
            return value
        if isinstance(value, Mapping) and len(value) == 1 and (unit := next(iter(value))) in UNITS:
            return Duration(self.whole(unit), unit)
        self.fault("period", "期限应写作 {working_days: 5}、{days: 60}、{hours: 24}、{months: 3}，或一个参数的编号。",
                   "A period is {working_days: 5}, {days: 60}, {hours: 24}, {months: 3}, or the id of a parameter.")  # fmt: skip
        return Duration(1, "days")

    def only(self, known: set[str] | None = None) -> None:
        """Fault every key that nobody asked for: a typing mistake would else go unnoticed."""
        if not isinstance(self.node.value, Mapping):
            if self.node.value != "":
                self.fault("mapping", "这里应是“键: 值”的映射。", "This is a mapping of keys.")
            return
        for key in self.node.value:
            if key not in self.asked | (known or set()):
                can = ", ".join(sorted(self.asked | (known or set())))
                self.fault(
                    "unknown_key",
                    f"不认识的键“{key}”。可用：{can}。",
                    f"The key “{key}” is not known. Known: {can}.",
                    key,
                )


def read_value(text: str, kind: FactKind) -> Value | None:
    """The literal that a text says for a kind of fact; None where it says none. Money `100 yuan` is in fen."""
    if kind == "yes_no":
        return {"yes": True, "no": False}.get(text)
    if kind == "text":
        return text
    if kind == "money":
        return _fen(text)
    if kind == "number":
        try:
            number = Decimal(text)
        except InvalidOperation:
            return None
        if not number.is_finite():
            return None
        return int(number) if number == number.to_integral_value() else float(number)
    return None


def _fen(text: str) -> int | None:
    match = re.fullmatch(r"(\d{1,15})(?:\.(\d{1,2}))? (yuan|万元)", text)
    if match is None:
        return None
    fen = int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0"))
    return fen if match[3] == "yuan" else fen * 10_000
