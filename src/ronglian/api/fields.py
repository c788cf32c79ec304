"""The types that schemas are made of: strict, bounded, and described for the documentation."""

from __future__ import annotations

import re
from copy import copy
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    create_model,
)
from pydantic_core import PydanticCustomError

LARGEST_FEN = 10**15
"""Ten trillion yuan: above any budget, and exact in every JSON reader."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_WHOLE = re.compile(r"-?[0-9]{1,9}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Strict(BaseModel):
    """A body: unknown names are refused, nothing is converted, a boolean is no number."""

    model_config = ConfigDict(extra="forbid", strict=True)


def changes_of(fields: type[Strict], name: str) -> type[Strict]:
    """The schema of an edit: the same fields, each optional; what is not sent stays as it is."""
    optional: dict[str, Any] = {}
    for field_name, field in fields.model_fields.items():
        left_out = copy(field)
        left_out.default, left_out.default_factory = None, None
        optional[field_name] = (field.annotation, left_out)
    return create_model(name, __base__=Strict, __doc__="Only the fields to change.", **optional)


def _storable(text: str) -> str:
    found = _CONTROL.search(text)
    if found:
        codepoint = f"{ord(found.group()):04X}"
        raise PydanticCustomError("control_character", "control character", {"codepoint": codepoint})
    return text


def _parse_date(value: Any) -> date:
    if isinstance(value, date):
        return value
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise PydanticCustomError("date_form", "a date is written as 2026-12-31")


def _parse_moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            pass
    raise PydanticCustomError("moment_form", "a moment is written as 2026-12-31T09:30:00+08:00")


def _parse_uuid(value: Any) -> UUID:
    if isinstance(value, UUID):
        return value
    if isinstance(value, str) and _UUID.fullmatch(value):
        return UUID(value)
    raise PydanticCustomError("uuid_form", "an id is written as 8-4-4-4-12 hexadecimal digits")


def _parse_whole(value: Any) -> int:
    """A parameter of an address is text; only plain digits are a number."""
    if isinstance(value, int) or (isinstance(value, str) and _WHOLE.fullmatch(value)):
        return int(value)
    raise PydanticCustomError("int_parsing", "a whole number")


def _parse_truth(value: Any) -> bool:
    match value:
        case bool():
            return value
        case "true":
            return True
        case "false":
            return False
    raise PydanticCustomError("bool_parsing", "true or false")


# What a text may not hold, said to programs that make requests from the schema.
_PLAIN = {"pattern": r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$"}

Line = Annotated[str, Field(max_length=300, json_schema_extra=_PLAIN), AfterValidator(_storable)]
Title = Annotated[
    str, Field(min_length=1, max_length=300, json_schema_extra=_PLAIN), AfterValidator(_storable)
]
LongLine = Annotated[str, Field(max_length=600, json_schema_extra=_PLAIN), AfterValidator(_storable)]
Reason = Annotated[
    str, Field(min_length=1, max_length=500, json_schema_extra=_PLAIN), AfterValidator(_storable)
]
ShortText = Annotated[str, Field(max_length=4_000, json_schema_extra=_PLAIN), AfterValidator(_storable)]
Text = Annotated[str, Field(max_length=20_000, json_schema_extra=_PLAIN), AfterValidator(_storable)]
LongText = Annotated[str, Field(max_length=40_000, json_schema_extra=_PLAIN), AfterValidator(_storable)]
Keyword = Annotated[
    str, Field(min_length=1, max_length=100, json_schema_extra=_PLAIN), AfterValidator(_storable)
]
Keywords = Annotated[list[Keyword], Field(max_length=40)]
Fen = Annotated[int, Field(ge=0, le=LARGEST_FEN, description="An amount in fen (1/100 yuan).")]
Level = Annotated[int, Field(ge=1, le=9, description="Technology readiness level, 1 to 9.")]
Day = Annotated[
    date,
    BeforeValidator(_parse_date),
    WithJsonSchema({"type": "string", "format": "date", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}),
]
Moment = Annotated[
    datetime,
    BeforeValidator(_parse_moment),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": _MOMENT.pattern}),
]
Id = Annotated[UUID, BeforeValidator(_parse_uuid), WithJsonSchema({"type": "string", "format": "uuid"})]
Lax = Field(strict=False)
Region = Annotated[
    str, Field(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6})?$", description="GB/T 2260: two, four or six digits.")
]
Industry = Annotated[
    str, Field(pattern=r"^([A-T]([0-9]{2,4})?)?$", description="GB/T 4754: a letter and up to four digits.")
]

# Parameters of addresses arrive as text.
QueryWhole = Annotated[int, BeforeValidator(_parse_whole)]
QueryTruth = Annotated[bool, BeforeValidator(_parse_truth), WithJsonSchema({"type": "boolean"})]
QueryText = Annotated[str, Field(max_length=1_000, json_schema_extra=_PLAIN), AfterValidator(_storable)]
