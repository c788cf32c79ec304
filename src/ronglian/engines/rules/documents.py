"""Answers, parameters and rules as JSON documents: what the API, the command line and kept records hold."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from ronglian.engines.rules.book import ParameterVersion, Rulebook, Text, Version
from ronglian.engines.rules.evaluating import Answer, Line
from ronglian.engines.rules.resolving import Resolved
from ronglian.engines.rules.values import Reason, Unit, Unknown, Value


def value_document(value: Value, unit: Unit) -> Any:
    """None where it is not determined; money as int fen, whole numbers as int, other fractions as text `7/10`."""
    if isinstance(value, Unknown):
        return None
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 and unit is not Unit.SHARE else str(value)
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def text_document(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def version_document(version: Version) -> dict[str, Any]:
    """Where it stands, from when to when, how sure."""
    validity = version.validity
    return {
        "reference": version.reference,
        "jurisdiction": version.jurisdiction,
        "document": text_document(version.source.document),
        "article": version.article,
        "link": version.source.link,
        "mark": version.source.mark.value,
        "confidence": version.confidence.value,
        "possible_from": None if validity.possible == date.min else validity.possible.isoformat(),
        "certain_from": validity.certain.isoformat(),
        "to": validity.until.isoformat() if validity.until else None,
        "sure_until": validity.sure_until.isoformat() if validity.sure_until else None,
        "note": text_document(version.note) if version.note else None,
    }


def parameter_version_document(version: ParameterVersion, unit: Unit) -> dict[str, Any]:
    return {
        **version_document(version),
        "value": value_document(version.value, unit),
        "effect": version.effect.value,
    }


def resolved_document(resolved: Resolved) -> dict[str, Any]:
    """A parameter at a place on a date."""
    parameter = resolved.parameter
    return {
        "id": parameter.id,
        "topic": parameter.topic,
        "title": text_document(parameter.title),
        "unit": parameter.unit.value,
        "value": value_document(resolved.value, parameter.unit),
        "advised": value_document(resolved.advised.value, parameter.unit) if resolved.advised else None,
        "binding": resolved.binding.reference if resolved.binding else None,
        "open": [version.reference for version in resolved.open],
        "reasons": [reason_document(each) for each in resolved.value.reasons]
        if isinstance(resolved.value, Unknown)
        else [],
    }


def reason_document(reason: Reason) -> dict[str, Any]:
    return {
        "why": reason.why.value,
        "subject": reason.subject,
        "versions": list(reason.versions),
        "facts": dict(reason.facts),
    }


def answer_document(book: Rulebook, answer: Answer) -> dict[str, Any]:
    """Everything an answer stands on; the same answer gives the same document."""
    inputs = {
        name: value_document(value, answer.rule.inputs[name].unit)
        for name, value in sorted(answer.inputs.items())
    }
    return {
        "rule": answer.rule.id,
        "title": text_document(answer.rule.title),
        "date": answer.on.isoformat(),
        "place": book.jurisdiction(answer.place).id,
        "inputs": inputs,
        "assumed": list(answer.assumed),
        "unit": answer.rule.unit.value,
        "is_determined": answer.is_determined,
        "is_provisional": answer.is_provisional,
        "value": value_document(answer.value, answer.rule.unit),
        "reasons": [reason_document(reason) for reason in answer.reasons],
        "steps": [_line_document(line) for line in answer.lines],
        "versions": [version.reference for version in answer.versions],
        "open": [version.reference for version in answer.open],
        "rulebook": answer.book,
        "engine": answer.engine,
    }


def _line_document(line: Line) -> dict[str, Any]:
    document: dict[str, Any] = {
        "id": line.step.id,
        "title": text_document(line.step.title),
        "article": line.step.article,
        "formula": line.step.expression.text if line.step.expression else line.step.rule,
        "unit": line.unit.value,
        "value": value_document(line.value, line.unit),
    }
    if line.inner is not None:
        document["steps"] = [_line_document(inner) for inner in line.inner.lines]
    return document
