"""The rulebook for people: values with their source and how sure they are, versions, questions, answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ronglian.engines.rules import (
    Answer,
    Case,
    Confidence,
    Effect,
    InputProblem,
    InputSpec,
    Mark,
    Parameter,
    ParameterVersion,
    Resolved,
    Rule,
    Rulebook,
    TraceLine,
    Unit,
    Unknown,
    Value,
    Version,
    find_formula,
    inputs_of,
    read_value,
    resolve,
    trace,
    word_answer,
    word_article,
    word_list,
    word_problem,
    word_reason,
    word_validity,
    word_value,
)
from ronglian.web.context import short_language

CONFIDENCES: Mapping[Confidence, str | Promise] = {
    Confidence.HIGH: _("counts"),
    Confidence.MEDIUM: _("open: one secondary source"),
    Confidence.LOW: _("open: recollection"),
}
MARKS: Mapping[Mark, str | Promise] = {
    Mark.STATUTE: _("statute, read verbatim"),
    Mark.PAGE: _("public page, read in excerpts"),
    Mark.FILE: _("file of a public repository"),
    Mark.KNOWLEDGE: _("without the text at hand"),
    Mark.DERIVED: _("worked out"),
}
EFFECTS: Mapping[Effect, str | Promise] = {
    Effect.MUST: _("must"),
    Effect.MAY: _("may"),
    Effect.REPLACE: _("replaces"),
}
HINTS: Mapping[Unit, str | Promise] = {
    Unit.MONEY: _("yuan, or with a unit: 500万元"),
    Unit.SHARE: _("such as 50 % or 1/2"),
    Unit.COUNT: _("a whole number"),
    Unit.YEARS: _("whole years"),
    Unit.MONTHS: _("whole months"),
    Unit.DAYS: _("whole days"),
}
_PLAIN = re.compile(r"\d[\d,]*(\.\d{1,2})?")


@dataclass(frozen=True, slots=True)
class Row:
    """A parameter in the list of a place and date."""

    id: str
    title: str
    url: str
    value: str
    advised: str
    source: str
    where: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Link:
    """A rule or checklist in the list."""

    id: str
    title: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A topic with what is known about it here."""

    id: str
    title: str
    rows: list[Row]
    rules: list[Link]
    checklists: list[Link]

    def __bool__(self) -> bool:
        return bool(self.rows or self.rules or self.checklists)


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version in a history."""

    reference: str
    place: str
    value: str
    effect: str
    validity: str
    document: str
    article: str
    link: str
    mark: str
    confidence: str
    note: str
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Question:
    """One field of the form that asks a rule."""

    id: str
    name: str
    label: str
    kind: str
    choices: list[tuple[str, str]]
    value: str
    hint: str
    error: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer on its page."""

    value: str
    is_determined: bool
    reasons: list[str]
    provisional: str
    lines: tuple[TraceLine, ...]


@dataclass(frozen=True, slots=True)
class Where:
    """Which place and day a page is about."""

    book: Rulebook
    on: date
    place: str

    def url(self, name: str, **more: str) -> str:
        """The page of a parameter, rule or checklist, at the same place and day."""
        asked = {"place": self.place, "date": self.on.isoformat(), **more}
        return f"{reverse('rule', args=[name])}?{urlencode(asked)}"

    def said(self, value: Value, unit: Unit) -> str:
        if isinstance(value, tuple):
            return word_list(self.book, value, language=short_language())
        return word_value(value, unit, gettext, language=short_language())


def sections(where: Where, *, topic: str = "", everywhere: bool = False) -> list[Section]:
    """The topics in order; what is known for other places or times only is left out unless asked for."""
    found = []
    for name, title in where.book.topics.items():
        if topic in ("", name):
            section = Section(
                name,
                title.in_language(short_language()),
                [*_rows(where, name, everywhere)],
                [*_rules(where, name, everywhere)],
                [
                    Link(each.id, each.title.in_language(short_language()), where.url(each.id))
                    for each in where.book.checklists.values()
                    if each.topic == name
                ],
            )
            if section:
                found.append(section)
    return found


def _rows(where: Where, topic: str, everywhere: bool) -> Iterator[Row]:
    for parameter in where.book.parameters.values():
        if parameter.topic == topic:
            resolved = resolve(where.book, parameter.id, on=where.on, place=where.place)
            if everywhere or resolved.binding or resolved.advised or resolved.open:
                yield _row(where, parameter, resolved)


def _row(where: Where, parameter: Parameter, resolved: Resolved) -> Row:
    language = short_language()
    version = resolved.binding or resolved.advised or next(iter(resolved.open), None)
    advised = where.said(resolved.advised.value, parameter.unit) if resolved.advised else ""
    source = (
        f"{version.source.document.in_language(language)} {word_article(version.article, language)}"
        if version
        else ""
    )
    place = where.book.jurisdictions[version.jurisdiction].name.in_language(language) if version else ""
    return Row(
        parameter.id, parameter.title.in_language(language), where.url(parameter.id),
        where.said(resolved.value, parameter.unit), advised, source, place, bool(resolved.open),
    )  # fmt: skip


def _rules(where: Where, topic: str, everywhere: bool) -> Iterator[Link]:
    for rule in where.book.rules.values():
        if rule.topic == topic:
            found = find_formula(where.book, rule, on=where.on, place=where.place, provisional=True)
            if found.version or everywhere:
                note = "" if found.version else gettext("no formula here")
                yield Link(rule.id, rule.title.in_language(short_language()), where.url(rule.id), note)


