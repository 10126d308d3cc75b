"""On several machines: what an environment reaches of the others, and who tells how it is held."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from deploy.machine.commands import program
from deploy.machine.commands import run as command
from tests.faults.agents import PORT, agents
from tests.faults.agents import secrets as secrets
from tests.faults.conftest import Class, at_work
from tests.orchestrator.running import Run
from tests.orchestrator.specs import without_controls
from tests.support.engines.machines import Machine
from tests.support.engines.nodes import DIRECT, NodeLab

from deploy.node import labels
from mydocker_kit.contracts.orchestrator.environments import (
    EnvironmentStatus,
    Phase,
    Profile,
    ReasonCode,
)
from mydocker_orchestrator.domain.checks import disk_limits
from mydocker_orchestrator.settings import Settings
from mydocker_orchestrator.swarm import engine


def reached(lab: NodeLab, school: Class, status: EnvironmentStatus, *endpoints: str) -> list[str]:
    """Which of these `host:port` answer a program in that environment."""
    assert status.node is not None
    machine = lab.machines[status.node]
    container = str(school.container(status.node, status.id)["Id"])
    reachable = []
    for endpoint in endpoints:
        host, _, port = endpoint.rpartition(":")
        words = ["nc", "-w", "2", host, port, "-e", "true"]
        exec_ = [program("docker"), "-H", machine.url, "exec", container, *words]
        done = subprocess.run(exec_, capture_output=True, check=False, timeout=30)
        reachable += [endpoint] if done.returncode == 0 else []
    return reachable


@contextmanager
def without(machine: Machine, *rule: str) -> Iterator[None]:
    """The control: one guard of this machine is out of force."""
    table = ["iptables", "-w"]
    command(machine.enter([*table, "-I", "DOCKER-USER", "1", *rule, "-j", "ACCEPT"]), why="rules")
    try:
        yield
    finally:
        command(machine.enter([*table, "-D", "DOCKER-USER", *rule, "-j", "ACCEPT"]), why="rules")


@contextmanager
def unfiltered(machine: Machine, address: str) -> Iterator[None]:
    """The control: the engine's filter of direct access (Docker 28) lets this container's pass."""
    rule = ["PREROUTING", "-d", address, "-j", "ACCEPT"]
    command(machine.enter(["iptables", "-w", "-t", "raw", "-I", *rule]), why="rules")
    try:
        yield
    finally:
        command(machine.enter(["iptables", "-w", "-t", "raw", "-D", *rule]), why="rules")


async def test_neither_machines_nor_neighbours_on_them_are_reached(
    school: Class, lab: NodeLab
) -> None:
    first, second = [await school.ready(await school.start()) for _ in range(2)]
    assert {first.node, second.node} == {"cpu1", "cpu2"}
    [address] = second.addresses
    page = f"{address.host}:{address.host_port}"
    swarm = [f"{lab.manager.address}:2377", f"{address.host}:7946"]
    own = [f"{machine.address}:7946" for machine in lab.workers]
    registry = lab.registry
    assert reached(lab, school, first, page, registry, *swarm, *own) == []
    here, there = lab.machines[str(first.node)], lab.machines[str(second.node)]
    with without(here, "-i", "mdenv-+"):
        assert reached(lab, school, first, *swarm) == swarm
        assert reached(lab, school, first, page) == [], "the other machine lets only the edge in"
        with without(there, "-o", "mdenv-+"):
            assert reached(lab, school, first, page) == [page]
    async with httpx.AsyncClient(trust_env=False) as edge:
        assert (await edge.get(f"http://{page}/")).text == "ok\n"


def write(lab: NodeLab, school: Class, status: EnvironmentStatus, mib: int) -> None:
    """To the container's own disk."""
    assert status.node is not None
    container = str(school.container(status.node, status.id)["Id"])
    exec_ = [program("docker"), "-H", lab.machines[status.node].url, "exec", container]
    dd = ["busybox", "dd", "if=/dev/zero", "of=/big", "bs=1M", f"count={mib}"]
    subprocess.run([*exec_, *dd], capture_output=True, check=False, timeout=60)


async def test_a_machine_is_admitted_by_its_checks_and_closed_by_a_container_held_loosely(
    run: Run, there: Settings, lab: NodeLab, secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk_limits, "INTERVAL", disk_limits.MIN_INTERVAL)
    settings = there.model_copy(update={"node_agent_port": PORT})
    manager = ["--engine", lab.manager.url]
    ours = ["--secrets", str(secrets)]
    node = str(lab.node("cpu1")["ID"])
    with agents(lab, secrets):
        async with httpx.AsyncClient(trust_env=False, timeout=10) as stranger:
            url = f"http://{lab.machines['cpu1'].address}:{PORT}/node"
            assert (await stranger.get(url)).status_code == 401
        async with at_work(run, settings.model_copy(update={"disk_root_mib": 16}), lab) as school:
            await school.ready(await school.start())
            writer = await school.ready(await school.start(profile=Profile.COMPAT))
            write(lab, school, writer, mib=32)
            full = await school.orchestrator.phase(writer.id, Phase.FAILED)
            assert full.reason is not None
            assert full.reason.code is ReasonCode.DISK_FULL, "measured by that machine's agent"
        monkeypatch.setattr(engine, "service_json", without_controls)
        async with at_work(run, settings, lab) as school:
            failed = await school.orchestrator.phase(await school.start(), Phase.FAILED)
        monkeypatch.undo()
        assert failed.reason is not None
        assert failed.reason.code is ReasonCode.NOT_HELD
        assert "pids" in failed.reason.detail
        closed = str(failed.reason.parameters["node"])
        assert lab.node(closed)["Spec"]["Labels"][labels.READY] == labels.NO
        lab.command(lab.manager, *manager, "admit", closed, *ours)
        assert lab.node(closed)["Spec"]["Labels"][labels.READY] == labels.YES
        machine = lab.machines["cpu1"]
        command(machine.enter(["iptables", "-w", "-I", "INPUT", "1", "-j", "ACCEPT"]), why="rules")
        try:
            with pytest.raises(Exception, match="firewall"):
                lab.command(lab.manager, *manager, "admit", node, *ours)
            assert lab.node("cpu1")["Spec"]["Labels"][labels.READY] == labels.NO
        finally:
            command(machine.enter(["iptables", "-w", "-D", "INPUT", "1"]), why="rules")
        lab.command(lab.manager, *manager, "admit", node, *ours)
        admitted = lab.node("cpu1")["Spec"]["Labels"]
        assert (admitted[labels.READY], admitted[labels.DIRECT]) == (labels.YES, DIRECT)
