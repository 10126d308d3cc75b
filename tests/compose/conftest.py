"""One composed platform for all tests of this folder, in a network of its own: ports are fixed."""

import contextlib
import os
from collections.abc import Iterator

import pytest
from deploy.demo.engines import base_image, engine, leftovers
from deploy.demo.programs import lms
from deploy.demo.report import Report
from deploy.machine.docker import Docker
from deploy.machine.instance import Instance, cache_folder
from deploy.machine.network.ports import Ports
from deploy.machine.processes import Supervisor

from deploy.demo import page
from tests.compose import stack as composed
from tests.compose.stack import Stack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    state = tmp_path_factory.mktemp("compose")
    instance = Instance(f"c{os.getpid()}", state, Ports(), own_engine=True, cache=cache_folder())
    report, supervisor = Report(), Supervisor(instance)
    page.build(report)
    instance.run.mkdir(parents=True)
    with contextlib.ExitStack() as cleanup:
        cleanup.callback(leftovers.remove_state, instance)
        cleanup.callback(leftovers.remove_run_folder, instance)
        cleanup.callback(leftovers.sweep, instance, "ACCEPT")
        cleanup.callback(supervisor.shutdown)
        with report.step("start an engine"):
            supervisor.configure([engine.program(instance), lms.program(instance)])
            engine.start_own(instance, supervisor)
            supervisor.start(lms.PROGRAM)
        docker = cleanup.enter_context(Docker(f"unix://{engine.socket_of(instance, 'engine')}"))
        with report.step("provide the base image"):
            base_image.ready(instance, docker, report)
        with report.step("build images and bundle"):
            running = composed.build(instance, docker)
        running.init()
        cleanup.callback(running.compose, "down", "--volumes", "--timeout", "20")
        with report.step("bring the stack up"):
            running.up()
        builds = cleanup.enter_context(Docker(f"unix://{instance.run}/build/docker.sock"))
        with report.step("provide the base image for builds"):
            assert builds.await_answer(60)
            base_image.ready(instance, builds, report)
        with report.step("make a campus"):
            composed.plant_campus(running)
        yield running
