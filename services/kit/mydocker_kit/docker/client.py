"""A typed client of one Docker engine: the calls that our programs make, over one connection.

A call that aiodocker's public interface offers goes through it. The others are requests on
aiodocker's session, each with its reason:

- `tasks`, `services`: thousands of objects, parsed with garbage collection paused;
- `create_service`: aiodocker rewrites the body (`Env` as a mapping), and we send our own as tested;
- `logs`, `exec_output`: output is any bytes, which aiodocker decodes strictly and without a limit;
- `archive_start`, `exported`: aiodocker reads a whole archive into memory;
- `events`: aiodocker's channel does not say why it ended;
- `container_sizes`, `disk_usage`, `volumes`, `digest`, `build`, `push`: no call, or none with our
  parameters, time limits and lines of any length.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from .connection import EngineConnection
from .errors import EngineError, EngineUnavailable
from .json_parsing import parse_json
from .output import first_bytes, plain_text

Json = dict[str, Any]
Filters = Mapping[str, Sequence[str]]
_OUTPUT_TIMEOUT = aiohttp.ClientTimeout(total=3, sock_connect=1)
_SIZES_TIMEOUT = aiohttp.ClientTimeout(total=30, sock_connect=2)
_USAGE_TIMEOUT = aiohttp.ClientTimeout(total=120, sock_connect=2)
_NO_TOTAL_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=5)
_JSON = {"Content-Type": "application/json"}
NO_CREDENTIALS = "e30="
"""`{}` in base64: the engine demands the header even without credentials."""


class DockerClient(EngineConnection):
    """Every call raises `EngineError`."""

    async def ping(self) -> None:
        async with self.request("_ping") as response:
            await response.read()

    async def info(self) -> Json:
        async with self.calling("GET info") as docker:
            return dict(await docker.system.info())

    # --- Swarm -----------------------------------------------------------------------------------

    async def services(self, filters: Filters) -> list[Json]:
        return list(await self._json("services", params=_filtered(filters)))

    async def service(self, name: str) -> Json:
        async with self.calling("GET services") as docker:
            return dict(await docker.services.inspect(name))

    async def create_service(self, body: Json) -> None:
        async with self.request(
            "services/create", "POST", data=json.dumps(body), headers=_JSON
        ) as response:
            await response.read()

    async def remove_service(self, id: str) -> None:
        async with self.calling("DELETE services") as docker:
            await docker.services.delete(id)

    async def tasks(self) -> list[Json]:
        return list(await self._json("tasks"))

    async def nodes(self) -> list[Json]:
        async with self.calling("GET nodes") as docker:
            return [dict(node) for node in await docker.nodes.list()]

    async def node(self, id: str) -> Json:
        async with self.calling("GET nodes") as docker:
            return dict(await docker.nodes.inspect(node_id=id))

    async def update_node(self, id: str, version: int, spec: Json) -> None:
        async with self.calling("POST nodes") as docker:
            await docker.nodes.update(node_id=id, version=version, spec=spec)

    # --- containers ------------------------------------------------------------------------------

    async def containers(self, filters: Filters) -> list[str]:
        """Ids, newest first, ended ones too."""
        async with self.calling("GET containers") as docker:
            containers = await docker.containers.list(**_filtered(filters), all=True)
            return [container.id for container in containers]

    async def container(self, id: str) -> Json:
        async with self.calling("GET containers") as docker:
            return await docker.containers.container(id).show()

    async def running_containers(self, filters: Filters) -> list[Json]:
        """`docker ps` with labels."""
        return list(await self._json("containers/json", params=_filtered(filters)))

    async def container_stats(self, id: str) -> Json:
        """One reading of CPU time and memory; the engine does not wait for a second one."""
        params = {"stream": "false", "one-shot": "true"}
        name = "GET containers stats"
        stats: Json = await self._json(f"containers/{id}/stats", name=name, params=params)
        return stats

    async def create_container(self, config: Json) -> str:
        """The id of a container that is not started."""
        async with self.calling("POST containers") as docker:
            return (await docker.containers.create(config)).id

    async def remove_container(self, id: str) -> None:
        """End and remove it, with its anonymous volumes."""
        async with self.calling("DELETE containers") as docker:
            await docker.containers.container(id).delete(force=True, v=True)

    async def put_archive(self, id: str, path: str, archive: bytes) -> None:
        """Extract a tar archive at this path of a container."""
        async with self.calling("PUT containers") as docker:
            await docker.containers.container(id).put_archive(path, archive)  # type: ignore[no-untyped-call]

    async def archive_start(self, id: str, path: str, limit: int) -> bytes:
        """The first `limit` bytes of a path's archive; closing the connection ends the transfer."""
        async with self.request(f"containers/{id}/archive", params={"path": path}) as response:
            return await first_bytes(response.content, limit)

    @asynccontextmanager
    async def exported(self, id: str) -> AsyncIterator[aiohttp.StreamReader]:
        """All files of a container as a tar archive; closing the connection ends the transfer."""
        path = f"containers/{id}/export"
        async with self.request(path, timeout=_NO_TOTAL_TIMEOUT) as response:
            try:
                yield response.content
            finally:
                response.close()

    async def container_logs(self, id: str, lines: int) -> str:
        return await self._logs(f"containers/{id}/logs", lines)

    async def service_logs(self, name: str, lines: int) -> str:
        return await self._logs(f"services/{name}/logs", lines)

    async def exec_output(self, id: str, command: Sequence[str], limit: int) -> str:
        """The standard output of a command in a container, at most `limit` bytes."""
        body = json.dumps({"AttachStdout": True, "Cmd": list(command)})
        created = await self._json(f"containers/{id}/exec", "POST", data=body, headers=_JSON)
        run = json.dumps({"Detach": False, "Tty": False})
        async with self.request(
            f"exec/{created['Id']}/start",
            "POST",
            data=run,
            headers=_JSON,
            timeout=_OUTPUT_TIMEOUT,
        ) as response:
            return plain_text(await first_bytes(response.content, limit))

    async def container_sizes(self, ids: Sequence[str]) -> list[Json]:
        """`docker ps --size` of these: the engine walks each one and cannot be stopped."""
        params = {**_filtered({"id": ids}), "size": "1"}
        name = "GET containers by size"
        return list(
            await self._json("containers/json", name=name, params=params, timeout=_SIZES_TIMEOUT)
        )

    async def volumes(self, filters: Filters) -> list[Json]:
        """`docker volume ls`."""
        listed = await self._json("volumes", params=_filtered(filters))
        return list(listed["Volumes"] or ())

    async def disk_usage(self) -> Json:
        """`docker system df -v`."""
        usage: Json = await self._json("system/df", timeout=_USAGE_TIMEOUT)
        return usage

    async def events(self, types: Sequence[str]) -> AsyncGenerator[Json, None]:
        """Events as they happen; ends with `EngineUnavailable`."""
        params = _filtered({"type": types})
        try:
            async with self.request("events", params=params, timeout=_NO_TOTAL_TIMEOUT) as response:
                async for line in response.content:
                    yield json.loads(line)
        except ValueError as error:
            raise EngineUnavailable(f"unreadable event: {error}") from error
        finally:
            # The stream ends when the engine does: it may have been upgraded.
            self.renegotiate()
        raise EngineUnavailable("the event stream ended")

    # --- images ----------------------------------------------------------------------------------

    async def image(self, reference: str) -> Json:
        """`docker image inspect` of a local image."""
        async with self.calling("GET images") as docker:
            return await docker.images.inspect(reference)

    async def remove_image(self, reference: str) -> None:
        """Remove a local image's name; layers that nothing else uses stay."""
        async with self.calling("DELETE images") as docker:
            await docker.images.delete(reference, noprune=True)

    def push(self, repository: str, tag: str, auth: str) -> AsyncGenerator[Json, None]:
        """Progress messages of `docker push`; `auth` is an X-Registry-Auth header."""
        headers = {"X-Registry-Auth": auth}
        return self._progress(f"images/{repository}/push", params={"tag": tag}, headers=headers)

    async def digest(self, reference: str, auth: str) -> str:
        """The digest that the registry holds for this reference."""
        headers = {"X-Registry-Auth": auth}
        manifest = await self._json(f"distribution/{reference}/json", headers=headers)
        return str(manifest["Descriptor"]["digest"])

    async def _json(self, path: str, method: str = "GET", **options: Any) -> Any:
        async with self.request(path, method, **options) as response:
            return parse_json(await response.read())

    async def _logs(self, path: str, lines: int) -> str:
        params = {"stdout": "1", "stderr": "1", "tail": str(lines)}
        async with self.request(path, params=params, timeout=_OUTPUT_TIMEOUT) as response:
            return plain_text(await response.read())

    async def _progress(self, path: str, **options: Any) -> AsyncGenerator[Json, None]:
        async with self.request(path, "POST", timeout=_NO_TOTAL_TIMEOUT, **options) as response:
            try:
                async for message in _messages(response):
                    yield message
            finally:
                response.close()  # an unfinished build ends with its connection


def _filtered(filters: Filters) -> dict[str, str]:
    return {"filters": json.dumps({name: list(values) for name, values in filters.items()})}


async def _messages(response: aiohttp.ClientResponse) -> AsyncIterator[Json]:
    """The JSON objects of a progress stream, of any length; `EngineError` for an error in it."""
    rest = b""
    async for chunk in response.content.iter_any():
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            if not line.strip():
                continue
            message: Json = json.loads(line)
            if "error" in message or "errorDetail" in message:
                detail = (message.get("errorDetail") or {}).get("message")
                raise EngineError(str(detail or message.get("error")))
            yield message
            await asyncio.sleep(0)  # a flood of output must not starve the heartbeat
