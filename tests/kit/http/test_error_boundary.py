"""An unexpected error is answered, and the connection it came by serves the next person."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.responses import StreamingResponse
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from tests.support.serving import serving

from mydocker_kit.web.app import create_app

router = APIRouter()


@router.post("/broken")
async def broken() -> None:
    raise RuntimeError("a secret")


@router.get("/pool")
async def pool() -> None:
    raise PoolTimeout


@router.get("/half")
async def half() -> StreamingResponse:
    async def body() -> AsyncIterator[bytes]:
        yield b"one half"
        raise RuntimeError("a secret")

    return StreamingResponse(body())


@router.get("/fine")
async def fine() -> dict[str, bool]:
    return {"fine": True}


class Fragile:
    """A layer of a service's own around the framework, as the forward-auth fast path is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("path") == "/layer":
            raise KeyError("a secret")
        await self._app(scope, receive, send)


@asynccontextmanager
async def nothing(app: FastAPI) -> AsyncIterator[None]:
    yield


async def always() -> None:
    return


def application() -> FastAPI:
    app = create_app("test", "Test", lifespan=nothing, routers=[router], ready=always)
    app.add_middleware(Fragile)
    return app


@pytest.fixture
async def address(written: io.StringIO) -> AsyncIterator[str]:
    async with serving(application()) as url:
        yield url


@pytest.fixture
async def connection(address: str) -> AsyncIterator[httpx.AsyncClient]:
    """One connection, as the edge keeps it; a second one is never opened."""
    limits = httpx.Limits(max_connections=1, max_keepalive_connections=1)
    async with httpx.AsyncClient(base_url=address, limits=limits, trust_env=False) as http:
        yield http


def port_of(response: httpx.Response) -> int:
    stream = response.extensions["network_stream"]
    port: int = stream.get_extra_info("client_addr")[1]
    return port


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("POST", "/broken", 500, "internal_error"),
        ("GET", "/layer", 500, "internal_error"),
        ("GET", "/pool", 503, "database_unavailable"),
    ],
)
async def test_the_connection_of_a_failed_request_serves_the_next_one(
    connection: httpx.AsyncClient,
    written: io.StringIO,
    method: str,
    path: str,
    status: int,
    code: str,
) -> None:
    ports = set()
    for number in range(20):
        request_id = f"request-{number}"
        headers = {"X-Request-Id": request_id}
        failed = await connection.request(method, path, headers=headers, content=b"x" * 1000)
        assert (failed.status_code, failed.json()["code"]) == (status, code)
        assert failed.headers["content-type"] == "application/problem+json"
        assert failed.json()["request_id"] == failed.headers["x-request-id"] == request_id
        assert ("Retry-After" in failed.headers) == (status == 503)
        assert "secret" not in failed.text
        fine = await connection.get("/fine")
        assert fine.json() == {"fine": True}
        ports |= {port_of(failed), port_of(fine)}
    assert len(ports) == 1, "the connection was closed in between"
    events = [json.loads(line) for line in written.getvalue().splitlines()]
    assert all("secret" not in json.dumps(event) for event in events)
    assert {event["request_id"] for event in events} == {f"request-{n}" for n in range(20)}


async def test_half_an_answer_is_never_taken_for_a_whole_one(
    connection: httpx.AsyncClient, written: io.StringIO
) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        await connection.get("/half")
    assert (await connection.get("/fine")).status_code == 200
    events = [json.loads(line) for line in written.getvalue().splitlines()]
    failed = next(event for event in events if event["event"] == "request.failed")
    assert failed["begun"] is True
    assert "secret" not in written.getvalue()


async def test_a_person_who_leaves_is_no_failure(address: str, written: io.StringIO) -> None:
    port = int(address.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST /broken HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf")
    await writer.drain()
    writer.close()
    async with httpx.AsyncClient(base_url=address, trust_env=False) as http:
        assert (await http.get("/fine")).status_code == 200
    del reader


async def test_a_service_that_cannot_start_says_why_without_values(written: io.StringIO) -> None:
    @asynccontextmanager
    async def failing(app: FastAPI) -> AsyncIterator[None]:
        raise RuntimeError("a secret")
        yield

    app = create_app("test", "Test", lifespan=failing, routers=[router], ready=always)
    said: list[Message] = []

    async def receive() -> Message:
        return {"type": "lifespan.startup"}

    async def send(message: Message) -> None:
        said.append(message)

    with pytest.raises(RuntimeError):  # the server ends by it
        await app({"type": "lifespan"}, receive, send)
    assert said == [{"type": "lifespan.startup.failed", "message": ""}]
    assert "secret" not in written.getvalue()
    assert "lifespan.failed" in written.getvalue()
