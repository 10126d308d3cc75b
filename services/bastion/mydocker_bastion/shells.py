"""Shells, commands and subsystems: asked for by a person, run by the environment."""

from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

import asyncssh

from .metrics import CHANNELS
from .pipes import End, Pulse, join

Open = Callable[[], Awaitable[asyncssh.SSHClientConnection]]
Spawn = Callable[[Coroutine[Any, Any, None]], None]
ENDED = 254
"""Exit status of a shell that the platform ended; 255 is the client's own for a lost connection."""


class Inner(End, asyncssh.SSHClientSession[bytes]):
    """The end inside the environment; remembers how the program ended."""

    def __init__(self, pulse: Pulse) -> None:
        super().__init__(pulse)
        self.status: int | None = None
        self.signal: tuple[str, bool, str, str] | None = None

    def exit_status_received(self, status: int) -> None:
        # Told to the person when the channel closes: output may still be on its way.
        self.status = status

    def exit_signal_received(self, signal: str, core_dumped: bool, msg: str, lang: str) -> None:
        self.signal = (signal, core_dumped, msg, lang)


class Outer(End, asyncssh.SSHServerSession[bytes]):
    """The person's end: takes the wishes, then opens the same inside the environment."""

    def __init__(self, opened: Open, spawn: Spawn, pulse: Pulse) -> None:
        super().__init__(pulse)
        self._opened, self._spawn = opened, spawn
        self._inner = Inner(pulse)
        self._pty = False
        self._command: str | None = None
        self._subsystem: str | None = None
        self.is_over = False
        self.is_closed = False

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
        self._spawn(self._open_inside())

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
        self.is_closed = True
        super().connection_lost(exc)

    def let_go(self) -> None:
        """What ran inside has ended: say how."""
        if self.channel is None or self.is_over:
            return
        if self._inner.status is not None:
            self.channel.exit(self._inner.status)
        elif self._inner.signal is not None:
            self.channel.exit_with_signal(*self._inner.signal)
        else:
            # Most likely the environment is going: the visit gives the reason, then closes.
            self._spawn(self._close_later())

    def tell(self, text: str) -> None:
        """A last sentence, on the error output; then the end."""
        if self.channel is None or self.is_over:
            return
        self.is_over = True
        with suppress(OSError):
            self.channel.write(f"\r\n{text}\r\n".encode(), asyncssh.EXTENDED_DATA_STDERR)
            self.channel.exit(ENDED)

    async def _close_later(self) -> None:
        await self._opened()  # waits for the reason, and raises, when the connection is lost
        if self.channel is not None:
            self.channel.close()

    async def _open_inside(self) -> None:
        kind = "shell" if self._command is None and self._subsystem is None else "exec"
        kind = "subsystem" if self._subsystem else kind
        try:
            inside = await self._opened()
            await inside.create_session(lambda: self._inner, **self._wishes())
            # Not before: an end of input that comes ahead of the command makes dropbear refuse it.
            join(self, self._inner)
        except (asyncssh.Error, OSError) as error:
            CHANNELS.labels(kind, "refused").inc()
            self.tell(str(error))
            return
        CHANNELS.labels(kind, "opened").inc()

    def _wishes(self) -> dict[str, Any]:
        asked = self.channel
        pty: dict[str, Any] = {"request_pty": False}
        if self._pty:
            pty = {
                "request_pty": "force",
                "term_type": asked.get_terminal_type(),
                "term_size": asked.get_terminal_size(),
                "term_modes": asked.get_terminal_modes(),
            }
        return {
            **pty,
            "command": self._command,
            "subsystem": self._subsystem,
            "env": asked.get_environment_bytes(),
            "send_env": None,
            "x11_forwarding": False,
            "encoding": None,
        }
