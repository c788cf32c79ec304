"""Process definitions as pages read them: in the language of the page, with the names in both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from ronglian.engines.process import Definition
from ronglian.engines.process.definition import Duration, Parameter, Source, Value
from ronglian.engines.process.drawing import draw
from ronglian.engines.process.showing import StepRow, step_rows, timer_words
from ronglian.engines.text.wording import Words
from ronglian.kernel.codes.regions import region_short_name
from ronglian.web.context import short_language

PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class Line:
    """A definition in the list."""

    id: str
    name: str
    other_name: str
    summary: str
    place: str
    force: str
    is_in_force: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A step in the table."""

    name: str
    other_name: str
    sources: str
    targets: str
    who: str
    guards: list[tuple[str, str]]
    documents: list[str]
    deadlines: list[str]
    source: str
    note: str


def say(words: Words) -> str:
    return words.say(short_language())


def other(words: Words) -> str:
    """The name in the other language, for those who look for it."""
    return words.zh if short_language() == "en" else words.en


def definition_line(definition: Definition, today: date) -> Line:
    began = definition.valid_from is None or definition.valid_from <= today
    ended = definition.valid_to is not None and definition.valid_to < today
    return Line(
        id=definition.id,
        name=say(definition.name),
        other_name=other(definition.name),
        summary=say(definition.summary),
        place=place_of(definition),
        force=force_of(definition),
        is_in_force=began and not ended,
    )


def place_of(definition: Definition) -> str:
    """Where it holds: a place of GB/T 2260, the nation, or the platform."""
    if definition.jurisdiction == PLATFORM:
        return _("this platform")
    code = definition.jurisdiction.partition("-")[2]
    return region_short_name(code, short_language()) if code else _("the nation")


def force_of(definition: Definition) -> str:
    since, until = definition.valid_from or "", definition.valid_to
    if until is None:
        return _("since %(day)s") % {"day": since}
    return _("%(first)s to %(last)s") % {"first": since, "last": until}


def picture(definition: Definition) -> SafeString:
    """The drawing; the engine escapes every text in it."""
    return mark_safe(draw(definition, short_language()))  # noqa: S308 - written by the engine, not by people


def rows(definition: Definition) -> list[Row]:
    return [_row(definition, each) for each in step_rows(definition)]


def _row(definition: Definition, row: StepRow) -> Row:
    deadlines = [say(timer_words(definition, timer)) for timer in row.timers]
    if row.waits is not None:
        deadlines.append(_("not before %(period)s") % {"period": say(row.waits)})
    return Row(
        name=say(row.transition.name),
        other_name=other(row.transition.name),
        sources=_joined(row.sources),
        targets=_joined(row.targets),
        who=_joined(each.name for each in row.who),
        guards=[(say(guard.reason), source_name(definition, guard.source)) for guard in row.guards],
        documents=[say(each.name) for each in row.documents],
        deadlines=deadlines,
        source=source_name(definition, row.source.id if row.source else ""),
        note=say(row.transition.note) if row.transition.note else "",
    )


def reminders(definition: Definition) -> list[tuple[str, str, str]]:
    """What is reminded of, when, and whom."""
    return [
        (
            say(timer.name),
            say(timer_words(definition, timer)),
            _joined(definition.roles[role].name for role in timer.reminds),
        )
        for timer in definition.timers.values()
        if timer.reminds
    ]


def parameters(definition: Definition) -> list[tuple[str, str, str]]:
    """Name, value and source of each parameter."""
    return [
        (say(each.name), _value(each), source_name(definition, each.source))
        for each in definition.parameters.values()
    ]


def _value(parameter: Parameter) -> str:
    return "; ".join(said_value(dated.value, parameter.unit) for dated in parameter.values)


def said_value(value: Value | Duration, unit: str) -> str:
    if isinstance(value, Duration):
        return say(value.words)
    if unit == "yuan" and isinstance(value, int):
        return _("%(amount)s yuan") % {"amount": f"{value // 100:,}"}
    return f"{value} {unit}".rstrip()


def sources(definition: Definition) -> list[Source]:
    return list(definition.sources.values())


def source_name(definition: Definition, source: str) -> str:
    return say(definition.sources[source].title) if source else ""


def _joined(texts: Iterable[Words]) -> str:
    between = ", " if short_language() == "en" else "、"
    return between.join(say(each) for each in texts)
