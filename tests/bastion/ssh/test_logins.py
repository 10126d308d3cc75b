"""Who comes in, who does not, what they read; and how a visit ends."""

import asyncio
from typing import Any

import asyncssh
import pytest
from tests.bastion.conftest import WINDOW, BastionStack
from tests.bastion.environments import ACCOUNT
from tests.bastion.ssh.connection_ends import all_gone, until_ended

from mydocker_bastion.domain.response_times import delay_to_next_step
from mydocker_kit.contracts.bastion.ssh import SshState
from mydocker_kit.limits.shared_buckets import OwnBuckets

ME = f"{ACCOUNT}@127.0.0.1"


async def test_the_environment_checks_the_password(bastion: BastionStack) -> None:
    with pytest.raises(asyncssh.PermissionDenied):
        await bastion.connect(password="wrong")
    bastion.environment.password = "changed-by-the-student"
    with pytest.raises(asyncssh.PermissionDenied):
        await bastion.connect()
    async with bastion.connect(password="changed-by-the-student") as inside:
        assert (await inside.run("echo in")).stdout == "in\n"


async def test_guessing_is_stopped_with_a_sentence(bastion: BastionStack) -> None:
    for _ in range(3):
        with pytest.raises(asyncssh.PermissionDenied):
            await bastion.connect(password="wrong")
    done = await asyncio.to_thread(bastion.client, "ssh", ME, "true")
    assert done.returncode == 255
    assert b"Too many wrong passwords" in done.stderr


@pytest.mark.parametrize(
    ("state", "language", "said"),
    [
        (SshState.STOPPED, "en", "Start it from your course: " + WINDOW),
        (SshState.STOPPED, "fr", "Votre environnement est arrêté. Démarrez-le"),
        (SshState.STARTING, "en", "Your environment is starting"),
    ],
)
async def test_what_does_not_run_says_so_to_its_owner_alone(
    bastion: BastionStack, state: SshState, language: str, said: str
) -> None:
    bastion.api.state, bastion.api.language = state, language
    done = await asyncio.to_thread(bastion.client, "ssh", ME, "true")
    assert done.returncode == 254
    assert said in done.stderr.decode()
    assert b"Permission denied" not in done.stderr
    tunnel = await asyncio.to_thread(bastion.client, "ssh", "-N", ME)
    assert tunnel.returncode == 255
    assert WINDOW in tunnel.stderr.decode(), "without a shell, when it is closed"
    stranger = await asyncio.to_thread(bastion.client, "ssh", ME, "true", password="wrong")
    assert b"Permission denied" in stranger.stderr
    assert said not in stranger.stderr.decode()


@pytest.mark.parametrize("state", [SshState.STOPPED, SshState.STARTING])
async def test_what_does_not_run_says_so_to_who_shows_the_owners_key(
    bastion: BastionStack, state: SshState
) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    bastion.api.keys, bastion.api.state = (key.get_fingerprint(),), state
    with pytest.raises(asyncssh.DisconnectError, match=WINDOW):
        await until_ended(await bastion.connect(password=None, client_keys=[key]))


@pytest.mark.parametrize("name", ["nobody_here", "root", "Admin", "a", "x" * 300, "a+b", "é"])
async def test_an_unknown_name_is_refused_like_a_wrong_password(
    bastion: BastionStack, name: str
) -> None:
    with pytest.raises(asyncssh.PermissionDenied):
        await bastion.connect(name)


def seen_by_a_stranger(bastion: BastionStack, name: str) -> bytes:
    """All that OpenSSH says, without what differs by itself: the name, addresses, key material."""
    done = bastion.client("ssh", "-vvv", f"{name}@127.0.0.1", "true", password="wrong")
    assert done.returncode == 255
    lines = [line for line in done.stderr.splitlines() if _is_said_by_the_server(line)]
    assert any(b"let in" in line for line in lines)
    return b"\n".join(lines).replace(name.encode(), b"NAME")


def _is_said_by_the_server(line: bytes) -> bool:
    own = (b"debug", b"OpenSSH", b"Warning: Permanently added")
    server_messages = (b"Authentications that can continue", b"receive packet", b"Remote protocol")
    return not line.startswith(own) or any(message in line for message in server_messages)


