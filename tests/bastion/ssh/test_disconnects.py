"""How SSH connections end: limits, silence, a container that ends, and what a shell reads then."""

import asyncio
from typing import Any

import pytest
from tests.bastion.conftest import BastionStack
from tests.bastion.ssh.connection_ends import all_gone, closed
from tests.bastion.ssh.test_logins import ME
from tests.support.waiting import until

from mydocker_kit.contracts.bastion.ssh import SshState


async def test_too_many_connections_to_one_environment(bastion: BastionStack) -> None:
    held = [await bastion.connect() for _ in range(5)]
    done = await asyncio.to_thread(bastion.client, "ssh", ME, "true")
    assert b"Too many connections" in done.stderr
    for connection in held:
        connection.close()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"state": SshState.STOPPED}, "has been stopped"),
        ({"attempt": 2}, "has been restarted"),
    ],
    ids=["stopped", "restarted"],
)
async def test_a_shell_in_what_ends_reads_why(
    bastion: BastionStack, change: dict[str, Any], said: str
) -> None:
    async with bastion.connect() as inside:
        shell = await inside.create_process(term_type="xterm", encoding="utf-8")
        await shell.stdout.readuntil("$ ")
        for name, value in change.items():
            setattr(bastion.api, name, value)
        async with asyncio.timeout(100):
            assert said in await shell.stderr.read()
            await shell.wait_closed()
        assert shell.exit_status == 254
        await closed(inside)
    await all_gone(bastion)


async def test_a_container_that_breaks_off_is_explained(bastion: BastionStack) -> None:
    async with bastion.connect() as inside:
        shell = await inside.create_process(term_type="xterm", encoding="utf-8")
        await shell.stdout.readuntil("$ ")
        bastion.api.state = SshState.STOPPED
        bastion.environment.drop()
        async with asyncio.timeout(100):
            assert "has been stopped" in await shell.stderr.read()
        await closed(inside)


async def test_another_host_key_within_one_start_gets_no_password(bastion: BastionStack) -> None:
    async with bastion.connect():
        pass
    await bastion.environment.change_host_key()
    shown = len(bastion.environment.passwords)
    done = await asyncio.to_thread(bastion.client, "ssh", ME, "true")
    assert b"Another SSH server answers" in done.stderr
    assert len(bastion.environment.passwords) == shown
    bastion.api.attempt = 2
    async with bastion.connect() as inside:
        assert (await inside.run("echo new")).stdout == "new\n"


async def test_who_says_nothing_for_long_is_sent_out(bastion: BastionStack) -> None:
    async with bastion.connect() as inside:
        shell = await inside.create_process(term_type="xterm", encoding="utf-8")
        await shell.stdout.readuntil("$ ")
        [(_, connection)] = bastion.app.state.shared.connections.all()
        connection.last_active -= 13 * 3600
        async with asyncio.timeout(100):
            assert "Nothing happened here for a long time" in await shell.stderr.read()
        await closed(inside)


async def test_an_address_holds_only_so_many_connections_before_authentication(
    bastion: BastionStack,
) -> None:
    shared = bastion.app.state.shared
    held = [await asyncio.open_connection("127.0.0.1", bastion.port) for _ in range(8)]
    await until(lambda: shared.unauthenticated >= 8, "eight connections before authentication")
    async with asyncio.timeout(100):
        reader, writer = await asyncio.open_connection("127.0.0.1", bastion.port)
        await reader.read()  # closed at once, though far fewer than the limit over all addresses
    for _, other in [*held, (reader, writer)]:
        other.close()
    await until(lambda: not shared.unauthenticated, "no connection before authentication")
    async with bastion.connect() as inside:
        assert (await inside.run("echo in")).stdout == "in\n"


async def test_a_person_who_leaves_leaves_nothing_behind(bastion: BastionStack) -> None:
    inside = await bastion.connect()
    await inside.create_process(term_type="xterm")
    assert len(bastion.environment.connections) == 1
    inside.abort()
    await all_gone(bastion)
    assert list(bastion.app.state.shared.connections.all()) == []


async def test_nonsense_instead_of_ssh_ends_alone(bastion: BastionStack) -> None:
    for nonsense in (b"GET / HTTP/1.1\r\n\r\n", b"\x00" * 5000, b"SSH-1.0-old\r\n", b""):
        reader, writer = await asyncio.open_connection("127.0.0.1", bastion.port)
        writer.write(nonsense)
        writer.write_eof()
        async with asyncio.timeout(100):
            await reader.read()
        writer.close()
    async with bastion.connect() as inside:
        assert (await inside.run("echo fine")).stdout == "fine\n"
    assert bastion.app.state.shared.unauthenticated == 0
