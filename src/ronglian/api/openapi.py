"""The description of the API: what Ninja writes, completed with errors, ETags and optional tokens."""

from __future__ import annotations

from typing import Any, TypeVar

from ronglian.api.problems import MEDIA_TYPE, TITLES, Problem

# What an address without an id names may not be there: the log before its first checkpoint, statistics for who keeps none.
MAYBE_ABSENT = frozenset({"get_checkpoint", "get_consistency", "get_contract_statistics"})
S = TypeVar("S", bound=dict[str, Any])
PROBLEM = {"$ref": "#/components/schemas/Problem"}


def complete(schema: S) -> S:
    """The same description with everything that every operation shares."""
    definition = Problem.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    schema["components"]["schemas"].update(definition.pop("$defs"))
    schema["components"]["schemas"]["Problem"] = definition
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            _complete_operation(path, method, operation)
    schemes = schema["components"]["securitySchemes"]
    schema["components"]["securitySchemes"] = {"Bearer": schemes["Bearer"]}
    schemas = schema["components"]["schemas"]
    schema["components"]["schemas"] = {
        name: schemas[name] for name in sorted(_used(schema["paths"], schemas))
    }
    return schema


def _used(part: Any, schemas: dict[str, Any], known: frozenset[str] = frozenset()) -> frozenset[str]:
    """The names of the schemas that a part of the description refers to, however indirectly."""
    if isinstance(part, list):
        part = dict(enumerate(part))
    if not isinstance(part, dict):
        return known
    for key, value in part.items():
        if key == "$ref" and isinstance(value, str):
            name = value.rsplit("/", 1)[-1]
            if name not in known:
                known = _used(schemas[name], schemas, known | {name})
        else:
            known = _used(value, schemas, known)
    return known


def _complete_operation(path: str, method: str, operation: dict[str, Any]) -> None:
    needs_token = [name for each in operation.get("security", []) for name in each] == ["RequiredBearer"]
    operation["security"] = [{"Bearer": []}] if needs_token else [{}, {"Bearer": []}]
    names = {parameter["name"] for parameter in operation["parameters"]}
    for parameter in operation["parameters"]:
        if "{" + parameter["name"] + "}" in path and parameter["schema"].get("format") == "uuid":
            parameter["schema"]["pattern"] = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
    for status in sorted(_statuses(path, method, operation, names)):
        operation["responses"][status] = {
            "description": str(TITLES[status]),
            "content": {MEDIA_TYPE: {"schema": PROBLEM}},
        }
    operation["responses"] = {
        str(status): each for status, each in sorted(operation["responses"].items(), key=_key)
    }


def _statuses(path: str, method: str, operation: dict[str, Any], names: set[str]) -> set[int]:
    """How this operation can fail."""
    found = {401}
    if "{" in path or operation["operationId"] in MAYBE_ABSENT:
        found.add(404)
    if names - {"If-Match", "Idempotency-Key"} or operation.get("requestBody"):
        found.add(422)
    if operation.get("requestBody"):
        found |= {400, 413, 415}
    if "Idempotency-Key" in names:
        found |= {409, 422}
    if method != "get" and operation["security"] == [{"Bearer": []}]:
        found |= {403, 404, 409, 422}
    if "If-Match" in names:
        found |= {412, 428}
    return found


def _key(item: tuple[Any, Any]) -> int:
    return int(item[0])
