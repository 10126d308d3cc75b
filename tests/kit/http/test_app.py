"""What every service answers: problems with codes, a request id, health that can fail."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from pydantic import BaseModel, SecretStr

from mydocker_kit.errors import Conflict
from mydocker_kit.web.app import create_app


class Closed(Conflict):
    code = "course_closed"


class Login(BaseModel):
    password: SecretStr
    age: int


router = APIRouter()


@router.get("/closed")
async def closed() -> None:
    raise Closed("course 7", opens="monday")


@router.get("/broken")
async def broken() -> None:
    raise RuntimeError("secret inside")


@router.post("/login")
async def login(body: Login) -> None: ...


async def never_ready() -> None:
    raise ConnectionError


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield

    app = create_app("test", "Test", lifespan=lifespan, routers=[router], ready=never_ready)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def test_a_refusal_is_a_problem_with_a_code(http: httpx.AsyncClient) -> None:
    response = await http.get("/closed", headers={"X-Request-Id": "abcdefgh12"})
    assert response.status_code == 409
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert (body["code"], body["parameters"]) == ("course_closed", {"opens": "monday"})
    assert body["request_id"] == response.headers["x-request-id"] == "abcdefgh12"


@pytest.mark.parametrize("given", ["", "short", "a" * 65, "bad id with spaces", "<script>12345"])
async def test_a_strange_request_id_is_replaced(http: httpx.AsyncClient, given: str) -> None:
    response = await http.get("/health/live", headers={"X-Request-Id": given})
    assert response.headers["x-request-id"] != given


async def test_an_unexpected_error_tells_nothing_of_the_inside(http: httpx.AsyncClient) -> None:
    response = await http.get("/broken")
    assert (response.status_code, response.json()["code"]) == (500, "internal_error")
    assert "secret" not in response.text


async def test_a_wrong_field_is_named_and_its_value_is_not_repeated(
    http: httpx.AsyncClient,
) -> None:
    response = await http.post("/login", json={"password": "hunter2", "age": "hunter2"})
    assert response.status_code == 422
    assert [field["field"] for field in response.json()["fields"]] == ["age"]
    assert "hunter2" not in response.text


async def test_an_unknown_path_is_a_problem_too(http: httpx.AsyncClient) -> None:
    assert (await http.get("/nowhere")).json()["code"] == "not_found"


async def test_ready_says_when_it_is_not(http: httpx.AsyncClient) -> None:
    assert (await http.get("/health/live")).status_code == 200
    assert (await http.get("/health/ready")).status_code == 503


async def test_requests_are_counted_by_route(http: httpx.AsyncClient) -> None:
    await http.get("/closed")
    assert 'route="/closed",service="test",status="409"' in (await http.get("/metrics")).text
