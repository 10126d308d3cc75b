"""Examples of requests and answers, made from the schemas, so that they are never out of date.

A schema's own `examples` come first, then its default, then a value that fits the name of the
field, its format and its limits. `tests/api/http/test_contract.py` checks each against its schema.
"""

import re
from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]
_DEEPEST = 12
_DIGEST = "3f7a1c0e5b9d2468" * 4
_KEY = "AAAAC3NzaC1lZDI1NTE5AAAAIFo7H4cWvQ8sYbXy1mN0tq3pVJc2rUeKdLhSgTfZxWqA"
_TEXTS = {
    "zone": "Europe/Paris",
    "actor_name": "Ada Lovelace",
    "address": "10.0.0.12",
    "asked_by": "Ada Lovelace",
    "bastion_command": "ssh -J mydocker.school.example environment",
    "code": "not_found",
    "command": "ssh -p 2222 databases@mydocker.school.example",
    "context_title": "Databases, group 1",
    "description": "From tables to transactions",
    "direct_host": "{node}.school.example",
    "digest": f"sha256:{_DIGEST}",
    "dockerfile": "FROM debian:12\nRUN apt-get update\n",
    "email": "ada@school.example",
    "etag": '"0f9a5ce0d6cbb9d1f6f4a4f3b8c2a761"',
    "field": "title",
    "host": "mydocker.school.example",
    "image_title": "PostgreSQL",
    "issuer": "https://moodle.school.example",
    "kid": "2026-11",
    "locale": "fr",
    "message": "Field required",
    "name": "databases",
    "next_cursor": "Mi41MA",
    "node": "worker-1",
    "owner_name": "Ada Lovelace",
    "path": "Dockerfile",
    "pool": "default",
    "public_key": f"ssh-ed25519 {_KEY} ada",
    "reference": "GNYS-MAJB",
    "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "suggestion": "",
    "title": "Databases",
    "type": "/problems/not_found",
    "username": "ada",
    "work_path": "/work",
    "wrapper": "#!/bin/sh\nexec postgres\n",
}
_FORMATS = {
    "binary": "",
    "date": "2026-12-01",
    "date-time": "2026-12-01T08:00:00Z",
    "uri": "https://mydocker.school.example",
    "uri-reference": "/problems/not_found",
    "uuid": "8e03978e-40d5-43dd-bc93-6894a57f9324",
}
_DIGEST = "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"
_BY_PATTERN = (
    "default",
    "/work",
    "databases",
    "mydocker.school.example",
    "GPU-1",
    _DIGEST,
    f"sha256:{_DIGEST}",
)
_LATER = {"ends_at", "expires_at", "to", "lease_ends_at"}


def example_of(schema: Schema, schemas: Mapping[str, Schema]) -> Any:
    """A value that the schema admits; `schemas` are the components that it refers to.

    Raises ValueError for a text whose pattern no known example fits: a description with an
    example that its own schema refuses must not be written.
    """
    return _Examples(schemas).of(schema, "", 0)


class _Examples:
    def __init__(self, schemas: Mapping[str, Schema]) -> None:
        self._schemas = schemas

    def of(self, schema: Schema, name: str, depth: int) -> Any:
        if reference := schema.get("$ref"):
            return self.of(self._schemas[reference.rpartition("/")[2]], name, depth + 1)
        if schema.get("examples"):
            return schema["examples"][0]
        if "const" in schema:
            return schema["const"]
        if schema.get("enum"):
            return schema["enum"][0]
        for alternatives in ("anyOf", "oneOf", "allOf"):
            if schema.get(alternatives):
                return self._alternative(schema[alternatives], name, depth)
        return self._plain(schema, name, depth)

    def _alternative(self, alternatives: list[Schema], name: str, depth: int) -> Any:
        nullable = any(part.get("type") == "null" for part in alternatives)
        if nullable and (depth >= _DEEPEST or name == "next_cursor"):
            return None
        return self.of(
            next(part for part in alternatives if part.get("type") != "null"), name, depth
        )

    def _plain(self, schema: Schema, name: str, depth: int) -> Any:
        match schema.get("type"):
            case "object":
                return self._object(schema, depth)
            case "array":
                if schema.get("default"):
                    return schema["default"]
                items = schema.get("items", {})
                if depth >= _DEEPEST or not (items or schema.get("minItems")):
                    return []
                return [self.of(items, name, depth + 1)] * schema.get("minItems", 1)
            case "string":
                return _text(schema, name)
            case "integer" | "number":
                return _number(schema)
            case "boolean":
                return schema.get("default", False)
        return schema.get("default")

    def _object(self, schema: Schema, depth: int) -> dict[str, Any]:
        return {
            name: self.of(part, name, depth + 1)
            for name, part in schema.get("properties", {}).items()
            if depth < _DEEPEST or name in schema.get("required", ())
        }


def _text(schema: Schema, name: str) -> str:
    if form := schema.get("format"):
        if form == "date-time" and name in _LATER:
            return "2026-12-01T10:00:00Z"
        return _FORMATS.get(form, name)
    pattern = schema.get("pattern")
    if name.endswith("url") or name == "target":
        text = f"https://school.example/{name.removesuffix('_url')}"
    else:
        text = _TEXTS.get(name, name.replace("_", " ") or "text")
    if pattern and not re.search(pattern, text):
        text = _fitting(pattern, name)
    longest = schema.get("maxLength", len(text))
    return text[:longest].ljust(schema.get("minLength", 0), "x")


def _fitting(pattern: str, name: str) -> str:
    for known in _BY_PATTERN:
        if re.search(pattern, known):
            return known
    raise ValueError(f"no example of {name} fits {pattern}: add one to _BY_PATTERN, or to the type")


def _number(schema: Schema) -> int | float:
    least = schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
    value: int | float = schema.get("default") or max(1, least)
    most: int | float = schema.get("maximum", value)
    return min(value, most)
