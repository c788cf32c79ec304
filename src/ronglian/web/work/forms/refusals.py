"""From an operation's refusal to errors at the fields of a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms

from ronglian.kernel.errors import OperationError, Text


def add_refusal(form: forms.Form, error: OperationError, fields: Mapping[str, str] | None = None) -> None:
    """Put each text at its field; `fields` maps attributes to the field that holds them. The rest stands on top."""
    if not error.fields:
        form.add_error(None, str(error.message))
    for attribute, texts in error.fields.items():
        name = (fields or {}).get(attribute, attribute)
        form.add_error(name if name in form.fields else None, [str(text) for text in texts])


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that two people wrote differently."""

    label: Text
    stored: str
    typed: str


def differences(typed: forms.Form, stored: forms.Form) -> list[Difference]:
    """Where what was typed differs from what stands there now, as the form would show both."""
    found = []
    for bound in typed.visible_fields():
        field = typed.fields[bound.name]
        theirs, mine = stored[bound.name].value(), bound.value()
        if _meaning(theirs, field) != _meaning(mine, field):
            found.append(Difference(bound.label or bound.name, _words(theirs, field), _words(mine, field)))
    return found


def _meaning(value: object, field: forms.Field) -> object:
    """What the field reads: 30万元 and CNY 300,000 are the same."""
    try:
        return field.clean(value)
    except forms.ValidationError:
        return value


def _words(value: object, field: forms.Field) -> str:
    """A field's value as a person reads it."""
    if isinstance(value, bool):
        return "✓" if value else ""
    chosen = value if isinstance(value, list | tuple) else [value]
    labels = {str(key): str(label) for key, label in getattr(field, "choices", ())}
    texts = ("" if item is None else str(item).replace("\r\n", "\n").strip() for item in chosen)
    return "、".join(labels.get(text, text) for text in texts)
