"""Follows the builder's change stream and publishes the changes to the authors of Builds."""

import asyncio

from mydocker_kit.clients.builder import BuilderClient
from mydocker_kit.observability.logging import get_logger

from ..feed import Feed

log = get_logger()


async def follow_builds(feed: Feed, builder: BuilderClient) -> None:
    """Follow every Build for ever; missed changes come first, once per Build."""
    after = 0
    while True:
        try:
            async for number, status in builder.changes(after):
                after = number
                feed.build_changed(status)
        except ValueError as error:
            log.error("builds.unreadable", error=error)
        await asyncio.sleep(1)
