"""What the schemas found wrong, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ronglian.api.problems import FieldError, field_error
from ronglian.kernel.errors import Text

MESSAGES: Mapping[str, Text] = {
    "missing": _lazy("This field is required."),
    "extra_forbidden": _lazy("There is no such field."),
    "string_type": _lazy("This must be a text."),
    "string_unicode": _lazy("The text contains half a character (a lone surrogate)."),
    "string_too_long": _lazy("At most %(max_length)d characters are allowed."),
    "string_too_short": _lazy("At least %(min_length)d characters are needed."),
    "string_pattern_mismatch": _lazy("The text must have the form %(pattern)s."),
    "control_character": _lazy("The text contains a control character (U+%(codepoint)s)."),
    "int_type": _lazy("This must be a whole number, written without quotation marks."),
    "int_from_float": _lazy("This must be a whole number, written without quotation marks."),
    "int_parsing": _lazy("This must be a whole number."),
    "int_parsing_size": _lazy("The number is too large."),
    "bool_type": _lazy("This must be true or false."),
    "bool_parsing": _lazy("This must be true or false."),
    "list_type": _lazy("This must be a list."),
    "too_long": _lazy("At most %(max_length)d items are allowed."),
    "too_short": _lazy("At least %(min_length)d items are needed."),
    "model_type": _lazy("This must be an object with named fields."),
    "model_attributes_type": _lazy("This must be an object with named fields."),
    "dict_type": _lazy("This must be an object with named fields."),
    "greater_than_equal": _lazy("The number must be at least %(ge)s."),
    "less_than_equal": _lazy("The number must be at most %(le)s."),
    "enum": _lazy("Known values are: %(expected)s."),
    "literal_error": _lazy("Known values are: %(expected)s."),
    "date_form": _lazy("A date is written as 2026-12-31."),
    "moment_form": _lazy("A moment is written as 2026-12-31T09:30:00+08:00."),
    "uuid_form": _lazy("An id is written as 123e4567-e89b-42d3-a456-426614174000."),
    "uuid_parsing": _lazy("An id is written as 123e4567-e89b-42d3-a456-426614174000."),
    "unknown_parameter": _lazy("There is no such parameter here. Known are: %(known)s."),
    "file_needed": _lazy("Send a file."),
}


def field_errors(errors: list[dict[str, Any]]) -> list[FieldError]:
    """From Ninja's errors to ours. Ninja puts the source first, and for a body its parameter second."""
    found = []
    for error in errors:
        place, *path = error["loc"]
        if place == "body":
            path = path[1:]
        found.append(field_error(str(place), path, str(error["type"]), _message(error)))
    return found


def _message(error: Mapping[str, Any]) -> str:
    code = str(error["type"])
    if code == "value_error" and error["loc"][0] == "file":
        code = "file_needed"
    template = MESSAGES.get(code)
    if template is None:
        return _("This value is not valid.")
    filled: str = str(template) % error.get("ctx", {})
    return filled
