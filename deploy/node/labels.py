"""Labels of a Swarm node: its pool, and whether environments may be put on it."""

from typing import Any

from deploy.machine.docker import Docker
from mydocker_kit.contracts.orchestrator.cordons import Cordon, without_cordon

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
    node_json = manager.get(f"/nodes/{node}")
    seen = (REMAPS, DIRECT)
    earlier = without_cordon(_labels(node_json))
    labels = {name: value for name, value in earlier.items() if name not in seen}
    wanted = {**labels, READY: YES, POOL: pool or labels.get(POOL, "default")}
    wanted |= {REMAPS: YES} if remaps else {}
    wanted |= {DIRECT: direct} if direct else {}
    changes: dict[str, Any] = {"Labels": wanted}
    if is_refused(node_json) and node_json["Spec"].get("Availability") == "pause":
        changes["Availability"] = "active"
    _write(manager, node_json, changes)


def refuse(manager: Docker, node: str, cordon: Cordon) -> None:
    """Put nothing more on this node; what runs there goes on. The cause is recorded on it."""
    node_json = manager.get(f"/nodes/{node}")
    labels = without_cordon(_labels(node_json))
    changes: dict[str, Any] = {"Labels": {**labels, READY: NO, **cordon.labels()}}
    if node_json["Spec"].get("Availability") == "active":
        # Without it Swarm ends every task whose constraints the node no longer meets.
        changes["Availability"] = "pause"
    _write(manager, node_json, changes)


def is_refused(node: dict[str, Any]) -> bool:
    """Whether its checks or `refuse` cordoned it, and not an operator in Swarm itself."""
    return _labels(node).get(READY) == NO


def _labels(node: dict[str, Any]) -> dict[str, str]:
    return dict(node["Spec"].get("Labels") or {})


def _write(manager: Docker, node_json: dict[str, Any], changes: dict[str, Any]) -> None:
    """Only where it differs: on Docker 20.10 each update ends tasks that reserve GPUs."""
    spec = {**node_json["Spec"], **changes}
    if spec != node_json["Spec"]:
        path = f"/nodes/{node_json['ID']}/update"
        manager.call("POST", path, spec, version=node_json["Version"]["Index"])
