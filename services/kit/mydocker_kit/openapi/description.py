"""Completes the description that FastAPI writes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..problems import Problem
from . import refusals
from .examples import example_of
from .refusals import Refusals

Description = dict[str, Any]
_HEADERS = {
    "RateLimit": {
        "description": "What is left of the limit (draft-ietf-httpapi-ratelimit-headers)",
        "schema": {"type": "string"},
        "example": '"requests";r=57;t=1',
    },
    "RateLimit-Policy": {
        "description": "The limit (draft-ietf-httpapi-ratelimit-headers)",
        "schema": {"type": "string"},
        "example": '"requests";q=1200;w=60',
    },
    "RetryAfter": {
        "description": "Seconds after which trying again makes sense",
        "schema": {"type": "integer", "minimum": 0},
        "example": 5,
    },
}
_UNUSED = ("HTTPValidationError", "ValidationError")
_NAMES = {
    "413": "Request Entity Too Large",
    "414": "Request-URI Too Long",
    "416": "Requested Range Not Satisfiable",
}


@dataclass(frozen=True)
class About:
    """What a service says of itself."""

    refusals: Refusals
    tags: Mapping[str, str]
    """What the operations of each tag are for."""
    prefix: str
    """Beginning of the paths that are described; others are for other services."""
    authorization: str | None = None
    """What `Authorization: Bearer` holds; None where no operation takes it."""


def completing(about: About) -> Callable[[Description], Description]:
    """The function that completes the description of a service."""

    def complete(description: Description) -> Description:
        description["paths"] = {
            path: item
            for path, item in description["paths"].items()
            if path.startswith(about.prefix)
        }
        schemas = description["components"]["schemas"]
        schemas.update(_schemas_of_problems())
        for operation in operations_of(description):
            codes = about.refusals.get(operation["operationId"])
            if codes is not None:
                refusals.describe(operation, codes)
            for status, response in operation["responses"].items():
                # Python 3.13 renamed some statuses; the description is the same on every Python.
                response["description"] = _NAMES.get(status, response["description"])
                _describe_stream(response.get("content", {}))
        _add_examples(description)
        _add_rate_limits(description)
        for name in _UNUSED:
            schemas.pop(name, None)
        description["components"]["headers"] = _HEADERS
        description["servers"] = [{"url": "/", "description": "This platform"}]
        description["info"]["contact"] = {"name": "The operators of this platform"}
        used = {tag for operation in operations_of(description) for tag in operation["tags"]}
        description["tags"] = [
            {"name": name, "description": text} for name, text in about.tags.items() if name in used
        ]
        if about.authorization is not None:
            bearer = {"type": "http", "scheme": "bearer", "description": about.authorization}
            description["components"]["securitySchemes"] = {"bearer": bearer}
            description["security"] = [{"bearer": []}]
        return description

    return complete


def operations_of(description: Description) -> Iterator[Description]:
    """Every operation of a description."""
    for item in description["paths"].values():
        yield from item.values()


def _describe_stream(content: Description) -> None:
    """FastAPI writes `itemSchema` of OpenAPI 3.2; tools of 3.1 refuse it."""
    stream = content.get("text/event-stream")
    if stream is not None and "itemSchema" in stream:
        stream["x-item-schema"] = stream.pop("itemSchema")
        stream["schema"] = {"type": "string"}


def _schemas_of_problems() -> Mapping[str, Any]:
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs", {}), "Problem": schema}


def _add_examples(description: Description) -> None:
    """One example of each JSON body; those of a named schema are written once."""
    schemas, examples = description["components"]["schemas"], {}
    for operation in operations_of(description):
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        for body in bodies:
            content = body.get("content", {}).get("application/json")
            if content is None or "schema" not in content or "example" in content:
                continue
            reference = content["schema"].get("$ref")
            value = example_of(content["schema"], schemas)
            if reference is None:
                content["example"] = value
                continue
            name = reference.rpartition("/")[2]
            examples[name] = {"value": value}
            content["examples"] = {name: {"$ref": f"#/components/examples/{name}"}}
    description["components"]["examples"] = examples


def _add_rate_limits(description: Description) -> None:
    for operation in operations_of(description):
        for status, response in operation["responses"].items():
            if status.startswith("2"):
                headers = response.setdefault("headers", {})
                for name in ("RateLimit", "RateLimit-Policy"):
                    headers[name] = {"$ref": f"#/components/headers/{name}"}
