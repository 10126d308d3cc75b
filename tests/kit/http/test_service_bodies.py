"""Routes of services authenticate the calling service before a byte of a body is read."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from cryptography.fernet import Fernet
from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import SecretStr
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from tests.conftest import ServiceKeys

from mydocker_api.main import build as build_api
from mydocker_api.settings import Settings as ApiSettings
from mydocker_builder.main import build as build_builder
from mydocker_builder.settings import BuilderSettings
from mydocker_kit.clock import utc_now
from mydocker_kit.tokens import ServiceIdentity
from mydocker_lti.main import build as build_gateway
from mydocker_lti.settings import GatewaySettings
from mydocker_orchestrator.main import build as build_orchestrator
from mydocker_orchestrator.settings import Settings as OrchestratorSettings

HOME = "http://localhost:8000"
AT_LEAST = {
    "mydocker-api": 12,
    "mydocker-lti-gateway": 20,
    "mydocker-builder": 7,
    "mydocker-orchestrator": 5,
}
"""Routes of services that the walk must find."""
NO_JSON = b"{not json"
ELSEWHERE: dict[str, Any] = {
    "database_url": SecretStr("postgresql+asyncpg://nobody@127.0.0.1:1/none"),
    "vault_keys": SecretStr(Fernet.generate_key().decode()),
}


@dataclass
class Service:
    """An application that was never started, and the name that tokens for it are made for."""

    app: FastAPI
    audience: str
    prefix: str

    @property
    def routes(self) -> Iterator[tuple[str, str]]:
        """Method and path of each route of services; `x` for each parameter."""
        routers = [route for route in self.app.routes if not isinstance(route, APIRoute)]
        included = [getattr(router, "original_router", None) for router in routers]
        for route in (route for router in included if router for route in router.routes):
            if isinstance(route, APIRoute) and route.path.startswith(self.prefix):
                path = route.path
                for name in route.param_convertors:
                    path = path.replace(f"{{{name}}}", "x")
                for method in route.methods or ():
                    yield method, path


def services(keys: ServiceKeys) -> list[Service]:
    def own(name: str, **values: Any) -> dict[str, Any]:
        key = {"service_key": keys.private[name], "trusted_service_keys": keys.folder}
        return {**ELSEWHERE, **key, **values}

    api = ApiSettings(
        **own("mydocker-api"),
        orchestrator_url=HOME,
        builder_url=HOME,
        lti_url=HOME,
        app_origin=HOME,
        user_content_origin="http://env.localhost:8000",
        cookie_key=SecretStr("k" * 40),
    )
    gateway = GatewaySettings(**own("mydocker-lti-gateway"), tool_origin=HOME, api_url=HOME)
    builder = BuilderSettings(**own("mydocker-builder"), registry="127.0.0.1:1")
    orchestrator = OrchestratorSettings(**own("mydocker-orchestrator"))
    return [
        Service(build_api(api), "mydocker-api", "/internal/"),
        Service(build_gateway(gateway), "mydocker-lti-gateway", "/internal/"),
        Service(build_builder(builder), "mydocker-builder", "/"),
        Service(build_orchestrator(orchestrator), "mydocker-orchestrator", "/"),
    ]


def reading(app: ASGIApp, reads: list[Message]) -> ASGIApp:
    """Notes what the application reads of each body."""

    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        async def receiving() -> Message:
            message = await receive()
            reads.append(message)
            return message

        await app(scope, receiving, send)

    return call


@pytest.fixture(params=["none", "not a token", "for another service", "of somebody unknown"])
def bearer(request: pytest.FixtureRequest, service_keys: ServiceKeys) -> Callable[[str], str]:
    def token(audience: str) -> str:
        identity = ServiceIdentity.load(
            "mydocker-bastion", service_keys.private["mydocker-bastion"].get_secret_value()
        )
        match request.param:
            case "for another service":
                return "Bearer " + identity.token_for("mydocker-elsewhere", utc_now())
            case "of somebody unknown":
                stranger = ServiceIdentity("mydocker-stranger", identity.key)
                return "Bearer " + stranger.token_for(audience, utc_now())
        return "" if request.param == "none" else "Bearer nothing"

    return token


async def test_nobody_unknown_has_a_body_read(
    service_keys: ServiceKeys, bearer: Callable[[str], str]
) -> None:
    walked: Counter[str] = Counter()
    for service in services(service_keys):
        reads: list[Message] = []
        transport = httpx.ASGITransport(reading(service.app, reads))
        token = bearer(service.audience)
        headers = {"Content-Type": "application/json"} | ({"Authorization": token} if token else {})
        async with httpx.AsyncClient(transport=transport, base_url=HOME) as http:
            for method, path in service.routes:
                answer = await http.request(method, path, content=NO_JSON, headers=headers)
                where = f"{service.audience} {method} {path}"
                assert answer.status_code == 401, f"{where}: {answer.status_code} {answer.text}"
                assert answer.json()["code"] == "unauthenticated", where
                assert not reads, where
                walked[service.audience] += 1
    assert all(walked[name] >= least for name, least in AT_LEAST.items()), walked


async def test_a_known_service_gets_the_errors_of_its_body(
    service_keys: ServiceKeys,
) -> None:
    identity = ServiceIdentity.load(
        "mydocker-lti-gateway", service_keys.private["mydocker-lti-gateway"].get_secret_value()
    )
    service = services(service_keys)[0]
    headers = {
        "Authorization": f"Bearer {identity.token_for(service.audience, utc_now())}",
        "Content-Type": "application/json",
    }
    transport = httpx.ASGITransport(service.app)
    async with httpx.AsyncClient(transport=transport, base_url=HOME) as http:
        answer = await http.put("/internal/operators", content=NO_JSON, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
