"""Up, stop, clean: the order in which the parts come and go."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

import httpx

from deploy.machine import packages
from deploy.machine.docker import Docker
from deploy.machine.instance import ROOT, Instance
from deploy.machine.keys import Keys
from deploy.machine.network.firewall import forward_policy
from deploy.machine.network.ports import LOOPBACK
from deploy.machine.processes import Supervisor
from deploy.machine.record import Record, RecordFile
from deploy.node import firewall, probe, single_node

from . import preflight
from .engines import authorities, base_image, build_engine, engine, leftovers
from .examples import operators, seed
from .examples.seed import ExampleMissing
from .page import fingerprint
from .programs import database, edge, folders, registry, services
from .programs import lms as school
from .report import Report

_PLATFORM = (
    folders.PROGRAM,
    *(service.name for service in services.SERVICES),
    edge.PROGRAM,
    school.PROGRAM,
)
"""What runs our own code, in the order of its start."""


class Lifecycle:
    """One instance's way up and down."""

    def __init__(self, instance: Instance, report: Report, *, seeds: bool = True) -> None:
        self._instance, self._report, self._seeds = instance, report, seeds
        self._supervisor = Supervisor(instance)
        self._record = RecordFile(instance.state)

    def up(self) -> bool:
        """Bring everything up; false when it was there already."""
        authorities.trust_here()
        preflight.check(self._instance, self._supervisor)
        if self.is_up() and self._record.read().sources == _sources():
            with Docker(self._record.read().engine_url) as docker:
                engine.await_answer(docker)
                self._ready_network(docker)
            if self._seeds:
                seed.plant(self._instance, self._record, self._report)
            return False
        with self._undone_on_failure():
            with self._report.step("look for what Debian must provide"):
                packages.ensure(packages.FOR_DEMO)
            self._start()
        return True

    def is_up(self) -> bool:
        """Whether every part runs."""
        states = self._supervisor.states()
        return bool(states) and all(
            state == "RUNNING" for name, state in states.items() if self._is_wanted(name)
        )

    def stop(self) -> None:
        """Stop what we started; data, work folders and images stay."""
        record = self._record.read()
        with self._report.step("stop"):
            for name in reversed(_PLATFORM):
                self._supervisor.stop(name)
            self._clear_engine(record)
            firewall.take_away(single_node.guard_of(self._instance))
            self._supervisor.shutdown()
            build_engine.drop(self._instance)
            if record.engine_is_ours:
                leftovers.sweep(self._instance, record.forward_policy)
            leftovers.remove_run_folder(self._instance)

    def clean(self) -> None:
        """Stop, then remove everything we made: data, work folders, images, the Swarm."""
        self.stop()
        record = self._record.read()
        with self._report.step("remove what was made"):
            if record.engine_url and not record.engine_is_ours:
                with _reachable(record) as docker:
                    self._empty_found_engine(docker, record)
            leftovers.remove_state(self._instance)

    def _start(self) -> None:
        instance, report, supervisor = self._instance, self._report, self._supervisor
        for folder in (instance.run, instance.state, instance.logs):
            folder.mkdir(parents=True, exist_ok=True)
        with report.step("make keys"):
            Keys(instance.secrets).make(LOOPBACK, instance.ports.database)
        with report.step("find or start a Docker engine"):
            self._ready_engine()
        with report.step("start the engine for builds"):
            build_engine.start(instance, supervisor, registry.address(instance))
        with (
            report.step("provide the base image debian:12"),
            Docker(build_engine.url_of(instance)) as docker,
        ):
            base_image.ready(instance, docker, report)
        with report.step("start registry and database"):
            supervisor.start(registry.PROGRAM)
            database.start(instance, supervisor)
        self._start_platform()

    def _ready_engine(self) -> None:
        instance, record = self._instance, self._record
        if not record.read().forward_policy:
            record.change(forward_policy=forward_policy())
        url = engine.choose(instance, record, self._report)
        self._configure(url)
        if record.read().engine_is_ours:
            engine.start_own(instance, self._supervisor)
        with Docker(url) as docker:
            single_node.ready_swarm(docker, record)
            if self._supervisor.states().get("orchestrator") != "RUNNING":
                engine.clear_dead(instance, docker)
            self._ready_network(docker)

    def _ready_network(self, docker: Docker) -> None:
        for remark in single_node.ready_network(self._instance, docker):
            self._report.say(f"  · before people use this engine: {remark}")

    def _configure(self, engine_url: str) -> None:
        instance = self._instance
        registry.configure(instance)
        programs = [
            build_engine.program(instance),
            registry.program(instance),
            database.program(instance),
            folders.program(instance, engine_url),
            *services.programs(instance, engine_url),
            edge.program(instance),
            school.program(instance),
        ]
        if self._record.read().engine_is_ours:
            programs.insert(0, engine.program(instance))
        self._supervisor.configure(programs)

    def _start_platform(self) -> None:
        instance, report, supervisor = self._instance, self._report, self._supervisor
        record = self._record.read()
        sources, url = _sources(), record.engine_url
        if record.sources != sources:
            with report.step("apply the migrations"):
                for name in reversed(_PLATFORM):
                    supervisor.stop(name)
                services.migrate(instance, url)
        with report.step("start services, edge and demo LMS"):
            supervisor.start_together(_PLATFORM)
            services.await_ready(instance, supervisor)
            edge.await_open(instance, supervisor)
            school.await_ready(instance, supervisor)
            school.register(instance, url)
            operators.make(instance)
        self._record.change(sources=sources)
        if self._seeds:
            made = seed.plant(instance, self._record, report)
            if made:
                with report.step("bring the images to the node"), Docker(url) as docker:
                    engine.pull(docker, made)

    def _is_wanted(self, name: str) -> bool:
        return name != engine.PROGRAM or self._record.read().engine_is_ours

    @contextmanager
    def _undone_on_failure(self) -> Iterator[None]:
        """Leave nothing half started: what was down before is down again."""
        was_up, before = self._supervisor.is_up(), self._record.read()
        with _interruptible():
            try:
                yield
            except ExampleMissing:
                raise
            except BaseException:
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                if not was_up:
                    self._report.say("  · undoing what was started")
                    self.stop()
                    self._leave_new_swarm(before)
                raise

    def _leave_new_swarm(self, before: Record) -> None:
        record = self._record.read()
        is_new = record.swarm_made and not before.swarm_made
        if is_new and not record.engine_is_ours:
            with _reachable(record) as docker:
                single_node.leave_swarm(docker, self._record)

    def _clear_engine(self, record: Record) -> None:
        if record.engine_url:
            with _reachable(record) as docker:
                engine.clear(self._instance, docker)

    def _empty_found_engine(self, docker: Docker, record: Record) -> None:
        engine.remove_volumes(self._instance, docker)
        probe.remove_image(docker)
        engine.remove_images(docker, registry.address(self._instance))
        if record.swarm_made:
            single_node.leave_swarm(docker, self._record)


@contextmanager
def _reachable(record: Record) -> Iterator[Docker]:
    """The engine in use; where it is gone, what was on it is gone or out of our reach."""
    with Docker(record.engine_url) as docker, suppress(httpx.TransportError):
        yield docker


def _sources() -> str:
    """The code that should be running."""
    folders = [ROOT / "services", ROOT / "deploy", ROOT / "tools"]
    return fingerprint(folders, ("py", "sql", "html", "css", "js", "json", "sh", "Caddyfile"))


@contextmanager
def _interruptible() -> Iterator[None]:
    """A polite request to end is answered like Ctrl-C: by undoing."""

    def interrupt(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    previous = {
        number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGHUP)
    }
    previous[signal.SIGINT] = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
