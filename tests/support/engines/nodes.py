"""Run a command beside a Swarm of several machines.

`python -m tests.support.engines.nodes -- pytest …`

Runs inside the tests' own network (`tests.support.netns`): a switch, a registry all nodes reach,
a manager and workers as separate engines in namespaces of their own. Nothing leaves that network.
"""

import contextlib
import ipaddress
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Self

from deploy.machine.commands import run, succeeds
from deploy.machine.failures import CannotStart, doing, guarded
from deploy.machine.network.subnets import free_subnet, used_here
from deploy.node.settings import NodeSettings

from deploy.machine import packages
from deploy.node import labels
from mydocker_kit.docker.errors import EngineError
from tests.support.waiting import eventually

from . import tiny_image
from .machines import Machine, Plan, needed, unmount_below

GPUS = ("GPU-a0", "GPU-a1", "GPU-b0")
DIRECT = "20000:20999"
CLASS = (
    Plan("manager"),
    Plan("cpu1", "default", direct=DIRECT),
    Plan("cpu2", "default", direct=DIRECT),
    Plan("gpu1", "gpu", GPUS),
)
_SWITCH = "mdswitch"
_PLATFORM = "nodes"
_POOL = "198.19.0.0/16"
_HEARTBEAT = 1_000_000_000
"""A second: a lost node is noticed within five instead of twenty."""
_WHY = "the lab of several nodes"


