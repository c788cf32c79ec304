"""YAML into the rulebook. Every fault is a BookProblem that names the file, the entry and what would be right."""

from __future__ import annotations

import calendar
import hashlib
import keyword
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import yaml

from ronglian.engines.rules.book import (
    Case,
    Checklist,
    ChecklistItem,
    ChecklistVersion,
    Confidence,
    Direction,
    Effect,
    InputSpec,
    Jurisdiction,
    Level,
    Mark,
    Parameter,
    ParameterVersion,
    Rounding,
    Rule,
    Rulebook,
    RuleVersion,
    Source,
    Step,
    Text,
    Validity,
)
from ronglian.engines.rules.entries import BookProblem, Entry
from ronglian.engines.rules.expressions import Expression, ExpressionProblem, parse
from ronglian.engines.rules.values import Unit

ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")


def read_book(files: Mapping[str, str]) -> Rulebook:
    """The rulebook of YAML texts by path: `jurisdictions.yaml`, `topics.yaml`, `<place>/sources.yaml`,
    `<place>/<topic>/{parameters,rules,checklists}.yaml`, `cases/<place>/<topic>/*.yaml`. Raises BookProblem.

    A path may stand once; what a later file of the same kind adds to a parameter or rule are further versions.
    """
    return _Reader(files).book()


class _Reader:
    """Reads file by file; what is declared in one is added to in others."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = {path: _parsed(path, text) for path, text in sorted(files.items())}
        self.sources: dict[str, Source] = {}
        self.parameters: dict[str, Parameter] = {}
        self.rules: dict[str, Rule] = {}
        self.checklists: dict[str, Checklist] = {}
        self.uses: dict[str, list[tuple[Entry, str]]] = {}
        digest = hashlib.sha256()
        for path, text in sorted(files.items()):
            if not path.startswith("cases/"):
                digest.update(f"{path}\0{text}\0".encode())
        self.version = digest.hexdigest()[:12]

    def book(self) -> Rulebook:
        jurisdictions = {
            one.id: one for entry in self._entries("jurisdictions.yaml") for one in (_jurisdiction(entry),)
        }
        topics = {entry.id: entry.text() for entry in self._entries("topics.yaml")}
        for entry in self._entries("sources.yaml"):
            self.sources[entry.id] = _source(entry)
        for declaring in (True, False):
            for entry in self._entries("parameters.yaml"):
                self._parameter(entry, declaring=declaring)
            for entry in self._entries("rules.yaml"):
                self._rule(entry, declaring=declaring)
            for entry in self._entries("checklists.yaml"):
                self._checklist(entry, declaring=declaring)
        for name in self.uses:
            inputs = MappingProxyType(self._all_inputs(name, ()))
            self.rules[name] = replace(self.rules[name], inputs=inputs)
        cases = tuple(
            _case(entry) for path in self.files if path.startswith("cases/") for entry in self._of(path)
        )
        return Rulebook(
            MappingProxyType(jurisdictions), MappingProxyType(self.parameters), MappingProxyType(self.rules),
            MappingProxyType(self.checklists), MappingProxyType(topics), cases, self.version,
        )  # fmt: skip

    def _all_inputs(self, name: str, asking: tuple[str, ...]) -> dict[str, InputSpec]:
        """A rule's own inputs and those of the rules whose inputs it uses."""
        found = dict(self.rules[name].inputs)
        for entry, used in self.uses.get(name, ()):
            if used not in self.rules or used in (*asking, name):
                raise entry.problem(f"use: {used!r} is no other rule")
            for key, spec in self._all_inputs(used, (*asking, name)).items():
                found.setdefault(key, spec)
        return found

    def _entries(self, name: str) -> Iterator[Entry]:
        for path in self.files:
            if path.rpartition("/")[2] == name and not path.startswith("cases/"):
                yield from self._of(path)

    def _of(self, path: str) -> Iterator[Entry]:
        for at, each in enumerate(self.files[path]):
            yield Entry(path, at, each)

    def _parameter(self, entry: Entry, *, declaring: bool) -> None:
        if entry.has("zh") is not declaring:
            return
        if declaring:
            _check_new(entry, self.parameters)
            self.parameters[entry.id] = Parameter(
                entry.id, entry.topic, entry.text(), entry.choice("unit", Unit),
                entry.choice("direction", Direction, Direction.NONE),
            )  # fmt: skip
        known = _declared(entry, self.parameters)
        versions = (*known.versions, *(self._value(one, known) for one in entry.entries("values")))
        self.parameters[entry.id] = Parameter(
            known.id, known.topic, known.title, known.unit, known.direction, versions
        )
        entry.finish("id", "zh", "en", "unit", "direction", "values")

    def _value(self, entry: Entry, parameter: Parameter) -> ParameterVersion:
        value = entry.read("value", parameter.unit)
        effect = entry.choice("effect", Effect, Effect.MUST)
        entry.finish("value", "effect", *VERSIONED)
        return ParameterVersion(*self._versioned(entry, parameter.id), value, effect)

    def _versioned(
        self, entry: Entry, subject: str
    ) -> tuple[str, str, Validity, Source, str, Confidence, Text | None]:
        note = entry.inner("note").text() if entry.has("note") else None
        return (
            subject, entry.place, _validity(entry), self._source_of(entry), entry.said("article"),
            entry.choice("confidence", Confidence), note,
        )  # fmt: skip

    def _source_of(self, entry: Entry) -> Source:
        name = entry.said("source")
        if name not in self.sources:
            raise entry.problem(
                f"no source is called {name!r}; add it to sources.yaml with document, mark and link"
            )
        return self.sources[name]

    def _rule(self, entry: Entry, *, declaring: bool) -> None:
        if entry.has("zh") is not declaring:
            return
        if declaring:
            _check_new(entry, self.rules)
            unit = entry.choice("gives", Unit)
            self.rules[entry.id] = Rule(entry.id, entry.topic, entry.text(), unit)
        known = _declared(entry, self.rules)
        for one in entry.entries("inputs"):
            if one.has("use"):
                one.finish("use")
                self.uses.setdefault(entry.id, []).append((one, one.said("use")))
        told = {one.id: _input(one) for one in entry.entries("inputs") if not one.has("use")}
        inputs = {**known.inputs, **told}
        versions = (*known.versions, *(self._formula(one, known.id) for one in entry.entries("versions")))
        choices = {**known.choices, **{one.id: one.text() for one in entry.entries("choices")}}
        self.rules[entry.id] = replace(
            known, inputs=MappingProxyType(inputs), choices=MappingProxyType(choices), versions=versions
        )
        entry.finish("id", "zh", "en", "gives", "inputs", "choices", "versions")

    def _formula(self, entry: Entry, subject: str) -> RuleVersion:
        steps = tuple(_step(one) for one in entry.entries("steps"))
        if not steps:
            raise entry.problem("a formula has at least one step")
        answer = entry.said("answer") if entry.has("answer") else steps[-1].id
        if answer not in {step.id for step in steps}:
            raise entry.problem(f"no step is called {answer!r}")
        entry.finish("steps", "answer", *VERSIONED)
        return RuleVersion(*self._versioned(entry, subject), steps, answer)

    def _checklist(self, entry: Entry, *, declaring: bool) -> None:
        if entry.has("zh") is not declaring:
            return
        if declaring:
            _check_new(entry, self.checklists)
            self.checklists[entry.id] = Checklist(entry.id, entry.topic, entry.text())
        known = _declared(entry, self.checklists)
        versions = (*known.versions, *(self._list(one, known.id) for one in entry.entries("versions")))
        self.checklists[entry.id] = Checklist(known.id, known.topic, known.title, versions)
        entry.finish("id", "zh", "en", "versions")

    def _list(self, entry: Entry, subject: str) -> ChecklistVersion:
        items = tuple(_item(one) for one in entry.entries("items"))
        entry.finish("items", *VERSIONED)
        return ChecklistVersion(*self._versioned(entry, subject), items)


