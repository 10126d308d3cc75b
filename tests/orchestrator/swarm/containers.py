"""Containers of an environment on the engine of the tests."""

import json
from typing import Any

import aiodocker
from tests.support.waiting import until

from mydocker_kit.contracts.orchestrator.environments import (
    ReasonCode,
    Resources,
    StopRequest,
)
from mydocker_orchestrator.settings import Settings

BIG = Resources(cpu=0.1, memory_mib=15_000)


def stop(attempt: int = 1) -> StopRequest:
    return StopRequest(reason=ReasonCode.STOPPED_BY_OWNER, attempt=attempt)


async def containers(engine: aiodocker.Docker, id: object) -> list[dict[str, Any]]:
    """What the engine says of the containers of this Environment."""
    label = json.dumps({"label": [f"mydocker.environment={id}"]})
    listed = await engine._query_json("containers/json", params={"all": 1, "filters": label})
    shown = []
    for container in listed:
        try:
            shown.append(await engine._query_json(f"containers/{container['Id']}/json"))
        except aiodocker.DockerError as error:
            if error.status != 404:  # removed since it was listed
                raise
    return shown


async def gone(engine: aiodocker.Docker, settings: Settings) -> None:
    """Every service of this platform is removed."""
    ours = json.dumps({"label": [f"mydocker.platform={settings.platform_name}"]})

    async def none() -> bool:
        return not await engine._query_json("services", params={"filters": ours})

    await until(none, "no service is left")
