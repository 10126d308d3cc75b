"""Starts and stops the developer's platform, and fills it with the demo's campus."""

import shutil
import sys
from dataclasses import replace

from deploy.demo.examples import operators, seed
from deploy.demo.programs import database, edge, lms, services
from deploy.demo.report import Report
from deploy.machine.keys import Keys
from deploy.machine.network.ports import LOOPBACK
from deploy.machine.processes import Program, Supervisor
from deploy.machine.record import RecordFile

from deploy.demo import page

from .instance import DevInstance

DEBUG_PORT = 5678
_FAKED = ("orchestrator", "builder")
_FAKED_SERVICE = "from tests.support.dev.services import main; main()"
_OURS = (*(service.name for service in services.SERVICES), edge.PROGRAM, lms.PROGRAM)


class DevPlatform:
    """One developer's platform; `debugged` names the service that waits for a debugger."""

    def __init__(self, instance: DevInstance, report: Report, debugged: str | None = None) -> None:
        self.instance, self.supervisor = instance, Supervisor(instance)
        self._report, self._debugged = report, debugged

    def up(self) -> None:
        """Start everything that does not run yet; data is kept from the last time."""
        instance, supervisor = self.instance, self.supervisor
        page.build(self._report)
        for folder in (instance.run, instance.state, instance.logs):
            folder.mkdir(parents=True, exist_ok=True)
        Keys(instance.secrets).make(LOOPBACK, instance.ports.database)
        supervisor.configure(self._programs())
        with self._report.step("start the database"):
            database.start(instance, supervisor)
        with self._report.step("apply the migrations"):
            services.migrate(instance, "")
        with self._report.step("start services, edge and demo LMS"):
            supervisor.start_together(_OURS)
            services.await_ready(instance, supervisor)
            edge.await_open(instance, supervisor)
            lms.await_ready(instance, supervisor)
        lms.register(instance, "")
        operators.make(instance)
        seed.plant(instance, RecordFile(instance.state), self._report)

    def restart(self, names: tuple[str, ...]) -> None:
        """Start these again, on the code as it is now."""
        for name in names:
            self.supervisor.stop(name)
        self.supervisor.start_together(names)

    def stop(self) -> None:
        """Stop everything; data is kept."""
        self.supervisor.shutdown()
        shutil.rmtree(self.instance.run, ignore_errors=True)

    def clean(self) -> None:
        """Stop, and forget all data."""
        self.stop()
        shutil.rmtree(self.instance.state, ignore_errors=True)

    def _programs(self) -> list[Program]:
        ours = [self._adapted(program) for program in services.programs(self.instance, "")]
        return [
            database.program(self.instance),
            *ours,
            edge.program(self.instance),
            lms.program(self.instance),
        ]

    def _adapted(self, program: Program) -> Program:
        words = list(program.command[1:])
        environment = {**program.environment, "MYDOCKER_LOG_LEVEL": "DEBUG"}
        if program.name in _FAKED:
            words = ["-c", _FAKED_SERVICE, program.name, "serve"]
        if program.name == "api":
            environment["MYDOCKER_PROCESSES"] = "1"  # one to debug, and sooner started
        if program.name == self._debugged:
            words = ["-m", "debugpy", "--listen", f"{LOOPBACK}:{DEBUG_PORT}", *words]
        return replace(program, command=[sys.executable, *words], environment=environment)
