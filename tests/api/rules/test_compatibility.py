"""The guard against breaking changes: what the promise of `docs/api.md` forbids is named."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from deploy.compatibility import RELEASED, breaking_changes

from mydocker_api.openapi import openapi_json

pytestmark = pytest.mark.unit
CURRENT: dict[str, Any] = json.loads(openapi_json())
Change = Callable[[Any], object]


def _course(description: Any) -> Any:
    return description["paths"]["/api/courses"]["post"]


def _draft(description: Any) -> Any:
    return description["components"]["schemas"]["CourseDraft"]


BREAKS: dict[str, Change] = {
    "GET /api/courses: the operation went": lambda d: d["paths"]["/api/courses"].pop("get"),
    "its id was create_course": lambda d: _course(d).update(operationId="make_course"),
    "GET /api/courses: parameter search went": lambda d: d["paths"]["/api/courses"]["get"].update(
        parameters=[
            part
            for part in d["paths"]["/api/courses"]["get"]["parameters"]
            if part["name"] != "search"
        ]
    ),
    "parameter tenant is required now": lambda d: (
        _course(d)
        .setdefault("parameters", [])
        .append({"in": "query", "name": "tenant", "required": True, "schema": {"type": "string"}})
    ),
    "POST /api/courses: it answers 201 no more": lambda d: _course(d)["responses"].pop("201"),
    "request.description went": lambda d: _draft(d)["properties"].pop("description"),
    "request.tenant is required now": lambda d: (
        _draft(d)["properties"].update(tenant={"type": "string"}),
        _draft(d)["required"].append("tenant"),
    ),
    "request.title was string, is integer": lambda d: _draft(d)["properties"].update(
        title={"type": "integer"}
    ),
    "takes draft no more": lambda d: d["components"]["schemas"]["CourseStatus"]["enum"].remove(
        "draft"
    ),
    "answer.id went": lambda d: d["components"]["schemas"]["Course"]["properties"].pop("id"),
    "tokens with courses:write are not enough": lambda d: _course(d).pop("x-required-scope"),
}


@pytest.mark.parametrize("sentence", BREAKS)
def test_what_breaks_programs_is_named(sentence: str) -> None:
    changed = copy.deepcopy(CURRENT)
    BREAKS[sentence](changed)
    assert any(sentence in text for text in breaking_changes(CURRENT, changed))


def test_what_the_promise_allows_is_no_break() -> None:
    changed = copy.deepcopy(CURRENT)
    changed["paths"]["/api/new"] = {"get": _course(changed)}
    _draft(changed)["properties"]["colour"] = {"type": "string"}
    changed["components"]["schemas"]["Course"]["properties"]["colour"] = {"type": "string"}
    optional = {"in": "query", "name": "colour", "schema": {"type": "string"}}
    changed["paths"]["/api/courses"]["get"]["parameters"].append(optional)
    assert list(breaking_changes(CURRENT, changed)) == []


def test_nothing_of_the_released_description_is_broken() -> None:
    released = json.loads(RELEASED.read_text(encoding="utf-8"))
    assert list(breaking_changes(released, CURRENT)) == []
