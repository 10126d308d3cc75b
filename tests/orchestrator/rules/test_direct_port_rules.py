"""The rules of direct ports: which numbers, for whom, in which order; all without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.orchestrator.environments.test_queue import a_node, asking, cores
from tests.orchestrator.environments.test_queue import numbers as ids_of
from tests.orchestrator.rules.makers import a_service, actions, an_environment
from tests.orchestrator.specs import a_port, a_spec

from mydocker_kit.contracts.orchestrator.environments import (
    Phase,
    PortKind,
    Reason,
    ReasonCode,
)
from mydocker_kit.contracts.orchestrator.pools import DirectPorts, Pool
from mydocker_orchestrator.domain.lifecycle.failures import task_end_reason
from mydocker_orchestrator.domain.observed_state import ObservedTask, TaskState
from mydocker_orchestrator.domain.placement.direct_ports import (
    PortAvailability,
    PortClaim,
    availability,
    choose_ports,
    conflicting_ports,
    direct_ports_of,
    with_host_names,
)
from mydocker_orchestrator.domain.placement.gpus import Placement
from mydocker_orchestrator.domain.placement.queue import OVERTAKING_LIMIT, admit, sort_key
from mydocker_orchestrator.domain.placement.queue_status import QueueStatus
from mydocker_orchestrator.domain.planner.actions import RecordFailure
from mydocker_orchestrator.swarm.observed import node, observed_state
from mydocker_orchestrator.swarm.specs import ServiceDefaults, service_json

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
FOUR = DirectPorts(first=20000, last=20003)
ONE = DirectPorts(first=20000, last=20000)
PORTS = (a_port(PortKind.WEB, 8888), a_port(), a_port(PortKind.VNC, 5900))
TAKEN = (
    "driver failed programming external connectivity on endpoint env: Error starting userland "
    "proxy: listen tcp4 198.19.0.11:20002: bind: address already in use"
)


@pytest.mark.parametrize(
    ("first", "last"), [(1023, 2000), (30000, 32768), (2000, 1999), (49152, 50000)]
)
def test_a_range_lies_below_what_the_engine_numbers_by_itself(first: int, last: int) -> None:
    with pytest.raises(ValidationError):
        DirectPorts(first=first, last=last)


@pytest.mark.parametrize("text", ["", "20000", "20000-20999", "a:b", "1:2"])
def test_a_range_is_read_from_two_numbers_and_nothing_else(text: str) -> None:
    assert DirectPorts.parse("20000:20003") == FOUR
    assert str(FOUR) == "20000:20003"
    with pytest.raises(ValueError, match=r".+"):
        DirectPorts.parse(text)


@pytest.mark.parametrize(
    ("host", "called"),
    [
        (None, "10.0.0.4"),
        ("{node}.labs.example.org", "cpu1.labs.example.org"),
        ("gate-{node}.example.org", "gate-cpu1.example.org"),
        ("192.0.2.4", "192.0.2.4"),
    ],
)
def test_a_pool_says_what_people_call_its_machines(host: str | None, called: str) -> None:
    pool = Pool(name="p", title="P", direct_host=host)
    assert pool.host_of("CPU1.inner.example.org", "10.0.0.4") == called


@pytest.mark.parametrize("host", ["", "a b", "{pool}.example.org", "x;y", "https://x", "a..b"])
def test_a_name_that_is_none_is_refused(host: str) -> None:
    with pytest.raises(ValidationError):
        Pool(name="p", title="P", direct_host=host)


def test_everything_but_the_web_is_direct() -> None:
    assert direct_ports_of(an_environment(ports=PORTS), FOUR) == (22, 5900)
    ssh = FOUR.model_copy(update={"kinds": (PortKind.SSH,)})
    assert direct_ports_of(an_environment(ports=PORTS), ssh) == (22,)
    assert availability(ssh, (20001, 7)) == PortAvailability(3, 4, (PortKind.SSH,))
    assert PortAvailability(1, 4, ssh.kinds).requested(an_environment(ports=PORTS)) == 1


@pytest.mark.parametrize("kinds", [[], ["web"], ["ssh", "web"], ["telnet"]])
def test_the_web_is_no_kind_of_direct_port(kinds: list[str]) -> None:
    with pytest.raises(ValidationError):
        DirectPorts.model_validate({"first": 20000, "last": 20003, "kinds": kinds})


@given(
    ports=st.sets(st.integers(1, 65535), max_size=6),
    unfree=st.sets(st.integers(20000, 20009)),
    id=st.uuids(),
)
def test_numbers_are_of_the_range_free_and_given_once(
    ports: set[int], unfree: set[int], id: UUID
) -> None:
    ten = DirectPorts(first=20000, last=20009)
    chosen = choose_ports(ports, ten, unfree, id)
    free = set(ten.numbers) - unfree
    if len(free) < len(ports):
        assert chosen is None
        return
    assert chosen is not None
    assert chosen.keys() == ports
    assert set(chosen.values()) <= free
    assert len(set(chosen.values())) == len(ports)
    assert choose_ports(ports, ten, unfree, id) == chosen, "the same from start to start"


def a_claim(number: int, port: int = 22, **given: Any) -> PortClaim:
    claim = PortClaim("default", number, port, UUID(int=7), 1, NOW - timedelta(minutes=1))
    return replace(claim, **given)


def test_of_its_numbers_only_the_one_the_engine_names_was_taken() -> None:
    mine = [a_claim(20001), a_claim(20002, 5900)]
    said = task_end_reason(
        ObservedTask(id="t", state=TaskState.FAILED, error=TAKEN), an_environment()
    )
    assert (said.code, said.parameters) == (ReasonCode.PORT_TAKEN, {"number": 20002})
    assert conflicting_ports(an_environment(reason=said), mine) == {20002}
    unsaid = Reason(code=ReasonCode.PORT_TAKEN)
    assert conflicting_ports(an_environment(reason=unsaid), mine) == {20001, 20002}
    since = [replace(claim, claimed_at=NOW) for claim in mine]
    assert conflicting_ports(an_environment(reason=unsaid), since) == set(), (
        "asked again after a crash"
    )
    assert conflicting_ports(an_environment(), mine) == set()


def test_a_number_another_service_has_on_every_node_is_not_awaited_for_ever() -> None:
    text = (
        "no suitable node (scheduling constraints not satisfied on 2 nodes; host-mode port"
        " already in use on 1 node)"
    )
    environment = an_environment(phase=Phase.STARTING)
    [fall] = actions(environment, a_service(TaskState.PENDING, error=text))
    assert isinstance(fall, RecordFailure)
    assert (fall.changed.phase, fall.changed.restarts) == (Phase.STARTING, 1)
    [end] = actions(replace(environment, restarts=3), a_service(TaskState.PENDING, error=text))
    assert isinstance(end, RecordFailure)
    assert end.changed.phase is Phase.FAILED


def test_who_lacks_a_number_waits_and_who_needs_none_passes() -> None:
    direct = {"ports": PORTS[:2]}
    waiting = [asking(1, 30, **direct), asking(2, 20, **direct), asking(3, 10, ports=PORTS[:1])]
    admission = admit(waiting, [], [a_node()], NOW, {"default": PortAvailability(1, 4)})
    assert ids_of(admission.admitted) == [1, 3]
    reason = QueueStatus(admission, [a_node()], {}).reason(waiting[1])
    assert reason.code is ReasonCode.NO_ROOM
    assert (reason.parameters["short"], reason.parameters["place"]) == ("ports", 1)
    assert reason.parameters["fits_nowhere"] == 0


def test_the_reason_names_both_shortages() -> None:
    request = asking(1, ports=PORTS[:2], resources=cores(2))
    full = [a_node(free_cpu=1)]
    admission = admit([request], [], full, NOW, {"default": PortAvailability(0, 4)})
    assert QueueStatus(admission, full, {}).reason(request).parameters["short"] == "cpu,ports"


def test_numbers_alone_are_kept_for_who_has_waited_long() -> None:
    waiting = [asking(1, 20, ports=PORTS), asking(2, 10, ports=PORTS[:2])]
    one_free = {"default": PortAvailability(1, 4)}
    assert ids_of(admit(waiting, [], [a_node()], NOW, one_free).admitted) == [2]
    waiting.append(asking(3, ports=PORTS[:1]))
    admission = admit(waiting, [], [a_node()], NOW + OVERTAKING_LIMIT, one_free)
    assert ids_of(admission.admitted) == [3], "the web needs none"


@given(
    asked=st.lists(st.tuples(st.integers(1, 3), st.integers(0, 600)), min_size=1, max_size=20),
    free=st.integers(0, 6),
)
def test_no_more_is_let_in_than_there_are_numbers_and_places_follow_the_turns(
    asked: list[tuple[int, int]], free: int
) -> None:
    waiting = [
        asking(at, ago, ports=PORTS[:many], resources=cores(0.1))
        for at, (many, ago) in enumerate(asked, start=1)
    ]
    admission = admit(waiting, [], [a_node()], NOW, {"default": PortAvailability(free, 6)})
    admitted = [request for request in waiting if request.id in admission.admitted]
    assert sum(len(direct_ports_of(request, FOUR)) for request in admitted) <= free
    assert admission.free_ports["default"].free <= free - sum(
        len(direct_ports_of(request, FOUR)) for request in admitted
    )
    assert all(request in admitted for request in waiting if not direct_ports_of(request, FOUR)), (
        "there is room for the web"
    )
    queued = [
        request for request in sorted(waiting, key=sort_key) if request.id not in admission.admitted
    ]
    assert [admission.positions[request.id] for request in queued] == list(
        range(1, len(queued) + 1)
    )


def test_more_ports_than_numbers_never_fit_and_keep_nothing_from_the_others() -> None:
    never = asking(1, 3600, ports=PORTS)
    admission = admit(
        [never, asking(2, ports=PORTS[:2])], [], [a_node()], NOW, {"default": availability(ONE, ())}
    )
    assert ids_of(admission.admitted) == [2]
    assert admission.positions == {UUID(int=1): 0}
    assert QueueStatus(admission, [a_node()], {}).reason(never).parameters["fits_nowhere"] == 1


def test_the_service_asks_for_its_numbers_and_the_web_for_none() -> None:
    placement = Placement(numbers=((22, 20001), (5900, 20002)))
    made = service_json(UUID(int=7), a_spec(ports=PORTS), ServiceDefaults("p", "net"), placement)
    numbered = {
        port["TargetPort"]: port.get("PublishedPort") for port in made["EndpointSpec"]["Ports"]
    }
    assert numbered == {8888: None, 22: 20001, 5900: 20002}


SERVICE = {
    "ID": "s1",
    "CreatedAt": "2026-03-02T10:00:00Z",
    "Spec": {
        "Labels": {"mydocker.environment": str(UUID(int=7)), "mydocker.attempt": "1"},
        "EndpointSpec": {
            "Ports": [{"TargetPort": 8888}, {"TargetPort": 22, "PublishedPort": 20001}]
        },
    },
}
PUBLISHED = [
    {"TargetPort": 8888, "PublishedPort": 32768},
    {"TargetPort": 22, "PublishedPort": 20001},
]


@pytest.mark.parametrize(
    ("label", "direct"), [("20000:20003", "10.0.0.4"), ("20002:20003", None), ("?", None)]
)
def test_an_address_is_direct_where_the_machine_lets_its_number_in(
    label: str, direct: str | None
) -> None:
    raw = {
        "ID": "n1",
        "Spec": {"Labels": {"mydocker.direct": label}},
        "Status": {"State": "ready", "Addr": "10.0.0.4"},
    }
    task = {
        "ID": "t1",
        "ServiceID": "s1",
        "NodeID": "n1",
        "Status": {"State": "running", "PortStatus": {"Ports": PUBLISHED}},
    }
    look = observed_state([SERVICE], [task], {"n1": node(raw, (0.0, 0))})
    there = look.services[UUID(int=7)].task
    assert there is not None
    ssh, web = there.addresses
    assert (ssh.host_port, ssh.direct_host, web.direct_host) == (20001, direct, None)
    named = with_host_names(there.addresses, Pool(name="p", title="P", direct_host="x.org"), "one")
    assert [address.direct_host for address in named] == ["x.org" if direct else None, None]


# The service, on its own database and a Swarm in memory.
