"""The network of environments: the same on every node, where no neighbour reaches another.

A swarm-scoped bridge takes its settings from a config-only network that each node must have under
the same name: made here with the node's own address, so that ports are bound to that one alone.
"""

import contextlib
import ipaddress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from deploy.machine.docker import Docker
from deploy.machine.network.bridges import free_name
from deploy.machine.network.subnets import free_subnet, used_here
from mydocker_kit.contracts.orchestrator.pools import Egress

from .guard import LETTERS

FORGET = Path(__file__).with_name("forget.sh")
"""Run before an engine, it forgets what a killed one left of its networks."""
_POOL = "10.99.0.0/16"
_BRIDGE = "com.docker.network.bridge"
_SIZE = 22
"""A thousand containers a node."""


@dataclass(frozen=True)
class EnvironmentNetwork:
    """The network of one platform, as one node has it."""

    name: str
    platform: str
    bridge_prefix: str = "mdenv-"
    address: str = "127.0.0.1"
    """Ports of environments are bound to it: the loopback on a single node, else the node's."""

    @property
    def config(self) -> str:
        return f"{self.name}-config"

    def with_class(self, egress: Egress) -> "EnvironmentNetwork":
        """The network of another class, where this is that of `open`."""
        return replace(
            self,
            name=egress.network(self.name),
            bridge_prefix=f"{self.bridge_prefix}{LETTERS[egress]}",
        )

    def ready_here(self, docker: Docker) -> None:
        """Make sure this node has the settings of the network."""
        if not docker.exists(f"/networks/{self.config}"):
            subnet = free_subnet(_POOL, _SIZE, [*used_here(), *_subnets_of(docker)])
            docker.call("POST", "/networks/create", self._config_network(str(subnet)))

    def ready_in_swarm(self, manager: Docker) -> None:
        """Make sure the Swarm knows the network; each node fills it with its own settings."""
        if not manager.exists(f"/networks/{self.name}"):
            body = {
                "Name": self.name,
                "Driver": "bridge",
                "Scope": "swarm",
                "ConfigFrom": {"Network": self.config},
                "CheckDuplicate": True,
            }
            manager.call("POST", "/networks/create", body)

    def options(self) -> dict[str, str]:
        """What a node's settings must hold."""
        return {
            f"{_BRIDGE}.enable_icc": "false",
            f"{_BRIDGE}.host_binding_ipv4": self.address,
        }

    def settings(self, docker: Docker) -> dict[str, Any]:
        """This node's settings of it."""
        answer: dict[str, Any] = docker.get(f"/networks/{self.config}")
        return answer

    def bridge(self, docker: Docker) -> str:
        """The interface its containers sit on."""
        return str(self.settings(docker)["Options"][f"{_BRIDGE}.name"])

    def _config_network(self, subnet: str) -> dict[str, Any]:
        return {
            "Name": self.config,
            "ConfigOnly": True,
            "CheckDuplicate": True,
            # Said, not left out: newer engines can be set to give every network IPv6.
            "EnableIPv6": False,
            "IPAM": {"Config": [{"Subnet": subnet}]},
            "Labels": {"mydocker.platform": self.platform},
            "Options": {f"{_BRIDGE}.name": free_name(self.bridge_prefix), **self.options()},
        }


def _subnets_of(docker: Docker) -> list[Any]:
    servers = []
    for network in docker.get("/networks"):
        for config in (network.get("IPAM") or {}).get("Config") or []:
            subnet = ipaddress.ip_network(config.get("Subnet") or "0.0.0.0/32", strict=False)
            if subnet.version == 4:
                servers.append(subnet)
    return servers


def resolvers_here(path: Path = Path("/etc/resolv.conf")) -> tuple[str, ...]:
    """Name servers that containers ask from their own network; those on the loopback are asked by
    the engine instead."""
    servers = []
    with contextlib.suppress(OSError):
        words = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
        named = [line[1] for line in words if len(line) > 1 and line[0] == "nameserver"]
        servers = [server for server in named if _is_ours_to_name(server)]
    return tuple(servers)


def _is_ours_to_name(text: str) -> bool:
    try:
        return not ipaddress.IPv4Address(text).is_loopback
    except ValueError:
        return False
