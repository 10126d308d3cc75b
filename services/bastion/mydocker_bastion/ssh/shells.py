"""Shells, commands and subsystems: requested by a person, run by the environment."""

from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

import asyncssh

from ..metrics import CHANNELS
from .pipes import OnActivity, PipeEnd, join

Upstream = Callable[[], Awaitable[asyncssh.SSHClientConnection]]
Spawn = Callable[[Coroutine[Any, Any, None]], None]
ENDED = 254
"""Exit status of a shell that the platform ended; 255 is the client's own for a lost connection."""


class UpstreamSession(PipeEnd, asyncssh.SSHClientSession[bytes]):
    """The end in the environment; remembers how the program ended."""

    def __init__(self, on_activity: OnActivity) -> None:
        super().__init__(on_activity)
        self.status: int | None = None
        self.signal: tuple[str, bool, str, str] | None = None

    def exit_status_received(self, status: int) -> None:
        # Sent to the person when the channel closes: output may still arrive.
        self.status = status

    def exit_signal_received(self, signal: str, core_dumped: bool, msg: str, lang: str) -> None:
        self.signal = (signal, core_dumped, msg, lang)


class ClientSession(PipeEnd, asyncssh.SSHServerSession[bytes]):
    """The person's end: collects the requests, then opens the same session in the environment."""

    def __init__(self, upstream: Upstream, spawn: Spawn, on_activity: OnActivity) -> None:
        super().__init__(on_activity)
        self._upstream, self._spawn = upstream, spawn
        self._inner = UpstreamSession(on_activity)
        self._pty = False
        self._command: str | None = None
        self._subsystem: str | None = None
        self.is_ended = False
        self.is_disconnected = False

    def pty_requested(self, term_type: Any, term_size: Any, term_modes: Any) -> bool:
        self._pty = True
        return True

    def shell_requested(self) -> bool:
        return True

    def exec_requested(self, command: str) -> bool:
        self._command = command
        return True

    def subsystem_requested(self, subsystem: str) -> bool:
        self._subsystem = subsystem
        return True

    def session_started(self) -> None:
        self._spawn(self._open_upstream())

    def terminal_size_changed(self, width: int, height: int, pixwidth: int, pixheight: int) -> None:
        if self._inner.channel is not None:
            self._inner.channel.change_terminal_size(width, height, pixwidth, pixheight)

    def signal_received(self, signal: str) -> None:
        if self._inner.channel is not None:
            with suppress(ValueError, OSError):
                self._inner.channel.send_signal(signal)

    def break_received(self, msec: int) -> bool:
        if self._inner.channel is None:
            return False
        self._inner.channel.send_break(msec)
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_disconnected = True
        super().connection_lost(exc)

    def on_peer_closed(self) -> None:
        """Pass on how the program in the environment ended."""
        if self.channel is None or self.is_ended:
            return
        if self._inner.status is not None:
            self.channel.exit(self._inner.status)
        elif self._inner.signal is not None:
            self.channel.exit_with_signal(*self._inner.signal)
        else:
            # Probably the environment is stopping: the connection shows the reason, then closes.
            self._spawn(self._close_later())

    def end_with(self, text: str) -> None:
        """Write a message to the error output, then end the session."""
        if self.channel is None or self.is_ended:
            return
        self.is_ended = True
        with suppress(OSError):
            self.channel.write(f"\r\n{text}\r\n".encode(), asyncssh.EXTENDED_DATA_STDERR)
            self.channel.exit(ENDED)

    async def _close_later(self) -> None:
        await self._upstream()  # waits for the reason, and raises, when the connection is lost
        if self.channel is not None:
            self.channel.close()

    async def _open_upstream(self) -> None:
        kind = "shell" if self._command is None and self._subsystem is None else "exec"
        kind = "subsystem" if self._subsystem else kind
        try:
            connection = await self._upstream()
            await connection.create_session(lambda: self._inner, **self._session_options())
            # Not before: dropbear refuses a command that arrives after an end of input.
            join(self, self._inner)
        except (asyncssh.Error, OSError) as error:
            CHANNELS.labels(kind, "refused").inc()
            self.end_with(str(error))
            return
        CHANNELS.labels(kind, "opened").inc()

    def _session_options(self) -> dict[str, Any]:
        requested = self.channel
        pty: dict[str, Any] = {"request_pty": False}
        if self._pty:
            pty = {
                "request_pty": "force",
                "term_type": requested.get_terminal_type(),
                "term_size": requested.get_terminal_size(),
                "term_modes": requested.get_terminal_modes(),
            }
        return {
            **pty,
            "command": self._command,
            "subsystem": self._subsystem,
            "env": requested.get_environment_bytes(),
            "send_env": None,
            "x11_forwarding": False,
            "encoding": None,
        }
