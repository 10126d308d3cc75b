"""What can be run."""

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from ..contracts.base import Page
from ..contracts.builder.builds import (
    BuildRecipe,
    BuildRequest,
    BuildSort,
    BuildStatus,
    LogPage,
)
from ..contracts.builder.dockerfile_checks import DockerfileCheck, DockerfileProblem
from ..contracts.builder.packages import (
    BuildInventory,
    ImagePackage,
    InventoryCoverage,
    PackageHit,
    PackageSort,
)
from ..contracts.builder.references import (
    AllowedRegistries,
    ReferenceQuery,
    ResolvedReference,
)
from ..contracts.cursors import Parameters
from ..http import ServiceClient
from ..sse import follow

AUDIENCE = "mydocker-builder"
_PAGE = TypeAdapter(Page[BuildStatus])
_PACKAGES = TypeAdapter(Page[ImagePackage])
_HITS = TypeAdapter(Page[PackageHit])
_LIST = TypeAdapter(list[BuildStatus])
_PROBLEMS = TypeAdapter(list[DockerfileProblem])


class BuilderClient:
    """Calls to the builder; every one may be repeated."""

    def __init__(self, service: ServiceClient) -> None:
        self._service = service

    async def put(self, id: UUID, request: BuildRequest) -> BuildStatus:
        """Queue this Build, once."""
        response = await self._service.call(
            "PUT", f"/builds/{id}", json=request.model_dump(mode="json")
        )
        return BuildStatus.model_validate_json(response.content)

    async def get(self, id: UUID) -> BuildStatus:
        response = await self._service.call("GET", f"/builds/{id}")
        return BuildStatus.model_validate_json(response.content)

    async def recipe(self, id: UUID) -> BuildRecipe:
        """What this Build was made of."""
        response = await self._service.call("GET", f"/builds/{id}/recipe")
        return BuildRecipe.model_validate_json(response.content)

    async def of_image(
        self, image_id: UUID, asked: Parameters, sort: BuildSort = BuildSort.NEWEST
    ) -> Page[BuildStatus]:
        """Builds of one Image; `search` looks at their tags."""
        params = {"image_id": str(image_id), **asked, "sort": sort}
        response = await self._service.call("GET", "/builds", params=params)
        return _PAGE.validate_json(response.content)

    async def latest(self, image_ids: Sequence[UUID]) -> list[BuildStatus]:
        """The newest Build of each Image that has one (at most 200 Images)."""
        body = [str(id) for id in image_ids]
        response = await self._service.call("POST", "/builds/latest", json=body)
        return _LIST.validate_json(response.content)

    async def cancel(self, id: UUID) -> BuildStatus:
        response = await self._service.call("POST", f"/builds/{id}/cancel")
        return BuildStatus.model_validate_json(response.content)

    async def log(self, id: UUID, after: int, limit: int = 1000) -> LogPage:
        """Log lines with a number above `after`."""
        response = await self._service.call(
            "GET", f"/builds/{id}/log", params={"after": after, "limit": limit}
        )
        return LogPage.model_validate_json(response.content)

    async def check_dockerfile(self, check: DockerfileCheck) -> list[DockerfileProblem]:
        """What is wrong in a Dockerfile, by line."""
        body = check.model_dump(mode="json")
        response = await self._service.call("POST", "/dockerfiles/check", json=body)
        return _PROBLEMS.validate_json(response.content)

    async def inventory(self, id: UUID) -> BuildInventory:
        """How much is known of what a Build contains."""
        response = await self._service.call("GET", f"/builds/{id}/inventory")
        return BuildInventory.model_validate_json(response.content)

    async def packages(
        self, id: UUID, asked: Parameters, sort: PackageSort = PackageSort.NAME
    ) -> Page[ImagePackage]:
        """Packages of a Build; `search` looks at names and versions."""
        params = {**asked, "sort": sort}
        response = await self._service.call("GET", f"/builds/{id}/packages", params=params)
        return _PACKAGES.validate_json(response.content)

    async def sbom(self, id: UUID) -> dict[str, Any]:
        """What a Build contains, as CycloneDX."""
        response = await self._service.call("GET", f"/builds/{id}/sbom")
        content: dict[str, Any] = response.json()
        return content

    async def builds_with(
        self,
        name: str,
        version: str,
        asked: Parameters,
        sort: PackageSort = PackageSort.NAME,
    ) -> Page[PackageHit]:
        """Packages of this name, of all Builds; a version is matched by its beginning."""
        params = {"name": name, "version": version, **asked, "sort": sort}
        response = await self._service.call("GET", "/packages", params=params)
        return _HITS.validate_json(response.content)

    async def inventory_coverage(self) -> InventoryCoverage:
        """Of how many published Builds the content is known."""
        response = await self._service.call("GET", "/inventories/coverage")
        return InventoryCoverage.model_validate_json(response.content)

    async def external_registries(self) -> AllowedRegistries:
        """Registries whose images may be run without a build."""
        response = await self._service.call("GET", "/references/registries")
        return AllowedRegistries.model_validate_json(response.content)

    async def resolve(self, reference: str) -> ResolvedReference:
        """The digest that a reference stands for now, or why it cannot be used."""
        body = ReferenceQuery(reference=reference).model_dump(mode="json")
        response = await self._service.call("POST", "/references/resolve", json=body)
        return ResolvedReference.model_validate_json(response.content)

    async def changes(self, after: int) -> AsyncIterator[tuple[int, BuildStatus]]:
        """Every Build that changed after number `after`, and every batch of its log, for ever."""
        async for _, number, data in follow(self._service, "/changes", after):
            yield number, BuildStatus.model_validate(data)

    async def aclose(self) -> None:
        await self._service.aclose()
