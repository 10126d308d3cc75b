"""SSH: what the bastion reads, and people's keys."""

from uuid import uuid4

import httpx
import pytest
from sqlalchemy import update
from tests.api.campus import SSH, WEB, Campus
from tests.api.environments.windows import in_state, ready
from tests.conftest import ServiceKeys

from mydocker_api.domain.people.ssh_keys import KeyFault, PublicKey, public_key
from mydocker_api.models import User
from mydocker_kit.clients.api import AUDIENCE, BASTION, ApiClient
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.bastion.ssh import SshState
from mydocker_kit.contracts.orchestrator.environments import Phase
from mydocker_kit.errors import Forbidden, NotFound
from mydocker_kit.http import ServiceClient
from mydocker_kit.postgres.db import transaction
from mydocker_kit.tokens import ServiceIdentity

PUBLIC_KEY = (
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPb2wN3X5Qm8JQ3o7m2c3p1Xn6u7wK0c0yYyqv0cXk1L ada@laptop"
)


@pytest.fixture
async def bastion(campus: Campus, service_keys: ServiceKeys) -> ApiClient:
    pem = service_keys.private[BASTION].get_secret_value()
    identity = ServiceIdentity.load(BASTION, pem)
    return ApiClient(ServiceClient(campus.address, AUDIENCE, identity, utc_now))


async def test_a_name_leads_to_its_environment_while_it_runs(
    campus: Campus, bastion: ApiClient
) -> None:
    teacher = await campus.teacher()
    other = {"title": "Second", "kind": "ssh", "number": 2222}
    course = await campus.course(teacher, ports=[SSH, other, WEB])
    ada = await campus.student(course)
    id = await ready(campus, ada, course)
    window = await ada.get(f"/api/courses/{course}/window")
    name = window["username"]
    commands = [card["command"] for card in window["connections"] if card["kind"] == "ssh"]
    assert commands == [f"ssh -p 2222 {name}@localhost", f"ssh -p 2222 {name}+2222@localhost"]

    resolved = await bastion.ssh_target(name, None)
    assert (resolved.state, resolved.environment_id, resolved.account) == (SshState.OPEN, id, name)
    assert resolved.address is not None
    assert resolved.address.port == 22
    assert resolved.language == "fr"
    assert resolved.window_url.endswith(f"/courses/{course}/window")
    second = await bastion.ssh_target(name, 2222)
    assert second.address is not None
    assert second.address.port == 2222
    assert [presence.environment_id for presence in await bastion.ssh_present([id, uuid4()])] == [
        id
    ]
    for login, port in (("nobody_here", None), (name, 8888), (name, 9999)):
        with pytest.raises(NotFound):
            await bastion.ssh_target(login, port)

    await campus.orchestrator.end(id, Phase.STOPPED)
    await in_state(ada, course, "stopped")
    gone = await bastion.ssh_target(name, None)
    assert (gone.state, gone.address) == (SshState.STOPPED, None)
    assert await bastion.ssh_present([id]) == []
    await ada.post(f"/api/courses/{course}/environment/start")
    assert (await bastion.ssh_target(name, None)).state is SshState.STARTING
    await bastion.aclose()


async def test_a_disabled_person_is_nowhere(campus: Campus, bastion: ApiClient) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.student(course)
    id = await ready(campus, ada, course)
    name = campus.orchestrator.puts[0].credentials.username
    async with transaction(campus.app.state.sessions) as db:
        await db.execute(update(User).where(User.id == ada.id).values(disabled_at=utc_now()))
    assert await bastion.ssh_present([id]) == []
    with pytest.raises(NotFound):
        await bastion.ssh_target(name, None)
    await bastion.aclose()


async def test_a_registered_key_gives_the_bastion_the_password(
    campus: Campus, bastion: ApiClient
) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada, bob = await campus.student(course), await campus.student(course, "bob")
    await ready(campus, ada, course)
    credentials = campus.orchestrator.puts[0].credentials
    added = await ada.post("/api/me/ssh-keys", {"public_key": PUBLIC_KEY})
    assert added["title"] == "ada@laptop"
    assert added["fingerprint"].startswith("SHA256:")
    assert await ada.refused("POST", "/api/me/ssh-keys", {"public_key": PUBLIC_KEY}) == (
        *(409, "ssh_key_known"),
    )
    resolved = await bastion.ssh_target(credentials.username, None)
    assert resolved.keys == (added["fingerprint"],)
    password = await bastion.ssh_password(credentials.username, added["fingerprint"])
    assert password.get_secret_value() == credentials.password.get_secret_value()
    assert (await ada.get("/api/me/ssh-keys"))[0]["used_at"]
    with pytest.raises(Forbidden):
        await bastion.ssh_password(credentials.username, "SHA256:" + "A" * 43)
    assert (await bob.refused("DELETE", f"/api/me/ssh-keys/{added['id']}"))[0] == 404
    await ada.delete(f"/api/me/ssh-keys/{added['id']}")
    assert await ada.get("/api/me/ssh-keys") == []
    with pytest.raises(Forbidden):
        await bastion.ssh_password(credentials.username, added["fingerprint"])
    await bastion.aclose()


