"""An answer as lines that a lawyer can read: what, formula, the same with values, article, versions, open questions.

Texts of the law come from the rulebook in both languages; the words around them go through `translate` (gettext).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ronglian.engines.rules.book import Confidence, Effect, ParameterVersion, Rulebook, Validity, Version
from ronglian.engines.rules.evaluating import Answer, Line
from ronglian.engines.rules.expressions import names_in
from ronglian.engines.rules.resolving import Resolved
from ronglian.engines.rules.showing import show_expression
from ronglian.engines.rules.values import (
    PROBLEMS,
    Reason,
    Unit,
    Unknown,
    Value,
    ValueProblem,
    Why,
    gettext_noop,
)

Translate = Callable[[str], str]


REASONS: dict[Why, str] = {
    Why.MISSING_INPUT: gettext_noop("not told: {title}"),
    Why.OPEN_QUESTION: gettext_noop("open question about {title}: {versions}"),
    Why.NOT_IN_FORCE: gettext_noop("nothing is known to be in force here on this day about {title}"),
    Why.ENDED: gettext_noop("{title} ended on {until}; nothing is known to follow it: {versions}"),
    Why.CONFLICT: gettext_noop("two rules contradict each other about {title}: {versions}"),
    Why.LAW_IS_SILENT: gettext_noop("the law does not say: {text}"),
    Why.NO_FORMULA: gettext_noop("there is no formula for {title}"),
    Why.NOT_WHOLE: gettext_noop("the amount is no whole number of fen"),
    Why.DIVISION: gettext_noop("it would be divided by nothing"),
}
CONFIDENCES: dict[Confidence, str] = {
    Confidence.HIGH: gettext_noop("read verbatim, or two agreeing sources"),
    Confidence.MEDIUM: gettext_noop("one secondary source: to be checked before it counts"),
    Confidence.LOW: gettext_noop("recollection of a detail: to be checked before it counts"),
}
EFFECTS: dict[Effect, str] = {
    Effect.MUST: gettext_noop("must"),
    Effect.MAY: gettext_noop("may"),
    Effect.REPLACE: gettext_noop("stands in the place of the level above"),
}
SPANS: dict[Unit, str] = {
    Unit.DAYS: gettext_noop("{number} days"),
    Unit.WORKING_DAYS: gettext_noop("{number} working days"),
    Unit.MONTHS: gettext_noop("{number} months"),
    Unit.YEARS: gettext_noop("{number} years"),
}


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One line: `depth` steps in; `kind` is head, step, value, source, reason, open or note."""

    kind: str
    depth: int
    text: str


def word_value(value: Value, unit: Unit, translate: Translate, *, language: str) -> str:
    """A value as people write it: 470.00 yuan, 50 %, 15 days, yes."""
    if isinstance(value, Unknown):
        return translate(gettext_noop("not determined"))
    if isinstance(value, bool):
        return translate(gettext_noop("yes")) if value else translate(gettext_noop("no"))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return ("; " if language.startswith("en") else "、").join(value)
    if isinstance(value, str):
        return value
    return _number(value, unit, translate)


def word_answer(answer: Answer, translate: Translate, *, language: str) -> str:
    """The value of an answer; a text by what it means."""
    if isinstance(answer.value, str) and answer.value in answer.rule.choices:
        return answer.rule.choices[answer.value].in_language(language)
    return word_value(answer.value, answer.rule.unit, translate, language=language)


def word_list(book: Rulebook, value: tuple[str, ...], *, language: str) -> str:
    """The members of a list by what the inputs that are compared with it call them."""
    for rule in book.rules.values():
        for spec in rule.inputs.values():
            if spec.choices and set(value) <= set(spec.choices):
                labels = (spec.choices[one].in_language(language) for one in value)
                return ("; " if language.startswith("en") else "、").join(labels)
    return ("; " if language.startswith("en") else "、").join(value)


def _number(value: Fraction, unit: Unit, translate: Translate) -> str:
    if unit is Unit.MONEY:
        return translate(gettext_noop("{amount} yuan")).format(amount=_decimals(value / 100, at_least=2))
    if unit is Unit.SHARE:
        percent = value * 100
        is_short = (percent * 10**4).denominator == 1
        return f"{_decimals(percent)} %" if is_short else f"{value.numerator}/{value.denominator}"
    if unit in SPANS and value.denominator == 1:
        return translate(SPANS[unit]).format(number=value)
    return _decimals(value) if (value * 10**6).denominator == 1 else f"{value.numerator}/{value.denominator}"


def _decimals(value: Fraction, *, at_least: int = 0) -> str:
    """Decimal digits where the value has an end within six of them; a fraction of fen is written out."""
    for places in range(at_least, 7):
        if (value * 10**places).denominator == 1:
            whole, rest = divmod(abs(int(value * 10**places)), 10**places)
            digits = f".{rest:0{places}d}" if places else ""
            return f"{'−' if value < 0 else ''}{whole:,}{digits}"
    return f"{value.numerator}/{value.denominator}"


