"""An operation that will be removed says so in OpenAPI and in each answer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

import httpx
from fastapi import APIRouter, FastAPI

from mydocker_kit.web.app import create_app
from mydocker_kit.web.deprecation import deprecated

router = APIRouter(prefix="/api")


@router.get("/old", **deprecated(date(2027, 1, 15), sunset=date(2027, 9, 1), use="/api/new"))
async def old() -> dict[str, str]:
    return {}


@router.get("/new")
async def new() -> dict[str, str]:
    return {}


@asynccontextmanager
async def nothing(app: FastAPI) -> AsyncIterator[None]:
    yield


async def ready() -> None:
    return


async def test_an_old_operation_names_its_end_and_its_successor() -> None:
    app = create_app("tests", "Tests", lifespan=nothing, routers=[router], ready=ready)
    assert app.openapi()["paths"]["/api/old"]["get"]["deprecated"] is True
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
        answer = await client.get("/api/old")
        assert answer.headers["Deprecation"] == "@1799971200"
        assert answer.headers["Sunset"] == "Wed, 01 Sep 2027 00:00:00 GMT"
        assert answer.headers["Link"] == '</api/new>; rel="successor-version"'
        assert "Deprecation" not in (await client.get("/api/new")).headers
