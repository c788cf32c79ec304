"""Definitions and calendars: those that come with the package, and an operator's own in the folder `processes`."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from ronglian.engines.process import (
    Calendar,
    Definition,
    Fault,
    Faulty,
    Library,
    line_of,
    read_calendar,
    read_definition,
)
from ronglian.engines.text.outline import read_outline

logger = logging.getLogger(__name__)
PACKAGED = Path(__file__).resolve().parent.parent.parent / "rulebook"


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What could be read, the text of each definition by its label, and what is wrong with an operator's own files."""

    library: Library
    calendars: Mapping[str, Calendar]
    texts: Mapping[str, str]
    faults: tuple[Fault, ...]

    def calendar_of(self, definition: Definition) -> Calendar:
        return self.calendars[definition.calendar]


@cache
def rulebook() -> Rulebook:
    """Read once per process; a new file is found after a restart."""
    return read_rulebook(Path(settings.PROCESS_FOLDER))


def read_rulebook(own: Path) -> Rulebook:
    """The packaged definitions, which are whole, and those of the folder that are."""
    calendars = {each.id: each for each in map(_calendar, sorted(PACKAGED.glob("*/calendars/*.yaml")))}
    definitions, texts, faults = [], {}, []
    for path in _files(own):
        text = path.read_text(encoding="utf-8")
        try:
            definition = read_definition(text, path.name)
            if definition.label in texts:
                raise ValueError(f"{path.name}: there are two definitions {definition.label}")
        except (Faulty, ValueError) as error:
            if PACKAGED in path.parents:
                raise
            logger.error("a process definition is left out: %s", error)
            faults += list(error.faults) if isinstance(error, Faulty) else []
            continue
        definitions.append(definition)
        texts[definition.label] = text
    return Rulebook(Library(definitions), calendars, texts, tuple(faults))


def check_file(path: Path, known: Rulebook) -> Definition:
    """Read a file as it would be read, against what is known. Raises Faulty."""
    text = path.read_text(encoding="utf-8")
    definition = read_definition(text, str(path))
    others = [
        each
        for versions in known.library.by_id.values()
        for each in versions.values()
        if each.label != definition.label
    ]
    found = Library([*others, definition]).check(definition, known.calendars)
    if found:
        root = read_outline(text)
        raise Faulty(
            [Fault(str(path), line_of(root, place), place, code, words) for place, code, words in found]
        )
    return definition


def _files(own: Path) -> Iterator[Path]:
    yield from sorted(PACKAGED.glob("*/processes/*.yaml"))
    if own.is_dir():
        yield from sorted(own.glob("*.yaml"))


def _calendar(path: Path) -> Calendar:
    return read_calendar(path.read_text(encoding="utf-8"), path.name)
