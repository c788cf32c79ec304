"""One entry of a YAML file, read key by key; whatever is wrong names file, entry and what would be right."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, TypeVar

from ronglian.engines.rules.book import Text
from ronglian.engines.rules.values import Exact, Unit, ValueProblem, read_value

E = TypeVar("E", bound=StrEnum)


class BookProblem(ValueError):
    """The rulebook cannot be read: `path` and `entry` say where, `text` what is wrong and what would be right."""

    def __init__(self, path: str, entry: str, text: str) -> None:
        super().__init__(f"{path}{f' [{entry}]' if entry else ''}: {text}")
        self.path, self.entry, self.text = path, entry, text


class Entry:
    """A mapping of a file. `path` is `<place>/<topic>/<kind>.yaml`, below `cases/` for cases."""

    def __init__(self, path: str, at: int, written: Any, within: str = "") -> None:
        self.path, self.within = path, within
        self.where = f"{within}{at + 1}"
        if not isinstance(written, dict):
            raise BookProblem(path, self.where, f"{written!r} is no mapping of keys to values")
        self.written: dict[str, Any] = {str(key): value for key, value in written.items()}
        if "id" in self.written:
            self.where = f"{within}{self.written['id']}"

    @property
    def id(self) -> str:
        return self.said("id")

    @property
    def place(self) -> str:
        return self.path.split("/")[0]

    @property
    def topic(self) -> str:
        return self.path.split("/")[1]

    def problem(self, text: str) -> BookProblem:
        return BookProblem(self.path, self.where, text)

    def has(self, key: str) -> bool:
        return key in self.written

    def value(self, key: str) -> Any:
        """What stands there; None where nothing does."""
        return self.written.get(key)

    def said(self, key: str) -> str:
        """A text that has to stand there."""
        found = self.written.get(key)
        if found is None or isinstance(found, dict | list) or not str(found).strip():
            raise self.problem(f"{key} is missing")
        return str(found).strip()

    def text(self) -> Text:
        return Text(self.said("zh"), self.said("en"))

    def choice(self, key: str, options: type[E], otherwise: E | None = None) -> E:
        """One of the options; `otherwise` where nothing stands there."""
        found = self.written.get(key)
        if found is None and otherwise is not None:
            return otherwise
        try:
            return options(str(found))
        except ValueError as error:
            known = ", ".join(option.value for option in options)
            raise self.problem(f"{key} is {found!r}; it has to be one of {known}") from error

    def read(self, key: str, unit: Unit) -> Exact:
        """A value of that unit."""
        if key not in self.written:
            raise self.problem(f"{key} is missing")
        try:
            return read_value(self.written[key], unit)
        except ValueProblem as problem:
            raise self.problem(f"{key}: {problem}") from problem

    def mapping(self, key: str) -> dict[str, Any]:
        found = self.written.get(key) or {}
        if not isinstance(found, dict):
            raise self.problem(f"{key} is {found!r}, not names with values")
        return {str(name): value for name, value in found.items()}

    def inner(self, key: str) -> Entry:
        return Entry(self.path, 0, self.written.get(key), f"{self.where} › {key} › ")

    def entries(self, key: str) -> Iterator[Entry]:
        found = self.written.get(key) or []
        if not isinstance(found, list):
            raise self.problem(f"{key} is {found!r}, not a list")
        for at, each in enumerate(found):
            yield Entry(self.path, at, each, f"{self.where} › {key} › ")

    def finish(self, *known: str) -> None:
        """Refuse keys that mean nothing here: a misspelt one would be overlooked."""
        foreign = sorted(set(self.written) - set(known))
        if foreign:
            raise self.problem(f"{', '.join(foreign)} means nothing here; known are {', '.join(known)}")
