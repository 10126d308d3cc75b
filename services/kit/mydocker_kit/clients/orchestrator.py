"""What runs, and where."""

from collections.abc import AsyncIterator
from urllib.parse import quote
from uuid import UUID

from pydantic import TypeAdapter

from ..contracts.base import Page
from ..contracts.environments import EnvironmentSpec, EnvironmentStatus, StopRequest
from ..contracts.pools import Node, NodeChange, Pool, PoolState
from ..etags import IfMatch
from ..http import ServiceClient
from ..sse import follow

AUDIENCE = "mydocker-orchestrator"
_PAGE = TypeAdapter(Page[EnvironmentStatus])
_POOLS = TypeAdapter(list[PoolState])
_NODES = TypeAdapter(Page[Node])


class OrchestratorClient:
    """Calls to the orchestrator; every one may be repeated."""

    def __init__(self, service: ServiceClient) -> None:
        self._service = service

    async def put(self, id: UUID, spec: EnvironmentSpec) -> EnvironmentStatus:
        """Ask for this Environment. Secrets travel in the body, inside the control plane."""
        body = spec.model_dump(mode="json")
        body["credentials"]["password"] = spec.credentials.password.get_secret_value()
        response = await self._service.call("PUT", f"/environments/{id}", json=body)
        return EnvironmentStatus.model_validate_json(response.content)

    async def stop(self, id: UUID, request: StopRequest) -> EnvironmentStatus:
        response = await self._service.call(
            "POST", f"/environments/{id}/stop", json=request.model_dump(mode="json")
        )
        return EnvironmentStatus.model_validate_json(response.content)

    async def get(self, id: UUID) -> EnvironmentStatus:
        response = await self._service.call("GET", f"/environments/{id}")
        return EnvironmentStatus.model_validate_json(response.content)

    async def page(self, page: int, page_size: int = 500) -> Page[EnvironmentStatus]:
        """All Environments ever known, oldest change first."""
        response = await self._service.call(
            "GET", "/environments", params={"page": page, "page_size": page_size}
        )
        return _PAGE.validate_json(response.content)

    async def logs(self, id: UUID, lines: int = 200) -> str:
        """The container's last lines of output."""
        response = await self._service.call(
            "GET", f"/environments/{id}/logs", params={"lines": lines}
        )
        return response.text

    async def changes(self, after: int) -> AsyncIterator[EnvironmentStatus]:
        """Every status change after number `after`, for ever."""
        async for _, _, data in follow(self._service, "/changes", after):
            yield EnvironmentStatus.model_validate(data)

    async def pools(self) -> list[PoolState]:
        """Every pool, and what is free in it."""
        response = await self._service.call("GET", "/pools")
        return _POOLS.validate_json(response.content)

    async def pool(self, name: str) -> PoolState:
        """One pool, and what is free in it; `NotFound` (`pool_unknown`)."""
        response = await self._service.call("GET", f"/pools/{quote(name, safe='')}")
        return PoolState.model_validate_json(response.content)

    async def put_pool(
        self, name: str, pool: Pool, *, new: bool = False, if_match: IfMatch | None = None
    ) -> Pool:
        """Make or change a pool; refused when its own name is another.

        `new`: and when there is one (`pool_exists`). `if_match`: and when it is in another version
        or removed (`EditedMeanwhile`).
        """
        condition = {"If-None-Match": "*"} if new else _if_match(if_match)
        response = await self._service.call(
            "PUT",
            f"/pools/{quote(name, safe='')}",
            headers=condition,
            json=pool.model_dump(mode="json"),
        )
        return Pool.model_validate_json(response.content)

    async def remove_pool(self, name: str, *, if_match: IfMatch | None = None) -> None:
        """Forget a pool; refused while machines or environments are in it."""
        await self._service.call(
            "DELETE", f"/pools/{quote(name, safe='')}", headers=_if_match(if_match)
        )

    async def nodes(self, page: int, page_size: int = 50) -> Page[Node]:
        """The machines of the Swarm, by name."""
        response = await self._service.call(
            "GET", "/nodes", params={"page": page, "page_size": page_size}
        )
        return _NODES.validate_json(response.content)

    async def change_node(self, id: str, change: NodeChange) -> None:
        """Drain, pause, activate, or label into a pool."""
        await self._service.call(
            "PATCH", f"/nodes/{quote(id, safe='')}", json=change.model_dump(mode="json")
        )

    async def aclose(self) -> None:
        await self._service.aclose()


def _if_match(versions: IfMatch | None) -> dict[str, str]:
    return {"If-Match": str(versions)} if versions else {}
