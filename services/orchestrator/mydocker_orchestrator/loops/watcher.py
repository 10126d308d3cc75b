"""Wakes the reconciler at Docker events; a lost event costs seconds, never correctness."""

import asyncio

from mydocker_kit.docker.errors import EngineError
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.notify import Wakeup

from ..swarm.interface import SwarmClient

log = get_logger()
_RELEVANT = frozenset({"start", "die", "oom", "create", "update", "remove", "destroy"})


async def watch(swarm: SwarmClient, wakeup: Wakeup) -> None:
    """Follow the event stream for ever, reconnecting; wake at each relevant event."""
    while True:
        try:
            async for action in swarm.events():
                if action in _RELEVANT:
                    wakeup.set()
        except EngineError as error:
            log.warning("watcher.reconnecting", error=error)
        await asyncio.sleep(1)
