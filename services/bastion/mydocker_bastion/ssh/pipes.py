"""Pairs of channel ends, to the person and into the environment: data of one goes to the other."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import asyncssh

OnActivity = Callable[[], None]


class PipeEnd(asyncssh.SSHTCPSession[bytes]):
    """One end of a pair. With backpressure: while the peer cannot write, this end does not read."""

    def __init__(self, on_activity: OnActivity) -> None:
        self._on_activity = on_activity
        self.channel: Any = None
        """Any channel of asyncssh: these have no common type."""
        self.peer: PipeEnd | None = None
        self._early: list[tuple[bytes, int | None]] = []
        """Data from before the peer was connected; the channel's window bounds it."""
        self._early_eof = False
        self.is_closed = False

    def connection_made(self, chan: Any) -> None:
        self.channel = chan
        if self.peer is not None:
            self.peer.flush_early()

    def data_received(self, data: bytes, datatype: int | None = None) -> None:
        self._on_activity()
        if self._is_connected():
            self._forward(data, datatype)
        else:
            self._early.append((data, datatype))

    def eof_received(self) -> bool:
        """Keep a half-closed channel open: the peer may still send."""
        self._early_eof = True
        self.flush_early()
        return True

    def pause_writing(self) -> None:
        if self._is_connected():
            self.peer_channel.pause_reading()

    def resume_writing(self) -> None:
        if self._is_connected():
            self.peer_channel.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        self.channel, self.is_closed = None, True
        if self.peer is not None:
            self.peer.on_peer_closed()

    def on_peer_closed(self) -> None:
        """Close this end, since the peer has closed."""
        if self.channel is not None:
            self.channel.close()

    def flush_early(self) -> None:
        """Forward data from before the peer was connected."""
        if not self._is_connected():
            return
        waiting, self._early = self._early, []
        for data, datatype in waiting:
            self._forward(data, datatype)
        if self._early_eof:
            with suppress(OSError):
                self.peer_channel.write_eof()

    def _is_connected(self) -> bool:
        return self.peer is not None and self.peer.channel is not None

    @property
    def peer_channel(self) -> Any:
        return self.peer.channel if self.peer is not None else None

    def _forward(self, data: bytes, datatype: int | None) -> None:
        with suppress(OSError):  # the peer has just closed
            self.peer_channel.write(data, datatype)


def join(first: PipeEnd, second: PipeEnd) -> None:
    """Make two ends a pair, and forward early data."""
    first.peer, second.peer = second, first
    first.flush_early()
    second.flush_early()
    for end, peer in ((first, second), (second, first)):
        if end.is_closed:
            peer.on_peer_closed()
