"""The API's description as one page: rendered here, without scripts and without anything from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

TEMPLATE = Path(__file__).parent / "templates" / "documentation.html"
Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """A parameter or a field, as one line of a table."""

    name: str
    place: str
    kind: str
    is_required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    needs_token: bool
    parameters: list[Row]
    body: list[Row]
    body_type: str
    answers: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Group:
    """The operations of one subject."""

    name: str
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Definition:
    """A schema that operations refer to."""

    name: str
    description: str
    fields: list[Row]


@require_safe
def show_documentation(request: HttpRequest) -> HttpResponse:
    """The page at /api/v1/docs."""
    from ronglian.api.urls import api  # noqa: PLC0415 - the addresses know this page

    schema = api.get_openapi_schema()
    engine = Engine(libraries={"i18n": "django.templatetags.i18n"}, builtins=["django.templatetags.i18n"])
    template = engine.from_string(TEMPLATE.read_text(encoding="utf-8"))
    context = {
        "title": schema["info"]["title"],
        "paragraphs": schema["info"]["description"].split("\n\n"),
        "groups": list(groups(schema)),
        "definitions": list(definitions(schema)),
        "schema_url": reverse("api:openapi-json"),
        "nonce": getattr(request, "csp_nonce", ""),
        "html_language": "en" if (get_language() or "").startswith("en") else "zh-Hans",
    }
    return HttpResponse(template.render(Context(context)))


def groups(schema: Schema) -> Iterator[Group]:
    """The operations by their tag, in the order of the description."""
    found: dict[str, list[Entry]] = {}
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            found.setdefault(operation["tags"][0], []).append(_entry(schema, path, method, operation))
    for name, entries in found.items():
        yield Group(name, entries)


def definitions(schema: Schema) -> Iterator[Definition]:
    for name, definition in schema["components"]["schemas"].items():
        if "properties" in definition:
            yield Definition(name, definition.get("description", ""), list(_fields(definition)))


def _entry(schema: Schema, path: str, method: str, operation: Schema) -> Entry:
    body_type, body = "", []
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        body_type, body = media, list(_fields(_resolved(schema, content["schema"])))
    return Entry(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        description=operation.get("description", ""),
        needs_token={} not in operation["security"],
        parameters=[_parameter(each) for each in operation["parameters"]],
        body=body,
        body_type=body_type,
        answers=[
            (status, each["description"], _answer(each)) for status, each in operation["responses"].items()
        ],
    )


def _answer(response: Schema) -> str:
    for content in response.get("content", {}).values():
        return describe_type(content.get("schema", {}))
    return ""


def _parameter(parameter: Schema) -> Row:
    return Row(
        parameter["name"],
        parameter["in"],
        describe_type(parameter["schema"]),
        parameter["required"],
        parameter.get("description", ""),
    )


def _fields(definition: Schema) -> Iterator[Row]:
    required = definition.get("required", [])
    for name, field in definition.get("properties", {}).items():
        yield Row(name, "", describe_type(field), name in required, field.get("description", ""))


def _resolved(schema: Schema, definition: Schema) -> Schema:
    if "$ref" in definition:
        found: Schema = schema["components"]["schemas"][definition["$ref"].rsplit("/", 1)[-1]]
        return found
    return definition


def describe_type(schema: Schema) -> str:
    """A type in a few words: "string(date)", "array of TransferMode", "integer or null"."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    for key in ("anyOf", "allOf", "oneOf"):
        if key in schema:
            return " or ".join(describe_type(each) for each in schema[key])
    if schema.get("type") == "array":
        return f"array of {describe_type(schema.get('items', {}))}"
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    kind = str(schema.get("type", "any"))
    return f"{kind}({schema['format']})" if "format" in schema else kind
