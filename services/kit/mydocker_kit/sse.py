"""Following another service's change stream, from a number on, for ever."""

import asyncio
import json
from collections.abc import AsyncIterator

import httpx

from .http import ServiceClient
from .observability.logging import get_logger

log = get_logger()
# The other side sends a comment every 10 s; silence for longer means the line is dead.
_STREAM_TIMEOUT = httpx.Timeout(10.0, connect=2.0, read=30.0)


async def follow(
    client: ServiceClient, path: str, after: int
) -> AsyncIterator[tuple[str, int, dict[str, object]]]:
    """Yield (event, number, data) for each event after `after`, reconnecting from the last one."""
    while True:
        try:
            async with client.http.stream(
                "GET", path, params={"after": after}, timeout=_STREAM_TIMEOUT
            ) as response:
                response.raise_for_status()
                name, number, data = "message", after, ""
                async for line in response.aiter_lines():
                    if line.startswith("event:"):
                        name = line[6:].strip()
                    elif line.startswith("id:"):
                        number = int(line[3:].strip())
                    elif line.startswith("data:"):
                        data += line[5:].strip()
                    elif not line and data:
                        yield name, number, json.loads(data)
                        after, name, data = number, "message", ""
        except (httpx.HTTPError, ValueError) as error:
            log.warning("follow.reconnecting", path=path, error=type(error).__name__)
        await asyncio.sleep(0.3)
