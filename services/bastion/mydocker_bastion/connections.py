"""Registry of the connections into each environment, and the check that closes stale ones."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from typing import Protocol
from uuid import UUID

from prometheus_client import Gauge

from mydocker_kit.clients.api import ApiClient

from .domain.notices import Notice

BATCH = 5000
"""Environments that one presence request may name."""


class Connection(Protocol):
    """A person's connection into an environment."""

    @property
    def attempt(self) -> int: ...
    @property
    def web_session_id(self) -> UUID | None:
        """The web session that opened it; None where it was opened by SSH."""

    @property
    def last_active(self) -> float:
        """When data last passed, on the loop's clock."""

    def end(self, notice: Notice) -> None:
        """Show why, then close."""


class ConnectionRegistry:
    """Connections by environment, with a limit for each."""

    def __init__(self, limit: int, gauge: Gauge) -> None:
        self._limit, self._gauge = limit, gauge
        self._connections: dict[UUID, set[Connection]] = defaultdict(set)

    def is_full(self, id: UUID) -> bool:
        return len(self._connections.get(id, ())) >= self._limit

    def add(self, id: UUID, connection: Connection) -> bool:
        """Register a connection; False when the environment is at its limit."""
        if self.is_full(id):
            return False
        self._connections[id].add(connection)
        self._gauge.inc()
        return True

    def remove(self, id: UUID, connection: Connection) -> None:
        connections = self._connections.get(id, set())
        if connection in connections:
            connections.discard(connection)
            self._gauge.dec()
        if not connections:
            self._connections.pop(id, None)

    def all(self) -> Iterator[tuple[UUID, Connection]]:
        """Iterate over a copy: connections end during the iteration."""
        return iter(
            [
                (id, connection)
                for id, connections in self._connections.items()
                for connection in connections
            ]
        )

    async def close_stale(self, api: ApiClient, idle_seconds: float) -> None:
        """Close idle connections, and those of environments that stopped or restarted.

        While api is away no connection is closed: environments run on without it.
        """
        now = asyncio.get_running_loop().time()
        for _, connection in self.all():
            if now - connection.last_active > idle_seconds:
                connection.end(Notice.IDLE)
        # Only these: a later connection may be in an environment that restarted meanwhile.
        connections, ids = list(self.all()), list(self._connections)
        present = {
            presence.environment_id: presence.attempt
            for start in range(0, len(ids), BATCH)
            for presence in await api.ssh_present(ids[start : start + BATCH])
        }
        for id, connection in connections:
            if present.get(id) != connection.attempt:
                has_restarted = present.get(id, 0) > connection.attempt
                connection.end(Notice.RESTARTED if has_restarted else Notice.ENDED)

    async def close_signed_out(self, api: ApiClient) -> None:
        """Close the connections of web sessions that are over; none while api is away."""
        connections = [connection for _, connection in self.all() if connection.web_session_id]
        ids = list({id for connection in connections if (id := connection.web_session_id)})
        for start in range(0, len(ids), BATCH):
            ended = set(await api.ended_web_sessions(ids[start : start + BATCH]))
            for connection in connections:
                if connection.web_session_id in ended:
                    connection.end(Notice.SIGNED_OUT)

    def close_all(self, notice: Notice) -> None:
        for _, connection in self.all():
            connection.end(notice)
