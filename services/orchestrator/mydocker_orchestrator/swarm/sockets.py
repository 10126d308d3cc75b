"""The TCP sockets inside a container, read by the image's own `cat` with the container's rights."""

import json

import aiohttp

from .connection import EngineConnection
from .interface import EngineRefused, EngineUnavailable
from .output import first_bytes, plain_text

_LISTS = ("/proc/net/tcp", "/proc/net/tcp6")
_HEADING = "local_address"
"""Column title in both lists."""
_MAX_BYTES = 256 * 1024
_TIMEOUT = aiohttp.ClientTimeout(total=3, sock_connect=1)


async def read_sockets(engine: EngineConnection, container: str) -> str:
    """The kernel's socket lists as text; raises `EngineRefused` where the image has no `cat`."""
    body = {"AttachStdout": True, "Cmd": ["cat", *_LISTS]}
    created = await engine.json(f"containers/{container}/exec", "POST", data=json.dumps(body))
    run = json.dumps({"Detach": False, "Tty": False})
    async with engine.call(
        f"exec/{created['Id']}/start", "POST", "POST exec", data=run, timeout=_TIMEOUT
    ) as response:
        try:
            text = plain_text(await first_bytes(response.content, _MAX_BYTES))
        except (aiohttp.ClientError, TimeoutError) as error:
            raise EngineUnavailable(str(error)) from error
    if _HEADING not in text:
        raise EngineRefused("the image has no program that shows its sockets")
    return text
