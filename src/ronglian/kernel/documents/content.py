"""What a document says, as plain values. No markup: every text is set as it is typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a part."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text; its line breaks are kept."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """A text in small print: where something comes from, what it rests on."""

    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values, a line each."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads; every row has as many cells as there are heads."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Language = Literal["zh", "en"]
# By which locale the texts of a document are told.
LOCALES: Mapping[Language, str] = {"zh": "zh-hans", "en": "en"}
Block = Heading | Paragraph | Note | Facts | Table


@dataclass(frozen=True, slots=True)
class Document:
    """A document in one language. `foot` stands at the foot of every page beside its number."""

    title: str
    subtitle: str
    blocks: tuple[Block, ...]
    foot: str = ""
    language: Language = "zh"
