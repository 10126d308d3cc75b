"""The API's description, made without settings or services."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mydocker_kit.contracts.events import ChangeEvent

from .main import application


@asynccontextmanager
async def _nothing(app: object) -> AsyncIterator[None]:
    yield


async def _ready() -> None:
    return


def openapi_json() -> str:
    """The description of all `/api` routes, always in the same order."""
    description = application(_nothing, _ready).openapi()
    description["paths"] = {
        path: item for path, item in description["paths"].items() if path.startswith("/api/")
    }
    # The event stream's data: no route answers with it, and the browser wants its type.
    event = ChangeEvent.model_json_schema(ref_template="#/components/schemas/{model}")
    description["components"]["schemas"] |= {**event.pop("$defs"), "ChangeEvent": event}
    return json.dumps(description, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
