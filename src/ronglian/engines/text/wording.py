"""A text in both languages, for what engines and the rulebook say themselves (双语文本)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """One text in Chinese and in English."""

    zh: str
    en: str

    def say(self, language: str) -> str:
        """The text for a language code such as `zh-hans` or `en-gb`; Chinese for everything that is not English."""
        return self.en if language.lower().startswith("en") else self.zh

    def __str__(self) -> str:
        return f"{self.zh} / {self.en}"
