"""The builder, played: each build ends at once."""

import asyncio
from collections.abc import AsyncIterator
from hashlib import sha256
from uuid import UUID

from fastapi import Response
from fastapi.responses import StreamingResponse

from mydocker_builder.domain.context_sources import source_problems
from mydocker_builder.domain.references import ReferenceInvalid, is_within, parse_reference
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.builder.builds import (
    BuildPhase,
    BuildRecipe,
    BuildRequest,
    BuildStatus,
    LogLine,
    LogPage,
    RootFinding,
    RootFindingKind,
    SourceFile,
)
from mydocker_kit.contracts.builder.dockerfile_checks import DockerfileCheck, DockerfileProblem
from mydocker_kit.contracts.builder.packages import (
    BuildInventory,
    ImagePackage,
    InventoryCoverage,
    InventoryState,
    PackageHit,
)
from mydocker_kit.contracts.builder.references import (
    AllowedRegistries,
    ReferenceQuery,
    ReferenceRefusal,
    ResolvedReference,
)
from mydocker_kit.tokens import ServiceTrust

from .service import Away, problem, service_app

NO_USER = RootFinding(kind=RootFindingKind.NO_USER, file=SourceFile.DOCKERFILE)


class FakeBuilder:
    """Keeps builds; each succeeds at once unless set otherwise."""

    def __init__(self, trust: ServiceTrust) -> None:
        self.builds: dict[UUID, BuildStatus] = {}
        self.requests: dict[UUID, BuildRequest] = {}
        self.logs: dict[UUID, list[str]] = {}
        self.checks: list[DockerfileCheck] = []
        self.outcome = BuildPhase.SUCCEEDED
        self.root_findings: tuple[RootFinding, ...] | None = (NO_USER,)
        self.registries: tuple[str, ...] = ("docker.io/library",)
        self.published: dict[str, str] = {}
        """References of other registries by their full names, with their digests."""
        self.resolved: list[str] = []
        self.packages: dict[UUID, list[ImagePackage]] = {}
        """Of builds whose content is known."""
        self.away = False
        self.app = service_app(trust)
        self._add_routes()

    def reference(self, id: UUID, request: BuildRequest) -> str:
        """Each build has a digest of its own: its id is a label of its image."""
        digest = sha256(id.bytes).hexdigest()
        return f"registry/images/{request.repository}@sha256:{digest}"

    def _check(self) -> None:
        if self.away:
            raise Away

    def _add_routes(self) -> None:
        @self.app.put("/builds/{id}")
        async def put(id: UUID, request: BuildRequest) -> BuildStatus:
            self._check()
            self.requests[id] = request
            done = self.outcome is BuildPhase.SUCCEEDED
            self.builds[id] = BuildStatus(
                id=id,
                image_id=request.image_id,
                author_id=request.author_id,
                number=request.number,
                phase=self.outcome,
                reference=self.reference(id, request) if done else None,
                context_digest=request.context_digest,
                root_findings=self.root_findings if done else None,
                queued_at=utc_now(),
            )
            self.logs[id] = ["#1 [1/1] FROM debian:12", "done"]
            return self.builds[id]

        @self.app.get("/builds/{id}", response_model=None)
        async def get(id: UUID) -> BuildStatus | Response:
            self._check()
            return self.builds.get(id) or problem(404, "not_found")

        @self.app.get("/builds/{id}/recipe", response_model=None)
        async def recipe(id: UUID) -> BuildRecipe | Response:
            self._check()
            request = self.requests.get(id)
            if request is None:
                return problem(404, "not_found")
            return BuildRecipe(
                id=id,
                number=request.number,
                dockerfile=request.dockerfile,
                wrapper=request.wrapper,
                context_digest=request.context_digest,
            )

        @self.app.get("/builds")
        async def of_image(image_id: UUID, page: int = 1, page_size: int = 50) -> Page[BuildStatus]:
            self._check()
            builds = [build for build in self.builds.values() if build.image_id == image_id]
            builds.sort(key=lambda build: -build.number)
            return Page(items=builds, total=len(builds), page=page, page_size=page_size)

        @self.app.post("/builds/latest")
        async def latest(ids: list[UUID]) -> list[BuildStatus]:
            self._check()
            newest = {}
            for build in sorted(self.builds.values(), key=lambda build: build.number):
                newest[build.image_id] = build
            return [newest[id] for id in ids if id in newest]

        @self.app.post("/builds/{id}/cancel")
        async def cancel(id: UUID) -> BuildStatus:
            self._check()
            self.builds[id] = self.builds[id].model_copy(update={"phase": BuildPhase.CANCELLED})
            return self.builds[id]

        @self.app.get("/builds/{id}/log")
        async def log(id: UUID, after: int, limit: int) -> LogPage:
            self._check()
            lines = [
                LogLine(number=number, text=text)
                for number, text in enumerate(self.logs[id], 1)
                if number > after
            ]
            ended = self.builds[id].phase is not BuildPhase.BUILDING
            return LogPage(lines=tuple(lines[:limit]), ended=ended)

        @self.app.post("/dockerfiles/check")
        async def check_dockerfile(check: DockerfileCheck) -> list[DockerfileProblem]:
            self._check()
            self.checks.append(check)
            return source_problems(check)

        self._add_package_routes()

        @self.app.get("/references/registries")
        async def registries() -> AllowedRegistries:
            self._check()
            return AllowedRegistries(items=self.registries)

        @self.app.post("/references/resolve")
        async def resolve(query: ReferenceQuery) -> ResolvedReference:
            self._check()
            self.resolved.append(query.reference)
            return self._resolve(query.reference)

        @self.app.get("/changes")
        async def changes(after: int) -> StreamingResponse:
            return StreamingResponse(self._stream(), media_type="text/event-stream")

    def _add_package_routes(self) -> None:
        @self.app.get("/builds/{id}/inventory")
        async def inventory(id: UUID) -> BuildInventory:
            self._check()
            known = self.packages.get(id)
            if known is None:
                return BuildInventory(build_id=id, state=InventoryState.UNKNOWN)
            state = InventoryState.COMPLETE
            return BuildInventory(build_id=id, state=state, packages=len(known))

        @self.app.get("/builds/{id}/packages")
        async def packages(id: UUID, page: int = 1, page_size: int = 50) -> Page[ImagePackage]:
            self._check()
            known = self.packages.get(id, [])
            return Page(items=known, total=len(known), page=page, page_size=page_size)

        @self.app.get("/builds/{id}/sbom")
        async def sbom(id: UUID) -> dict[str, str]:
            self._check()
            return {"bomFormat": "CycloneDX", "serialNumber": f"urn:uuid:{id}"}

        @self.app.get("/packages")
        async def builds_with(
            name: str, version: str = "", page: int = 1, page_size: int = 50
        ) -> Page[PackageHit]:
            self._check()
            hits = [
                PackageHit(
                    build_id=id,
                    image_id=self.builds[id].image_id,
                    number=self.builds[id].number,
                    package=package,
                )
                for id, known in self.packages.items()
                for package in known
                if package.name == name and package.version.startswith(version)
            ]
            return Page(items=hits, total=len(hits), page=page, page_size=page_size)

        @self.app.get("/inventories/coverage")
        async def coverage() -> InventoryCoverage:
            self._check()
            complete = len(self.packages)
            unknown = len(self.builds) - complete
            return InventoryCoverage(complete=complete, partial=0, unknown=unknown)

    def _resolve(self, text: str) -> ResolvedReference:
        """As the real one, with `published` for its registries."""
        try:
            reference = parse_reference(text)
        except ReferenceInvalid as error:
            refusal = ReferenceRefusal.INVALID
            return ResolvedReference(reference=text, refusal=refusal, message=str(error))
        digest = self.published.get(str(reference))
        if not is_within(reference, self.registries):
            refusal = ReferenceRefusal.FORBIDDEN
        elif digest is None:
            refusal = ReferenceRefusal.MISSING
        else:
            return ResolvedReference(reference=str(reference), pinned=reference.by(digest))
        return ResolvedReference(reference=str(reference), refusal=refusal, message="played")

    async def _stream(self) -> AsyncIterator[str]:
        yield ": here\n\n"
        await asyncio.sleep(3600)
