"""Calls between services: problems keep their code, and an absent service is said to be absent."""

import json
from itertools import cycle

import httpx
import pytest
from tests.conftest import ServiceKeys

from mydocker_kit.clock import utc_now
from mydocker_kit.errors import Conflict, NotFound, Unavailable
from mydocker_kit.http import ServiceClient
from mydocker_kit.problems import from_error
from mydocker_kit.tokens import ServiceIdentity, ServiceTrust

API, BUILDER = "mydocker-api", "mydocker-builder"


def client(keys: ServiceKeys, handler: httpx.MockTransport) -> ServiceClient:
    identity = ServiceIdentity.load(API, keys.private[API].get_secret_value())
    return ServiceClient("http://builder", BUILDER, identity, utc_now, handler)


async def test_a_call_is_signed(service_keys: ServiceKeys) -> None:
    trust = ServiceTrust.load(BUILDER, service_keys.folder)

    def answer(request: httpx.Request) -> httpx.Response:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        return httpx.Response(200, json={"caller": trust.caller(token)})

    service = client(service_keys, httpx.MockTransport(answer))
    assert (await service.call("GET", "/")).json() == {"caller": API}
    await service.aclose()


async def test_a_problem_keeps_its_code_and_parameters(service_keys: ServiceKeys) -> None:
    body = {"code": "tag_taken", "detail": "a tag", "parameters": {"tag": "1"}}
    transport = httpx.MockTransport(lambda _: httpx.Response(409, json=body))
    service = client(service_keys, transport)
    with pytest.raises(Conflict) as raised:
        await service.call("PUT", "/")
    assert (raised.value.code, raised.value.parameters) == ("tag_taken", {"tag": "1"})
    await service.aclose()


async def test_a_body_that_is_no_problem_is_still_an_error(service_keys: ServiceKeys) -> None:
    service = client(service_keys, httpx.MockTransport(lambda _: httpx.Response(404, text="?")))
    with pytest.raises(NotFound):
        await service.call("GET", "/")
    await service.aclose()


def answered(*responses: httpx.Response) -> httpx.MockTransport:
    answers = cycle(responses)
    return httpx.MockTransport(lambda _: next(answers))


def problem(status: int, body: object, **headers: str) -> httpx.Response:
    headers = {"Content-Type": "application/problem+json", **headers}
    return httpx.Response(status, content=json.dumps(body), headers=headers)


async def test_why_a_service_cannot_work_now_is_passed_on(service_keys: ServiceKeys) -> None:
    body = {"code": "swarm_unavailable", "title": "No Swarm", "parameters": {"node": "a"}}
    answer = problem(503, body, **{"Retry-After": "7"})
    service = client(service_keys, answered(answer))
    with pytest.raises(Unavailable) as raised:
        await service.call("GET", "/")
    error = raised.value
    assert (error.code, error.title, error.retry_after) == ("swarm_unavailable", "No Swarm", 7)
    assert error.parameters == {"node": "a"}
    passed_on = from_error(error)
    assert passed_on.headers["Retry-After"] == "7"
    assert json.loads(bytes(passed_on.body))["code"] == "swarm_unavailable"
    await service.aclose()


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(503, text="upstream is away"),
        httpx.Response(503, json={"code": "of_a_proxy"}),
        httpx.Response(502, text=""),
        httpx.Response(504, text=""),
        problem(502, {"code": "of_a_proxy"}),
        problem(500, {"code": "internal_error"}),
        problem(503, ["no problem"]),
        problem(503, None),
    ],
)
async def test_whatever_else_is_no_answer(
    service_keys: ServiceKeys, answer: httpx.Response
) -> None:
    service = client(service_keys, answered(answer))
    with pytest.raises(Unavailable) as raised:
        await service.call("GET", "/")
    assert (raised.value.code, raised.value.retry_after) == ("unavailable", 5)
    await service.aclose()


async def test_a_passing_fault_is_tried_again(service_keys: ServiceKeys) -> None:
    answers = iter([httpx.Response(503), httpx.Response(502), httpx.Response(204)])
    service = client(service_keys, httpx.MockTransport(lambda _: next(answers)))
    assert (await service.call("GET", "/")).status_code == 204
    await service.aclose()


async def test_an_absent_service_is_unavailable(service_keys: ServiceKeys) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    service = client(service_keys, httpx.MockTransport(refuse))
    with pytest.raises(Unavailable):
        await service.call("GET", "/")
    await service.aclose()
