"""Nodes of machines that Terraform makes: their checks, labels and removal, and how they join."""

from dataclasses import dataclass
from typing import Any, Protocol

from mydocker_kit.contracts.orchestrator.cordons import without_cordon
from mydocker_kit.docker.client import DockerClient
from mydocker_kit.docker.errors import EngineRefused, EngineUnavailable

from ..domain.observed_state import Availability
from ..swarm import observed
from ..swarm.agents import NodeAgents
from ..swarm.specs import LABEL_DIRECT, LABEL_POOL, LABEL_READY, LABEL_REMAPS, READY

_USER_NAMESPACES = "user namespaces"


@dataclass(frozen=True)
class NodeReport:
    """What the agent of a machine answered to its checks."""

    failed: str
    """Names and words of grave checks that failed; empty: the machine may take environments."""
    remaps_users: bool = False
    direct_ports: str = ""


@dataclass(frozen=True)
class SwarmEntry:
    """How a worker joins the Swarm."""

    manager: str
    token: str


class MachineNodes(Protocol):
    """The nodes of a Swarm as far as machines come and go. Every call raises `EngineError`."""

    async def report(self, id: str) -> NodeReport:
        """Have the machine's agent do its checks now; an agent that does not answer fails them."""

    async def admit(self, id: str, pool: str, report: NodeReport) -> None:
        """Label the node so that it takes environments of this pool."""

    async def remove(self, id: str) -> None:
        """Remove a node that is down from the Swarm. Idempotent."""

    async def entry(self) -> SwarmEntry:
        """How a worker joins now."""

    async def aclose(self) -> None:
        """Close the connections."""


class DockerMachineNodes:
    """`MachineNodes` of a real Swarm; without agents every check fails."""

    def __init__(self, url: str, agents: NodeAgents | None) -> None:
        self._engine, self._agents = DockerClient(url), agents

    async def report(self, id: str) -> NodeReport:
        if self._agents is None:
            return NodeReport("agents: MYDOCKER_NODE_AGENT_PORT is 0")
        raw = await self._engine.node(id)
        try:
            return report_of(await self._agents.checks(str(raw["Status"]["Addr"])))
        except (EngineUnavailable, KeyError, TypeError) as error:
            return NodeReport(f"agent: {error}")

    async def admit(self, id: str, pool: str, report: NodeReport) -> None:
        raw = await self._engine.node(id)
        spec = admitted_node(raw, pool, report)
        if spec != raw["Spec"]:
            await self._engine.update_node(id, raw["Version"]["Index"], spec)

    async def remove(self, id: str) -> None:
        try:
            async with self._engine.request(f"nodes/{id}", "DELETE", params={"force": "true"}):
                return
        except EngineRefused as error:
            if error.status != 404:
                raise

    async def entry(self) -> SwarmEntry:
        info = await self._engine.info()
        async with self._engine.request("swarm") as response:
            swarm: dict[str, Any] = await response.json()
        address = str(info["Swarm"]["NodeAddr"])
        managers = info["Swarm"].get("RemoteManagers") or []
        here = (str(manager["Addr"]) for manager in managers if manager["Addr"].startswith(address))
        return SwarmEntry(next(here, f"{address}:2377"), str(swarm["JoinTokens"]["Worker"]))

    async def aclose(self) -> None:
        await self._engine.aclose()


def admitted_node(raw: observed.Json, pool: str, report: NodeReport) -> dict[str, Any]:
    """The node's spec with the labels that let it take environments (as `deploy.node admit`)."""
    spec = dict(raw.get("Spec", {}))
    labels = without_cordon(spec.get("Labels") or {})
    seen_before = (LABEL_REMAPS, LABEL_DIRECT)
    labels = {name: value for name, value in labels.items() if name not in seen_before}
    labels |= {LABEL_READY: READY, LABEL_POOL: pool}
    labels |= {LABEL_REMAPS: READY} if report.remaps_users else {}
    labels |= {LABEL_DIRECT: report.direct_ports} if report.direct_ports else {}
    return {**spec, "Labels": labels, "Availability": Availability.ACTIVE.value}


def report_of(answer: observed.Json) -> NodeReport:
    """The answer of an agent's `GET /node`; nothing checked is no pass."""
    findings = list(answer.get("findings") or ())
    wrong = [item for item in findings if item.get("grave", True) and not item["passed"]]
    failed = "; ".join(f"{item['name']}: {item.get('words', '')}" for item in wrong)
    return NodeReport(
        failed=failed or ("" if findings else "nothing was checked"),
        remaps_users=any(item["name"] == _USER_NAMESPACES and item["passed"] for item in findings),
        direct_ports=str(answer.get("direct", "")),
    )
