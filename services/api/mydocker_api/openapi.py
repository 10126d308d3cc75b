"""The OpenAPI description, made without settings or services."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mydocker_kit.contracts.events import ChangeEvent
from mydocker_kit.openapi.refusals import Refusals

from .routes import api_application

STREAMED = (ChangeEvent,)
"""Data of event streams: no route answers with it, and the browser needs its type."""


@asynccontextmanager
async def _nothing(app: object) -> AsyncIterator[None]:
    yield


async def _ready() -> None:
    return


def openapi_json(refusals: Refusals | None = None) -> str:
    """The description of all `/api` routes, in a stable order.

    `refusals`: instead of those of `refusals.json`, while they are being written.
    """
    description = api_application(_nothing, _ready, refusals).openapi()
    for streamed in STREAMED:
        schema = streamed.model_json_schema(ref_template="#/components/schemas/{model}")
        named = {**schema.pop("$defs", {}), streamed.__name__: schema}
        description["components"]["schemas"] |= named
    for operation in description["paths"]["/api/events"].values():
        operation["x-event-data"] = {"$ref": "#/components/schemas/ChangeEvent"}
    return json.dumps(description, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
