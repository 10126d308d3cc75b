"""CPU and memory in use by the containers of environments on this machine."""

import json
from collections.abc import Iterator
from contextlib import suppress

from deploy.machine.docker import Docker
from mydocker_kit.contracts.orchestrator.usage import (
    ENVIRONMENT_LABEL,
    ContainerReading,
    UsageLook,
)
from mydocker_kit.docker.errors import EngineError


def look(docker: Docker) -> UsageLook:
    """One reading of each running container."""
    return UsageLook(readings=tuple(_readings(docker)))


def _readings(docker: Docker) -> Iterator[ContainerReading]:
    filters = json.dumps({"label": [ENVIRONMENT_LABEL]})
    for listed in docker.get("/containers/json", filters=filters):
        with suppress(EngineError):  # just gone
            path = f"/containers/{listed['Id']}/stats"
            stats = docker.get(path, **{"stream": "false", "one-shot": "true"})
            reading = ContainerReading.parse(listed, stats)
            if reading is not None:
                yield reading
