"""Run a command beside a Swarm, a build engine and a registry, without the platform on them:
`python -m tests.support.netns -- python -m tests.support.engines.lab -- pytest tests/orchestrator`.

The engines are made as the demo makes its own; the environment variables `MYDOCKER_TEST_…` name
them to the command. Everything is removed afterwards.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from deploy.demo.engines import base_image, build_engine, engine
from deploy.demo.engines.leftovers import remove_run_folder, remove_state, sweep
from deploy.demo.programs import registry
from deploy.demo.report import Report
from deploy.machine.docker import Docker
from deploy.machine.failures import doing, guarded
from deploy.machine.instance import Instance, cache_folder
from deploy.machine.network.firewall import forward_policy
from deploy.machine.network.ports import Ports
from deploy.machine.processes import Supervisor
from deploy.machine.record import RecordFile

from deploy.machine import packages
from deploy.node import firewall, single_node


class Lab:
    """The engines of one run."""

    def __init__(self) -> None:
        state = Path(tempfile.mkdtemp(prefix="mydocker-lab-"))
        name = f"lab{os.getpid()}"
        self._instance = Instance(name, state, Ports(), own_engine=True, cache=cache_folder())
        self._supervisor = Supervisor(self._instance)
        self._forward_policy = forward_policy()

    def up(self) -> Mapping[str, str]:
        """Start everything; the variables by which tests find it."""
        instance, report = self._instance, Report()
        record = RecordFile(instance.state)
        packages.ensure(packages.FOR_DEMO)
        for folder in (instance.run, instance.logs):
            folder.mkdir(parents=True, exist_ok=True)
        url = engine.choose(instance, record, report)
        registry.configure(instance)
        programs = [f(instance) for f in (engine.program, build_engine.program, registry.program)]
        self._supervisor.configure(programs)
        engine.start_own(instance, self._supervisor)
        build_engine.start(instance, self._supervisor, registry.address(instance))
        self._supervisor.start(registry.PROGRAM)
        with Docker(url) as docker:
            single_node.ready_swarm(docker, record)
            single_node.ready_network(instance, docker)
        for engine_url in (url, build_engine.url_of(instance)):
            with report.step("provide the base image debian:12"), Docker(engine_url) as docker:
                base_image.ready(instance, docker, report)
        return {
            "MYDOCKER_TEST_ENGINE": url,
            "MYDOCKER_TEST_NETWORK": instance.network,
            "MYDOCKER_TEST_REGISTRY": registry.address(instance),
            "MYDOCKER_TEST_BUILD_ENGINE": build_engine.url_of(instance),
            "MYDOCKER_TEST_BUILD_REGISTRY": registry.address(instance),
            "MYDOCKER_TEST_BUILD_GROUP": str(build_engine.group_of(instance)),
            "MYDOCKER_TEST_BUILD_CGROUP": build_engine.cgroup_of(instance),
            "MYDOCKER_TEST_BUILDX": str(build_engine.client_of(instance)),
        }

    def down(self) -> None:
        self._supervisor.shutdown()
        build_engine.drop(self._instance)
        firewall.take_away(single_node.guard_of(self._instance))
        sweep(self._instance, self._forward_policy)
        remove_run_folder(self._instance)
        remove_state(self._instance)


def main(arguments: Sequence[str]) -> int:
    command = list(arguments[1:] if arguments[:1] == ["--"] else arguments)
    return guarded("tests.support.engines.lab", partial(_beside, command))


def _beside(command: Sequence[str]) -> int:
    lab = Lab()
    try:
        with doing("start the engines of the tests"):
            engines = lab.up()
        with doing("run the command beside them"):
            return subprocess.run(command, env={**os.environ, **engines}, check=False).returncode
    finally:
        with doing("take the engines of the tests down"):
            lab.down()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
