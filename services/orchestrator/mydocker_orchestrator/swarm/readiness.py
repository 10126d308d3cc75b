"""Does a port answer? Asked only of containers that run, briefly, and less often each time."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from mydocker_kit.contracts.environments import Address, Port, PortKind

from ..domain.planner import Answered

FIRST_PATIENCE, _MOST_PATIENCE, _MORE_PATIENCE = 0.1, 2.0, 1.3
"""Seconds for an answer. A question sent too early would wait 1 s for ARP, behind a docker-proxy
that has accepted already: better to give up and ask again. A slow first page gets more each time.
"""
_FIRST_PAUSE, _LAST_PAUSE, _GROWTH = 0.01, 0.5, 1.3
_HOLDS = frozenset({PortKind.VNC})
"""Whose questions all wait as long as the last: a VNC server that is slow to begin counts each one
that left, takes us for somebody who guesses, and shuts for the bastion too (TigerVNC: after five).
"""
_AT_ONCE = 64
_NOT_YET = frozenset({b"502", b"503", b"410"})
_BANNERS = {PortKind.SSH: b"SSH-", PortKind.VNC: b"RFB"}


@dataclass(frozen=True)
class Target:
    """One required port of one attempt, and where it is reached."""

    id: UUID
    attempt: int
    port: Port
    address: Address

    @property
    def key(self) -> Answered:
        return (self.id, self.attempt, self.port.number)


class Prober:
    """Asks many ports without overloading anything; `answered` is what it knows."""

    def __init__(self, on_answer: Callable[[], None]) -> None:
        self.answered: set[Answered] = set()
        self._on_answer = on_answer
        self._asking: dict[Target, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(_AT_ONCE)

    def keep(self, targets: set[Target]) -> None:
        """Ask these and no others; what answered stays known as long as it is a target."""
        for target in self._asking.keys() - targets:
            self._asking.pop(target).cancel()
        self.answered &= {target.key for target in targets}
        for target in targets - self._asking.keys():
            self._asking[target] = asyncio.create_task(self._ask(target))

    def stop(self) -> None:
        self.keep(set())

    async def _ask(self, target: Target) -> None:
        pause = _FIRST_PAUSE
        patience = _MOST_PATIENCE if target.port.kind in _HOLDS else FIRST_PATIENCE
        while True:
            async with self._slots:
                if await answers(target.port.kind, target.address, patience):
                    break
            await asyncio.sleep(pause)
            pause = min(_LAST_PAUSE, pause * _GROWTH)
            patience = min(_MOST_PATIENCE, patience * _MORE_PATIENCE)
        self.answered.add(target.key)
        self._on_answer()


async def answers(kind: PortKind, address: Address, patience: float = FIRST_PATIENCE) -> bool:
    """Whether something that speaks `kind` answers there now."""
    try:
        async with asyncio.timeout(FIRST_PATIENCE):
            reader, writer = await asyncio.open_connection(address.host, address.host_port)
    except (OSError, TimeoutError):
        return False
    try:
        async with asyncio.timeout(patience):
            if kind is PortKind.WEB:
                return await _serves_pages(reader, writer, address.host)
            if kind in _BANNERS:
                banner = _BANNERS[kind]
                return await reader.readexactly(len(banner)) == banner
        return await _stays_open(reader)
    except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError):
        return False
    finally:
        writer.transport.abort()


async def _stays_open(reader: asyncio.StreamReader) -> bool:
    """docker-proxy accepts before the process listens, and then closes at once."""
    try:
        async with asyncio.timeout(FIRST_PATIENCE):
            return bool(await reader.read(1))
    except TimeoutError:
        return True


async def _serves_pages(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str
) -> bool:
    writer.write(
        f"GET / HTTP/1.1\r\nHost: {host}\r\nUser-Agent: mydocker-readiness\r\n"
        "Accept: */*\r\nConnection: close\r\n\r\n".encode()
    )
    await writer.drain()
    words = (await reader.readline()).split(None, 2)
    return len(words) >= 2 and words[0].startswith(b"HTTP/") and words[1] not in _NOT_YET
