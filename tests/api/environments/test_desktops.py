"""A VNC port: opened like a page, connected to the bridge, and what the bridge reads."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import update
from tests.api.campus import SSH, WEB, Campus, Person
from tests.api.environments.test_access import Browser
from tests.api.environments.windows import in_state, ready
from tests.conftest import ServiceKeys

from mydocker_api.models import User
from mydocker_kit.clients.api import AUDIENCE, BASTION, ApiClient
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.bastion.desktops import DesktopVisit
from mydocker_kit.contracts.orchestrator.environments import Phase
from mydocker_kit.errors import Conflict, Forbidden, NotFound, Unauthenticated
from mydocker_kit.http import ServiceClient
from mydocker_kit.postgres.db import transaction
from mydocker_kit.tokens import DESKTOP_AUDIENCE, ServiceIdentity, ServiceTrust

VNC = {"title": "Desktop", "kind": "vnc", "number": 5901}
TCP = {"title": "Database", "kind": "tcp", "number": 5432}


@pytest.fixture
async def bastion(campus: Campus, service_keys: ServiceKeys) -> ApiClient:
    pem = service_keys.private[BASTION].get_secret_value()
    identity = ServiceIdentity.load(BASTION, pem)
    return ApiClient(ServiceClient(campus.address, AUDIENCE, identity, utc_now))


async def with_desktop(campus: Campus, subject: str = "ada") -> tuple[Person, str, UUID]:
    """A student whose environment has a port of every kind, running."""
    teacher = await campus.teacher()
    course = await campus.course(teacher, ports=[WEB, VNC, SSH, TCP])
    person = await campus.student(course, subject)
    return person, course, await ready(campus, person, course)


async def entered(campus: Campus, person: Person, course: str, port: int = 5901) -> Browser:
    """A browser that has opened the port."""
    opened = await person.post(f"/api/courses/{course}/environment/ports/{port}/open")
    browser = Browser(campus, urlsplit(opened["url"]).netloc)
    assert (await browser.enter(opened["ticket"])).status_code == 303
    return browser


async def test_a_desktop_has_our_page_and_its_socket_a_token(
    campus: Campus, service_keys: ServiceKeys
) -> None:
    ada, course, id = await with_desktop(campus)
    browser = await entered(campus, ada, course)
    files = await browser.route()
    assert (files.status_code, files.headers["X-Desktop"]) == (200, "page")
    assert files.headers["X-Window"] == f"http://localhost:8000/courses/{course}/window"
    assert "X-Upstream" not in files.headers

    upgrade = {"X-Forwarded-Upgrade": "websocket", "Origin": f"http://{browser.host}"}
    socket = await browser.route(**upgrade)
    assert "X-Upstream" not in socket.headers
    trust = ServiceTrust.load(DESKTOP_AUDIENCE, service_keys.folder)
    visit = trust.desktop_visit(socket.headers["X-Desktop"])
    assert (visit.environment_id, visit.user_id, visit.port) == (id, ada.id, 5901)
    with pytest.raises(Unauthenticated):  # it opens nothing else of ours
        ServiceTrust.load("mydocker-bastion", service_keys.folder).caller(
            socket.headers["X-Desktop"]
        )
    foreign = {**upgrade, "Origin": "http://eaaaaaaaaaaaaaaaaaaaaaaaaa.env.localhost:8000"}
    assert (await browser.route(**foreign)).status_code == 403

    await campus.orchestrator.end(id, Phase.STOPPED)
    await in_state(ada, course, "stopped")
    asleep = await browser.route(**upgrade)
    assert (asleep.status_code, "X-Desktop" in asleep.headers) == (503, False)
    await browser.http.aclose()


async def test_pages_stay_pages_and_other_ports_stay_shut(campus: Campus) -> None:
    ada, course, _ = await with_desktop(campus)
    web = await entered(campus, ada, course, 8888)
    passed = await web.route()
    assert (passed.headers["X-Upstream"], "X-Desktop" in passed.headers) == (
        *("127.0.0.1:32768", False),
    )
    for port in (22, 5432, 5900):
        path = f"/api/courses/{course}/environment/ports/{port}/open"
        assert await ada.refused("POST", path) == (404, "port_unknown")
    await web.http.aclose()


async def test_the_bridge_reads_the_address_while_it_runs(
    campus: Campus, bastion: ApiClient
) -> None:
    ada, course, id = await with_desktop(campus)
    bob = await campus.student(course, "bob")
    visit = DesktopVisit(environment_id=id, user_id=ada.id, web_session_id=uuid4(), port=5901)
    located = await bastion.desktop(visit)
    assert (located.attempt, located.address.port, located.address.host_port) == (1, 5901, 32769)
    credentials = campus.orchestrator.puts[0].credentials
    assert located.password == credentials.password.get_secret_value()
    assert located.password not in repr(located)

    changes: tuple[dict[str, Any], ...] = (
        {"port": 8888},
        {"port": 5432},
        {"port": 5900},
        {"user_id": bob.id},
        {"user_id": uuid4()},
        {"environment_id": uuid4()},
    )
    for change in changes:
        with pytest.raises(NotFound):
            await bastion.desktop(visit.model_copy(update=change))

    await campus.orchestrator.end(id, Phase.STOPPED)
    await in_state(ada, course, "stopped")
    with pytest.raises(Conflict):
        await bastion.desktop(visit)
    async with transaction(campus.app.state.sessions) as db:
        await db.execute(update(User).where(User.id == ada.id).values(disabled_at=utc_now()))
    with pytest.raises(NotFound):
        await bastion.desktop(visit)
    await bastion.aclose()


async def test_only_the_bastion_reads_it(campus: Campus) -> None:
    body = DesktopVisit(environment_id=uuid4(), user_id=uuid4(), web_session_id=uuid4(), port=5901)
    with pytest.raises(Forbidden):
        await campus.gateway_client.desktop(body)
    async with httpx.AsyncClient(base_url=campus.address, trust_env=False, timeout=30) as nobody:
        answer = await nobody.post("/internal/desktops", json=body.model_dump(mode="json"))
        assert answer.status_code == 401
