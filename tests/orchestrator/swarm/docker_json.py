"""A service and a task, as Docker's API describes them."""

from typing import Any
from uuid import UUID

from mydocker_orchestrator.swarm.specs import ServiceDefaults

ID = UUID(int=7)
GROUND = ServiceDefaults("campus", "mydocker-open")


def a_task(**given: Any) -> dict[str, Any]:
    task = {
        "ID": "t1",
        "ServiceID": "s1",
        "NodeID": "n1",
        "CreatedAt": "2026-03-02T10:00:00.5Z",
        "DesiredState": "running",
        "Spec": {
            "ContainerSpec": {
                "Labels": {"mydocker.environment": str(ID), "mydocker.attempt": "2"},
            }
        },
        "Status": {
            "State": "running",
            "ContainerStatus": {"ContainerID": "c1", "ExitCode": 0},
            "PortStatus": {"Ports": [{"TargetPort": 22, "PublishedPort": 32768}]},
        },
    }
    return task | given


A_SERVICE = {
    "ID": "s1",
    "CreatedAt": "2026-03-02T10:00:00.078014721Z",
    "Spec": {"Labels": {"mydocker.environment": str(ID), "mydocker.attempt": "2"}},
}
