"""What no storage holds, sent to every field that an OpenAPI description names.

`cases` walks the description: for each operation it makes a request whose fields are all of the
right type, then puts one bad value into one of them. `send` sends it and says what is wrong with
the answer, if anything: a 500, or a refusal that does not name the field.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

import httpx
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from mydocker_kit.clock import utc_now
from mydocker_kit.tokens import ServiceIdentity
from tests.conftest import ServiceKeys

SOME_ID = str(UUID(int=7))
UNUSABLE = ("a\x00b", "\ud800")
ODD = ("a\x07b\u202ec", "\u200b\u3164")
FAR = ("0001-01-01T00:00:00+14:00", "2201-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00")
HUGE = (2**31, 10**30, -(2**63) - 1)


class Part(StrEnum):
    BODY = "body"
    QUERY = "query"
    PATH = "path"


@dataclass(frozen=True)
class Case:
    """One bad value in one field of one operation."""

    method: str
    path: str
    where: Part
    name: tuple[str | int, ...]
    """Of the field: for one in a body, its way there."""
    value: Any
    must_name: bool
    """The value can never be right: the answer must be 422 and name the field."""
    body: Any = None
    query: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        field = ".".join(str(part) for part in self.name)
        return f"{self.method} {self.path} {self.where} {field} = {self.value!r}"


def description(app: FastAPI) -> dict[str, Any]:
    """Of every route, those for other services too."""
    everything = FastAPI()
    for route in iter_route_contexts(app.routes):
        original, path = route.original_route, route.path or ""
        if isinstance(original, APIRoute) and not path.startswith(("/health", "/metrics")):
            methods = list(original.methods or ())
            everything.add_api_route(path, original.endpoint, methods=methods, response_model=None)
    return everything.openapi()


def cases(described: Mapping[str, Any]) -> Iterator[Case]:
    """Every bad value for every field of a request."""
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            yield from _of_operation(_Shapes(described), method.upper(), path, operation)


def signed(keys: ServiceKeys, audience: str) -> Callable[[str], Mapping[str, str]]:
    """Headers of api's calls."""
    pem = keys.private["mydocker-api"].get_secret_value()
    token = ServiceIdentity.load("mydocker-api", pem).token_for(audience, utc_now())
    return lambda path: {"Authorization": f"Bearer {token}", "X-MyDocker": "1"}


async def answers_to(
    app: FastAPI, headers: Callable[[str], Mapping[str, str]], foreign: set[str]
) -> tuple[int, list[str]]:
    """How many bad values this application was sent, and what was wrong with which answers."""
    described = description(app)
    untyped = foreign_fields(described) - foreign
    assert not untyped, f"use a type of mydocker_kit.contracts.values for {untyped}"
    # A stream that is let in goes on for ever.
    sent = [case for case in cases(described) if not (case.path in _STREAMS and not case.must_name)]
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as http:
        answers = [await send(http, case, headers) for case in sent]
    return len(sent), [answer for answer in answers if answer]


_STREAMS = ("/changes", "/internal/ended-sessions")


async def send(
    http: httpx.AsyncClient, case: Case, headers: Callable[[str], Mapping[str, str]]
) -> str | None:
    """What is wrong with the answer; None when nothing is."""
    path = case.path
    for name, value in case.parameters.items():
        path = path.replace(f"{{{name}}}", quote(_bytes(value), safe=""))
    if case.query:
        path += "?" + urlencode({name: _bytes(value) for name, value in case.query.items()})
    # An edit that names no version is refused before its body is read.
    sent: dict[str, Any] = {"headers": {"If-Match": "*", **headers(case.path)}}
    if case.body is not None:
        sent["content"] = json.dumps(case.body).encode()
        sent["headers"]["Content-Type"] = "application/json"
    async with http.stream(case.method, path, **sent) as answer:
        if answer.status_code < 400:
            return f"{case}: taken" if case.must_name else None
        problem = (await answer.aread()).decode(errors="replace")
    if answer.status_code >= 500:
        return f"{case}: {answer.status_code}"
    if not case.must_name or answer.status_code in (401, 403, 429):
        return None
    named = ".".join(str(part) for part in case.name)
    fields = [flaw["field"] for flaw in json.loads(problem).get("fields", [])]
    # A field that may hold one of several types is named together with the type that refused.
    if answer.status_code == 422 and any((field + ".").startswith(named + ".") for field in fields):
        return None
    return f"{case}: {answer.status_code} names {fields}"


def _bytes(value: Any) -> bytes:
    return str(value).encode("utf-8", "surrogatepass")


