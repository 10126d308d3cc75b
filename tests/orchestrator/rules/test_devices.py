"""When a GPU is free again, and what a container is given."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from tests.orchestrator.specs import a_spec

from mydocker_kit.contracts.orchestrator.environments import Resources
from mydocker_kit.docker.versions import engine_major
from mydocker_orchestrator.domain.observed_state import Device, ObservedNode
from mydocker_orchestrator.domain.placement.gpus import (
    LATE_CREATE_GRACE,
    UNCONSTRAINED,
    GpuClaim,
    Placement,
    placement_on,
    releasable,
)
from mydocker_orchestrator.swarm.specs import ServiceDefaults, service_json

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
ID = UUID(int=7)
GPUS = (Device("NVIDIA-GPU", "GPU-a"), Device("NVIDIA-GPU", "GPU-b"))
OLD = GpuClaim("n1", GPUS[0], ID, 1, NOW - timedelta(hours=1))
GROUND = ServiceDefaults("p", "net")


@pytest.mark.parametrize(
    ("wanted", "holding", "is_over"),
    [
        ({}, set(), True),
        ({ID: 1}, set(), False),  # its service is about to be made
        ({}, {(ID, 1)}, False),  # its container has not ended
        ({ID: 2}, set(), True),  # a later attempt has claims of its own
        ({ID: 2}, {(ID, 1)}, False),
    ],
)
def test_a_device_is_free_when_nobody_wants_or_has_it(
    wanted: dict[UUID, int], holding: set[tuple[UUID, int]], is_over: bool
) -> None:
    assert bool(releasable([OLD], wanted, holding, set(), NOW)) is is_over


def test_a_create_that_may_still_arrive_keeps_its_device() -> None:
    fresh = GpuClaim("n1", GPUS[0], ID, 1, NOW)
    assert releasable([fresh], {}, set(), set(), NOW) == []
    assert releasable([fresh], {}, set(), set(), NOW + LATE_CREATE_GRACE) == [fresh]
    assert releasable([fresh], {}, set(), {(ID, 1)}, NOW) == [fresh]
    assert releasable([fresh], {}, {(ID, 1)}, {(ID, 1)}, NOW) == []


def test_the_container_sees_its_devices_and_an_image_that_asks_for_all_gets_none() -> None:
    spec = a_spec(resources=Resources(cpu=1, memory_mib=64, gpu=2), pool="a100")
    made = service_json(ID, spec, GROUND, Placement("n1", GPUS))["TaskTemplate"]
    assert "NVIDIA_VISIBLE_DEVICES=GPU-a,GPU-b" in made["ContainerSpec"]["Env"]
    assert made["Placement"]["Constraints"] == [
        "node.labels.mydocker.pool==a100",
        "node.labels.mydocker.ready==yes",
        "node.id==n1",
    ]
    assert "GenericResources" not in made["Resources"]["Reservations"]
    plain = service_json(ID, a_spec(), GROUND, UNCONSTRAINED)["TaskTemplate"]["ContainerSpec"][
        "Env"
    ]
    assert "NVIDIA_VISIBLE_DEVICES=void" in plain


@pytest.mark.parametrize(
    ("version", "reserves"),
    [("20.10.24", False), ("24.0.7", False), ("25.0.0", True), ("28.5.2+dfsg4", True), ("", False)],
)
def test_devices_are_reserved_in_the_swarm_only_on_engines_that_bear_it(
    version: str, reserves: bool
) -> None:
    node = ObservedNode("n1", "one", engine_version=version, engine_major=engine_major(version))
    placement = placement_on(node, GPUS, [node])
    assert placement.reserves_devices is reserves
    made = service_json(ID, a_spec(), GROUND, placement)["TaskTemplate"]["Resources"]
    kinds = made["Reservations"].get("GenericResources")
    wanted = [{"DiscreteResourceSpec": {"Kind": "NVIDIA-GPU", "Value": 2}}]
    assert kinds == (wanted if reserves else None)