VERSIONED = ("from", "to", "seen", "sure_until", "source", "article", "confidence", "note")


if TYPE_CHECKING:
    _SafeLoader = yaml.SafeLoader
else:  # the same in C where PyYAML has it: five times as fast
    _SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_SafeLoader):
    """Safe YAML in which a key stands once: YAML itself lets the last one win, and a value would be lost unseen."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _value in node.value if isinstance(key, yaml.ScalarNode)]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise yaml.YAMLError(
                f"line {node.start_mark.line + 1}: {', '.join(twice)} stands twice in one entry"
            )
        found: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return found


def _parsed(path: str, text: str) -> list[Any]:
    try:
        found = yaml.load(text, Loader=_StrictLoader)  # noqa: S506 – a safe loader that is stricter
    except yaml.YAMLError as error:
        raise BookProblem(path, "", f"is no YAML: {error}") from error
    if not isinstance(found, list):
        raise BookProblem(path, "", "is a list of entries, each beginning with '- id:'")
    return found


def _check_new(entry: Entry, known: Mapping[str, Any]) -> None:
    if not ID.fullmatch(entry.id):
        raise entry.problem("an id is small letters, with dots between its parts, like reward.floor.transfer")
    if entry.id in known:
        raise entry.problem(
            "is declared twice; only its first declaration has zh and en, others add versions"
        )


def _declared(entry: Entry, known: Mapping[str, Any]) -> Any:
    if entry.id not in known:
        raise entry.problem("is not declared anywhere; its first entry needs zh, en and its unit")
    return known[entry.id]


def _jurisdiction(entry: Entry) -> Jurisdiction:
    parent = entry.said("parent") if entry.has("parent") else None
    region = entry.said("region") if entry.has("region") else ""
    entry.finish("id", "zh", "en", "level", "parent", "region")
    return Jurisdiction(entry.id, entry.text(), entry.choice("level", Level), parent, region)


def _source(entry: Entry) -> Source:
    entry.finish("id", "zh", "en", "mark", "link")
    return Source(
        entry.id, entry.text(), entry.choice("mark", Mark), entry.said("link") if entry.has("link") else ""
    )


def _check_name(entry: Entry) -> None:
    """Names of inputs and steps stand in expressions."""
    if not entry.id.isidentifier() or keyword.iskeyword(entry.id):
        raise entry.problem(
            "a name that stands in formulas is letters, digits and _, and no word of Python's (class, in, is)"
        )


def _input(entry: Entry) -> InputSpec:
    _check_name(entry)
    unit = entry.choice("unit", Unit)
    choices = {one.id: one.text() for one in entry.entries("choices")}
    default = entry.read("default", unit) if entry.has("default") else None
    entry.finish("id", "zh", "en", "unit", "choices", "default")
    return InputSpec(entry.id, entry.text(), unit, MappingProxyType(choices), default)


def _step(entry: Entry) -> Step:
    _check_name(entry)
    kinds = [name for name in ("is", "rule", "silent") if entry.has(name)]
    if len(kinds) != 1:
        raise entry.problem(
            "a step has one of: is (an expression), rule (the id of one), silent (what law leaves open)"
        )
    entry.finish("id", "zh", "en", "is", "rule", "with", "silent", "round", "article")
    return Step(
        entry.id,
        entry.text(),
        _expression(entry, entry.said("is")) if entry.has("is") else None,
        entry.said("rule") if entry.has("rule") else None,
        {name: _expression(entry, str(text)) for name, text in entry.mapping("with").items()},
        entry.inner("silent").text() if entry.has("silent") else None,
        entry.choice("round", Rounding) if entry.has("round") else None,
        entry.said("article") if entry.has("article") else "",
    )


def _expression(entry: Entry, text: str) -> Expression:
    try:
        return parse(text)
    except ExpressionProblem as problem:
        raise entry.problem(str(problem)) from problem


def _item(entry: Entry) -> ChecklistItem:
    entry.finish("id", "zh", "en", "says", "article", "kinds")
    return ChecklistItem(
        entry.id, entry.text(), entry.inner("says").text(), entry.said("article"),
        tuple(str(kind) for kind in entry.value("kinds") or ()),
    )  # fmt: skip


def _validity(entry: Entry) -> Validity:
    until = entry.read("to", Unit.DATE) if entry.value("to") is not None else None
    assert until is None or isinstance(until, date)
    sure_until = entry.read("sure_until", Unit.DATE) if entry.has("sure_until") else None
    assert sure_until is None or isinstance(sure_until, date)
    begins = entry.value("from")
    if isinstance(begins, date):
        return Validity(begins, begins, until, sure_until)
    if begins == "unknown":
        seen = entry.read("seen", Unit.DATE)
        assert isinstance(seen, date)
        return Validity(date.min, seen, until, sure_until)
    found = re.fullmatch(r"(\d{4})(?:-(\d\d))?", str(begins))
    if not found:
        raise entry.problem(
            f"from is {begins!r}; write 2026-01-31, 2026-01 (some day of it), 2026, or unknown with seen: a day"
        )
    year, month = int(found[1]), int(found[2] or 0)
    last = calendar.monthrange(year, month or 12)[1]
    return Validity(date(year, month or 1, 1), date(year, month or 12, last), until, sure_until)


def _case(entry: Entry) -> Case:
    on = entry.read("date", Unit.DATE)
    assert isinstance(on, date)
    reasons = tuple(str(reason) for reason in entry.value("not_determined") or ())
    if entry.has("expect") is bool(reasons):
        raise entry.problem("a case has either expect (a value) or not_determined (a list of reasons)")
    entry.finish(
        "id", "rule", "place", "date", "inputs", "expect", "steps", "not_determined", "if_confirmed", "note"
    )
    return Case(
        entry.id, entry.path, entry.said("rule"), entry.said("place"), on, MappingProxyType(entry.mapping("inputs")),
        entry.value("expect"), MappingProxyType(entry.mapping("steps")), reasons,
        entry.value("if_confirmed"),
        entry.said("note") if entry.has("note") else "",
    )  # fmt: skip
