"""Who is inside which environment; and the loop that notices when one is no longer there."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from typing import Protocol
from uuid import UUID

from prometheus_client import Gauge

from mydocker_kit.clients.api import ApiClient

from .domain.sentences import Say

AT_ONCE = 5000
"""Environments one question may name."""


class Guest(Protocol):
    """Somebody inside an environment."""

    @property
    def attempt(self) -> int: ...
    @property
    def touched(self) -> float:
        """When something last passed, on the loop's clock."""

    def end(self, say: Say) -> None:
        """Say why, then close."""


class Book:
    """Guests by environment."""

    def __init__(self, most_each: int, count: Gauge) -> None:
        self._most_each, self._count = most_each, count
        self._guests: dict[UUID, set[Guest]] = defaultdict(set)

    def is_full(self, id: UUID) -> bool:
        return len(self._guests.get(id, ())) >= self._most_each

    def enter(self, id: UUID, guest: Guest) -> bool:
        """Note a guest; false when the environment has as many as it may."""
        if self.is_full(id):
            return False
        self._guests[id].add(guest)
        self._count.inc()
        return True

    def leave(self, id: UUID, guest: Guest) -> None:
        guests = self._guests.get(id, set())
        if guest in guests:
            guests.discard(guest)
            self._count.dec()
        if not guests:
            self._guests.pop(id, None)

    def everybody(self) -> Iterator[tuple[UUID, Guest]]:
        """A copy: guests leave while it is read."""
        return iter([(id, one) for id, guests in self._guests.items() for one in guests])

    async def look(self, api: ApiClient, idle_seconds: float) -> None:
        """End the visits of environments that stopped or started anew, and the silent ones.

        While api is away nobody is sent out: environments go on without it.
        """
        now = asyncio.get_running_loop().time()
        for _, guest in self.everybody():
            if now - guest.touched > idle_seconds:
                guest.end(Say.IDLE)
        # Only they: who comes meanwhile may be in an environment that started anew since.
        guests, ids = list(self.everybody()), list(self._guests)
        present = {
            one.environment_id: one.attempt
            for start in range(0, len(ids), AT_ONCE)
            for one in await api.ssh_present(ids[start : start + AT_ONCE])
        }
        for id, guest in guests:
            if present.get(id) != guest.attempt:
                guest.end(Say.RESTARTED if present.get(id, 0) > guest.attempt else Say.ENDED)

    def end_all(self, say: Say) -> None:
        for _, guest in self.everybody():
            guest.end(say)
