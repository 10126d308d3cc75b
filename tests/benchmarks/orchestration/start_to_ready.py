"""Click to ready, against a bare Swarm service of the same image on the same engine.

`python -m tests.benchmarks.orchestration.start_to_ready --state .demo` on a running demo, or
`on_campus`. Ours and bare starts alternate; a start counts from the click (or the engine call)
until every required port answered. Prints p50, p95 and the ratio of the medians, one at a time and
all at once. Asserts nothing.
"""

import argparse
import copy
import json
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from deploy.demo.examples import seed
from deploy.machine.docker import Docker
from deploy.machine.instance import Instance, cache_folder
from deploy.machine.network.ports import Ports

from mydocker_kit.docker.errors import EngineError
from tests.benchmarks.ports import await_ports
from tests.support.waiting import eventually
from tests.system.campus import Campus, Student

_ACTIVITY = "OpenSSL"
_TEACHER = "claire-fontaine"
_FIRST_PORT = 24_000
_PATIENCE = 120.0
_AT_MOST = timedelta(hours=2)


class Starter:
    """One student whose starts are timed as their page sees them: by the pushed change."""

    def __init__(self, campus: Campus, slug: str, activity: str = _ACTIVITY) -> None:
        self._campus = campus
        self.student = Student(campus.instance, slug)
        self.student.open_activity(activity)

    def timed(self) -> float:
        """Seconds from the click until the refetched window says `ready`."""
        listening, ready = threading.Event(), threading.Event()
        listener = threading.Thread(target=self._listen, args=(listening, ready), daemon=True)
        listener.start()
        listening.wait(10)
        began = time.perf_counter()
        self.student.start()
        if not ready.wait(_PATIENCE):
            raise TimeoutError(f"never ready: {self.student.window()['state']}")
        return time.perf_counter() - began

    def end(self) -> None:
        self.student.stop()
        self.student.await_state("stopped")
        id = self.student.environment_id
        eventually(lambda: not self._campus.services_of(id), "its service is removed")

    def _listen(self, listening: threading.Event, ready: threading.Event) -> None:
        token = {"Authorization": f"Bearer {self.student.token}"}
        url = f"{self._campus.app}/api/events"
        with httpx.stream("GET", url, headers=token, trust_env=False, timeout=_PATIENCE) as lines:
            listening.set()
            for line in lines.iter_lines():
                if line.startswith("data:") and self.student.window()["state"] == "ready":
                    ready.set()
                    return


@contextmanager
def started(campus: Campus, people: int, activity: str = _ACTIVITY) -> Iterator[list[Starter]]:
    """So many students, who have opened the activity."""
    with ExitStack() as stack:
        starters = [Starter(campus, f"guest-{n}", activity) for n in range(1, people + 1)]
        for starter in starters:
            stack.callback(starter.student.__exit__)
        yield starters


class Bare:
    """The same service, made by hand through the engine's API, on a port chosen beforehand."""

    def __init__(self, campus: Campus, model: dict[str, Any]) -> None:
        self._campus, self._model, self._next = campus, model, _FIRST_PORT
        self._lock = threading.Lock()

    def timed(self) -> tuple[float, str]:
        """Seconds from the call until the ports answer, and the service's id."""
        spec, ports = self._spec()
        with self._campus.engine() as docker:
            began = time.perf_counter()
            made = docker.call("POST", "/services/create", spec)
            # A port asked before its container is there costs a second: the first ARP is lost.
            _await_running(docker, spec["Name"])
            await_ports(ports, _PATIENCE)
            return time.perf_counter() - began, str(made["ID"])

    def end(self, service: str) -> None:
        with self._campus.engine() as docker:
            docker.call("DELETE", f"/services/{service}")
            label = json.dumps({"label": ["mydocker.benchmark"]})
            eventually(
                lambda: (
                    not any(
                        task["ServiceID"] == service for task in docker.get("/tasks", filters=label)
                    )
                ),
                "the bare task is gone",
            )

    def _spec(self) -> tuple[dict[str, Any], dict[str, int]]:
        spec, ports = copy.deepcopy(self._model), {}
        with self._lock:
            for port in spec["EndpointSpec"]["Ports"]:
                port["PublishedPort"] = self._next
                ports["ssh" if port["TargetPort"] == 22 else "web"] = self._next
                self._next += 1
        name = f"bare-{uuid4().hex[:12]}"
        spec |= {"Name": name, "Labels": {"mydocker.benchmark": "bare"}}
        spec["TaskTemplate"]["ContainerSpec"]["Labels"] = {"mydocker.benchmark": "bare"}
        spec["TaskTemplate"]["ContainerSpec"]["Mounts"] = [
            mount
            if mount["Type"] != "volume"
            else {**mount, "Source": name, "VolumeOptions": {"Labels": spec["Labels"]}}
            for mount in spec["TaskTemplate"]["ContainerSpec"].get("Mounts", [])
        ]
        return spec, ports


