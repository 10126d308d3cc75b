"""The connection from the bridge to a VNC server, signed in with the environment's password."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

from mydocker_kit.contracts.environments import Address

from .domain import rfb
from .domain.rfb import Minor, NotVnc, Security

CONNECT_SECONDS = 5.0
SIGN_IN_SECONDS = 15.0
AT_ONCE = 65_536
"""Bytes read in one breath; what the other side has not taken yet stays with the server."""
MOST_REMEMBERED = 20_000


class Silent(Exception):
    """Nothing that speaks VNC answers there."""


class _NotOurs(Exception):
    """The server wants something that only the person has."""


class _TurnedAway(Exception):
    """The server takes nobody now; it will say why to the person."""


@dataclass(frozen=True)
class Line:
    """An open connection; unless signed in, nothing has been said on it yet."""

    reader: StreamReader
    writer: StreamWriter
    is_signed_in: bool


@dataclass
class Known:
    """Where our password is none: environments by attempt. Servers count wrong ones and shut."""

    _seen: OrderedDict[UUID, int] = field(default_factory=OrderedDict)

    def asks_person(self, id: UUID, attempt: int) -> bool:
        return self._seen.get(id) == attempt

    def note(self, id: UUID, attempt: int) -> None:
        self._seen[id] = attempt
        self._seen.move_to_end(id)
        while len(self._seen) > MOST_REMEMBERED:
            self._seen.popitem(last=False)


async def line(known: Known, id: UUID, attempt: int, address: Address, password: str) -> Line:
    """To the desktop: signed in where the environment's password does it, else from the start."""
    if known.asks_person(id, attempt):
        return await _fresh(address)
    reader, writer = await _connected(address)
    try:
        async with asyncio.timeout(SIGN_IN_SECONDS):
            await signed_in(reader, writer, password)
        return Line(reader, writer, is_signed_in=True)
    except (_NotOurs, _TurnedAway) as error:
        writer.close()
        if isinstance(error, _NotOurs):
            known.note(id, attempt)
        return await _fresh(address)
    except (OSError, EOFError, TimeoutError, NotVnc) as error:
        writer.transport.abort()
        raise Silent(type(error).__name__) from error


async def signed_in(reader: StreamReader, writer: StreamWriter, password: str) -> None:
    """Go through the server's opening until it waits for the first word about the screen."""
    minor = rfb.spoken(await reader.readexactly(rfb.GREETING_LENGTH))
    writer.write(minor.greeting)
    way = rfb.way_in(await _offered(reader, minor), has_password=bool(password))
    if way is None:
        raise _NotOurs
    if minor is not Minor.THREE:
        writer.write(bytes([way]))
    if way is Security.PASSWORD:
        challenge = await reader.readexactly(rfb.CHALLENGE_LENGTH)
        writer.write(rfb.answer(challenge, password))
    elif minor is not Minor.EIGHT:
        return  # nothing was asked, and no result is told
    if await reader.readexactly(len(rfb.GOOD)) != rfb.GOOD:
        raise _NotOurs


async def _offered(reader: StreamReader, minor: Minor) -> list[int]:
    if minor is Minor.THREE:
        chosen = int.from_bytes(await reader.readexactly(4), "big")
        offered = [chosen] if chosen else []
    else:
        offered = list(await reader.readexactly((await reader.readexactly(1))[0]))
    if not offered:
        raise _TurnedAway
    return offered


async def _fresh(address: Address) -> Line:
    reader, writer = await _connected(address)
    return Line(reader, writer, is_signed_in=False)


async def _connected(address: Address) -> tuple[StreamReader, StreamWriter]:
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            return await asyncio.open_connection(address.host, address.host_port, limit=AT_ONCE)
    except (OSError, TimeoutError) as error:
        raise Silent(type(error).__name__) from error


async def hung_up(one: Line) -> None:
    """Close it, whatever is still to be sent."""
    one.writer.transport.abort()
    with suppress(OSError):
        await one.writer.wait_closed()
