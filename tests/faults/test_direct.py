"""Direct ports on several machines: who comes in there, and that nobody comes in elsewhere."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from uuid import UUID

import pytest
from tests.faults.conftest import CPU_POOL, Class, long_form
from tests.faults.stranger import Stranger, routed, stranger
from tests.faults.test_apart import reached, unfiltered, without
from tests.faults.test_engine_troubles import occupied
from tests.orchestrator.specs import a_port
from tests.support.engines.nodes import NodeLab

from mydocker_kit.contracts.orchestrator.environments import (
    Address,
    EnvironmentStatus,
    Phase,
    PortKind,
    ReasonCode,
)
from mydocker_kit.contracts.orchestrator.pools import DirectPorts

SSH, WEB, HIDDEN = 2222, 8080, 20002
"""`HIDDEN` listens too, at a number of the range, and nobody published it."""
THREE = DirectPorts(first=20000, last=20002)
WANTED: dict[str, Any] = {
    "arguments": (f"ssh:{SSH}", f"web:{WEB}", f"ssh:{HIDDEN}"),
    "ports": (a_port(PortKind.SSH, SSH), a_port(PortKind.WEB, WEB)),
}


@pytest.fixture
def outside() -> Iterator[Stranger]:
    with stranger() as client:
        yield client


@pytest.fixture
async def direct(school: Class) -> Class:
    """Its CPU pool has three direct ports."""
    pool = CPU_POOL.model_copy(update={"direct_ports": THREE})
    await school.orchestrator.client.put_pool(pool.name, pool)
    return school


def way(status: EnvironmentStatus, port: int) -> Address:
    return next(address for address in status.addresses if address.port == port)


def endpoint(status: EnvironmentStatus, port: int = SSH) -> str:
    address = way(status, port)
    return f"{address.host}:{address.host_port}"


async def begun(school: Class) -> EnvironmentStatus:
    return await school.ready(await school.start(**WANTED))


async def test_a_stranger_reaches_direct_ports_and_nothing_else(
    direct: Class, lab: NodeLab, outside: Stranger
) -> None:
    ids = [await direct.start(**WANTED) for _ in range(3)]
    all_three = [await direct.ready(id) for id in ids]
    for status in all_three:
        assert way(status, SSH).direct_host == lab.machines[str(status.node)].address
        assert way(status, SSH).host_port in THREE.numbers
        assert way(status, WEB).direct_host is None
    ssh_endpoints, web_endpoints = (
        [endpoint(status) for status in all_three],
        [endpoint(status, WEB) for status in all_three],
    )
    assert len({way(status, SSH).host_port for status in all_three}) == 3
    assert outside.heard(*ssh_endpoints, *web_endpoints) == dict.fromkeys(ssh_endpoints, "SSH-2.0")
    await behind_the_number(direct, lab, outside, all_three[0])
    await neighbours(direct, lab, all_three)

    fourth = await direct.start(**WANTED)
    reason = await direct.waits(fourth, 1)
    assert (reason.code, reason.parameters["short"]) == (ReasonCode.NO_ROOM, "ports")
    gone, *left = all_three
    await direct.stop(gone.id)
    assert way(await direct.ready(fourth), SSH).host_port == way(gone, SSH).host_port
    await direct.settled({fourth: 1, **{status.id: 1 for status in left}})
    there = endpoint(await direct.orchestrator.client.get(fourth))
    await direct.stop(fourth)
    await direct.settled({status.id: 1 for status in left})
    assert outside.heard(endpoint(gone), there) == {}


async def behind_the_number(
    school: Class, lab: NodeLab, outside: Stranger, status: EnvironmentStatus
) -> None:
    """Who knows a container's own address finds no more: it is no number of the machine's. From
    Docker 28 on the engine drops such packets too, before our rules see them: the control takes
    both away."""
    machine = lab.machines[str(status.node)]
    networks: Any = school.container(str(status.node), status.id)["NetworkSettings"]
    [network] = networks["Networks"].values()
    address = str(network["IPAddress"])
    hidden = [f"{address}:{SSH}", f"{address}:{HIDDEN}"]
    with routed(f"{address}/32", machine.address):
        assert outside.heard(*hidden) == {}
        with without(machine, "-o", "mdenv-+"), unfiltered(machine, address):
            assert outside.heard(*hidden) == dict.fromkeys(hidden, "SSH-2.0")


async def neighbours(school: Class, lab: NodeLab, all_three: list[EnvironmentStatus]) -> None:
    """Two share a machine, one is on another: no environment comes in at another's number."""
    for status in all_three:
        others = [endpoint(other) for other in all_three if other is not status]
        assert reached(lab, school, status, *others) == []
    status = all_three[0]
    far = next(other for other in all_three if other.node != status.node)
    here, there = lab.machines[str(status.node)], lab.machines[str(far.node)]
    with without(here, "-i", "mdenv-+"):
        assert reached(lab, school, status, endpoint(far)) == [], "its machine lets no machine in"
        with without(there, "-o", "mdenv-+"):
            assert reached(lab, school, status, endpoint(far)) == [endpoint(far)]


@long_form
async def test_a_port_that_another_program_holds_cools_down_and_the_start_goes_on(
    direct: Class, lab: NodeLab
) -> None:
    machines = [lab.machines[name] for name in ("cpu1", "cpu2")]
    with ExitStack() as held:
        for machine in machines:
            held.enter_context(occupied(machine, 20000, 1))
            held.enter_context(occupied(machine, 20001, 1))
        ids = [await direct.start(**WANTED) for _ in range(2)]
        running = await first_of(direct, ids)
        assert way(running, SSH).host_port == 20002
        other = next(id for id in ids if id != running.id)
        await direct.orchestrator.until(
            other, lambda s: bool(s.reason and s.reason.parameters.get("short") == "ports")
        )
        await direct.stop(running.id)
        assert way(await direct.ready(other, within=90), SSH).host_port == 20002


async def first_of(school: Class, ids: list[UUID]) -> EnvironmentStatus:
    """Whoever is ready first."""
    waiting = [asyncio.create_task(school.ready(id, within=90)) for id in ids]
    done, pending = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    return done.pop().result()


@long_form
async def test_a_port_that_another_service_holds_cools_down_too(
    direct: Class, lab: NodeLab
) -> None:
    status = await begun(direct)
    number = way(status, SSH).host_port
    await direct.stop(status.id)
    body = {
        "Name": "somebody-else",
        "TaskTemplate": {"ContainerSpec": {"Image": lab.image, "Args": ["ssh:9"]}},
        "Mode": {"Global": {}},
        "EndpointSpec": {
            "Mode": "dnsrr",
            "Ports": [
                {"TargetPort": 9, "PublishedPort": number, "PublishMode": "host", "Protocol": "tcp"}
            ],
        },
    }
    with lab.manager.docker() as docker:
        made = docker.call("POST", "/services/create", body)
        try:
            await direct.orchestrator.client.put(status.id, direct.spec(attempt=2, **WANTED))
            again = await direct.ready(status.id, within=90)
            assert way(again, SSH).host_port != number
            assert again.phase is Phase.READY
        finally:
            docker.call("DELETE", f"/services/{made['ID']}")
