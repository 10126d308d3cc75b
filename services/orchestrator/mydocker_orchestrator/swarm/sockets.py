"""The TCP sockets inside a container, read by the image's own `cat` with the container's rights."""

import json

import aiohttp

from .connection import EngineConnection
from .interface import EngineAway, EngineRefused
from .output import first_bytes, plain_text

_LISTS = ("/proc/net/tcp", "/proc/net/tcp6")
_HEADING = "local_address"
"""Of both lists."""
_MOST_BYTES = 256 * 1024
_TIMEOUT = aiohttp.ClientTimeout(total=3, sock_connect=1)


async def of(engine: EngineConnection, container: str) -> str:
    """The kernel's lists as text.

    Raises `EngineRefused` where the image has no `cat`: nobody can say then.
    """
    body = {"AttachStdout": True, "Cmd": ["cat", *_LISTS]}
    made = await engine.json(f"containers/{container}/exec", "POST", data=json.dumps(body))
    run = json.dumps({"Detach": False, "Tty": False})
    async with engine.call(
        f"exec/{made['Id']}/start", "POST", "POST exec", data=run, timeout=_TIMEOUT
    ) as response:
        try:
            text = plain_text(await first_bytes(response.content, _MOST_BYTES))
        except (aiohttp.ClientError, TimeoutError) as error:
            raise EngineAway(str(error)) from error
    if _HEADING not in text:
        raise EngineRefused("the image has no program that shows its sockets")
    return text
