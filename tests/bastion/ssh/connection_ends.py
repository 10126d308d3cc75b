"""Waits until SSH connections have ended."""

import asyncio
from typing import Any

import asyncssh
from tests.bastion.conftest import BastionStack
from tests.support.waiting import until


async def closed(connection: Any) -> None:
    async with asyncio.timeout(100):
        await connection.wait_closed()


async def all_gone(bastion: BastionStack) -> None:
    await until(lambda: not bastion.environment.connections, "the environment has no connection")


async def until_ended(connection: Any) -> None:
    """Wait for the end, and raise what the bastion said."""
    async with asyncio.timeout(100):
        shell = await connection.create_process()
        said = await shell.stderr.read()
        raise asyncssh.DisconnectError(asyncssh.DISC_BY_APPLICATION, str(said))
