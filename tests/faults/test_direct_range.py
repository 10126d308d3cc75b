"""Another range of direct ports on a machine that has joined, and none, as an operator does it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from deploy.machine.commands import run as command
from deploy.machine.failures import CannotStart
from tests.faults.agents import Agents, agents
from tests.faults.agents import secrets as secrets
from tests.faults.conftest import CPU_POOL, Class, long_form
from tests.faults.stranger import Stranger
from tests.faults.test_direct import SSH, WANTED, WEB, begun, endpoint, way
from tests.faults.test_direct import direct as direct
from tests.faults.test_direct import outside as outside
from tests.support.engines.machines import Machine
from tests.support.engines.nodes import DIRECT, NodeLab

from deploy.node import labels
from mydocker_kit.contracts.orchestrator.environments import EnvironmentStatus
from mydocker_kit.contracts.orchestrator.pools import DirectPorts

OTHER = DirectPorts(first=21000, last=21002)


@long_form
async def test_a_machine_takes_another_range_and_then_none(
    direct: Class, lab: NodeLab, secrets: Path, outside: Stranger
) -> None:
    old = await begun(direct)
    machine = lab.machines[str(old.node)]
    container = direct.container(str(old.node), old.id)["Id"]
    assert outside.heard(endpoint(old)) == {endpoint(old): "SSH-2.0"}
    with agents(lab, secrets) as running:
        try:
            refused = pytest.raises(CannotStart, match="reaches into the numbers")
            with web_ports_from(machine, OTHER.last), refused:
                changed(lab, running, machine, "--direct", str(OTHER))
            assert let_in(lab, machine) == (DIRECT, {DIRECT}), "what it had is in force"
            changed(lab, running, machine, "--direct", str(OTHER))
            assert let_in(lab, machine) == (str(OTHER), {str(OTHER)})
            await shut(direct, outside, old)
            assert await letting_in(direct) == 1, "the other machine has the old range"
            await with_range(direct, OTHER)
            assert await letting_in(direct) == 1
            new = await at(direct, machine)
            assert way(new, SSH).direct_host == machine.address
            assert way(new, SSH).host_port in OTHER.numbers
            assert outside.heard(endpoint(new), endpoint(new, WEB)) == {endpoint(new): "SSH-2.0"}

            changed(lab, running, machine)
            assert let_in(lab, machine) == (None, set())
            await shut(direct, outside, new)
            assert await letting_in(direct) == 0
            assert direct.container(str(old.node), old.id)["Id"] == container
        finally:
            changed(lab, running, machine, "--direct", DIRECT)
    assert let_in(lab, machine) == (DIRECT, {DIRECT})


@contextmanager
def web_ports_from(machine: Machine, first: int) -> Iterator[None]:
    """Its kernel gives out numbers for web pages from there on."""
    name = "net.ipv4.ip_local_port_range"
    usual = command(machine.enter(["sysctl", "-n", name]), why="the numbers of web ports").split()
    command(machine.enter(["sysctl", "-qw", f"{name}={first} {usual[1]}"]), why="other numbers")
    try:
        yield
    finally:
        command(machine.enter(["sysctl", "-qw", f"{name}={' '.join(usual)}"]), why="as before")


def changed(lab: NodeLab, running: Agents, machine: Machine, *direct: str) -> None:
    """What docs/reference/machines.md says under "Direct ports", step 2."""
    manager = ["--engine", lab.manager.url]
    secrets = ["--secrets", str(running.folder)]
    settings = lab.settings(machine)
    asked = ["--platform", settings.platform, "--edge", *settings.edges]
    asked += ["--cluster", *settings.cluster, *direct]
    said = lab.command(lab.manager, *manager, "invite", *secrets, *asked).split()
    here = ["--settings", str(running.settings_path(machine)), "--engine", machine.url]
    lab.command(machine, *here, "join", "--address", machine.address, said[-1])
    lab.command(lab.manager, *manager, "admit", machine.plan.name, *secrets)


def let_in(lab: NodeLab, machine: Machine) -> tuple[str | None, set[str]]:
    """What its label says, and what its firewall does."""
    label = lab.node(machine.plan.name)["Spec"]["Labels"].get(labels.DIRECT)
    chain = lab.settings(machine).guard().chains["in"]
    rules = command(machine.enter(["iptables", "-w", "-S", chain]), why="rules")
    return label, set(re.findall(r"--ctorigdstport (\S+)", rules))


async def shut(school: Class, outside: Stranger, status: EnvironmentStatus) -> None:
    """It runs on, its number leads nowhere, and its owner is shown another way."""
    now = await school.orchestrator.until(status.id, lambda s: way(s, SSH).direct_host is None)
    assert (now.phase, now.node, endpoint(now)) == (status.phase, status.node, endpoint(status))
    assert outside.heard(endpoint(status)) == {}


async def with_range(school: Class, numbers: DirectPorts) -> None:
    pool = CPU_POOL.model_copy(update={"direct_ports": numbers})
    await school.orchestrator.client.put_pool(pool.name, pool)


async def letting_in(school: Class) -> int:
    """On how many machines people reach every number of the pool."""
    [state] = [
        status
        for status in await school.orchestrator.client.pools()
        if status.pool.name == "default"
    ]
    return state.direct_nodes


async def at(school: Class, machine: Machine) -> EnvironmentStatus:
    """A new one on this machine; who stands elsewhere does not matter."""
    for _ in range(4):
        status = await school.ready(await school.start(**WANTED))
        if status.node == machine.plan.name:
            return status
    raise AssertionError(f"nobody was put on {machine.plan.name}")