@dataclass(frozen=True)
class _Shapes:
    """Samples of a description's schemas, and the bad values for each."""

    described: Mapping[str, Any]

    def plain(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """References followed; of several, the first that is no null."""
        if "$ref" in schema:
            node: Any = self.described
            for part in schema["$ref"].removeprefix("#/").split("/"):
                node = node[part]
            return self.plain(node)
        for several in ("anyOf", "oneOf", "allOf"):
            if several in schema:
                first = next(choice for choice in schema[several] if choice.get("type") != "null")
                return self.plain(first)
        return schema

    def sample(self, schema: Mapping[str, Any]) -> Any:
        shape = self.plain(schema)
        if "const" in shape:
            return shape["const"]
        if "enum" in shape:
            return shape["enum"][0]
        match shape.get("type"):
            case "object":
                return {
                    name: self.sample(inner) for name, inner in shape.get("properties", {}).items()
                }
            case "array":
                items: Any = shape.get("items") or next(iter(shape.get("prefixItems", [])), {})
                return [self.sample(items)]
            case "integer" | "number":
                return shape.get("minimum", shape.get("exclusiveMinimum", 0) + 1)
            case "boolean":
                return False
            case "string":
                formats = {"uuid": SOME_ID, "date-time": "2030-01-01T00:00:00Z"}
                return formats.get(shape.get("format", ""), "x" * shape.get("minLength", 1))
        return None

    def bad(self, schema: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], Any, bool]]:
        """Way to a field below this schema, a bad value for it, and whether it must be named."""
        shape = self.plain(schema)
        match shape.get("type"):
            case "object":
                for name, inner in shape.get("properties", {}).items():
                    for way, value, must_name in self.bad(inner):
                        yield (name, *way), value, must_name
            case "array":
                items: Any = shape.get("items") or next(iter(shape.get("prefixItems", [])), {})
                for way, value, must_name in self.bad(items):
                    yield (0, *way), value, must_name
            case "integer" | "number":
                for number in HUGE:
                    yield (), number, False
            case "string":
                for text in UNUSABLE:
                    yield (), text, not _is_foreign(shape)
                for text in FAR if shape.get("format") == "date-time" else ODD:
                    yield (), text, shape.get("format") == "date-time"


def _of_operation(
    shapes: _Shapes, method: str, path: str, operation: Mapping[str, Any]
) -> Iterator[Case]:
    parameters = operation.get("parameters", [])
    path_values = {
        parameter["name"]: shapes.sample(parameter["schema"])
        for parameter in parameters
        if parameter["in"] == "path"
    }
    query = {
        parameter["name"]: shapes.sample(parameter["schema"])
        for parameter in parameters
        if parameter["in"] == "query" and parameter.get("required")
    }
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema")
    body = shapes.sample(schema) if schema else None
    for parameter in parameters:
        for way, value, must_name in shapes.bad(parameter["schema"]):
            name = parameter["name"]
            if parameter["in"] == "query":
                asked = {**query, name: value}
                named = must_name and not _is_surrogate(value)  # decoded to U+FFFD on its way in
                yield Case(method, path, Part.QUERY, (name, *way), value, named, body, asked,
                           path_values)  # fmt: skip
            elif parameter["in"] == "path":
                asked = {**path_values, name: value}
                if value in (*UNUSABLE, *HUGE):
                    yield Case(method, path, Part.PATH, (name,), value, False, body, query, asked)
    if schema is None:
        return
    for way, value, must_name in shapes.bad(schema):
        yield Case(method, path, Part.BODY, way, value, must_name, _with(body, way, value), query,
                   path_values)  # fmt: skip
    if isinstance(body, dict):
        odd = {**body, "\ud800": "\ud800"}
        yield Case(method, path, Part.BODY, ("\ud800",), "", False, odd, query, path_values)


def _is_foreign(shape: Mapping[str, Any]) -> bool:
    """A text that another system says of somebody is cleaned and cut, so it has no bound."""
    return not {"maxLength", "pattern", "format", "enum", "const"} & set(shape)


def foreign_fields(described: Mapping[str, Any]) -> set[str]:
    """Names of the fields that take any text."""
    operations = set()
    for case in cases(described):
        if case.where is not Part.PATH and case.value == UNUSABLE[0] and not case.must_name:
            operations.add(str(case.name[-1]))
    return operations


def _is_surrogate(value: Any) -> bool:
    return isinstance(value, str) and any("\ud800" <= sign <= "\udfff" for sign in value)


def _with(body: Any, way: tuple[str | int, ...], value: Any) -> Any:
    """A copy of the body with this value at the end of the way."""
    if not way:
        return value
    copy = list(body) if isinstance(body, list) else dict(body)
    copy[way[0]] = _with(copy[way[0]], way[1:], value)  # type: ignore[index]
    return copy
