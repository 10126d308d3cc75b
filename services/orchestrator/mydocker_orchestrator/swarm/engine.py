"""The Docker engine of a Swarm manager, as Environments need it."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import UUID

import aiohttp

from mydocker_kit.contracts.disks import DiskLook, DiskUse, DiskWalk
from mydocker_kit.contracts.environments import EnvironmentSpec
from mydocker_kit.docker_api import engine_confines

from ..domain.checks.hardening import differences
from ..domain.checks.port_diagnosis import Listener, listeners
from ..domain.lifecycle.failures import PostMortem
from ..domain.lifecycle.transitions import Environment
from ..domain.observed_state import Availability, Found, FoundNode, FoundService, FoundTask
from ..domain.placement.gpus import ANYWHERE, Place
from . import disk_usage, observed, sockets
from .agents import NodeAgents
from .connection import EngineConnection
from .hardening import held, wanted
from .interface import EngineAway, EngineError, EngineRefused
from .json_parsing import parsed, uncollected
from .output import last_lines, plain_text
from .specs import LABEL_ENVIRONMENT, LABEL_PLATFORM, Ground, service_json, service_name
from .work_folders import WorkFolders

_LOG_TIMEOUT = aiohttp.ClientTimeout(total=3, sock_connect=1)
_STREAM_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=2)
_LAYERS_TIMEOUT = aiohttp.ClientTimeout(total=30, sock_connect=2)
_VOLUMES_TIMEOUT = aiohttp.ClientTimeout(total=120, sock_connect=2)
_NODES_FRESH = 5.0
_NODES_ASKED = 0.5
_LAST_LINES = 100


class DockerSwarm:
    """A `SwarmDoor` onto a real engine."""

    def __init__(
        self,
        url: str,
        ground: Ground,
        node_address: str,
        agents: NodeAgents | None = None,
        disk_folder: str = "",
    ) -> None:
        self._agents = agents
        self._engine = EngineConnection(url)
        self._ground, self._node_address = ground, node_address
        self._nodes: list[dict[str, Any]] = []
        self._nodes_at = float("-inf")
        self._here, self._disk_folder = "", disk_folder
        self._api: dict[str, str] = {}
        """API version spoken with the engine of a node, by node: only one is spoken to."""
        self._ours = json.dumps({"label": [f"{LABEL_PLATFORM}={ground.platform}"]})

    async def observe(self) -> Found:
        if time.monotonic() - self._nodes_at > _NODES_FRESH:
            await self._look_at_nodes()
        params = {"filters": self._ours}
        # Services first: a service without its task yet is known, a task without service is not.
        services = await self._engine.json("services", params=params)
        # Everybody's tasks: they say what is free, and one listing is cheaper than two.
        tasks = await self._engine.json("tasks")
        ours = observed.tasks_of(tasks, self._ground.platform)
        if observed.any_taken_down(ours) and time.monotonic() - self._nodes_at > _NODES_ASKED:
            await self._look_at_nodes()  # a node was lost or emptied: they say which
        with uncollected():
            nodes = self._with_room(tasks)
            return replace(observed.found(services, ours, nodes), nodes=tuple(nodes.values()))

    async def nodes(self) -> Sequence[FoundNode]:
        _, tasks = await asyncio.gather(self._look_at_nodes(), self._engine.json("tasks"))
        return list(self._with_room(tasks).values())

    async def _look_at_nodes(self) -> None:
        here = await self._this_node()
        self._nodes = await self._engine.json("nodes")
        self._nodes_at = time.monotonic()
        self._api = {here: str((await self._engine.agreed()).api)}

    def _with_room(self, tasks: list[dict[str, Any]]) -> dict[str, FoundNode]:
        reserved = observed.reserved_by_node(tasks)
        needs = self._ground.compat_needs_userns
        nodes = [
            replace(
                observed.node(one, reserved.get(one["ID"], (0.0, 0)), compat_needs_userns=needs),
                api_version=self._api.get(one["ID"], ""),
            )
            for one in self._nodes
        ]
        return {node.id: self._reached(node) for node in nodes}

    def _reached(self, node: FoundNode) -> FoundNode:
        return replace(node, address=self._node_address) if self._node_address else node

    async def create(self, id: UUID, spec: EnvironmentSpec, place: Place = ANYWHERE) -> None:
        api = (await self._engine.agreed()).api
        body = json.dumps(service_json(id, spec, self._ground, place, api))
        await self._engine.json("services/create", "POST", data=body)

    async def is_foreign(self, id: UUID) -> bool:
        try:
            raw = await self._engine.json(f"services/{service_name(id)}")
        except EngineRefused:
            return False  # gone meanwhile
        labels = raw.get("Spec", {}).get("Labels") or {}
        ours = {LABEL_PLATFORM: self._ground.platform, LABEL_ENVIRONMENT: str(id)}
        return any(labels.get(name) != value for name, value in ours.items())

    async def change_node(
        self, id: str, availability: Availability | None = None, pool: str | None = None
    ) -> None:
        raw = await self._engine.json(f"nodes/{id}")
        await self._write_node(id, raw, observed.changed_node(raw, availability, pool))

    async def refuse_node(self, id: str) -> None:
        raw = await self._engine.json(f"nodes/{id}")
        await self._write_node(id, raw, observed.refused_node(raw))

    async def not_held(self, environment: Environment, task: FoundTask) -> tuple[str, ...] | None:
        if not task.container_id:
            return None
        confined = task.is_confined and engine_confines(self._engine_of(task.node_id))
        if task.node_id == await self._this_node():
            raw = await self._engine.json(f"containers/{task.container_id}/json")
        elif self._agents is None:
            return None
        else:
            address = self._address_of(task.node_id)
            raw = await self._agents.container(address, task.container_id)
        return differences(
            wanted(environment, is_confined=confined),
            held(raw, environment.profile, is_confined=confined),
        )

    async def unwritable_folder(self, environment: Environment, task: FoundTask) -> str | None:
        container = task.container_id
        if not container or not environment.volumes:
            return None
        if task.node_id != await self._this_node():
            return await self._unwritable_elsewhere(environment, task, container)
        folders = WorkFolders(self._engine)
        user = await folders.user(container)
        if user is None:
            return None
        for mount in environment.volumes:
            if not await folders.make_writable(container, mount, user):
                return mount.path
        return None

    async def _unwritable_elsewhere(
        self, environment: Environment, task: FoundTask, container: str
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
            return DiskLook(uses=uses, free=disk_usage.free(self._disk_folder))
        if self._agents is None:
            return None
        return await self._agents.disk(self._address_of(node_id), walk)

    async def _layers(self, containers: Sequence[str]) -> tuple[DiskUse, ...]:
        """Only of those asked for: the engine walks through each, and never stops once begun."""
        params = {"size": "1", "filters": json.dumps({"id": list(containers)})}
        name = "GET containers by size"
        async with self._engine.call(
            "containers/json", name=name, params=params, timeout=_LAYERS_TIMEOUT
        ) as response:
            return disk_usage.layers(parsed(await response.read()))

    async def _volumes(self) -> tuple[DiskUse, ...]:
        """No API tells of some volumes only: the engine walks through all of its machine."""
        async with self._engine.call("system/df", timeout=_VOLUMES_TIMEOUT) as response:
            return disk_usage.volumes(parsed(await response.read()))

    def _address_of(self, node_id: str | None) -> str:
        for node in self._nodes:
            if node["ID"] == node_id:
                return str(node.get("Status", {}).get("Addr", ""))
        raise EngineAway(f"the Swarm knows no node {node_id}")

    def _engine_of(self, node_id: str | None) -> str:
        """The version of a node's engine; empty: the Swarm does not know that node."""
        for node in self._nodes:
            if node["ID"] == node_id:
                return observed.engine_version(node)
        return ""

    async def _this_node(self) -> str:
        """The node of the engine we speak to: containers of others are not seen from here."""
        if not self._here:
            info = await self._engine.json("info")
            self._here = str(info["Swarm"]["NodeID"])
            self._disk_folder = self._disk_folder or str(info.get("DockerRootDir", ""))
        return self._here

    async def _write_node(self, id: str, raw: dict[str, Any], spec: dict[str, Any]) -> None:
        # Written only where it differs: on Docker 20.10 it ends tasks that reserve GPUs.
        if spec != raw["Spec"]:
            params = {"version": raw["Version"]["Index"]}
            async with self._engine.call(
                f"nodes/{id}/update", "POST", params=params, data=json.dumps(spec)
            ):
                self._nodes_at = float("-inf")

    async def remove(self, service: FoundService) -> None:
        try:
            async with self._engine.call(f"services/{service.id}", "DELETE"):
                pass
        except EngineRefused as error:
            if error.status != 404:
                raise

    async def logs(self, id: UUID, lines: int) -> str:
        here = {"all": "1", "filters": json.dumps({"label": [f"{LABEL_ENVIRONMENT}={id}"]})}
        containers = await self._engine.json("containers/json", params=here)
        if containers:  # newest first; asking it is quicker than asking the whole Swarm
            return await self._output(f"containers/{containers[0]['Id']}/logs", lines)
        return await self._output(f"services/{service_name(id)}/logs", lines)

    async def post_mortem(self, id: UUID, task: FoundTask) -> PostMortem:
        logs, out_of_memory = "", None
        if not task.container_id:
            return PostMortem()
        with suppress(EngineError):
            state = (await self._engine.json(f"containers/{task.container_id}/json"))["State"]
            out_of_memory = bool(state.get("OOMKilled"))
        with suppress(EngineError):
            logs = await self.logs(id, _LAST_LINES)
        return PostMortem(last_lines(logs), out_of_memory)

    async def listeners(self, task: FoundTask) -> tuple[Listener, ...] | None:
        if not task.container_id:
            return None
        with suppress(EngineError):
            if task.node_id == await self._this_node():
                text = await sockets.of(self._engine, task.container_id)
            elif self._agents is not None:
                address = self._address_of(task.node_id)
                text = await self._agents.sockets(address, task.container_id)
            else:
                return None
            return listeners(text)
        return None

    async def events(self) -> AsyncIterator[str]:
        params = {"filters": json.dumps({"type": ["container", "service", "node"]})}
        async with self._engine.call("events", params=params, timeout=_STREAM_TIMEOUT) as response:
            try:
                async for line in response.content:
                    event = json.loads(line)
                    if event.get("Type") == "node":
                        self._nodes_at = float("-inf")
                    yield str(event.get("Action", ""))
            except (aiohttp.ClientError, TimeoutError, ValueError) as error:
                raise EngineAway(str(error)) from error
            finally:
                self._engine.forget()  # the stream ends when the engine does: it may be upgraded
        raise EngineAway("the event stream ended")

    async def aclose(self) -> None:
        await self._engine.aclose()
        if self._agents:
            await self._agents.aclose()

    async def _output(self, path: str, lines: int) -> str:
        params = {"stdout": "1", "stderr": "1", "tail": str(lines)}
        async with self._engine.call(path, params=params, timeout=_LOG_TIMEOUT) as response:
            try:
                return plain_text(await response.read())
            except (aiohttp.ClientError, TimeoutError) as error:
                raise EngineAway(str(error)) from error
