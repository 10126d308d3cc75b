"""The TCP sockets inside a container, read by the image's own `cat` with the container's rights."""

from mydocker_kit.docker.client import DockerClient
from mydocker_kit.docker.errors import EngineRefused

_LISTS = ("/proc/net/tcp", "/proc/net/tcp6")
_HEADING = "local_address"
"""Column title in both lists."""
_MAX_BYTES = 256 * 1024


async def read_sockets(engine: DockerClient, container: str) -> str:
    """The kernel's socket lists as text; raises `EngineRefused` where the image has no `cat`."""
    text = await engine.exec_output(container, ["cat", *_LISTS], _MAX_BYTES)
    if _HEADING not in text:
        raise EngineRefused("the image has no program that shows its sockets")
    return text
