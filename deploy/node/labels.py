"""Labels of a Swarm node: its pool, and whether environments may be put on it."""

from typing import Any

from deploy.demo.docker import Docker

POOL = "mydocker.pool"
READY = "mydocker.ready"
REMAPS = "mydocker.remaps-users"
YES = "yes"


def this_node(docker: Docker) -> str:
    """The id of the node whose engine this is."""
    return str(docker.get("/info")["Swarm"]["NodeID"])


def admit(manager: Docker, node: str, pool: str = "", *, remaps: bool = False) -> None:
    """Let environments of `pool` be put on this node; without one it keeps its pool.

    `remaps`: root of a container was seen to be nobody on it.
    """
    labels = {name: value for name, value in _labels(manager, node).items() if name != REMAPS}
    wanted = {**labels, READY: YES, POOL: pool or labels.get(POOL, "default")}
    _label(manager, node, {**wanted, REMAPS: YES} if remaps else wanted)


def refuse(manager: Docker, node: str) -> None:
    """Put nothing more on this node; what runs there goes on."""
    _label(manager, node, {k: v for k, v in _labels(manager, node).items() if k != READY})


def _labels(manager: Docker, node: str) -> dict[str, str]:
    return dict(manager.get(f"/nodes/{node}")["Spec"].get("Labels") or {})


def _label(manager: Docker, node: str, labels: dict[str, str]) -> None:
    """Written only where it differs: on Docker 20.10 each update ends tasks that reserve GPUs."""
    found: dict[str, Any] = manager.get(f"/nodes/{node}")
    if (found["Spec"].get("Labels") or {}) != labels:
        spec = {**found["Spec"], "Labels": labels}
        version = found["Version"]["Index"]
        manager.call("POST", f"/nodes/{node}/update", spec, version=version)
