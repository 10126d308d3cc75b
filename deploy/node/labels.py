"""Labels of a Swarm node: its pool, and whether environments may be put on it."""

from typing import Any

from deploy.machine.docker import Docker

POOL = "mydocker.pool"
READY = "mydocker.ready"
REMAPS = "mydocker.remaps-users"
DIRECT = "mydocker.direct"
"""The numbers at which its firewall lets people in."""
YES = "yes"
NO = "no"


def this_node(docker: Docker) -> str:
    """The id of the node whose engine this is."""
    return str(docker.get("/info")["Swarm"]["NodeID"])


def admit(
    manager: Docker, node: str, pool: str = "", *, remaps: bool = False, direct: str = ""
) -> None:
    """Let environments of `pool` be put on this node; without one it keeps its pool.

    `remaps`: root of a container was seen to be nobody on it. `direct`: its direct ports.
    """
    found = manager.get(f"/nodes/{node}")
    seen = (REMAPS, DIRECT)
    labels = {name: value for name, value in _labels(found).items() if name not in seen}
    wanted = {**labels, READY: YES, POOL: pool or labels.get(POOL, "default")}
    wanted |= {REMAPS: YES} if remaps else {}
    wanted |= {DIRECT: direct} if direct else {}
    changes: dict[str, Any] = {"Labels": wanted}
    if is_refused(found) and found["Spec"].get("Availability") == "pause":
        changes["Availability"] = "active"
    _write(manager, found, changes)


def refuse(manager: Docker, node: str) -> None:
    """Put nothing more on this node; what runs there goes on."""
    found = manager.get(f"/nodes/{node}")
    changes: dict[str, Any] = {"Labels": {**_labels(found), READY: NO}}
    if found["Spec"].get("Availability") == "active":
        # Without it Swarm ends every task whose constraints the node no longer meets.
        changes["Availability"] = "pause"
    _write(manager, found, changes)


def is_refused(node: dict[str, Any]) -> bool:
    """Whether it is closed because of its checks, and not by somebody for reasons of their own."""
    return _labels(node).get(READY) == NO


def _labels(node: dict[str, Any]) -> dict[str, str]:
    return dict(node["Spec"].get("Labels") or {})


def _write(manager: Docker, found: dict[str, Any], changes: dict[str, Any]) -> None:
    """Only where it differs: on Docker 20.10 each update ends tasks that reserve GPUs."""
    spec = {**found["Spec"], **changes}
    if spec != found["Spec"]:
        path = f"/nodes/{found['ID']}/update"
        manager.call("POST", path, spec, version=found["Version"]["Index"])
