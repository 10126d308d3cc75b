"""The engine environments run on: the one found on this machine, or one of our own."""

import contextlib
import json
import os
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

import httpx

from deploy.demo.preflight import check_disk
from deploy.demo.report import Report
from deploy.machine import packages
from deploy.machine.commands import run
from deploy.machine.docker import Docker
from deploy.machine.failures import CannotStart
from deploy.machine.instance import Instance
from deploy.machine.processes import Program, Supervisor
from deploy.machine.record import RecordFile
from deploy.node.network import FORGET
from deploy.node.single_node import environment_networks
from mydocker_kit.docker.errors import EngineError
from mydocker_kit.docker.versions import engine_confines

_DEFAULT_SOCKET = "unix:///var/run/docker.sock"
_ANSWER_SECONDS = 40.0
_GONE_SECONDS = 30.0
"""How long removed containers may take to let go of networks and volumes."""
PROGRAM = "engine"
_SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def socket_of(instance: Instance, name: str) -> Path:
    return instance.run / f"{name}.sock"


def dockerd(
    instance: Instance, name: str, options: Mapping[str, object], program: str = ""
) -> Program:
    """Write the settings of an engine of our own, which shares nothing with another engine.

    `program` is a `dockerd` other than the installed one; what it starts lies beside it.
    """
    settings = {
        "data-root": str(instance.state / name),
        "exec-root": str(instance.run / f"{name}.exec"),
        "pidfile": str(instance.run / f"{name}.pid"),
        "hosts": [f"unix://{socket_of(instance, name)}"],
        "log-level": "warn",
        **options,
    }
    path = instance.state / f"{name}.json"
    path.write_text(json.dumps(settings, indent=1), encoding="utf-8")
    # Where a system-wide containerd runs, dockerd uses that one: keep our tasks apart in it.
    # (Version 20.10 takes these two as flags only.)
    kept_apart = f"mydocker-{instance.name}-{name}"
    command = [
        *("/bin/sh", str(FORGET), str(settings["data-root"]), str(settings["exec-root"])),
        program or packages.path_of("dockerd"),
        f"--config-file={path}",
        f"--containerd-namespace={kept_apart}",
        f"--containerd-plugins-namespace={kept_apart}-plugins",
    ]
    environment = {"PATH": f"{Path(program).parent}:{_SYSTEM_PATH}"} if program else {}
    return Program(name, command, environment, stop_seconds=45)


def choose(instance: Instance, record: RecordFile, report: Report) -> str:
    """The socket of the engine to use, remembered; ours where none is found."""
    known = record.read()
    engine = "" if instance.own_engine or known.engine_is_ours else _found(report)
    url = engine or f"unix://{socket_of(instance, PROGRAM)}"
    record.change(engine_url=url, engine_is_ours=not engine)
    return url


def program(instance: Instance) -> Program:
    """No default bridge: environments have networks of their own."""
    return dockerd(instance, PROGRAM, {"bridge": "none", **confining()})


def confining() -> dict[str, object]:
    """What an engine of ours needs in its settings so that nothing becomes root: from 25 on
    nothing, because each service says it."""
    said = run([packages.path_of("dockerd"), "--version"], why="the version of dockerd")
    version = said.partition("version ")[2]
    return {} if engine_confines(version) else {"no-new-privileges": True}


def start_own(instance: Instance, supervisor: Supervisor, name: str = PROGRAM) -> None:
    """Start an engine of ours and await its answer."""
    supervisor.start(name)
    with Docker(f"unix://{socket_of(instance, name)}") as docker:
        if not docker.await_answer(_ANSWER_SECONDS):
            raise CannotStart(supervisor.why(name))


def await_answer(docker: Docker) -> None:
    """Return when the engine answers; it may just be coming back."""
    if not docker.await_answer(_ANSWER_SECONDS):
        raise CannotStart(f"the Docker engine at {docker.url} does not answer: restart it.")


def clear(instance: Instance, docker: Docker) -> None:
    """Remove our environments and networks; work volumes stay."""
    for service in docker.get("/services", filters=_ours(instance)):
        docker.call("DELETE", f"/services/{service['ID']}")
    for network in environment_networks(instance):
        for name in (network.name, network.config):
            _remove_network(docker, name)


def clear_dead(instance: Instance, docker: Docker) -> None:
    """Clear where nothing of ours runs any more.

    An engine that was killed refuses its old network for ever (`network … exists`, Docker 20.10),
    so one that nobody uses is made anew; the orchestrator makes wanted environments again. What
    the engine refuses keeps its bridge and range: the new network takes others.
    """
    tasks = docker.get("/tasks", filters=_ours(instance))
    if not any(task["Status"]["State"] == "running" for task in tasks):
        clear(instance, docker)


def _ours(instance: Instance) -> str:
    return json.dumps({"label": [f"mydocker.platform={instance.name}"]})


def _remove_network(docker: Docker, name: str) -> None:
    """Remove it as soon as the last task has left it."""
    deadline = time.monotonic() + _GONE_SECONDS
    while time.monotonic() < deadline:
        try:
            docker.call("DELETE", f"/networks/{name}")
        except EngineError as error:
            if error.status == 404:
                return
            time.sleep(0.2)
        else:
            return


def remove_volumes(instance: Instance, docker: Docker) -> None:
    """Remove the work folders of this platform's people, once their containers are gone."""
    deadline = time.monotonic() + _GONE_SECONDS
    while time.monotonic() < deadline:
        left = docker.get("/volumes", filters=_ours(instance))["Volumes"] or []
        if not left:
            return
        for volume in left:
            with contextlib.suppress(EngineError):
                docker.call("DELETE", f"/volumes/{volume['Name']}", force="true")
        time.sleep(0.3)


def pull(docker: Docker, references: Iterable[str]) -> None:
    """Bring images here before the first click waits for them."""
    for reference in references:
        for _ in docker.follow("/images/create", fromImage=reference):
            pass


def remove_images(docker: Docker, registry: str) -> None:
    """Remove what was pulled from our registry."""
    for image in docker.get("/images/json"):
        names = [*(image.get("RepoTags") or []), *(image.get("RepoDigests") or [])]
        if any(name.startswith(f"{registry}/") for name in names):
            with contextlib.suppress(EngineError):
                docker.call("DELETE", f"/images/{image['Id']}", force="true")


def _found(report: Report) -> str:
    """The socket of a usable engine that runs on this machine, or nothing."""
    url = os.environ.get("DOCKER_HOST") or _DEFAULT_SOCKET
    with Docker(url) as docker:
        if not docker.answers():
            _refuse_dead(url)
            if Path(url.removeprefix("unix://")).exists():
                report.say(f"  · no engine answers at {url}: starting one of our own")
            return ""
        try:
            info = docker.get("/info")
        except (EngineError, httpx.HTTPError) as error:
            raise CannotStart(
                f"the Docker engine at {url} does not answer well: {error}"
            ) from error
    if any("rootless" in option for option in info.get("SecurityOptions") or []):
        report.say("  · the engine found is rootless, which Swarm cannot use: starting our own")
        return ""
    check_disk(Path(info.get("DockerRootDir") or "/"))
    return url


def _refuse_dead(url: str) -> None:
    """A named engine that is silent is an error; a default socket left behind is not."""
    if os.environ.get("DOCKER_HOST"):
        raise CannotStart(
            f"DOCKER_HOST names {url}, but no engine answers there: start it or unset it."
        )
