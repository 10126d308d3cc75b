"""Shells and tunnels of one visit: how they are opened, and how many there may be at once."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import asyncssh

from mydocker_kit.contracts.environments import Address

from . import tunnels
from .domain.sentences import Say
from .metrics import CHANNELS
from .pipes import End, Pulse, join
from .shells import Open, Outer, Spawn

Create = Callable[[asyncssh.SSHClientConnection, Callable[[], Any]], Awaitable[Any]]
"""Opens a channel in the environment, whose end is what the second argument makes."""


class Ended(asyncssh.Error):
    """The visit is over; the text says why."""

    def __init__(self, text: str) -> None:
        super().__init__(asyncssh.DISC_BY_APPLICATION, text)


class Channels:
    """What one person has open in an environment."""

    def __init__(
        self, most: int, inside: Open, spawn: Spawn, pulse: Pulse, text: Callable[[Say], str]
    ) -> None:
        self._most, self._inside, self._spawn = most, inside, spawn
        self._pulse, self._text = pulse, text
        self._shells: set[Outer] = set()
        self._tunnels: set[End] = set()
        """Their ends inside the environment, from the wish on."""

    def shell(self) -> Outer | None:
        """A shell, a command or a subsystem; None when there are too many."""
        if self._is_crowded():
            return None
        outer = Outer(self._inside, self._spawn, self._pulse)
        self._shells.add(outer)
        return outer

    async def piped(self, create: Create) -> End:
        """A tunnel that the environment's own SSH server opens."""
        outer, inner = End(self._pulse), End(self._pulse)
        join(outer, inner)
        with self._opening(inner):
            try:
                await create(await self._inside(), lambda: inner)
            except (Ended, OSError) as error:
                code = asyncssh.OPEN_CONNECT_FAILED
                raise asyncssh.ChannelOpenError(code, str(error)) from error
        return outer

    async def wired(self, address: Address) -> End:
        """A tunnel that we open ourselves, where nothing inside could."""
        outer, inner = End(self._pulse), tunnels.Wire(self._pulse)
        with self._opening(inner):
            await tunnels.opened(outer, inner, address)
        return outer

    def forbid(self, say: Say) -> NoReturn:
        """No tunnel, and why."""
        CHANNELS.labels("tunnel", "forbidden").inc()
        code = asyncssh.OPEN_ADMINISTRATIVELY_PROHIBITED
        raise asyncssh.ChannelOpenError(code, self._text(say))

    def tell(self, text: str) -> None:
        """A last word to every shell."""
        for shell in self._shells:
            shell.tell(text)

    @contextmanager
    def _opening(self, inner: End) -> Iterator[None]:
        """One tunnel more, unless there are as many channels as a connection may have."""
        if self._is_crowded():
            self.forbid(Say.CROWDED)
        self._tunnels.add(inner)
        try:
            yield
        except BaseException as error:
            self._tunnels.discard(inner)
            if isinstance(error, asyncssh.ChannelOpenError):
                CHANNELS.labels("tunnel", "refused").inc()
            raise
        CHANNELS.labels("tunnel", "opened").inc()

    def _is_crowded(self) -> bool:
        self._shells = {one for one in self._shells if not one.is_closed}
        self._tunnels = {one for one in self._tunnels if not one.is_gone}
        return len(self._shells) + len(self._tunnels) >= self._most