def word_problem(problem: ValueProblem, translate: Translate) -> str:
    """What is wrong with an input and what would be right."""
    return translate(PROBLEMS[problem.code]).format(written=problem.written, known=problem.known)


def word_validity(validity: Validity, translate: Translate) -> str:
    """`2015-10-01 – `, and what is not sure about it."""
    if validity.possible == date.min:
        begins = translate(gettext_noop("in force on {day}, first day not established")).format(
            day=validity.certain
        )
    elif validity.possible != validity.certain:
        begins = translate(gettext_noop("from between {first} and {last}")).format(
            first=validity.possible, last=validity.certain
        )
    else:
        begins = translate(gettext_noop("from {day}")).format(day=validity.certain)
    if validity.until is not None:
        begins += " " + translate(gettext_noop("to {day}")).format(day=validity.until)
    if validity.sure_until is not None:
        begins += " " + translate(gettext_noop("(after {day} not established)")).format(
            day=validity.sure_until
        )
    return begins


_ARTICLES = re.compile(r"\d+[^,\d]*(?:, \d+[^,\d]*)*")


def word_article(article: str, language: str) -> str:
    """`37, 40` as 第37条、第40条 or art. 37, 40; `24(四)` as 第24条(四); anything else as it is written.

    `unnamed`: the reference names the document alone.
    """
    if article == "unnamed":
        return "(no article named)" if language.startswith("en") else "（未列条号）"
    if not _ARTICLES.fullmatch(article):
        return article
    if language.startswith("en"):
        return f"art. {article}"
    return "、".join(re.sub(r"^(\d+)", r"第\1条", each) for each in article.split(", "))


def word_version(book: Rulebook, version: Version, translate: Translate, *, language: str) -> str:
    """Place, document, article, validity and confidence, in one line."""
    name = book.jurisdictions[version.jurisdiction].name.in_language(language)
    document = version.source.document.in_language(language)
    parts = [
        name,
        f"{document} {word_article(version.article, language)}",
        word_validity(version.validity, translate),
    ]
    if version.confidence is not Confidence.HIGH:
        parts.append(f"{version.confidence}: {translate(CONFIDENCES[version.confidence])}")
    return " · ".join(parts)


def word_reason(book: Rulebook, reason: Reason, translate: Translate, *, language: str) -> str:
    """Why something is not determined, in a sentence."""
    versions = [_version(book, reference) for reference in reason.versions]
    said = " | ".join(word_version(book, version, translate, language=language) for version in versions)
    text = reason.facts.get("en" if language.startswith("en") else "zh", "")
    return translate(REASONS[reason.why]).format(
        title=title_of(book, reason.subject, language),
        versions=said,
        until=reason.facts.get("until", ""),
        text=text,
    )


def _version(book: Rulebook, reference: str) -> Version:
    subject = reference.partition("/")[2].rpartition("@")[0]
    holder = book.parameters.get(subject) or book.rules.get(subject) or book.checklists[subject]
    return next(version for version in holder.versions if version.reference == reference)


def title_of(book: Rulebook, subject: str, language: str) -> str:
    """The title of a parameter, rule or checklist, or of an input (`rule:input`)."""
    name, _, told = subject.partition(":")
    if told:
        return book.rules[name].inputs[told].title.in_language(language)
    holder = book.parameters.get(name) or book.rules.get(name) or book.checklists.get(name)
    return holder.title.in_language(language) if holder else name


def trace(book: Rulebook, answer: Answer, translate: Translate, *, language: str) -> tuple[TraceLine, ...]:
    """The whole of an answer, line by line."""
    return tuple(_Tracer(book, translate, language).answer(answer))


