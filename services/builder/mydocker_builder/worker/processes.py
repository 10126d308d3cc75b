"""Ends a build whose processes stay at their limit.

The kernel refuses further processes, but a fork bomb goes on trying. Where this process sees the
control groups of builds (`deploy/build-engine/limits.sh`), it looks each second; elsewhere the time
limit ends such a build.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from pathlib import Path

from ..domain.buildkit import BuildKitEvent

_ROOT = Path("/sys/fs/cgroup")
_INTERVAL = 1.0
_PATIENCE = 10
"""Looks in a row at which the group is full: a parallel compiler is, too, but not for so long."""


class TooManyProcesses(Exception):
    """The build had as many processes as it may have for too long."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class ProcessExcess:
    """Watches the control group of one build."""

    def __init__(self, cgroup: str, root: Path = _ROOT) -> None:
        v1 = root / "pids"
        self._folder = (v1 if v1.is_dir() else root) / cgroup.lstrip("/")

    async def limit(self) -> int:
        """The limit, once the group was full for too long; never returns otherwise."""
        full = 0
        while True:
            current, limit = self._read("pids.current"), self._read("pids.max")
            full = full + 1 if limit and current >= limit else 0
            if full > _PATIENCE:
                return limit
            await asyncio.sleep(_INTERVAL)

    def _read(self, name: str) -> int:
        with suppress(OSError, ValueError):
            return int((self._folder / name).read_text())
        return 0  # unlimited ("max"), or not to be seen from here


async def ended_by(
    excess: ProcessExcess, events: AsyncGenerator[BuildKitEvent, None]
) -> AsyncIterator[BuildKitEvent]:
    """The events, or `TooManyProcesses` as soon as the group was full for too long."""
    watching = asyncio.create_task(excess.limit())
    try:
        while True:
            following = asyncio.ensure_future(anext(events, None))
            try:
                await asyncio.wait((following, watching), return_when=asyncio.FIRST_COMPLETED)
            finally:
                if not following.done():  # the events are closed only once nobody waits for one
                    following.cancel()
                    await asyncio.wait((following,))
            if following.cancelled():
                raise TooManyProcesses(watching.result())
            event = following.result()
            if event is None:
                return
            yield event
    finally:
        watching.cancel()
