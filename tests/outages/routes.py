"""Every route of a service, from its OpenAPI description, with a request that fits."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

JSON = dict[str, Any]
_METHODS = frozenset({"get", "put", "post", "patch", "delete"})


@dataclass(frozen=True)
class Route:
    """One operation, filled in."""

    method: str
    template: str
    path: str
    query: dict[str, str]
    body: Any


def routes(description: JSON) -> Iterator[Route]:
    for template, operations in sorted(description["paths"].items()):
        for method in sorted(_METHODS & operations.keys()):
            yield _filled(description, template, method, operations[method])


def _filled(description: JSON, template: str, method: str, operation: JSON) -> Route:
    values: dict[str, dict[str, str]] = {"path": {}, "query": {}, "header": {}, "cookie": {}}
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path" or parameter.get("required"):
            value = example(description, parameter["schema"])
            values[parameter["in"]][parameter["name"]] = str(value)
    path = re.sub(r"{(\w+)(:\w+)?}", lambda match: values["path"][match[1]], template)
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema")
    body = None if schema is None else example(description, schema)
    return Route(method.upper(), template, path, values["query"], body)


def example(description: JSON, schema: JSON) -> Any:
    """A small value that fits; a pattern is met by chance only."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return example(description, description["components"]["schemas"][name])
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return example(description, schema[several][0])
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            needed = schema.get("required", ())
            return {name: example(description, schema["properties"][name]) for name in needed}
        case "array":
            return [example(description, schema["items"])] * schema.get("minItems", 0)
        case "integer" | "number":
            return max(schema.get("minimum", 1), schema.get("exclusiveMinimum", 0) + 1)
        case "boolean":
            return False
        case "null":
            return None
        case _:
            return _text(schema)


def _text(schema: JSON) -> str:
    known = {"uuid": str(uuid4()), "date-time": "2030-01-01T00:00:00Z", "uri": "https://a.example"}
    shortest = "a" * max(int(schema.get("minLength", 1)), 1)
    return known.get(str(schema.get("format", "")), shortest)
