"""No secret of an environment is written where somebody could read it afterwards."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest
from pydantic import SecretStr
from tests.api.campus import Campus, Person
from tests.api.environments.test_access import Browser, opened
from tests.api.environments.windows import ready
from tests.api.people.test_accounts import proves
from tests.conftest import ServiceKeys
from tests.lti_gateway.canary import Canary, listening, rows_of_schema

from mydocker_kit.clients.api import BASTION, ApiClient
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.orchestrator.environments import EnvironmentSpec
from mydocker_kit.errors import ProblemError
from mydocker_kit.http import ServiceClient
from mydocker_kit.tokens import ServiceIdentity
from mydocker_kit.vault import Vault
from mydocker_orchestrator.environments.records import SpecStore

KINDS = {"ticket", "cookie", "bearer", "password"}


@pytest.fixture
def canary() -> Canary:
    return Canary()


@pytest.fixture
def watched(canary: Canary) -> Callable[[Any], Any]:
    return lambda app: canary.watching(app, "api")


async def every_way_in(campus: Campus, keys: ServiceKeys) -> None:
    """Start, credentials, the ticket, the cookie, refusals, SSH by key, linking, the end."""
    teacher = await campus.teacher()
    course = await campus.course(teacher, command="serve --password {{PASSWORD}}")
    ada, bob = await campus.student(course), await campus.student(course, "bob")
    await ready(campus, ada, course)
    shown = await ada.get(f"/api/courses/{course}/environment/credentials")
    await ada.get(f"/api/courses/{course}/window")
    host, ticket = await opened(campus, ada, course)
    browser = Browser(campus, host)
    await browser.enter(f"{ticket}x")
    await browser.enter(ticket)
    await browser.enter(ticket)
    await browser.route()
    await browser.route(Origin="https://elsewhere.example")
    browser.host = "nothing.env.localhost:8000"
    await browser.route()
    await browser.http.aclose()
    await by_ssh(campus, shown["username"], keys)
    await strangers(campus, bob, course)
    await ada.post(f"{await proves(campus, ada)}/accept")
    await ada.post(f"/api/courses/{course}/environment/stop")
    await campus.gateway.end(ada.web_session_id)


async def by_ssh(campus: Campus, login: str, keys: ServiceKeys) -> None:
    """The bastion asks for the way, and for the password with a key nobody registered."""
    pem = keys.private[BASTION].get_secret_value()
    identity = ServiceIdentity.load(BASTION, pem)
    client = ApiClient(ServiceClient(campus.address, "mydocker-api", identity, utc_now))
    await client.ssh_target(login, None)
    with pytest.raises(ProblemError):
        await client.ssh_password(login, "SHA256:" + "A" * 43)
    await client.aclose()


async def strangers(campus: Campus, bob: Person, course: str) -> None:
    forged = {"Authorization": f"Bearer {uuid4().hex}"}
    async with httpx.AsyncClient(base_url=campus.address, trust_env=False) as http:
        await http.get("/api/me", headers=forged)
        await http.post("/access/enter", data={"ticket": uuid4().hex})
    await bob.http.get(f"/api/courses/{course}/environment/credentials")


async def test_no_secret_of_an_environment_is_found_in_addresses_logs_or_tables(
    campus: Campus, canary: Canary, service_keys: ServiceKeys, caplog: pytest.LogCaptureFixture
) -> None:
    with listening(canary, caplog) as events:
        await every_way_in(campus, service_keys)
    async with campus.app.state.sessions() as db:
        async for source, row in rows_of_schema(db, "api"):
            canary.saw(source, row)
    assert set(canary.secrets.values()) >= KINDS, "every kind of secret came by"
    assert {"environment.entered", "account.linked"} <= {event["event"] for event in events}
    assert any(source == "table environments" for source in canary.sightings)
    assert canary.leaks() == []


async def test_the_orchestrators_row_holds_no_password_either(
    campus: Campus, vault_keys: SecretStr
) -> None:
    """A command may hold it as an argument: that is sealed like the rest."""
    teacher = await campus.teacher()
    course = await campus.course(teacher, command="serve --password {{PASSWORD}}")
    ada = await campus.student(course)
    await ready(campus, ada, course)
    spec: EnvironmentSpec = campus.orchestrator.specs[campus.environment(course, ada)]
    password = spec.credentials.password.get_secret_value()
    assert password in spec.arguments
    store = SpecStore(Vault(vault_keys))
    assert password not in repr(store.columns(spec))
