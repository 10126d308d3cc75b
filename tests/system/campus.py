"""A whole campus for the journeys: one instance of the platform, its parts within reach."""

import json
import os
import re
import signal
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
from deploy.demo.examples.campus_user import CampusUser
from deploy.demo.programs import database
from deploy.machine.commands import run
from deploy.machine.docker import Docker
from deploy.machine.instance import Instance
from deploy.machine.keys import DATABASE, Keys
from deploy.machine.processes import Supervisor
from deploy.machine.record import RecordFile

from mydocker_kit.ids import environment_id
from tests.support.waiting import eventually

_PATIENCE = 60.0


class Student(CampusUser):
    """A person who opens an activity and uses the API as the page does."""

    def __init__(self, instance: Instance, slug: str, course_id: str = "") -> None:
        super().__init__(instance, slug)
        self.slug, self.course_id = slug, course_id

    def open_activity(self, part: str) -> None:
        """Launch the activity whose title holds `part`; its Course is mine from then on."""
        self._enter(self.launch_url(part))
        self.course_id = str(self._landing["course_id"])

    def launch_url(self, part: str) -> str:
        """Where the LMS launches the newest activity whose title holds `part`."""
        matches = re.findall(
            rf'/activities/(\w+)"><span[^>]*></span>\s*<span><strong>[^<]*{re.escape(part)}',
            self.course_page(),
        )
        assert matches, f"no activity {part!r} in the course space"
        return f"{self._campus}/launch/{matches[-1]}"

    def add_bare_activity(self, title: str) -> None:
        """An activity of the tool for which nobody selected content."""
        page = self.course_page()
        key = re.search(r'name="sesskey" value="(\w+)"', page)
        assert key, "the course page has no form"
        item = {"title": title, "text": "", "url": f"{self._app}/lti/launch", "custom": {}}
        fields = {"sesskey": key[1], "items": json.dumps([item]), "title": title, "text": ""}
        self._send("POST", f"{self._campus}/activities", fields)

    @property
    def environment_id(self) -> UUID:
        """The one Environment of this person for the Course."""
        return environment_id(UUID(self.course_id), UUID(self.api("GET", "/api/me")["id"]))

    @property
    def _environment(self) -> str:
        return f"/api/courses/{self.course_id}/environment"

    def window(self) -> dict[str, Any]:
        return dict(self.api("GET", f"/api/courses/{self.course_id}/window"))

    def start(self) -> dict[str, Any]:
        return dict(self.api("POST", f"{self._environment}/start"))

    def stop(self) -> dict[str, Any]:
        return dict(self.api("POST", f"{self._environment}/stop"))

    def credentials(self) -> dict[str, str]:
        return dict(self.api("GET", f"{self._environment}/credentials"))

    def await_state(self, *states: str, seconds: float = _PATIENCE) -> dict[str, Any]:
        """The window once it shows one of `states`."""

        def look() -> dict[str, Any] | None:
            window = self.window()
            seen.append(window["state"])
            return window if window["state"] in states else None

        seen: list[str] = []
        try:
            return eventually(look, f"state {states}", seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}; states seen: {list(dict.fromkeys(seen))}") from None


def stopped(instance: Instance, slug: str, part: str) -> None:
    """Make sure this person's Environment for the activity does not run: a clean beginning."""
    with Student(instance, slug) as student:
        student.open_activity(part)
        if student.window()["state"] in ("queued", "starting", "ready"):
            student.stop()
            student.await_state("stopped")


@dataclass(frozen=True)
class Campus:
    """The running platform and the doors a test may use."""

    instance: Instance

    @property
    def lms(self) -> str:
        return self.instance.lms_origin

    @property
    def app(self) -> str:
        return self.instance.app_origin

    def engine(self) -> Docker:
        """The Swarm's engine, as the operator sees it."""
        return Docker(RecordFile(self.instance.state).read().engine_url)

    def services_of(self, environment_id: UUID | str) -> list[dict[str, Any]]:
        """The Swarm services of one Environment: never more than one."""
        wanted = str(environment_id)
        with self.engine() as docker:
            services = docker.get("/services", filters='{"label":["mydocker.environment"]}')
        return [s for s in services if s["Spec"]["Labels"]["mydocker.environment"] == wanted]

    def running_tasks(self, environment_id: UUID | str) -> list[dict[str, Any]]:
        ids = {service["ID"] for service in self.services_of(environment_id)}
        with self.engine() as docker:
            tasks = docker.get("/tasks", filters='{"desired-state":["running"]}')
        return [
            task
            for task in tasks
            if task["ServiceID"] in ids and task["Status"]["State"] == "running"
        ]

    def sql(self, statement: str) -> str:
        """What the database answers to its owner; for what only time would bring otherwise."""
        password = Keys(self.instance.secrets).read("postgres-password")
        return run(
            [*database.psql(self.instance), DATABASE, "-tAc", statement],
            why="the database was not asked",
            environment={**os.environ, "PGPASSWORD": password},
        ).strip()

    def kill(self, program: str) -> None:
        """End a service as a power cut would; the supervisor starts it again."""
        pid = self.pid(program)
        if pid:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def pid(self, program: str) -> int:
        return Supervisor(self.instance).pid(program)

    def await_back(self, program: str, old: int) -> None:
        """Wait until `program` runs again, as another process than `old`, and is ready."""
        eventually(lambda: self.pid(program) not in (0, old), f"{program} is started again")
        names = {"lti-gateway": "gateway"}
        port = getattr(self.instance.ports, names.get(program, program))
        url = f"http://127.0.0.1:{port}/health/ready"

        def ready() -> bool:
            with suppress(httpx.HTTPError):
                return httpx.get(url, trust_env=False, timeout=2).is_success
            return False

        eventually(ready, f"{program} is ready again")

    def metric(self, program: str, name: str) -> str:
        """The lines of one metric of a service."""
        port = getattr(self.instance.ports, program)
        text = httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False).text
        return "\n".join(line for line in text.splitlines() if line.startswith(name))
