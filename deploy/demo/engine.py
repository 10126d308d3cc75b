"""The engine environments run on: the one found on this machine, or one of our own."""

import contextlib
import json
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import httpx

from deploy.node import checks, firewall, labels
from deploy.node.guard import Guard
from deploy.node.network import FORGET, EnvironmentNetwork, resolvers_here
from mydocker_kit.contracts.pools import Egress
from mydocker_kit.docker_api import engine_confines

from . import packages
from .commands import run
from .docker import Docker, DockerError
from .errors import CannotStart
from .instance import Instance
from .preflight import check_disk
from .processes import Program, Supervisor
from .record import RecordFile
from .report import Report

_DEFAULT_SOCKET = "unix:///var/run/docker.sock"
_SWARM_SECONDS = 30.0
_ANSWER_SECONDS = 40.0
_GONE_SECONDS = 30.0
"""How long removed containers may take to let go of networks and volumes."""
_GATEWAY = "docker_gwbridge"
PROGRAM = "engine"


def socket_of(instance: Instance, name: str) -> Path:
    return instance.run / f"{name}.sock"


def dockerd(instance: Instance, name: str, **options: object) -> Program:
    """Write the settings of an engine of our own, which shares nothing with another engine."""
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
        packages.path_of("dockerd"),
        f"--config-file={path}",
        f"--containerd-namespace={kept_apart}",
        f"--containerd-plugins-namespace={kept_apart}-plugins",
    ]
    return Program(name, command, stop_seconds=45)


def choose(instance: Instance, record: RecordFile, report: Report) -> str:
    """The socket of the engine to use, remembered; ours where none is found."""
    known = record.read()
    found = "" if instance.own_engine or known.engine_is_ours else _found(report)
    url = found or f"unix://{socket_of(instance, PROGRAM)}"
    record.change(engine_url=url, engine_is_ours=not found)
    return url


def program(instance: Instance) -> Program:
    """No default bridge: environments have networks of their own."""
    return dockerd(instance, PROGRAM, bridge="none", **confining())


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


def ready_swarm(docker: Docker, record: RecordFile) -> None:
    """Make sure this engine is a Swarm manager we can schedule on."""
    swarm = docker.get("/info")["Swarm"]
    state = swarm["LocalNodeState"]
    if state == "inactive":
        has_gateway = docker.exists(f"/networks/{_GATEWAY}")
        record.change(swarm_made=True, gateway_made=not has_gateway)
        body = {"ListenAddr": "127.0.0.1:2377", "AdvertiseAddr": "127.0.0.1"}
        docker.call("POST", "/swarm/init", body)
    elif state == "active" and not swarm.get("ControlAvailable"):
        raise CannotStart(
            "this machine's Docker engine is a worker of a Swarm: run the demo on a manager,"
            " or leave that Swarm (docker swarm leave)."
        )
    elif state in ("error", "locked"):
        raise CannotStart(
            f"this machine's Swarm is in the state '{state}' ({swarm.get('Error', '')}):"
            " unlock it, or leave it with docker swarm leave --force."
        )
    _await_node(docker)


def _await_node(docker: Docker) -> None:
    deadline = time.monotonic() + _SWARM_SECONDS
    while time.monotonic() < deadline:
        try:
            nodes = docker.get("/nodes")
        except DockerError as error:
            if error.status != 503:  # no leader yet, right after a start
                raise
            nodes = []
        if any(_can_take(node) for node in nodes):
            return
        time.sleep(0.05)
    raise CannotStart("no node of this Swarm is ready and active: see docker node ls.")


def _can_take(node: dict[str, Any]) -> bool:
    is_ready = node["Status"]["State"] == "ready"
    is_active = node["Spec"]["Availability"] == "active"
    # One that was closed by its checks is checked again now.
    return bool(is_ready and (is_active or labels.is_refused(node)))


def ready_network(instance: Instance, docker: Docker, *, strict: bool = False) -> list[str]:
    """Guard and networks of environments on this one node, which takes them once it is checked.

    Answers with what is not as it should be and yet goes for a demo.
    """
    guard, networks = guard_of(instance), environment_networks(instance)
    firewall.lay(guard)
    for network in networks:
        network.ready_here(docker)
        network.ready_in_swarm(docker)
    node = labels.this_node(docker)
    findings = checks.check(docker, guard, networks)
    wrong = checks.failed(findings)
    grave = [one for one in wrong if strict or one.name != checks.NO_NEW_PRIVILEGES]
    if grave:
        labels.refuse(docker, node)
        told = "; ".join(f"{one.name}: {one.words}" for one in grave)
        raise CannotStart(f"this machine does not hold environments apart: {told}")
    labels.admit(docker, node, remaps=checks.remaps_users(findings))
    return [one.words for one in (findings if strict else wrong) if not one.passed]


def guard_of(instance: Instance) -> Guard:
    """Ports are on the loopback and so is the edge: nobody comes in from elsewhere."""
    prefix = f"{instance.environment_bridge}-"
    return Guard(prefix, instance.mark, resolvers=resolvers_here(), mail=instance.mail)


def environment_networks(instance: Instance) -> list[EnvironmentNetwork]:
    """One for each class. Ports on the loopback only: the edge is on this machine too."""
    prefix = f"{instance.environment_bridge}-"
    network = EnvironmentNetwork(instance.network, instance.name, prefix)
    return [network.with_class(egress) for egress in Egress]


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
        except DockerError as error:
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
            with contextlib.suppress(DockerError):
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
            with contextlib.suppress(DockerError):
                docker.call("DELETE", f"/images/{image['Id']}", force="true")


def leave_swarm(docker: Docker, record: RecordFile) -> None:
    """Undo `ready_swarm`, with the network that Docker makes for Swarms and then forgets."""
    docker.call("POST", "/swarm/leave", force="true")
    if record.read().gateway_made:
        with contextlib.suppress(DockerError):
            docker.call("DELETE", f"/networks/{_GATEWAY}")
    record.change(swarm_made=False, gateway_made=False)


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
        except (DockerError, httpx.HTTPError) as error:
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