def _await_running(docker: Docker, name: str) -> None:
    """Return when the one task of this service runs; looked at as often as we look at ours."""
    query = json.dumps({"service": [name]})
    deadline = time.perf_counter() + _PATIENCE
    while time.perf_counter() < deadline:
        tasks = docker.get("/tasks", filters=query)
        if any(task["Status"]["State"] == "running" for task in tasks):
            return
        time.sleep(0.02)
    raise TimeoutError(f"{name} never ran")


def model_of(campus: Campus, starter: Starter) -> dict[str, Any]:
    """The spec of a service of ours, to be made again by hand."""
    starter.timed()
    (service,) = campus.services_of(starter.student.environment_id)
    starter.end()
    spec: dict[str, Any] = service["Spec"]
    spec["TaskTemplate"].pop("ForceUpdate", None)
    return spec


def one_at_a_time(ours: Starter, bare: Bare, runs: int) -> tuple[list[float], list[float]]:
    """Alternating, so that both meet the same machine."""
    mine, its = [], []
    for _ in range(runs):
        mine.append(ours.timed())
        ours.end()
        seconds, service = bare.timed()
        its.append(seconds)
        bare.end(service)
    return mine, its


def at_once(starters: list[Starter], bare: Bare) -> tuple[list[float], list[float]]:
    with ThreadPoolExecutor(len(starters)) as pool:
        mine = list(pool.map(Starter.timed, starters))
        list(pool.map(Starter.end, starters))
        its = list(pool.map(lambda _: bare.timed(), starters))
        list(pool.map(lambda start: bare.end(start[1]), its))
    return mine, [seconds for seconds, _ in its]


def open_sessions(campus: Campus) -> None:
    """A demo that stood for a day has no session that runs: open one for as long as this takes."""
    with Student(campus.instance, _TEACHER) as teacher:
        seed.open_sessions(teacher, still=_AT_MOST)


def ready_class_course(campus: Campus, title: str, people: int) -> None:
    """A Course of the same image with reservations so small that a whole class fits this node."""
    with Student(campus.instance, _TEACHER) as teacher:
        if title in teacher.course_page():
            return
        courses = teacher.api("GET", "/api/courses", search=_ACTIVITY)["items"]
        model = teacher.api("GET", f"/api/courses/{courses[0]['id']}")
        fields = ("description", "build_id", "ports", "command", "profile", "work_folder")
        with campus.engine() as docker:
            cores = docker.get("/info")["NCPU"]
        resources = {"cpu": round(0.9 * cores / people, 3), "memory_mib": 64}
        draft = {**{name: model[name] for name in fields}, "resources": resources}
        course = teacher.api("POST", "/api/courses", {**draft, "title": title, "status": "ready"})
        teacher.publish(course["id"])


def report(title: str, mine: list[float], its: list[float], whole: Callable[..., float]) -> None:
    print(f"\n{title}")
    for name, values in (("ours", mine), ("bare", its)):
        print(f"  {name}: p50 {_at(values, 0.5)} ms, p95 {_at(values, 0.95)} ms [{len(values)}]")
    print(f"  ratio: {whole(mine) / whole(its):.2f}")


def _at(values: list[float], share: float) -> int:
    ordered = sorted(values)
    return round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--state", default=".demo")
    add_arguments(parser)
    asked = parser.parse_args()
    instance = Instance("demo", Path(asked.state).resolve(), Ports(), cache=cache_folder())
    compare(Campus(instance), asked.runs, asked.together)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--together", type=int, nargs="+", default=[20, 50])


def compare(campus: Campus, runs: int, classes: list[int]) -> None:
    """One at a time, then each of the classes at once."""
    open_sessions(campus)
    with started(campus, 1) as (alone,):
        mine, its = one_at_a_time(alone, Bare(campus, model_of(campus, alone)), runs)
    report(f"one at a time, {runs} runs", mine, its, statistics.median)
    for people in classes:
        title = f"Benchmark: {people} at once"
        ready_class_course(campus, title, people)
        with started(campus, people, title) as starters:
            mine, its = at_once(starters, Bare(campus, model_of(campus, starters[0])))
        report(f"{people} at once (ratio of the last to be ready)", mine, its, max)
    _remove_volumes(campus.engine())


def _remove_volumes(docker: Docker) -> None:
    """Those of the bare services."""
    with docker:
        query = json.dumps({"label": ["mydocker.benchmark=bare"]})
        for volume in docker.get("/volumes", filters=query)["Volumes"] or []:
            # A container may hold it for a moment longer than its task is listed.
            eventually(partial(_removed, docker, volume["Name"]), "the volume is let go")


def _removed(docker: Docker, name: str) -> bool:
    try:
        docker.call("DELETE", f"/volumes/{name}", force="true")
    except EngineError as error:
        if error.status != 409:
            raise
        return False
    return True


if __name__ == "__main__":
    main()
