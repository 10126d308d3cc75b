"""Tunnels into environments without an SSH server: to their declared ports, and nothing else."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncssh
import pytest
from tests.bastion.conftest import BastionStack
from tests.bastion.environments import ACCOUNT

from mydocker_bastion.ssh.tunnels import declared_address
from mydocker_kit.contracts.bastion.ssh import SshState
from mydocker_kit.contracts.orchestrator.environments import Address

DATABASE = Address(port=5432, host="10.0.0.4", host_port=32801)


@pytest.mark.parametrize(
    ("host", "port", "leads"),
    [
        ("localhost", 5432, True),
        ("127.0.0.1", 5432, True),
        ("::1", 5432, True),
        ("localhost", 22, False),
        ("localhost", 32801, False),  # the machine's own number
        ("10.0.0.4", 5432, False),
        ("10.0.0.4", 32801, False),
        ("example.org", 5432, False),
        ("", 5432, False),
    ],
)
def test_a_tunnel_leads_to_a_declared_port_alone(host: str, port: int, leads: bool) -> None:
    assert declared_address((DATABASE,), host, port) == (DATABASE if leads else None)


@pytest.fixture
async def heard(bastion: BastionStack) -> AsyncIterator[list[str]]:
    """An environment with a database at port 5432 and no SSH server; what the database hears."""
    received: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello\n")
        while request := await reader.readline():
            received.append(request.decode())
            writer.write(b"you said " + request)
        writer.write(b"bye\n")  # after the person has said all: half-closed, not gone
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    number = server.sockets[0].getsockname()[1]
    bastion.api.has_server = False
    bastion.api.tunnels = (Address(port=5432, host="127.0.0.1", host_port=number),)
    yield received
    server.close()


async def test_a_tunnel_reaches_the_declared_port(bastion: BastionStack, heard: list[str]) -> None:
    async with bastion.connect() as inside:
        reader, writer = await inside.open_connection("localhost", 5432)
        assert await reader.readline() == b"hello\n"
        writer.write(b"select 1\n")
        assert await reader.readline() == b"you said select 1\n"
        writer.write_eof()
        assert await reader.read() == b"bye\n"
        many = [await inside.open_connection("127.0.0.1", 5432) for _ in range(3)]
        assert [await stream.readline() for stream, _ in many] == [b"hello\n"] * 3
    assert heard == ["select 1\n"]
    assert bastion.environment.passwords == []


async def test_openssh_goes_through(bastion: BastionStack, heard: list[str]) -> None:
    way = ("-W", "localhost:5432", f"{ACCOUNT}@127.0.0.1")
    done = await asyncio.to_thread(bastion.client, "ssh", *way, stdin=b"select 1\n")
    assert done.stdout == b"hello\nyou said select 1\nbye\n"


async def test_much_passes_whole(bastion: BastionStack) -> None:
    """More than every buffer on the way, with a reader who comes late."""
    sent = bytes(range(256)) * 40_000

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readexactly(len(sent)))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    bastion.api.has_server = False
    number = server.sockets[0].getsockname()[1]
    bastion.api.tunnels = (Address(port=5432, host="127.0.0.1", host_port=number),)
    async with bastion.connect() as inside, asyncio.timeout(60):
        reader, writer = await inside.open_connection("localhost", 5432)
        writer.write(sent)
        await writer.drain()
        assert await reader.readexactly(len(sent)) == sent
    server.close()


async def test_the_generated_password_or_a_registered_key_opens(
    bastion: BastionStack, heard: list[str]
) -> None:
    with pytest.raises(asyncssh.PermissionDenied):
        await bastion.connect(password="wrong")
    key = asyncssh.generate_private_key("ssh-ed25519")
    bastion.api.keys = (key.get_fingerprint(),)
    async with bastion.connect(password=None, client_keys=[key]) as inside:
        reader, _ = await inside.open_connection("localhost", 5432)
        assert await reader.readline() == b"hello\n"
    for _ in range(2):
        with pytest.raises(asyncssh.PermissionDenied):
            await bastion.connect(password="wrong")
    with pytest.raises(asyncssh.DisconnectError) as refused:
        await bastion.connect()
    assert refused.value.reason == "guessed"


async def test_there_is_no_shell_and_a_sentence_says_so(
    bastion: BastionStack, heard: list[str]
) -> None:
    async with bastion.connect() as inside:
        for options in ({"term_type": "xterm"}, {"command": "id"}, {"subsystem": "sftp"}):
            shell: Any = await inside.create_process(encoding="utf-8", **options)
            async with asyncio.timeout(100):
                assert "has no shell" in await shell.stderr.read()
                await shell.wait_closed()
            assert shell.exit_status == 254


async def test_nothing_else_is_reached(bastion: BastionStack, heard: list[str]) -> None:
    (database,) = bastion.api.tunnels
    async with bastion.connect() as inside:
        for host, port in (
            ("localhost", 22),
            ("localhost", database.host_port),
            ("localhost", bastion.port),
            ("10.0.0.4", 5432),
            ("example.org", 80),
        ):
            with pytest.raises(asyncssh.ChannelOpenError, match="has no shell"):
                await inside.open_connection(host, port)
        with pytest.raises(asyncssh.ChannelOpenError):
            await inside.open_unix_connection("/run/docker.sock")
        with pytest.raises(asyncssh.ChannelListenError):
            await inside.start_server(lambda *_: None, "localhost", 0)
    assert heard == []


async def test_an_address_of_before_is_never_used_again(
    bastion: BastionStack, heard: list[str]
) -> None:
    """Between the stop and the next question the number may be another environment's."""
    async with bastion.connect() as inside:
        bastion.api.state = SshState.STOPPED
        with pytest.raises((asyncssh.ChannelOpenError, asyncssh.ConnectionLost)):
            await inside.open_connection("localhost", 5432)
        async with asyncio.timeout(100):
            await inside.wait_closed()
    assert heard == []


async def test_one_person_holds_so_many_tunnels(bastion: BastionStack, heard: list[str]) -> None:
    async with bastion.connect() as inside:
        held = [await inside.open_connection("localhost", 5432) for _ in range(40)]
        with pytest.raises(asyncssh.ChannelOpenError, match="Too many"):
            await inside.open_connection("localhost", 5432)
        held[0][1].close()
        async with asyncio.timeout(100):
            await held[0][1].wait_closed()
        reader, _ = await inside.open_connection("localhost", 5432)
        assert await reader.readline() == b"hello\n"


async def test_a_port_where_nobody_listens_is_refused_alone(bastion: BastionStack) -> None:
    bastion.api.has_server = False
    bastion.api.tunnels = (Address(port=5432, host="127.0.0.1", host_port=1),)
    async with bastion.connect(ACCOUNT) as inside:
        with pytest.raises(asyncssh.ChannelOpenError):
            await inside.open_connection("localhost", 5432)
