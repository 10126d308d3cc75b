"""Bodies of nobody are never read, and none is read beyond the limit. Through a real server."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest
from fastapi import APIRouter, FastAPI
from pydantic import BaseModel
from starlette.middleware import Middleware
from starlette.requests import Request
from tests.support.serving import serving

from mydocker_kit.errors import Unauthenticated
from mydocker_kit.web.app import create_app
from mydocker_kit.web.bodies import BodyGuard
from mydocker_kit.web.dependencies import bearer

MOST = 1000
LARGER = 5000
router = APIRouter()


class Values(BaseModel):
    values: list[int]


@router.post("/api/values")
@router.post("/api/uploads/values")
@router.post("/outside")
async def values(body: Values) -> int:
    return len(body.values)


@router.get("/api/open")
async def unguarded() -> str:
    return "open"


async def authenticate(request: Request) -> None:
    if bearer(request) != "right":
        raise Unauthenticated


async def _ready() -> None: ...


@pytest.fixture
async def port() -> AsyncIterator[int]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield

    app = create_app("test", "Test", lifespan=lifespan, routers=[router], ready=_ready)
    guard = Middleware(
        BodyGuard, authenticate=authenticate, most=MOST, larger={"/api/uploads/": LARGER}
    )
    app.user_middleware.append(guard)
    async with serving(app, timeout_graceful_shutdown=None) as address:
        yield int(urlsplit(address).port or 0)


async def answered(port: int, head: str, *pieces: bytes) -> tuple[int, dict[str, object]]:
    """Status and problem of a request whose body is sent piece by piece, or not at all."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"{head}\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    for piece in pieces:
        writer.write(piece)
    async with asyncio.timeout(100):
        headers = (await reader.readuntil(b"\r\n\r\n")).decode()
        body = await reader.read()
    writer.close()
    if "application/json" not in headers and "problem+json" not in headers:
        return int(headers.split()[1]), {}
    said = json.loads(body) if body.startswith(b"{") else {"answer": json.loads(body)}
    return int(headers.split()[1]), said


def chunk(piece: bytes) -> bytes:
    return f"{len(piece):x}\r\n".encode() + piece + b"\r\n"


BODY = json.dumps({"values": [1, 2, 3]}).encode()
JSON = "Content-Type: application/json"
RIGHT = "Authorization: Bearer right"


@pytest.mark.parametrize("proof", ["X: y", "Authorization: Basic right", "Authorization: Bearer x"])
@pytest.mark.parametrize("length", ["Content-Length: 8000000", "Transfer-Encoding: chunked"])
async def test_who_proves_nothing_is_answered_before_a_byte_of_the_body(
    port: int, proof: str, length: str
) -> None:
    """No byte is sent: the server that waits for one would never answer."""
    status, said = await answered(
        port, f"POST /api/values HTTP/1.1\r\n{JSON}\r\n{proof}\r\n{length}"
    )
    assert (status, said["code"]) == (401, "unauthenticated")
    assert said["request_id"]


async def test_a_body_that_is_declared_too_large_is_refused_before_it_is_sent(port: int) -> None:
    head = f"POST /api/values HTTP/1.1\r\n{JSON}\r\n{RIGHT}\r\nContent-Length: {MOST + 1}"
    status, said = await answered(port, head)
    assert (status, said["code"]) == (413, "request_too_large")


async def test_a_body_of_unknown_length_is_refused_once_it_is_too_large(port: int) -> None:
    head = f"POST /api/values HTTP/1.1\r\n{JSON}\r\n{RIGHT}\r\nTransfer-Encoding: chunked"
    status, said = await answered(port, head, chunk(b" " * MOST), chunk(BODY))
    assert (status, said["code"]) == (413, "request_too_large")


@pytest.mark.parametrize("path", ["/api/values", "/outside"])
async def test_what_is_small_enough_is_read(port: int, path: str) -> None:
    head = f"POST {path} HTTP/1.1\r\n{JSON}\r\n{RIGHT}\r\n"
    assert await answered(port, f"{head}Content-Length: {len(BODY)}", BODY) == (200, {"answer": 3})
    chunked = f"{head}Transfer-Encoding: chunked"
    assert await answered(port, chunked, chunk(BODY), chunk(b"")) == (200, {"answer": 3})


async def test_uploads_have_a_limit_of_their_own(port: int) -> None:
    body = BODY + b" " * MOST
    head = f"POST /api/uploads/values HTTP/1.1\r\n{JSON}\r\n{RIGHT}\r\nContent-Length: "
    assert await answered(port, f"{head}{len(body)}", body) == (200, {"answer": 3})
    assert (await answered(port, f"{head}{LARGER + 1}"))[0] == 413


async def test_requests_without_a_body_are_their_routes_own_business(port: int) -> None:
    assert await answered(port, "GET /api/open HTTP/1.1") == (200, {"answer": "open"})
    assert (await answered(port, f"POST /api/values HTTP/1.1\r\n{RIGHT}"))[0] == 422
