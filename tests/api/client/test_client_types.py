"""The generator of the Python client's types: what it makes of the schemas that FastAPI writes."""

import inspect
import json
from types import ModuleType
from typing import Any

import pytest
from deploy.client_types import models_of
from pydantic import BaseModel, ValidationError

from mydocker_client import models

SCHEMAS: dict[str, Any] = {
    "Colour": {"type": "string", "enum": ["red", "-red"], "description": 'Of a "cable".'},
    "Plug": {
        "type": "object",
        "required": ["id", "from"],
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            "from": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
            "colour": {"$ref": "#/components/schemas/Colour", "default": "red"},
            "colours": {
                "type": "array",
                "items": {"$ref": "#/components/schemas/Colour"},
                "default": ["-red"],
            },
            "words": {"type": "object", "additionalProperties": {"type": "string"}},
            "kind": {"const": "plug", "type": "string", "default": "plug"},
        },
    },
    "Page_Plug_": {
        "type": "object",
        "required": ["items"],
        "properties": {"items": {"type": "array", "items": {"$ref": "#/components/schemas/Plug"}}},
    },
}


@pytest.fixture(scope="module")
def made() -> ModuleType:
    module = ModuleType("made")
    text = models_of(json.dumps({"components": {"schemas": SCHEMAS}}))
    exec(compile(text, "made", "exec"), module.__dict__)  # noqa: S102 - our own text
    for value in list(vars(module).values()):
        if inspect.isclass(value) and issubclass(value, BaseModel) and value is not BaseModel:
            value.model_rebuild(_types_namespace=vars(module))
    return module


def test_what_an_answer_becomes(made: ModuleType) -> None:
    id = "00000000-0000-4000-8000-000000000000"
    page = made.PagePlug.model_validate({"items": [{"id": id, "from": None, "later": 1}]})
    plug = page.items[0]
    assert str(plug.id) == id
    assert plug.from_ is None
    assert (plug.colour, plug.colours) == (made.Colour.RED, [made.Colour.DESCENDING_RED])
    assert (plug.words, plug.kind) == (None, "plug")
    assert made.Colour.__doc__ == 'Of a "cable".'


@pytest.mark.parametrize("wrong", [{"colour": "blue"}, {"id": "x"}, {"kind": "socket"}])
def test_what_is_refused(made: ModuleType, wrong: dict[str, Any]) -> None:
    right = {"id": "00000000-0000-4000-8000-000000000000", "from": 1}
    with pytest.raises(ValidationError):
        made.Plug.model_validate({**right, **wrong})


def test_every_type_of_the_api_can_be_used() -> None:
    for value in vars(models).values():
        if inspect.isclass(value) and issubclass(value, models.Model):
            value.model_rebuild()
    draft = models.CourseDraft(title="Databases").model_dump(mode="json")
    assert (draft["status"], draft["profile"], draft["ports"]) == ("draft", "strict", [])
