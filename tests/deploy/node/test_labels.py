"""A cordoned node carries its cause until it takes environments again."""

from typing import Any, cast

import pytest
from deploy.machine.docker import Docker

from deploy.node import labels
from mydocker_kit.contracts.orchestrator.cordons import Cordon, CordonCause

FAILED = Cordon(cause=CordonCause.CHECKS_FAILED, detail="firewall: not in force")


class _Manager:
    """A manager with one node, that answers as Docker does."""

    def __init__(self) -> None:
        self.node: dict[str, Any] = {
            "ID": "n1",
            "Version": {"Index": 1},
            "Spec": {"Availability": "active", "Labels": {"rack": "3"}},
        }

    def get(self, _path: str) -> dict[str, Any]:
        return self.node

    def call(self, _method: str, _path: str, spec: dict[str, Any], **_query: object) -> None:
        self.node = {**self.node, "Spec": spec}

    @property
    def labels(self) -> dict[str, str]:
        carried: dict[str, str] = self.node["Spec"]["Labels"]
        return carried


@pytest.mark.parametrize("cause", list(CordonCause))
def test_the_cause_is_recorded_and_goes_with_admission(cause: CordonCause) -> None:
    manager = _Manager()
    docker, cordon = cast(Docker, manager), Cordon(cause=cause, detail="firewall: not in force")
    labels.refuse(docker, "n1", cordon)
    assert Cordon.recorded(manager.labels, was_checked=True) == cordon
    assert manager.node["Spec"]["Availability"] == "pause"
    labels.admit(docker, "n1")
    assert manager.labels == {"rack": "3", "mydocker.ready": "yes", "mydocker.pool": "default"}
    assert manager.node["Spec"]["Availability"] == "active"


def test_a_new_cause_replaces_the_earlier_with_its_detail() -> None:
    manager = _Manager()
    docker, by_hand = cast(Docker, manager), Cordon(cause=CordonCause.BY_HAND)
    labels.refuse(docker, "n1", FAILED)
    labels.refuse(docker, "n1", by_hand)
    assert Cordon.recorded(manager.labels, was_checked=True) == by_hand
