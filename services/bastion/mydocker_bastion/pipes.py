"""Pairs of channels, to the person and into the environment: what enters one leaves the other."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import asyncssh

Pulse = Callable[[], None]


class End(asyncssh.SSHTCPSession[bytes]):
    """One end of a pair. Where the other side is slow to take, this one stops reading."""

    def __init__(self, pulse: Pulse) -> None:
        self._pulse = pulse
        self.channel: Any = None
        """Any channel of asyncssh: it has no common type for what we need."""
        self.other: End | None = None
        self._early: list[tuple[bytes, int | None]] = []
        """What came before the other end was there; a channel's window bounds it."""
        self._early_eof = False
        self.is_gone = False

    def connection_made(self, chan: Any) -> None:
        self.channel = chan
        if self.other is not None:
            self.other.hand_over()

    def data_received(self, data: bytes, datatype: int | None = None) -> None:
        self._pulse()
        if self._is_joined():
            self._pass_on(data, datatype)
        else:
            self._early.append((data, datatype))

    def eof_received(self) -> bool:
        """The other side may go on: a half-closed channel stays open."""
        self._early_eof = True
        self.hand_over()
        return True

    def pause_writing(self) -> None:
        if self._is_joined():
            self.other_channel.pause_reading()

    def resume_writing(self) -> None:
        if self._is_joined():
            self.other_channel.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        self.channel, self.is_gone = None, True
        if self.other is not None:
            self.other.let_go()

    def let_go(self) -> None:
        """The other end is gone."""
        if self.channel is not None:
            self.channel.close()

    def hand_over(self) -> None:
        """Pass on what waited for the other end."""
        if not self._is_joined():
            return
        waiting, self._early = self._early, []
        for data, datatype in waiting:
            self._pass_on(data, datatype)
        if self._early_eof:
            with suppress(OSError):
                self.other_channel.write_eof()

    def _is_joined(self) -> bool:
        return self.other is not None and self.other.channel is not None

    @property
    def other_channel(self) -> Any:
        return self.other.channel if self.other is not None else None

    def _pass_on(self, data: bytes, datatype: int | None) -> None:
        with suppress(OSError):  # the other side has just closed
            self.other_channel.write(data, datatype)


def join(one: End, other: End) -> None:
    """Make a pair of two ends, and let through what waited."""
    one.other, other.other = other, one
    one.hand_over()
    other.hand_over()
    for end, its_other in ((one, other), (other, one)):
        if end.is_gone:
            its_other.let_go()
