"""What one node knows of its platform: kept in a file, the same before and after every boot."""

import base64
from pathlib import Path

import httpx
from pydantic import BaseModel, ConfigDict

from mydocker_kit.contracts.orchestrator.pools import DirectPorts, Egress
from mydocker_kit.docker.versions import CONFINES, ApiVersion

from .guard import Guard, Way
from .network import EnvironmentNetwork, resolvers_here

SETTINGS_FILE = Path("/etc/mydocker/node.json")
AGENT_PORT = 8108
AUDIENCE = "mydocker-node"
"""Of tokens for the agent."""
_REDEEM_SECONDS = 60.0
ORCHESTRATOR = "mydocker-orchestrator"
"""Who may ask it."""


class NodeSettings(BaseModel):
    """Written by `join`, read by everything else."""

    model_config = ConfigDict(frozen=True)

    platform: str
    network: str
    """Of the egress class `open`."""
    bridge_prefix: str
    address: str
    """Of this node in the cluster; environments' ports are bound to it."""
    edges: tuple[str, ...] = ()
    """Who may open connections to environments: machines of the edge and the control plane."""
    cluster: tuple[str, ...] = ()
    """Networks of the machines themselves."""
    filtered: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    direct: str = ""
    """Numbers at which people reach environments here, `20000:20999`; empty: none."""
    mail: bool = False
    """Environments here may send mail themselves: SMTP is refused otherwise."""
    volumes: str = ""
    """Folder of work folders with a size, which the volume plugin keeps; empty: no plugin."""
    volume_driver: str = "mydocker"
    snapshots: str = "/var/lib/mydocker/snapshots"
    """Folder of the snapshots of work folders."""
    engine: str = "unix:///var/run/docker.sock"
    trusted_key: str = ""
    """The orchestrator's public key (PEM): who may ask this node's agent."""
    agent_port: int = AGENT_PORT
    manager_api: str = ""
    """Version of Docker's API that the manager spoke when it invited; empty: not known, so taken
    for one that has no no-new-privileges of a service."""

    def guard(self) -> Guard:
        return Guard(
            self.bridge_prefix,
            f"mydocker-{self.platform}",
            self.edges,
            self.cluster,
            tuple(Way.parse(entry) for entry in self.filtered),
            tuple(Way.parse(entry) for entry in self.private),
            resolvers_here(),
            self.address,
            DirectPorts.parse(self.direct) if self.direct else None,
            self.mail,
        )

    @property
    def manager_confines(self) -> bool:
        """Whether the manager has no-new-privileges as a field of a service."""
        return bool(self.manager_api) and ApiVersion.parse(self.manager_api) >= CONFINES

    def networks(self) -> list[EnvironmentNetwork]:
        network = EnvironmentNetwork(self.network, self.platform, self.bridge_prefix, self.address)
        return [network.with_class(egress) for egress in Egress]

    def write(self, path: Path = SETTINGS_FILE) -> None:
        """At once: the agent reads it at any moment."""
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".new")
        beside.write_text(self.model_dump_json(indent=1), encoding="utf-8")
        beside.replace(path)

    @classmethod
    def read(cls, path: Path = SETTINGS_FILE) -> "NodeSettings":
        return cls.model_validate_json(path.read_text(encoding="utf-8"))


class Invitation(BaseModel):
    """What a manager tells a machine that is to join; printed as one code."""

    settings: NodeSettings
    manager: str
    token: str

    def code(self) -> str:
        return base64.urlsafe_b64encode(self.model_dump_json().encode()).decode()

    @classmethod
    def redeem(cls, url: str, token: str) -> "Invitation":
        """Ask the platform for it, with a token that is good once."""
        headers = {"Authorization": f"Bearer {token}"}
        answer = httpx.post(url, headers=headers, timeout=_REDEEM_SECONDS)
        answer.raise_for_status()
        given = answer.json()
        settings = NodeSettings.model_validate_json(given["settings"])
        return cls(settings=settings, manager=given["manager"], token=given["swarm_token"])

    @classmethod
    def of(cls, code: str) -> "Invitation":
        return cls.model_validate_json(base64.urlsafe_b64decode(code))
