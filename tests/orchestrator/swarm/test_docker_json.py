"""What is read of services, tasks, nodes and output."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.orchestrator.specs import a_spec
from tests.orchestrator.swarm.docker_json import A_SERVICE, GROUND, ID, a_task

from mydocker_kit.contracts.orchestrator.cordons import Cordon, CordonCause
from mydocker_kit.contracts.orchestrator.environments import (
    Profile,
)
from mydocker_kit.docker.output import plain_text
from mydocker_orchestrator.domain.checks.root_access import RootAccess, takes_root
from mydocker_orchestrator.domain.observed_state import TaskState
from mydocker_orchestrator.swarm import observed
from mydocker_orchestrator.swarm.output import last_lines
from mydocker_orchestrator.swarm.specs import ServiceDefaults, service_json

DIFFERS = Cordon(cause=CordonCause.HARDENING_DIFFERS, detail="no-new-privileges")
A_NODE = {
    "ID": "n1",
    "Spec": {"Availability": "active", "Labels": {"mydocker.ready": "yes"}},
    "Status": {"State": "ready", "Addr": "10.0.0.4"},
    "Description": {
        "Hostname": "worker-1",
        "Resources": {"NanoCPUs": 2_000_000_000, "MemoryBytes": 2**31},
    },
}


def test_a_look_joins_services_tasks_and_nodes() -> None:
    node = observed.node(A_NODE, (0.5, 48))
    assert (node.usable, node.free_cpu, node.free_memory_mib) == (True, 1.5, 2000)
    state = observed.observed_state([A_SERVICE], [a_task()], {"n1": node})
    service = state.services[ID]
    assert (service.attempt, service.created_at) == (
        2,
        datetime(2026, 3, 2, 10, 0, 0, 78014, tzinfo=UTC),
    )
    assert service.task is not None
    assert (service.task.state, service.task.node) == (TaskState.RUNNING, "worker-1")
    assert service.task.addresses[0].host == "10.0.0.4"
    assert state.ending == frozenset()


def test_a_node_says_what_it_is_and_a_node_not_admitted_takes_nobody() -> None:
    gpus = [{"NamedResourceSpec": {"Kind": "NVIDIA-GPU", "Value": f"gpu{n}"}} for n in (1, 0)]
    other = [{"DiscreteResourceSpec": {"Kind": "SSD", "Value": 3}}]
    described = {"Hostname": "gpu", "Resources": {"GenericResources": [*gpus, *other]}}
    labels = {"mydocker.pool": "a100"}
    drained = {"Availability": "drain", "Labels": {**labels, "mydocker.ready": "yes"}}
    for spec, usable in (({"Labels": labels}, False), (drained, False)):
        node = observed.node({**A_NODE, "Spec": spec, "Description": described}, (0, 0))
        assert (node.pool, node.usable, node.reachable) == ("a100", usable, True)
        assert [device.name for device in node.devices] == ["gpu0", "gpu1"]
    assert observed.node({**A_NODE, "Status": {"State": "down"}}, (0, 0)).reachable is False


def test_a_node_is_closed_without_ending_what_runs_there() -> None:
    """Swarm ends tasks whose constraints their node no longer meets, unless it is paused."""
    spec = observed.cordoned_node(A_NODE, DIFFERS)
    assert (spec["Availability"], spec["Labels"]["mydocker.ready"]) == ("pause", "no")
    node = observed.node({**A_NODE, "Spec": spec}, (0, 0))
    assert (node.admitted, node.cordon) == (False, DIFFERS)
    drained = {**A_NODE, "Spec": {"Availability": "drain"}}
    assert observed.cordoned_node(drained, DIFFERS)["Availability"] == "drain"


@pytest.mark.parametrize(
    ("labels", "cause"),
    [
        ({}, CordonCause.NOT_CHECKED),
        ({"mydocker.ready": "no"}, CordonCause.NOT_RECORDED),
        ({"mydocker.ready": "no", "mydocker.cordon": "later"}, CordonCause.NOT_RECORDED),
        ({"mydocker.ready": "no", "mydocker.cordon": "by_hand"}, CordonCause.BY_HAND),
        ({"mydocker.ready": "yes", "mydocker.cordon": "by_hand"}, None),
    ],
)
def test_a_node_says_why_it_is_closed(labels: dict[str, str], cause: CordonCause | None) -> None:
    node = observed.node({**A_NODE, "Spec": {"Labels": labels}}, (0, 0))
    assert (node.cordon and node.cordon.cause) == cause


def test_the_cause_of_a_cordon_fits_into_a_label() -> None:
    long = Cordon(cause=CordonCause.CHECKS_FAILED, detail="x" * 5000)
    assert len("".join(observed.cordoned_node(A_NODE, long)["Labels"].values())) < 600


def test_where_it_is_demanded_compat_goes_only_where_root_is_nobody() -> None:
    demanding = replace(GROUND, compat_needs_userns=True)
    label = "node.labels.mydocker.remaps-users==yes"

    def constraints(ground: ServiceDefaults, profile: Profile, **given: object) -> list[str]:
        body = service_json(ID, a_spec(profile=profile, **given), ground)
        placed: list[str] = body["TaskTemplate"]["Placement"]["Constraints"]
        return placed

    assert label in constraints(demanding, Profile.COMPAT)
    assert label not in constraints(demanding, Profile.STRICT)
    assert label not in constraints(GROUND, Profile.COMPAT)
    other_build = "sha256:" + "1" * 64
    for approved in (None, other_build):
        assert label in constraints(GROUND, Profile.COMPAT, root_approved_for=approved)
    labels = {"mydocker.ready": "yes", "mydocker.remaps-users": "yes"}
    remapped = {**A_NODE, "Spec": {"Availability": "active", "Labels": labels}}
    takes = [
        takes_root(observed.node(raw, (0, 0), compat_needs_userns=demanded), RootAccess.APPROVED)
        for raw, demanded in ((A_NODE, False), (A_NODE, True), (remapped, True))
    ]
    assert takes == [True, False, True]
    assert [observed.node(raw, (0, 0)).remaps_users for raw in (A_NODE, remapped)] == [False, True]


def test_the_newest_task_counts() -> None:
    old = a_task(ID="t0", CreatedAt="2026-03-02T09:00:00Z", Status={"State": "failed"})
    state = observed.observed_state([A_SERVICE], [a_task(), old], {})
    task = state.services[ID].task
    assert task is not None
    assert task.id == "t1"


def test_a_task_without_its_service_is_leaving_until_it_ended() -> None:
    left = observed.observed_state([], [a_task()], {})
    assert (set(left.ending), set(left.holding)) == ({ID}, {(ID, 2)})
    assert (
        observed.observed_state([], [a_task(Status={"State": "shutdown"})], {}).ending
        == frozenset()
    )
    assert observed.observed_state([], [a_task(NodeID="")], {}).ending == frozenset()


def test_what_carries_no_labels_of_ours_is_not_seen() -> None:
    foreign = {"ID": "s9", "CreatedAt": "2026-03-02T10:00:00Z", "Spec": {"Labels": {}}}
    assert observed.observed_state([foreign], [], {}).services == {}


def test_reservations_are_summed_over_tasks_that_hold_them() -> None:
    spec = {"Resources": {"Reservations": {"NanoCPUs": 500_000_000, "MemoryBytes": 2**20}}}
    over = a_task(Spec=spec, Status={"State": "failed"})
    held = observed.reserved_by_node([a_task(Spec=spec), a_task(Spec=spec), over])
    assert held == {"n1": (1.0, 2)}


def test_output_is_unframed_and_cleaned() -> None:
    framed = b"".join(
        bytes([kind, 0, 0, 0]) + len(text).to_bytes(4, "big") + text
        for kind, text in ((1, b"one\r\n"), (2, b"\x1b[31mtwo\x00\x1b[0m\n"))
    )
    assert plain_text(framed) == "one\ntwo\n"
    assert plain_text(b"a terminal\n") == "a terminal\n"


def test_last_lines_are_whole_and_within_their_bytes() -> None:
    text = "".join(f"line {number} é\n" for number in range(2000))
    lines = last_lines(text)
    assert len(lines.encode()) <= 8192
    assert lines.startswith("line ")
    assert lines.endswith("line 1999 é\n")
    assert last_lines("short") == "short"