async def test_without_an_ssh_port_the_name_leads_to_the_ports_on_the_cards(
    campus: Campus, bastion: ApiClient
) -> None:
    teacher = await campus.teacher()
    others = [
        {"title": "Database", "kind": "tcp", "number": 5432},
        {"title": "Desktop", "kind": "vnc", "number": 5901},
    ]
    course = await campus.course(teacher, ports=[WEB, *others])
    ada = await campus.student(course)
    id = await ready(campus, ada, course)
    credentials = campus.orchestrator.puts[0].credentials
    name, password = credentials.username, credentials.password.get_secret_value()
    resolved = await bastion.ssh_target(name, None)
    assert (resolved.state, resolved.has_server, resolved.address) == (SshState.OPEN, False, None)
    assert [address.port for address in resolved.tunnels] == [5432, 5901]
    for port in (22, 5432, 8888):
        with pytest.raises(NotFound):
            await bastion.ssh_target(name, port)
    assert await bastion.ssh_guess(name, password)
    for wrong in ("", password[:-1], password + "x", "é" * 20):
        assert not await bastion.ssh_guess(name, wrong)

    await campus.orchestrator.end(id, Phase.STOPPED)
    await in_state(ada, course, "stopped")
    gone = await bastion.ssh_target(name, None)
    assert (gone.state, gone.tunnels) == (SshState.STOPPED, ())
    await bastion.aclose()


async def test_a_stopped_environments_password_shows_who_may_read_that_it_is_stopped(
    campus: Campus, bastion: ApiClient
) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher, ports=[SSH, WEB])
    ada = await campus.student(course)
    id = await ready(campus, ada, course)
    credentials = campus.orchestrator.puts[-1].credentials
    await campus.orchestrator.end(id, Phase.STOPPED)
    await in_state(ada, course, "stopped")
    right = credentials.password.get_secret_value()
    assert await bastion.ssh_guess(credentials.username, right)
    assert not await bastion.ssh_guess(credentials.username, "anything")
    await bastion.aclose()


async def test_no_password_is_judged_where_no_port_is_reached_by_ssh(
    campus: Campus, bastion: ApiClient
) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher, ports=[WEB])
    ada = await campus.student(course)
    await ready(campus, ada, course)
    with pytest.raises(NotFound):
        await bastion.ssh_guess(campus.orchestrator.puts[-1].credentials.username, "anything")
    await bastion.aclose()


async def test_only_the_bastion_may_ask(campus: Campus) -> None:
    for path in ("/internal/ssh/some_name",):
        with pytest.raises(Forbidden):
            await campus.gateway_client._service.call("GET", path)
        async with httpx.AsyncClient(
            base_url=campus.address, trust_env=False, timeout=30
        ) as nobody:
            assert (await nobody.get(path)).status_code == 401


def test_a_key_is_understood_or_refused_with_the_reason() -> None:
    key = public_key(f"  {PUBLIC_KEY}\n")
    assert isinstance(key, PublicKey)
    assert (key.algorithm, key.comment) == ("ssh-ed25519", "ada@laptop")
    blob = PUBLIC_KEY.split()[1]
    for line, fault in (
        ("-----BEGIN OPENSSH PRIVATE KEY-----", KeyFault.PRIVATE),
        ("", KeyFault.UNREADABLE),
        ("hello", KeyFault.UNREADABLE),
        (f"ssh-dss {blob}", KeyFault.ALGORITHM),
        (f"ssh-rsa {blob}", KeyFault.UNREADABLE),
        ("ssh-ed25519 %%%", KeyFault.UNREADABLE),
        (f"ssh-ed25519 {blob[:30]}", KeyFault.UNREADABLE),
        ("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAAw==", KeyFault.UNREADABLE),
        (f"{PUBLIC_KEY}\n{PUBLIC_KEY}", KeyFault.UNREADABLE),
    ):
        assert public_key(line) is fault, line