async def test_a_stranger_sees_the_same_whatever_a_name_is(bastion: BastionStack) -> None:
    seen: dict[str, bytes] = {}
    key = asyncssh.generate_private_key("ssh-ed25519").get_fingerprint()
    cases: list[tuple[str, dict[str, Any]]] = [
        ("runs", {}),
        ("has a registered key", {"keys": (key,)}),
        ("is stopped", {"state": SshState.STOPPED}),
        ("is starting", {"state": SshState.STARTING}),
        ("has no server", {"has_server": False}),
        ("is silent", {"port": 1}),
        ("is French", {"language": "fr", "state": SshState.STOPPED}),
    ]
    for what, changes in cases:
        before = {name: getattr(bastion.api, name) for name in changes}
        for name, value in changes.items():
            setattr(bastion.api, name, value)
        seen[what] = await asyncio.to_thread(seen_by_a_stranger, bastion, ACCOUNT)
        for name, value in before.items():
            setattr(bastion.api, name, value)
        attempts = bastion.app.state.shared.attempts
        for limit in (attempts._by_pair, attempts._by_name, attempts._by_address):
            limit._buckets = OwnBuckets(100)
    seen["exists nowhere"] = await asyncio.to_thread(
        seen_by_a_stranger, bastion, "absent_minded_bob"
    )
    assert set(seen.values()) == {seen["runs"]}, seen


def test_a_refusal_waits_for_the_next_whole_step() -> None:
    assert delay_to_next_step(0.0, 3.0) == 3.0
    assert delay_to_next_step(2.25, 3.0) == 0.75
    assert delay_to_next_step(3.0, 3.0) == 3.0
    assert delay_to_next_step(20.5, 3.0) == 0.5
    assert delay_to_next_step(1.0, 0.0) == 0.0


async def test_every_refused_password_waits_whatever_was_found(
    bastion: BastionStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []

    def recorded(spent: float, step: float) -> float:
        waited.append(step)
        return 0.0

    monkeypatch.setattr("mydocker_bastion.ssh.authentication.delay_to_next_step", recorded)
    for name, changes in (
        (ACCOUNT, {}),
        (ACCOUNT, {"state": SshState.STOPPED}),
        ("absent_minded_bob", {}),
        ("Admin", {}),
    ):
        for attribute, value in changes.items():
            setattr(bastion.api, attribute, value)
        with pytest.raises(asyncssh.PermissionDenied):
            await bastion.connect(name, password="wrong")
    assert waited == [0.2] * 4


async def test_another_ssh_port_is_chosen_in_the_name(bastion: BastionStack) -> None:
    async with bastion.connect(f"{ACCOUNT}+2222"):
        pass
    assert bastion.api.asked_ports == [2222]


async def test_while_the_platform_is_away_nobody_comes_in_and_nobody_is_sent_out(
    bastion: BastionStack,
) -> None:
    async with bastion.connect() as inside:
        bastion.api.is_away = True
        with pytest.raises(asyncssh.DisconnectError) as refused:
            await bastion.connect()
        assert refused.value.reason == "platform_away"
        assert (await inside.run("echo still")).stdout == "still\n"


async def test_a_registered_key_opens_and_another_does_not(bastion: BastionStack) -> None:
    key, other = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    bastion.api.keys = (key.get_fingerprint(),)
    async with bastion.connect(password=None, client_keys=[other, key]) as inside:
        assert (await inside.run("echo by key")).stdout == "by key\n"
    with pytest.raises(asyncssh.PermissionDenied):
        await bastion.connect(password=None, client_keys=[other])
    await all_gone(bastion)


async def test_a_key_says_when_the_environment_wants_a_password_of_its_own(
    bastion: BastionStack,
) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    bastion.api.keys, bastion.environment.password = (key.get_fingerprint(),), "changed"
    async with bastion.connect(password=None, client_keys=[key]) as inside:
        with pytest.raises(asyncssh.DisconnectError, match="password you have set"):
            await until_ended(inside)


async def test_who_came_by_a_key_never_waits_for_an_answer_that_makes_no_sense(
    bastion: BastionStack,
) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    bastion.api.keys, bastion.api.is_garbled = (key.get_fingerprint(),), True
    async with asyncio.timeout(100), bastion.connect(password=None, client_keys=[key]) as inside:
        await inside.wait_closed()


async def test_an_environment_that_does_not_answer_says_so(bastion: BastionStack) -> None:
    bastion.api.port = 1
    done = await asyncio.to_thread(bastion.client, "ssh", ME, "true")
    assert b"SSH server does not answer" in done.stderr
