"""Docker's events ring the bell; a lost one costs seconds, never correctness."""

import asyncio

from mydocker_kit.logging import get_logger
from mydocker_kit.notify import Bell

from ..swarm.interface import EngineError, SwarmDoor

log = get_logger()
_TELLING = frozenset({"start", "die", "oom", "create", "update", "remove", "destroy"})


async def watch(swarm: SwarmDoor, bell: Bell) -> None:
    """Ring for every event that may concern us, for ever, reconnecting."""
    while True:
        try:
            async for action in swarm.events():
                if action in _TELLING:
                    bell.ring()
        except EngineError as error:
            log.warning("watcher.reconnecting", error=error)
        await asyncio.sleep(1)
