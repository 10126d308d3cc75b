"""HTTP client of the agents on other machines: settings of containers, disk use, sockets."""

from typing import Any
from urllib.parse import quote

from pydantic import ValidationError

from mydocker_kit.clock import Clock
from mydocker_kit.contracts.orchestrator.disks import DiskLook, DiskWalk
from mydocker_kit.contracts.orchestrator.usage import UsageLook
from mydocker_kit.contracts.orchestrator.volumes import (
    NamedVolume,
    VolumeList,
    VolumeResized,
    VolumeSize,
    VolumeUses,
)
from mydocker_kit.contracts.orchestrator.work_folders import FolderAnswer, FolderRequest
from mydocker_kit.docker.errors import EngineRefused, EngineUnavailable
from mydocker_kit.errors import NotFound, ProblemError
from mydocker_kit.http import ServiceClient
from mydocker_kit.tokens import ServiceIdentity

AUDIENCE = "mydocker-node"
_WALK_SECONDS = 75.0
"""An agent limits its own walk to 60 s."""

_RESIZE_SECONDS = 60.0
_CHECK_SECONDS = 60.0


class NodeAgents:
    """One client per machine, created at its first call."""

    def __init__(self, identity: ServiceIdentity, port: int, clock: Clock) -> None:
        self._identity, self._port, self._clock = identity, port, clock
        self._clients: dict[str, ServiceClient] = {}

    async def container(self, address: str, id: str) -> dict[str, Any]:
        """`docker inspect` of a container on that machine; raises `EngineError`."""
        try:
            answer = await self._client(address).call("GET", f"/containers/{quote(id)}", tries=1)
        except NotFound as error:
            raise EngineRefused(f"the machine at {address} has no such container") from error
        except ProblemError as error:
            raise EngineUnavailable(f"the agent at {address}: {error}") from error
        inspected: dict[str, Any] = answer.json()
        return inspected

    async def checks(self, address: str) -> dict[str, Any]:
        """What the checks of that machine find, done now; raises `EngineError`."""
        try:
            answer = await self._client(address).call(
                "GET", "/node", tries=1, timeout=_CHECK_SECONDS
            )
            report: dict[str, Any] = answer.json()
        except (ProblemError, ValueError) as error:
            raise EngineUnavailable(f"the agent at {address}: {error}") from error
        return report

    async def make_writable(self, address: str, id: str, path: str) -> bool:
        """Whether the container's user may write at this path now; raises `EngineError`."""
        body = FolderRequest(path=path).model_dump(mode="json")
        try:
            answer = await self._client(address).call(
                "PUT", f"/containers/{quote(id)}/folder", tries=1, json=body
            )
            return FolderAnswer.model_validate(answer.json()).writable
        except (ProblemError, ValidationError, ValueError) as error:
            raise EngineUnavailable(f"the agent at {address}: {error}") from error

    async def sockets(self, address: str, id: str) -> str:
        """The text of `/proc/net/tcp` and `tcp6` of a container there; raises `EngineError`."""
        path = f"/containers/{quote(id)}/sockets"
        try:
            answer = await self._client(address).call("GET", path, tries=1)
        except NotFound as error:
            raise EngineRefused(f"the machine at {address} has no such container") from error
        except ProblemError as error:
            raise EngineUnavailable(f"the agent at {address}: {error}") from error
        return answer.text

    async def disk(self, address: str, walk: DiskWalk) -> DiskLook:
        """What our containers wrote on that machine; raises `EngineError`."""
        params = {"walk": walk.value}
        try:
            answer = await self._client(address).call(
                "GET", "/disk", tries=1, params=params, timeout=_WALK_SECONDS
            )
            return DiskLook.model_validate(answer.json())
        except (ProblemError, ValidationError, ValueError) as error:
            raise EngineUnavailable(f"the agent at {address}: {error}") from error

    async def usage(self, address: str) -> UsageLook:
        """CPU time and memory of the containers on that machine; raises `EngineError`."""
        try:
            answer = await self._client(address).call("GET", "/usage", tries=1)
            return UsageLook.model_validate(answer.json())
        except (ProblemError, ValidationError, ValueError) as error:
            raise EngineUnavailable(f"the agent at {address}: {error}") from error

    async def volumes(self, address: str) -> tuple[NamedVolume, ...]:
        """The named volumes of environments on that machine; raises `EngineError`."""
        try:
            answer = await self._client(address).call("GET", "/volumes", tries=1)
            return VolumeList.model_validate(answer.json()).volumes
        except (ProblemError, ValidationError, ValueError) as error:
            raise EngineUnavailable(f"the agent at {address}: {error}") from error

    async def volume_uses(self, address: str) -> VolumeUses:
        """What the volumes of that machine's plugin hold; raises `EngineError`."""
        try:
            answer = await self._client(address).call("GET", "/volumes/uses", tries=1)
            return VolumeUses.model_validate(answer.json())
        except (ProblemError, ValidationError, ValueError) as error:
            raise EngineUnavailable(f"the agent at {address}: {error}") from error

    async def resize_volume(self, address: str, name: str, bytes: int) -> VolumeResized:
        """Set the size of a volume of that machine's plugin; raises `EngineError`."""
        body = VolumeSize(bytes=bytes).model_dump(mode="json")
        try:
            answer = await self._client(address).call(
                "PUT", f"/volumes/{quote(name)}/size", tries=1, json=body, timeout=_RESIZE_SECONDS
            )
            return VolumeResized.model_validate(answer.json())
        except (ProblemError, ValidationError, ValueError) as error:
            raise EngineUnavailable(f"the agent at {address}: {error}") from error

    async def aclose(self) -> None:
        for client in self._clients.values():
            await client.aclose()

    def _client(self, address: str) -> ServiceClient:
        if address not in self._clients:
            url = f"http://{address}:{self._port}"
            self._clients[address] = ServiceClient(url, AUDIENCE, self._identity, self._clock)
        return self._clients[address]
