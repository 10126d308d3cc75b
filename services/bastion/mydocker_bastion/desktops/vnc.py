"""The connection to a VNC server, authenticated with the environment's password."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

from mydocker_kit.contracts.orchestrator.environments import Address

from ..domain import rfb
from ..domain.rfb import Minor, NotVnc, Security
from .vnc_auth import challenge_response

CONNECT_SECONDS = 5.0
SIGN_IN_SECONDS = 15.0
CHUNK_BYTES = 65_536
"""Bytes per read; what the other side has not taken yet stays with the server."""
MAX_ENTRIES = 20_000


class NoVncServer(Exception):
    """Nothing that speaks VNC answers."""


class _NeedsPerson(Exception):
    """The server requires credentials that only the person has."""


class _ServerRefuses(Exception):
    """The server accepts no connection now; the person sees its reason."""


@dataclass(frozen=True)
class VncConnection:
    """An open connection; unless authenticated, no data has passed yet."""

    reader: StreamReader
    writer: StreamWriter
    is_signed_in: bool


@dataclass
class PasswordRefusals:
    """Attempts whose server refused the environment's password: servers lock after several."""

    _entries: OrderedDict[UUID, int] = field(default_factory=OrderedDict)

    def needs_person(self, id: UUID, attempt: int) -> bool:
        return self._entries.get(id) == attempt

    def record(self, id: UUID, attempt: int) -> None:
        self._entries[id] = attempt
        self._entries.move_to_end(id)
        while len(self._entries) > MAX_ENTRIES:
            self._entries.popitem(last=False)


async def connect(
    refusals: PasswordRefusals, id: UUID, attempt: int, address: Address, password: str
) -> VncConnection:
    """Connect, authenticated with the environment's password if the server accepts it."""
    if refusals.needs_person(id, attempt):
        return await _unauthenticated(address)
    reader, writer = await _open(address)
    try:
        async with asyncio.timeout(SIGN_IN_SECONDS):
            await sign_in(reader, writer, password)
        return VncConnection(reader, writer, is_signed_in=True)
    except (_NeedsPerson, _ServerRefuses) as error:
        writer.close()
        if isinstance(error, _NeedsPerson):
            refusals.record(id, attempt)
        return await _unauthenticated(address)
    except (OSError, EOFError, TimeoutError, NotVnc) as error:
        writer.transport.abort()
        raise NoVncServer(type(error).__name__) from error


async def sign_in(reader: StreamReader, writer: StreamWriter, password: str) -> None:
    """Run the handshake up to ClientInit."""
    minor = rfb.negotiated_version(await reader.readexactly(rfb.GREETING_LENGTH))
    writer.write(minor.greeting)
    offered = await _offered(reader, minor)
    security = rfb.choose_security(offered, has_password=bool(password))
    if security is None:
        raise _NeedsPerson
    if minor is not Minor.THREE:
        writer.write(bytes([security]))
    if security is Security.PASSWORD:
        challenge = await reader.readexactly(rfb.CHALLENGE_LENGTH)
        writer.write(challenge_response(challenge, password))
    elif minor is not Minor.EIGHT:
        return  # these versions send no SecurityResult without authentication
    if await reader.readexactly(len(rfb.SECURITY_OK)) != rfb.SECURITY_OK:
        raise _NeedsPerson


async def _offered(reader: StreamReader, minor: Minor) -> list[int]:
    if minor is Minor.THREE:
        chosen = int.from_bytes(await reader.readexactly(4), "big")
        offered = [chosen] if chosen else []
    else:
        offered = list(await reader.readexactly((await reader.readexactly(1))[0]))
    if not offered:
        raise _ServerRefuses
    return offered


async def _unauthenticated(address: Address) -> VncConnection:
    reader, writer = await _open(address)
    return VncConnection(reader, writer, is_signed_in=False)


async def _open(address: Address) -> tuple[StreamReader, StreamWriter]:
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            return await asyncio.open_connection(address.host, address.host_port, limit=CHUNK_BYTES)
    except (OSError, TimeoutError) as error:
        raise NoVncServer(type(error).__name__) from error


async def abort(connection: VncConnection) -> None:
    """Close it and drop unsent data."""
    connection.writer.transport.abort()
    with suppress(OSError):
        await connection.writer.wait_closed()
