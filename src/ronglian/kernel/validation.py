"""From Django's model validation to errors that teach, and text no database chokes on."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.kernel.errors import InvalidInput

KEPT = frozenset("\n\t\u200c\u200d")


def clean_record(record: models.Model) -> None:
    """Raise InvalidInput naming each wrong field; texts are stripped of what cannot be stored or seen.

    A many-line text keeps line breaks and tabs; a text that has to be one line does not.
    """
    for field in record._meta.concrete_fields:
        value = getattr(record, field.attname)
        if isinstance(value, str) and isinstance(field, models.CharField | models.TextField):
            setattr(record, field.attname, clean_text(value, one_line=isinstance(field, models.CharField)))
    try:
        record.full_clean()
        _check_lengths(record)
    except ValidationError as error:
        raise InvalidInput.of(_texts(error)) from error


def clean_text(text: str, *, one_line: bool = False) -> str:
    """Drop NUL, lone surrogates, control and invisible characters; unify line ends; trim.

    The joiners U+200C and U+200D stay: some scripts and emoji are written with them.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.replace("\n", "").replace("\t", "").isprintable():
        return " ".join(text.split()) if one_line else text.strip()
    kept = "".join(c for c in text if c in KEPT or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return " ".join(kept.split()) if one_line else kept.strip()


def clean_json(value: Any) -> Any:
    """The same for every text inside a JSON value."""
    match value:
        case str():
            return clean_text(value)
        case list() | tuple():
            return [clean_json(item) for item in value]
        case dict():
            return {clean_text(str(key)): clean_json(item) for key, item in value.items()}
        case _:
            return value


def _check_lengths(record: models.Model) -> None:
    # Django checks max_length of TextField only in forms; here every door needs it.
    problems = {}
    for field in record._meta.concrete_fields:
        limit = getattr(field, "max_length", None)
        value = getattr(record, field.attname)
        if isinstance(field, models.TextField) and limit and isinstance(value, str) and len(value) > limit:
            problems[field.name] = [
                _("Has %(length)d characters; at most %(limit)d are allowed.")
                % {"length": len(value), "limit": limit}
            ]
    if problems:
        raise InvalidInput.of(problems)


def _texts(error: ValidationError) -> dict[str, list[str]]:
    if not hasattr(error, "error_dict"):
        return {"": [str(message) for message in error.messages]}
    return {
        ("" if name == NON_FIELD_ERRORS else name): [str(message) for message in messages]
        for name, messages in error.message_dict.items()
    }