class _Tracer:
    def __init__(self, book: Rulebook, translate: Translate, language: str) -> None:
        self.book, self.translate, self.language = book, translate, language
        self._colon = ": " if language.startswith("en") else "："

    def _in_brackets(self, text: str) -> str:
        return f" ({text})" if self.language.startswith("en") else f"（{text}）"

    def answer(self, answer: Answer) -> Iterator[TraceLine]:
        place = self.book.jurisdiction(answer.place).name.in_language(self.language)
        yield TraceLine("head", 0, f"{answer.rule.title.in_language(self.language)} · {place} · {answer.on}")
        yield from self._told(answer)
        if answer.formula:
            yield TraceLine("source", 0, self._says(answer.formula))
        yield from self._lines(answer, 0)
        yield TraceLine("value", 0, self._answer_line(answer))
        for reason in answer.reasons:
            yield TraceLine(
                "reason", 1, word_reason(self.book, reason, self.translate, language=self.language)
            )
        for version in answer.open:
            said = self.translate(gettext_noop("Open question: {version}"))
            yield TraceLine("open", 0, said.format(version=self._open(version)))
        said = self.translate(gettext_noop("Rulebook {book}, engine {engine}"))
        yield TraceLine("note", 0, said.format(book=answer.book, engine=answer.engine))

    def _answer_line(self, answer: Answer) -> str:
        said = gettext_noop("Answer: {value}")
        if answer.is_provisional:
            said = gettext_noop("If all that is open were confirmed: {value}")
        return self.translate(said).format(value=word_answer(answer, self.translate, language=self.language))

    def _told(self, answer: Answer) -> Iterator[TraceLine]:
        for name, value in answer.inputs.items():
            spec = answer.rule.inputs[name]
            shown = (
                spec.choices[str(value)].in_language(self.language)
                if spec.choices
                else self._value(value, spec.unit)
            )
            said = self.translate(gettext_noop("Told: {what} = {value}"))
            yield TraceLine("told", 1, said.format(what=spec.title.in_language(self.language), value=shown))
        for name in answer.assumed:
            spec = answer.rule.inputs[name]
            assert spec.default is not None
            said = self.translate(gettext_noop("Not told, taken as {value}: {what}"))
            value_text = self._value(spec.default, spec.unit)
            yield TraceLine(
                "told", 1, said.format(what=spec.title.in_language(self.language), value=value_text)
            )

    def _lines(self, answer: Answer, depth: int) -> Iterator[TraceLine]:
        labels = {
            choice: text.in_language(self.language)
            for spec in answer.rule.inputs.values()
            for choice, text in spec.choices.items()
        } | {choice: text.in_language(self.language) for choice, text in answer.rule.choices.items()}
        for line in answer.lines:
            yield from self._line(line, depth, labels)

    def _line(self, line: Line, depth: int, labels: Mapping[str, str]) -> Iterator[TraceLine]:
        title, value = line.step.title.in_language(self.language), self._value(line.value, line.unit)
        article = (
            self._in_brackets(word_article(line.step.article, self.language)) if line.step.article else ""
        )
        yield TraceLine("step", depth, f"{title[:1].upper()}{title[1:]}{article}{self._colon}{value}")
        if line.step.expression and line.known:
            yield from self._formula(line, depth + 1, labels)
        if line.step.silent:
            said = self.translate(REASONS[Why.LAW_IS_SILENT])
            yield TraceLine(
                "reason", depth + 1, said.format(text=line.step.silent.in_language(self.language))
            )
        for resolved in line.parameters:
            yield from self._parameter(resolved, depth + 1)
        if line.inner:
            if line.inner.formula:
                yield TraceLine("source", depth + 1, self._says(line.inner.formula))
            yield from self._lines(line.inner, depth + 1)

    def _formula(self, line: Line, depth: int, labels: Mapping[str, str]) -> Iterator[TraceLine]:
        assert line.step.expression is not None
        names = {
            name: title.in_language(self.language) for name, (title, _unit, _value) in line.known.items()
        }
        values = {
            name: labels.get(value, value) if isinstance(value, str) else self._value(value, unit)
            for name, (_title, unit, value) in line.known.items()
        }
        names, values = {**labels, **names}, {**labels, **values}
        for condition, is_so in line.conditions:
            said = self.translate(
                gettext_noop("since it is so that {condition}")
                if is_so
                else gettext_noop("since it is not so that {condition}")
            )
            yield TraceLine(
                "formula", depth, said.format(condition=show_expression(condition, names, self.language))
            )
        assert line.taken is not None
        yield TraceLine("formula", depth, f"= {show_expression(line.taken, names, self.language)}")
        if len(names_in(line.taken)) > 1:
            yield TraceLine("formula", depth, f"= {show_expression(line.taken, values, self.language)}")

    def _parameter(self, resolved: Resolved, depth: int) -> Iterator[TraceLine]:
        title = resolved.parameter.title.in_language(self.language)
        for version in filter(None, (resolved.binding, resolved.advised)):
            value = self._value(version.value, resolved.parameter.unit)
            effect = self.translate(EFFECTS[version.effect])
            yield TraceLine(
                "source",
                depth,
                f"{title}{self._colon}{value}{self._in_brackets(effect)} – {self._says(version)}",
            )
        for version in resolved.passed_over:
            said = self.translate(gettext_noop("Does not decide: {value} – {version}"))
            value = self._value(version.value, resolved.parameter.unit)
            yield TraceLine("source", depth, said.format(value=value, version=self._says(version)))

    def _open(self, version: Version) -> str:
        title = title_of(self.book, version.subject, self.language)
        if not isinstance(version, ParameterVersion):
            return f"{title} – {self._says(version)}"
        unit = self.book.parameters[version.subject].unit
        return f"{title}{self._colon}{self._value(version.value, unit)} – {self._says(version)}"

    def _says(self, version: Version) -> str:
        return word_version(self.book, version, self.translate, language=self.language)

    def _value(self, value: Value, unit: Unit) -> str:
        if isinstance(value, tuple):
            return word_list(self.book, value, language=self.language)
        return word_value(value, unit, self.translate, language=self.language)
