"""An unexpected error in one person's request costs the next person behind the edge nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from mydocker_kit.web.app import create_app
from tests.edge import programs
from tests.support.ports import reserved
from tests.support.serving import serving

TRIES = 20
router = APIRouter()


@router.api_route("/api/broken", methods=["GET", "POST"])
async def broken() -> None:
    raise RuntimeError


@router.get("/api/fine")
async def fine() -> dict[str, bool]:
    return {"fine": True}


@router.get("/access/route")
async def route() -> None:
    raise RuntimeError


@asynccontextmanager
async def nothing(app: FastAPI) -> AsyncIterator[None]:
    yield


async def always() -> None:
    return


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[str]:
    """The edge before a service with the kit's own application."""
    app = create_app("test", "Test", lifespan=nothing, routers=[router], ready=always)
    with reserved(1) as (port,):
        async with serving(app) as url:
            service = urlsplit(url).port or 0
            program = programs.edge(port, service, service, tmp_path)
            program.start()
            try:
                await program.await_open()
                yield f"http://127.0.0.1:{port}"
            finally:
                program.end()


def person(edge: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=edge, trust_env=False)


@pytest.mark.parametrize(
    ("method", "path", "host"),
    [
        ("GET", "/api/broken", "localhost"),
        ("POST", "/api/broken", "localhost"),
        ("GET", "/", "lab.env.localhost"),  # through forward_auth
    ],
)
async def test_the_next_person_is_served(edge: str, method: str, path: str, host: str) -> None:
    port = urlsplit(edge).port
    async with person(edge) as unlucky, person(edge) as next_one:
        for _ in range(TRIES):
            failed = await unlucky.request(
                method, path, headers={"Host": f"{host}:{port}"}, content=b"x" * 2000
            )
            problem = failed.json()
            assert (failed.status_code, problem["code"]) == (500, "internal_error")
            assert problem["request_id"] == failed.headers["X-Request-Id"]
            served = await next_one.get("/api/fine", headers={"Host": f"localhost:{port}"})
            assert (served.status_code, served.json()) == (200, {"fine": True})
