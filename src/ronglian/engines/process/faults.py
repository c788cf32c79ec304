"""What is wrong with a file of the rulebook: where, what, and what would be right (规则文件的错误)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ronglian.engines.text.outline import OutlineError
from ronglian.engines.text.wording import Words


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `path` is the way through the data, such as `transitions.publish.roles`."""

    file: str
    line: int
    path: str
    code: str
    words: Words

    @classmethod
    def of_outline(cls, file: str, error: OutlineError) -> Fault:
        return cls(file, error.line, "", "yaml", error.words)

    def say(self, language: str) -> str:
        """One line: file, line, path and what is wrong."""
        place = f"{self.file}:{self.line}: {self.path}".rstrip(": ")
        return f"{place}: {self.words.say(language)}"


class Faulty(ValueError):
    """A file of the rulebook was refused; all its faults at once."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(fault.say("en") for fault in faults))
        self.faults = tuple(faults)
