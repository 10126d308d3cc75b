"""Client of the volume plugin on the machine of the connected engine, over its unix socket."""

from pathlib import Path
from typing import Any

import httpx
from pydantic import ValidationError

from mydocker_kit.contracts.orchestrator.volumes import VolumeResized, VolumeUses
from mydocker_kit.docker.errors import EngineUnavailable

_SECONDS = 60.0


class VolumePlugin:
    """`deploy.node.volumes` at this socket; none runs where there is no socket."""

    def __init__(self, socket: str) -> None:
        self._socket = Path(socket)

    async def uses(self) -> VolumeUses | None:
        """What its volumes hold; None where no plugin runs. Raises `EngineUnavailable`."""
        if not self._socket.exists():
            return None
        answer = await self._call("/MyDocker.Usage", {})
        try:
            return VolumeUses.model_validate({"volumes": answer["volumes"]})
        except (KeyError, ValidationError) as error:
            raise EngineUnavailable(f"the volume plugin: {error}") from error

    async def resize(self, name: str, bytes: int) -> VolumeResized:
        """Set the size of a volume; raises `EngineUnavailable`."""
        answer = await self._call("/MyDocker.Resize", {"name": name, "bytes": bytes})
        return VolumeResized(applied=bool(answer.get("applied")), error=str(answer.get("Err", "")))

    async def _call(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        transport = httpx.AsyncHTTPTransport(uds=str(self._socket))
        try:
            async with httpx.AsyncClient(transport=transport, timeout=_SECONDS) as client:
                response = await client.post(f"http://plugin{path}", json=body)
                answer = response.raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            raise EngineUnavailable(f"the volume plugin: {error}") from error
        return dict(answer)
