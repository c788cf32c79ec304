"""The terms of an agreement as they are kept and sent: JSON, strictly read into the engine's values and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _
from pydantic import TypeAdapter, ValidationError

from ronglian.engines.contracts import Terms
from ronglian.kernel.errors import InvalidInput, Text
from ronglian.kernel.validation import clean_json

T = TypeVar("T")
LONGEST_TEXT = 8_000
LONGEST_NAME = 300
MOST_PARTS = 60
LARGEST_FEN = 10**15
LARGEST_RATE = 10_000  # hundredths of a per cent
_READER = TypeAdapter(Terms)
_MESSAGES: Mapping[str, Text] = {
    "int_type": _("A whole number is needed; an amount is in fen."),
    "int_from_float": _("A whole number is needed; an amount is in fen."),
    "string_type": _("A text is needed."),
    "bool_type": _("Yes or no (true or false) is needed."),
    "date_from_datetime_parsing": _("A date looks like 2026-11-25."),
    "date_parsing": _("A date looks like 2026-11-25."),
    "date_type": _("A date looks like 2026-11-25."),
    "enum": _("This is none of the values that can be chosen."),
    "missing": _("This field is needed."),
}
_OTHERWISE = _("This value does not fit the field.")


def read_terms(value: Any) -> Terms:
    """The terms. Raises InvalidInput naming each wrong field, as `payments.0.amount_fen`."""
    terms, kept, cleaned = read_strictly(_READER, value)
    problems = dict(_out_of_bounds("", kept)) | dict(_unknown("", cleaned, kept))
    if problems:
        raise InvalidInput.of({name: [text] for name, text in problems.items()})
    return terms


def read_strictly(reader: TypeAdapter[T], value: Any) -> tuple[T, Any, Any]:
    """The value, as it is kept, and as it was given, cleaned. Raises InvalidInput naming each field of a wrong kind."""
    cleaned = clean_json(value)
    try:
        found = reader.validate_json(json.dumps(cleaned, ensure_ascii=False), strict=True)
    except ValidationError as error:
        fields = {
            ".".join(str(part) for part in problem["loc"]): [_MESSAGES.get(problem["type"], _OTHERWISE)]
            for problem in error.errors(include_url=False, include_input=False)
        }
        raise InvalidInput.of(fields) from error
    return found, reader.dump_python(found, mode="json"), cleaned


def insist_on_known(given: Any, kept: Any) -> None:
    """Raises InvalidInput for fields that were given and do not exist."""
    if unknown := _unknown("", given, kept):
        raise InvalidInput.of({name: [text] for name, text in unknown})


def terms_to_json(terms: Terms) -> dict[str, Any]:
    """The terms as they are kept."""
    kept: dict[str, Any] = _READER.dump_python(terms, mode="json")
    return kept


def _unknown(name: str, given: Any, kept: Any) -> list[tuple[str, Text]]:
    """The fields that were given and do not exist: a misspelt one must not be lost in silence."""
    match given, kept:
        case dict(), dict():
            found: list[tuple[str, Text]] = []
            for key, item in given.items():
                path = f"{name}.{key}".removeprefix(".")
                found += (
                    _unknown(path, item, kept[key]) if key in kept else [(path, _("There is no such field."))]
                )
            return found
        case list(), list():
            pairs = enumerate(zip(given, kept, strict=True))
            return [
                found for place, (one, other) in pairs for found in _unknown(f"{name}.{place}", one, other)
            ]
        case _:
            return []


def _out_of_bounds(name: str, value: Any) -> list[tuple[str, Text]]:
    """What is too long, too large or negative, with the field it stands in."""
    match value:
        case dict():
            return [
                found
                for key, item in value.items()
                for found in _out_of_bounds(f"{name}.{key}".removeprefix("."), item)
            ]
        case list():
            if len(value) > MOST_PARTS:
                return [(name, _("At most %(count)d entries.") % {"count": MOST_PARTS})]
            return [
                found for place, item in enumerate(value) for found in _out_of_bounds(f"{name}.{place}", item)
            ]
        case bool() | None:
            return []
        case int():
            most = LARGEST_RATE if name.rpartition(".")[2] in ("rate", "royalty_credit") else LARGEST_FEN
            return [] if 0 <= value <= most else [(name, _("From 0 to %(most)d.") % {"most": most})]
        case str():
            most = LONGEST_TEXT if "." not in name else LONGEST_NAME
            return (
                [] if len(value) <= most else [(name, _("At most %(count)d characters.") % {"count": most})]
            )
        case _:
            return []
