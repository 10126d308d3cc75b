"""The description of the REST API is complete: texts, examples, and each refusal with its code."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from deploy.refusals import operations
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError

from mydocker_api.openapi import openapi_json
from mydocker_api.routes import ROUTERS
from mydocker_kit.openapi.examples import example_of
from mydocker_kit.problems import Problem

pytestmark = pytest.mark.unit
DESCRIBED: dict[str, Any] = json.loads(openapi_json())


def _operations() -> Iterator[dict[str, Any]]:
    for item in DESCRIBED["paths"].values():
        yield from item.values()


def test_every_operation_has_a_name_a_tag_and_two_texts() -> None:
    tags = {tag["name"] for tag in DESCRIBED["tags"]}
    names = [operation["operationId"] for operation in _operations()]
    assert len(set(names)) == len(names) > 100
    for operation in _operations():
        assert operation["summary"], operation["operationId"]
        assert len(operation["description"]) > 10, operation["operationId"]
        assert set(operation["tags"]) <= tags


def test_every_json_body_has_an_example() -> None:
    for operation in _operations():
        for body in (operation.get("requestBody", {}), *operation["responses"].values()):
            content = body.get("content", {}).get("application/json")
            if content is not None and "schema" in content:
                assert "example" in content or content["examples"], operation["operationId"]


def test_the_example_of_each_request_is_accepted() -> None:
    """By the type that reads it, so that a copied example is no refusal."""
    schemas, refused = DESCRIBED["components"]["schemas"], []
    for route in (route for router in ROUTERS for route in router.routes):
        if not isinstance(route, APIRoute) or route.body_field is None:
            continue
        operation = DESCRIBED["paths"].get(route.path, {}).get(min(route.methods or {""}).lower())
        content = (operation or {}).get("requestBody", {}).get("content", {})
        if "application/json" in content:
            value = example_of(content["application/json"]["schema"], schemas)
            try:
                reader: TypeAdapter[Any] = TypeAdapter(
                    route.body_field.field_info.annotation or Any
                )
                reader.validate_json(json.dumps(value))
            except ValidationError as error:
                refused.append(f"{route.name}: {error}")
    assert not refused, "\n".join(refused)


def test_refusals_of_dependencies_rules_and_other_services_are_declared() -> None:
    """One of each kind: a fault of the analysis would lose the kind as a whole."""
    codes = {
        name: set().union(*refusals.values()) for name, refusals in operations.of_api().items()
    }
    assert {"unauthenticated", "token_revoked", "user_disabled"} <= codes["list_courses"]
    assert "operators_only" in codes["list_people"]
    assert {"if_match_required", "edited_meanwhile"} <= codes["update_course"]
    assert {"idempotency_key_reused", "idempotency_key_in_use"} <= codes["create_course"]
    assert "courses_full" in codes["create_course"], "a class that is handed to a function"
    assert "too_many_starts" in codes["start_environment"], "a class that an attribute is made with"
    assert "archive_damaged" in codes["replace_context"], "a class out of a table"
    assert "pool_exists" in codes["put_pool"], "raised by the orchestrator"
    assert "too_many_builds" in codes["start_build"], "raised by the builder"
    assert "key_signs" in codes["retire_signing_key"], "its path is assigned in a tuple"
    assert "platform_exists" in codes["update_platform"], "raised by the gateway, by a helper"
    assert "course_not_ready" not in codes["get_window"], "caught"
    assert "token_not_accepted" not in codes["list_courses"], "it takes tokens"
    assert "scope_missing" not in codes["get_account"], "it takes none"
    assert "scope_missing" not in codes["get_me"], "it takes all"
    assert "scope_missing" in codes["stream_changes"], "its kinds need their scopes"


def test_a_problem_names_the_page_of_its_code() -> None:
    assert Problem(title="", status=409, code="course_not_ready").type == (
        "/problems/course_not_ready"
    )
    foreign = Problem(type="https://example.org/x", title="", status=409, code="x")
    assert foreign.type == "https://example.org/x"