def versions(book: Rulebook, holder: tuple[Version, ...], unit: Unit | None = None) -> list[VersionRow]:
    """A history: the nation first, the newest first within a place."""
    in_order = sorted(
        holder, key=lambda one: (one.jurisdiction, -one.validity.certain.toordinal(), one.reference)
    )
    return [_version(book, version, unit) for version in in_order]


def _version(book: Rulebook, version: Version, unit: Unit | None) -> VersionRow:
    language = short_language()
    value = effect = ""
    if isinstance(version, ParameterVersion) and unit is not None:
        value, effect = (
            word_value(version.value, unit, gettext, language=language),
            str(EFFECTS[version.effect]),
        )
    return VersionRow(
        version.reference, book.jurisdictions[version.jurisdiction].name.in_language(language), value, effect,
        word_validity(version.validity, gettext), version.source.document.in_language(language),
        word_article(version.article, language), version.source.link, str(MARKS[version.source.mark]),
        str(CONFIDENCES[version.confidence]), version.note.in_language(language) if version.note else "",
        version.confidence is Confidence.HIGH,
    )  # fmt: skip


def questions(
    where: Where, rule: Rule, told: Mapping[str, str], problem: InputProblem | None
) -> list[Question]:
    """The fields of the form: what the formula in force here asks for, and whatever else was told."""
    asked = inputs_of(where.book, rule.id, on=where.on, place=where.place)
    ids = {spec.id for spec in asked}
    more = tuple(spec for name, spec in rule.inputs.items() if name in told and name not in ids)
    return [_question(spec, told.get(spec.id, ""), problem) for spec in (*asked, *more)]


def _question(spec: InputSpec, value: str, problem: InputProblem | None) -> Question:
    language = short_language()
    kind = "choice" if spec.choices else {Unit.FLAG: "flag", Unit.DATE: "date"}.get(spec.unit, "text")
    hint = str(HINTS.get(spec.unit, "")) if kind == "text" else ""
    if spec.default is not None:
        taken = spec.choices[str(spec.default)].in_language(language) if spec.choices else word_value(
            spec.default, spec.unit, gettext, language=language
        )  # fmt: skip
        without = gettext("Without it: {value}").format(value=taken)
        hint = f"{hint} · {without}" if hint else without
    wrong = problem.problems.get(spec.id) if problem else None
    error = word_problem(wrong, gettext) if wrong else ""
    choices = [(name, text.in_language(language)) for name, text in spec.choices.items()]
    return Question(
        spec.id, f"in-{spec.id}", spec.title.in_language(language), kind, choices, value, hint, error
    )


def told_of(rule: Rule, parameters: Mapping[str, str]) -> dict[str, str]:
    """What was told in the form: `in-NAME` parameters; an empty one is not told."""
    return {
        name: parameters[f"in-{name}"].strip()[:200]
        for name in rule.inputs
        if parameters.get(f"in-{name}", "").strip()
    }


def readable(rule: Rule, told: Mapping[str, str]) -> dict[str, object]:
    """For the engine: an amount without a unit was meant in yuan, as the form says."""
    found: dict[str, object] = {}
    for name, value in told.items():
        is_plain = rule.inputs[name].unit is Unit.MONEY and _PLAIN.fullmatch(value)
        found[name] = f"{value} yuan" if is_plain else value
    return found


def shown(where: Where, answer: Answer, provisional: Answer | None) -> Shown:
    language = short_language()
    reasons = [word_reason(where.book, each, gettext, language=language) for each in answer.reasons]
    confirmed = ""
    if provisional is not None and not isinstance(provisional.value, Unknown):
        confirmed = word_answer(provisional, gettext, language=language)
    return Shown(
        word_answer(answer, gettext, language=language), answer.is_determined, reasons, confirmed,
        trace(where.book, answer, gettext, language=language),
    )  # fmt: skip


def examples(where: Where, rule: Rule) -> list[Link]:
    """The cases of a rule, each a link that fills the form in."""
    return [_example(where, case) for case in where.book.cases if case.rule == rule.id]


def _example(where: Where, case: Case) -> Link:
    book, language = where.book, short_language()
    place = book.jurisdiction(case.place)
    told = {f"in-{name}": _written(value) for name, value in case.inputs.items()}
    asked = {"place": place.id, "date": case.on.isoformat(), **told}
    inputs = book.rules[case.rule].inputs
    said = [_told(where, inputs[name], value) for name, value in case.inputs.items()]
    title = f"{place.name.in_language(language)} · {case.on} · {(', ' if language == 'en' else '，').join(filter(None, said))}"
    return Link(
        case.id,
        title,
        f"{reverse('rule', args=[case.rule])}?{urlencode(asked)}#answer",
        _outcome(where, case),
    )


def _told(where: Where, spec: InputSpec, value: object) -> str:
    """What a case tells, in short: the label of what is so, the choice, or the amount."""
    title = spec.title.in_language(short_language())
    if isinstance(value, bool):
        return title if value else gettext("not: {what}").format(what=title)
    if spec.choices:
        return spec.choices[str(value)].in_language(short_language())
    return f"{title} {where.said(read_value(value, spec.unit), spec.unit)}"


def _outcome(where: Where, case: Case) -> str:
    if case.expected is None:
        return gettext("not determined")
    rule = where.book.rules[case.rule]
    if rule.choices:
        return rule.choices[str(case.expected)].in_language(short_language())
    return where.said(read_value(case.expected, rule.unit), rule.unit)


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