class NodeLab:
    """A manager, workers, a registry; each can be ended, cut off and brought back."""

    network = f"mydocker-open-{_PLATFORM}"

    def __init__(self, plans: Sequence[Plan] = CLASS) -> None:
        needed()
        self._folder = Path(tempfile.mkdtemp(prefix=f"mdnodes-{os.getpid()}-", dir="/tmp"))
        self._registry: subprocess.Popen[bytes] | None = None
        room = run(["ip", "netns", "identify", str(os.getpid())], why=_WHY).strip()
        if not room:
            raise CannotStart("run this inside a network of its own: tests.support.netns.")
        subnet = free_subnet(_POOL, 24, used_here())
        self._subnet, addresses = str(subnet), list(subnet.hosts())
        self.gateway = str(addresses[0])
        self.registry = f"{self.gateway}:5000"
        self.machines = {
            plan.name: self._machine(plan, room, number, addresses[9 + number])
            for number, plan in enumerate(plans)
        }
        self.manager = next(iter(self.machines.values()))
        self.image = self._manager_api = ""

    def _machine(
        self, plan: Plan, room: str, number: int, address: ipaddress.IPv4Address
    ) -> Machine:
        folder = self._folder / plan.name
        return Machine(plan, room, number, str(address), self.gateway, folder, self.registry)

    def __enter__(self) -> Self:
        try:
            self._up()
        except BaseException:
            self.down()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.down()

    def _up(self) -> None:
        run(["ip", "link", "add", _SWITCH, "type", "bridge"], why=_WHY)
        run(["ip", "addr", "add", f"{self.gateway}/24", "dev", _SWITCH], why=_WHY)
        run(["ip", "link", "set", _SWITCH, "up"], why=_WHY)
        self.start_registry()
        for machine in self.machines.values():
            machine.wire(_SWITCH)
        self._each(Machine.start)
        self._form_swarm()
        with self.manager.docker() as docker:
            self.image = tiny_image.push(docker, self.registry)
        self._each(self._admit)

    def _form_swarm(self) -> None:
        manager = self.manager
        with manager.docker() as docker:
            spec = {"Dispatcher": {"HeartbeatPeriod": _HEARTBEAT}}
            body = {"ListenAddr": "0.0.0.0:2377", "AdvertiseAddr": manager.address, "Spec": spec}
            docker.call("POST", "/swarm/init", body)
            self._manager_api = str(docker.agreed.api)
            token = docker.get("/swarm")["JoinTokens"]["Worker"]
        join = {"ListenAddr": "0.0.0.0:2377", "RemoteAddrs": [f"{manager.address}:2377"]}
        for machine in self.workers:
            with machine.docker() as docker:
                body = {**join, "AdvertiseAddr": machine.address, "JoinToken": token}
                docker.call("POST", "/swarm/join", body)

    def start(self, machine: Machine) -> None:
        """Start a machine again, as its boot does: the engine, then its network."""
        machine.start()
        self.command(machine, "lay")
        with machine.docker() as docker:
            for network in self.settings(machine).networks():
                network.ready_here(docker)

    def settings(self, machine: Machine) -> NodeSettings:
        """What this machine would know of its platform; the control plane is the lab's gateway."""
        return NodeSettings(
            platform=_PLATFORM,
            network=self.network,
            bridge_prefix="mdenv-",
            address=machine.address,
            edges=(self.gateway,),
            cluster=(self._subnet,),
            direct=machine.plan.direct,
            volumes=f"{machine.folder}/volumes" if machine.plan.volumes else "",
            snapshots=f"{machine.folder}/snapshots",
            engine=machine.url,
            manager_api=self._manager_api,
        )

    def command(self, machine: Machine, *words: str) -> str:
        """`deploy.node`, run on this machine; what it printed."""
        path = machine.folder / "node.json"
        if not path.exists():
            self.settings(machine).write(path)
        program = [sys.executable, "-m", "deploy.node", "--settings", str(path), *words]
        return run(machine.enter(program), why=f"deploy.node on {machine.plan.name}")

    def _admit(self, machine: Machine) -> None:
        """Its network, then its labels; the manager of this lab takes no environments."""
        self.command(machine, "lay")
        with machine.docker() as docker, self.manager.docker() as manager:
            for network in self.settings(machine).networks():
                network.ready_here(docker)
                if machine is self.manager:
                    network.ready_in_swarm(docker)
            if machine.plan.pool:
                node, plan = labels.this_node(docker), machine.plan
                labels.admit(manager, node, plan.pool, direct=plan.direct)

    def _each(self, do: Callable[[Machine], None]) -> None:
        with ThreadPoolExecutor() as pool:
            for done in [pool.submit(do, machine) for machine in self.machines.values()]:
                done.result()

    @property
    def workers(self) -> list[Machine]:
        return [machine for machine in self.machines.values() if machine is not self.manager]

    def node(self, name: str) -> dict[str, Any]:
        """What the manager says of this machine."""
        with self.manager.docker() as docker:
            for node in docker.get("/nodes"):
                if node["Description"].get("Hostname") == name:
                    return dict(node)
        raise AssertionError(f"the Swarm knows no node {name}")

    def available(self, name: str, availability: str) -> None:
        """Drain, pause or activate a node, as an operator would by hand."""
        node = self.node(name)
        spec = {**node["Spec"], "Availability": availability}
        with self.manager.docker() as docker:
            path = f"/nodes/{node['ID']}/update"
            docker.call("POST", path, spec, version=node["Version"]["Index"])

    def await_state(self, name: str, state: str, seconds: float = 60) -> None:
        """Return when the manager sees this machine as `ready` or `down`."""

        def has_state() -> bool:
            with contextlib.suppress(EngineError):
                return bool(self.node(name)["Status"]["State"] == state)
            return False

        eventually(has_state, f"{name} is {state}", seconds)

    def start_registry(self) -> None:
        settings = {
            "version": "0.1",
            "log": {"level": "warn", "accesslog": {"disabled": True}},
            "storage": {"filesystem": {"rootdirectory": f"{self._folder}/registry"}},
            "http": {"addr": self.registry},
        }
        path = self._folder / "registry.json"
        path.write_text(json.dumps(settings), encoding="utf-8")
        with (self._folder / "registry.log").open("ab") as log:
            self._registry = subprocess.Popen(
                [packages.path_of("docker-registry"), "serve", str(path)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def stop_registry(self) -> None:
        if self._registry:
            self._registry.kill()
            self._registry.wait()
            self._registry = None

    def variables(self) -> dict[str, str]:
        """By which tests of one Swarm find this one."""
        return {
            "MYDOCKER_TEST_ENGINE": self.manager.url,
            "MYDOCKER_TEST_NETWORK": self.network,
            "MYDOCKER_TEST_REGISTRY": self.registry,
        }

    def down(self) -> None:
        self.stop_registry()
        self._each(Machine.clear)
        succeeds(["ip", "link", "del", _SWITCH])
        unmount_below(self._folder)
        shutil.rmtree(self._folder, ignore_errors=True)


def main(arguments: Sequence[str]) -> int:
    command = list(arguments[1:] if arguments[:1] == ["--"] else arguments)
    return guarded("tests.support.engines.nodes", partial(_beside, command))


def _beside(command: Sequence[str]) -> int:
    with doing("keep the machines of the tests"), NodeLab() as lab:
        environment = {**os.environ, **lab.variables()}
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
