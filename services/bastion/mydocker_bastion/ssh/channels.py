"""The channels of one SSH connection: how shells and tunnels are opened, with a common limit."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import asyncssh

from mydocker_kit.contracts.orchestrator.environments import Address

from ..domain.notices import Notice
from ..metrics import CHANNELS
from . import tunnels
from .pipes import OnActivity, PipeEnd, join
from .shells import ClientSession, Spawn, Upstream

CreateChannel = Callable[[asyncssh.SSHClientConnection, Callable[[], Any]], Awaitable[Any]]
"""Opens a channel in the environment; the second argument makes its end."""


class ConnectionEnded(asyncssh.Error):
    """The connection has ended; the text says why."""

    def __init__(self, text: str) -> None:
        super().__init__(asyncssh.DISC_BY_APPLICATION, text)


class Channels:
    """The open channels of one connection."""

    def __init__(
        self,
        limit: int,
        upstream: Upstream,
        spawn: Spawn,
        on_activity: OnActivity,
        text: Callable[[Notice], str],
    ) -> None:
        self._limit, self._upstream, self._spawn = limit, upstream, spawn
        self._on_activity, self._text = on_activity, text
        self._shells: set[ClientSession] = set()
        self._tunnels: set[PipeEnd] = set()
        """Their ends in the environment, from the request on."""

    def open_shell(self) -> ClientSession | None:
        """A shell, a command or a subsystem; None at the limit."""
        if self._is_full():
            return None
        session = ClientSession(self._upstream, self._spawn, self._on_activity)
        self._shells.add(session)
        return session

    async def open_by_server(self, create: CreateChannel) -> PipeEnd:
        """A tunnel that the environment's own SSH server opens."""
        outer, inner = PipeEnd(self._on_activity), PipeEnd(self._on_activity)
        join(outer, inner)
        with self._opening(inner):
            try:
                await create(await self._upstream(), lambda: inner)
            except (ConnectionEnded, OSError) as error:
                code = asyncssh.OPEN_CONNECT_FAILED
                raise asyncssh.ChannelOpenError(code, str(error)) from error
        return outer

    async def open_by_tcp(self, address: Address) -> PipeEnd:
        """A tunnel that the bastion opens itself, into an environment without an SSH server."""
        outer, inner = PipeEnd(self._on_activity), tunnels.TcpEnd(self._on_activity)
        with self._opening(inner):
            await tunnels.open_tunnel(outer, inner, address)
        return outer

    def refuse(self, notice: Notice) -> NoReturn:
        """Refuse a tunnel with this notice."""
        CHANNELS.labels("tunnel", "forbidden").inc()
        code = asyncssh.OPEN_ADMINISTRATIVELY_PROHIBITED
        raise asyncssh.ChannelOpenError(code, self._text(notice))

    def end_shells(self, text: str) -> None:
        """End every shell with this message."""
        for session in self._shells:
            session.end_with(text)

    @contextmanager
    def _opening(self, inner: PipeEnd) -> Iterator[None]:
        """Count a tunnel, or refuse it at the limit."""
        if self._is_full():
            self.refuse(Notice.CROWDED)
        self._tunnels.add(inner)
        try:
            yield
        except BaseException as error:
            self._tunnels.discard(inner)
            if isinstance(error, asyncssh.ChannelOpenError):
                CHANNELS.labels("tunnel", "refused").inc()
            raise
        CHANNELS.labels("tunnel", "opened").inc()

    def _is_full(self) -> bool:
        self._shells = {session for session in self._shells if not session.is_disconnected}
        self._tunnels = {tunnel for tunnel in self._tunnels if not tunnel.is_closed}
        return len(self._shells) + len(self._tunnels) >= self._limit
