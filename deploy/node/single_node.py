"""A Swarm of one node that is its own manager: the demo, and a server set up with Compose."""

import contextlib
import time
from typing import Any

from deploy.machine.docker import Docker
from deploy.machine.failures import CannotStart
from deploy.machine.instance import Instance
from deploy.machine.record import RecordFile
from mydocker_kit.contracts.orchestrator.cordons import Cordon, CordonCause
from mydocker_kit.contracts.orchestrator.pools import Egress
from mydocker_kit.docker.errors import EngineError

from . import checks, firewall, labels
from .guard import Guard
from .network import EnvironmentNetwork, resolvers_here

_SWARM_SECONDS = 30.0
_GATEWAY = "docker_gwbridge"


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
        except EngineError as error:
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
    failed = checks.failed(findings)
    closing = [finding for finding in failed if strict or finding.name != checks.NO_NEW_PRIVILEGES]
    if closing:
        reasons = "; ".join(f"{finding.name}: {finding.words}" for finding in closing)
        labels.refuse(docker, node, Cordon(cause=CordonCause.CHECKS_FAILED, detail=reasons))
        raise CannotStart(f"this machine does not hold environments apart: {reasons}")
    labels.admit(docker, node, remaps=checks.remaps_users(findings))
    reported = findings if strict else failed
    return [finding.words for finding in reported if not finding.passed]


def guard_of(instance: Instance) -> Guard:
    """Ports are on the loopback and so is the edge: nobody comes in from elsewhere."""
    prefix = f"{instance.environment_bridge}-"
    return Guard(prefix, instance.mark, resolvers=resolvers_here(), mail=instance.mail)


def environment_networks(instance: Instance) -> list[EnvironmentNetwork]:
    """One for each class. Ports on the loopback only: the edge is on this machine too."""
    prefix = f"{instance.environment_bridge}-"
    network = EnvironmentNetwork(instance.network, instance.name, prefix)
    return [network.with_class(egress) for egress in Egress]


def leave_swarm(docker: Docker, record: RecordFile) -> None:
    """Undo `ready_swarm`, with the network that Docker makes for Swarms and then forgets."""
    docker.call("POST", "/swarm/leave", force="true")
    if record.read().gateway_made:
        with contextlib.suppress(EngineError):
            docker.call("DELETE", f"/networks/{_GATEWAY}")
    record.change(swarm_made=False, gateway_made=False)
