"""The Docker engine of a Swarm manager: implements `SwarmClient` over its HTTP API."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, suppress
from dataclasses import replace
from typing import Any
from uuid import UUID

from mydocker_kit.contracts.orchestrator.cordons import Cordon
from mydocker_kit.contracts.orchestrator.disks import DiskLook, DiskUse, DiskWalk
from mydocker_kit.contracts.orchestrator.environments import EnvironmentSpec
from mydocker_kit.contracts.orchestrator.usage import ContainerReading, UsageLook
from mydocker_kit.contracts.orchestrator.volumes import (
    NamedVolume,
    VolumeList,
    VolumeResized,
    VolumeUse,
)
from mydocker_kit.docker.client import DockerClient
from mydocker_kit.docker.errors import EngineError, EngineRefused, EngineUnavailable
from mydocker_kit.docker.json_parsing import gc_paused
from mydocker_kit.docker.versions import engine_confines

from ..domain.checks.hardening import differences
from ..domain.checks.port_diagnosis import Listener, parse_listeners
from ..domain.lifecycle.failures import PostMortem
from ..domain.lifecycle.transitions import EnvironmentState
from ..domain.observed_state import (
    Availability,
    ObservedNode,
    ObservedService,
    ObservedState,
    ObservedTask,
)
from ..domain.placement.gpus import UNCONSTRAINED, Placement
from ..metrics import EngineMetrics
from . import disk_usage, observed, sockets
from .agents import NodeAgents
from .hardening import actual_settings, expected_settings
from .output import last_lines
from .specs import LABEL_ENVIRONMENT, LABEL_PLATFORM, ServiceDefaults, service_json, service_name
from .volume_plugin import VolumePlugin
from .work_folders import WorkFolders

_NODES_MAX_AGE = 5.0
_NODES_MIN_INTERVAL = 0.5
_LAST_LINES = 100
_CONCURRENT_READINGS = 8


class DockerSwarm:
    """A `SwarmClient` for a real engine."""

    def __init__(
        self,
        url: str,
        defaults: ServiceDefaults,
        node_address: str,
        agents: NodeAgents | None = None,
        disk_folder: str = "",
        volume_plugin: str = "",
    ) -> None:
        self._agents, self._plugin = agents, VolumePlugin(volume_plugin)
        self._engine = DockerClient(url, observer=EngineMetrics())
        self._defaults, self._node_address = defaults, node_address
        self._nodes: list[dict[str, Any]] = []
        self._nodes_at = float("-inf")
        self._own_node, self._disk_folder = "", disk_folder
        self._api: dict[str, str] = {}
        """Negotiated API version by node: known only for the connected engine."""
        self._ours = {"label": [f"{LABEL_PLATFORM}={defaults.platform}"]}

    async def observe(self) -> ObservedState:
        if time.monotonic() - self._nodes_at > _NODES_MAX_AGE:
            await self._read_nodes()
        # Services first: a service without its task yet is known, a task without service is not.
        services = await self._engine.services(self._ours)
        # Tasks of all owners: they say what is free, and one listing is cheaper than two.
        tasks = await self._engine.tasks()
        ours = observed.platform_tasks(tasks, self._defaults.platform)
        if (
            observed.any_shutting_down(ours)
            and time.monotonic() - self._nodes_at > _NODES_MIN_INTERVAL
        ):
            await self._read_nodes()  # to tell a lost node from a drained one
        with gc_paused():
            nodes = self._with_free_resources(tasks)
            return replace(
                observed.observed_state(services, ours, nodes), nodes=tuple(nodes.values())
            )

    async def nodes(self) -> Sequence[ObservedNode]:
        _, tasks = await asyncio.gather(self._read_nodes(), self._engine.tasks())
        return list(self._with_free_resources(tasks).values())

    async def _read_nodes(self) -> None:
        own_node = await self._this_node()
        self._nodes = await self._engine.nodes()
        self._nodes_at = time.monotonic()
        self._api = {own_node: str((await self._engine.negotiated()).api)}

    def _with_free_resources(self, tasks: list[dict[str, Any]]) -> dict[str, ObservedNode]:
        reserved = observed.reserved_by_node(tasks)
        needs = self._defaults.compat_needs_userns
        nodes = [
            replace(
                observed.node(raw, reserved.get(raw["ID"], (0.0, 0)), compat_needs_userns=needs),
                api_version=self._api.get(raw["ID"], ""),
            )
            for raw in self._nodes
        ]
        return {node.id: self._with_address(node) for node in nodes}

    def _with_address(self, node: ObservedNode) -> ObservedNode:
        return replace(node, address=self._node_address) if self._node_address else node

    async def create(
        self, id: UUID, spec: EnvironmentSpec, placement: Placement = UNCONSTRAINED
    ) -> None:
        api = (await self._engine.negotiated()).api
        await self._engine.create_service(service_json(id, spec, self._defaults, placement, api))

    async def is_foreign(self, id: UUID) -> bool:
        try:
            raw = await self._engine.service(service_name(id))
        except EngineRefused:
            return False  # gone meanwhile
        labels = raw.get("Spec", {}).get("Labels") or {}
        ours = {LABEL_PLATFORM: self._defaults.platform, LABEL_ENVIRONMENT: str(id)}
        return any(labels.get(name) != value for name, value in ours.items())

    async def change_node(
        self, id: str, availability: Availability | None = None, pool: str | None = None
    ) -> None:
        raw = await self._engine.node(id)
        await self._write_node(id, raw, observed.changed_node(raw, availability, pool))

    async def cordon_node(self, id: str, cordon: Cordon) -> None:
        raw = await self._engine.node(id)
        await self._write_node(id, raw, observed.cordoned_node(raw, cordon))

    async def hardening_differences(
        self, environment: EnvironmentState, task: ObservedTask
    ) -> tuple[str, ...] | None:
        if not task.container_id:
            return None
        confined = task.is_confined and engine_confines(self._engine_of(task.node_id))
        if task.node_id == await self._this_node():
            raw = await self._engine.container(task.container_id)
        elif self._agents is None:
            return None
        else:
            address = self._address_of(task.node_id)
            raw = await self._agents.container(address, task.container_id)
        return differences(
            expected_settings(environment, is_confined=confined),
            actual_settings(raw, environment, is_confined=confined),
        )

    async def unwritable_folder(
        self, environment: EnvironmentState, task: ObservedTask
    ) -> str | None:
        container = task.container_id
        if not container or not environment.volumes:
            return None
        if task.node_id != await self._this_node():
            return await self._unwritable_elsewhere(environment, task, container)
        folders = WorkFolders(self._engine)
        raw = await self._engine.container(container)
        user = await folders.user(container, raw)
        if user is None:
            return None
        for mount in environment.volumes:
            if not await folders.make_writable(container, str(raw["Image"]), mount, user):
                return mount.path
        return None

    async def _unwritable_elsewhere(
        self, environment: EnvironmentState, task: ObservedTask, container: str
    ) -> str | None:
        if self._agents is None:
            return None
        address = self._address_of(task.node_id)
        for mount in environment.volumes:
            if not await self._agents.make_writable(address, container, mount.path):
                return mount.path
        return None

    async def disk(
        self, node_id: str, walk: DiskWalk, containers: Sequence[str]
    ) -> DiskLook | None:
        if node_id == await self._this_node():
            uses = await (self._layers(containers) if walk is DiskWalk.LAYERS else self._volumes())
            return DiskLook(uses=uses, free=disk_usage.free_bytes(self._disk_folder))
        if self._agents is None:
            return None
        return await self._agents.disk(self._address_of(node_id), walk)

    async def usage(self, node_id: str) -> UsageLook | None:
        if node_id == await self._this_node():
            return await self._own_usage()
        if self._agents is None:
            return None
        return await self._agents.usage(self._address_of(node_id))

    async def _own_usage(self) -> UsageLook:
        containers = await self._engine.running_containers(self._ours)
        slots = asyncio.Semaphore(_CONCURRENT_READINGS)

        async def read(listed: dict[str, Any]) -> ContainerReading | None:
            async with slots:
                try:
                    stats = await self._engine.container_stats(listed["Id"])
                except EngineRefused:
                    return None  # just gone
            return ContainerReading.parse(listed, stats)

        readings = await asyncio.gather(*(read(listed) for listed in containers))
        return UsageLook(readings=tuple(reading for reading in readings if reading))

    async def volumes(self, node_id: str) -> Sequence[NamedVolume] | None:
        if node_id == await self._this_node():
            listed = VolumeList.parse(await self._engine.volumes(self._ours)).volumes
        elif self._agents is None:
            return None
        else:
            listed = await self._agents.volumes(self._address_of(node_id))
        return [volume for volume in listed if volume.platform == self._defaults.platform]

    async def volume_uses(self, node_id: str) -> Sequence[VolumeUse] | None:
        if node_id == await self._this_node():
            uses = await self._plugin.uses()
        elif self._agents is None:
            return None
        else:
            uses = await self._agents.volume_uses(self._address_of(node_id))
        return uses.volumes if uses else None

    async def resize_volume(self, node_id: str, name: str, bytes: int) -> VolumeResized:
        if node_id == await self._this_node():
            return await self._plugin.resize(name, bytes)
        if self._agents is None:
            raise EngineUnavailable(f"no agent of node {node_id} can be asked")
        return await self._agents.resize_volume(self._address_of(node_id), name, bytes)

    async def _layers(self, containers: Sequence[str]) -> tuple[DiskUse, ...]:
        """Of these containers only: the engine walks each one and cannot be stopped."""
        return disk_usage.container_usage(await self._engine.container_sizes(containers))

    async def _volumes(self) -> tuple[DiskUse, ...]:
        """Of all volumes: the engine has no API for some of them."""
        return disk_usage.volume_usage(await self._engine.disk_usage())

    def _address_of(self, node_id: str | None) -> str:
        for node in self._nodes:
            if node["ID"] == node_id:
                return str(node.get("Status", {}).get("Addr", ""))
        raise EngineUnavailable(f"the Swarm knows no node {node_id}")

    def _engine_of(self, node_id: str | None) -> str:
        """The version of a node's engine; empty for an unknown node."""
        for node in self._nodes:
            if node["ID"] == node_id:
                return observed.engine_version(node)
        return ""

    async def own_node(self) -> str:
        return await self._this_node()

    async def _this_node(self) -> str:
        """The node of the connected engine; it inspects containers of this node only."""
        if not self._own_node:
            info = await self._engine.info()
            self._own_node = str(info["Swarm"]["NodeID"])
            self._disk_folder = self._disk_folder or str(info.get("DockerRootDir", ""))
        return self._own_node

    async def _write_node(self, id: str, raw: dict[str, Any], spec: dict[str, Any]) -> None:
        # Written only where it differs: on Docker 20.10 it ends tasks that reserve GPUs.
        if spec != raw["Spec"]:
            await self._engine.update_node(id, raw["Version"]["Index"], spec)
            self._nodes_at = float("-inf")

    async def remove(self, service: ObservedService) -> None:
        try:
            await self._engine.remove_service(service.id)
        except EngineRefused as error:
            if error.status != 404:
                raise

    async def logs(self, id: UUID, lines: int) -> str:
        containers = await self._engine.containers({"label": [f"{LABEL_ENVIRONMENT}={id}"]})
        if containers:  # newest first; faster than the logs of the service
            return await self._engine.container_logs(containers[0], lines)
        return await self._engine.service_logs(service_name(id), lines)

    async def post_mortem(self, id: UUID, task: ObservedTask) -> PostMortem:
        logs, out_of_memory = "", None
        if not task.container_id:
            return PostMortem()
        with suppress(EngineError):
            state = (await self._engine.container(task.container_id))["State"]
            out_of_memory = bool(state.get("OOMKilled"))
        with suppress(EngineError):
            logs = await self.logs(id, _LAST_LINES)
        return PostMortem(last_lines(logs), out_of_memory)

    async def listeners(self, task: ObservedTask) -> tuple[Listener, ...] | None:
        if not task.container_id:
            return None
        with suppress(EngineError):
            if task.node_id == await self._this_node():
                text = await sockets.read_sockets(self._engine, task.container_id)
            elif self._agents is not None:
                address = self._address_of(task.node_id)
                text = await self._agents.sockets(address, task.container_id)
            else:
                return None
            return parse_listeners(text)
        return None

    async def events(self) -> AsyncIterator[str]:
        async with aclosing(self._engine.events(["container", "service", "node"])) as events:
            async for event in events:
                if event.get("Type") == "node":
                    self._nodes_at = float("-inf")
                yield str(event.get("Action", ""))

    async def aclose(self) -> None:
        await self._engine.aclose()
        if self._agents:
            await self._agents.aclose()
