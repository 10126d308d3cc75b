"""Builds the catalogue's entries ahead, so that a teacher never waits for one.

Each entry is an Image like a teacher's, owned by an account of the platform and public. One process
at a time (the elected leader) looks every few seconds at what is due: an entry that was never
built, whose recipe changed with an upgrade, whose build failed a while ago, or whose build is older
than the operator's limit, which brings security updates. It asks for one Build at a time, in the
catalogue's order, so that teachers' builds find a builder free. All it knows is in the tables and
at the builder: a step may be repeated, and a killed process loses nothing.

A Build that succeeded becomes the one that new Courses run. Where its container must run as root,
the platform approves its digest: the recipe is the platform's own. An operator may revoke that.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clients.builder import BuilderClient
from mydocker_kit.clock import Clock
from mydocker_kit.contracts.builder.builds import ENDED, BuildPhase, BuildRequest, BuildStatus
from mydocker_kit.contracts.events import EventKind
from mydocker_kit.contracts.orchestrator.environments import Profile
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction

from ..catalogue import Catalogue, Recipe
from ..composition.services import Services
from ..domain.policy.root_approvals import RootState
from ..feed import announce
from ..images.builds import next_build
from ..images.service import repository_of
from ..metrics import CATALOGUE_IMAGES
from ..models import Build, Image, RootApproval
from ..settings import Settings
from . import queries

log = get_logger()
EVERY = 5.0
RETRY_AFTER = timedelta(minutes=30)
"""After a failed build."""
_UNKNOWN_AFTER = timedelta(minutes=1)
"""After which a Build that the builder does not know is asked for again, under a new number."""


@dataclass(frozen=True)
class _Asked:
    build: Build
    request: BuildRequest


class CatalogueBuilds:
    """Keeps a Build of each entry ready."""

    def __init__(
        self,
        sessions: Sessions,
        builder: BuilderClient,
        catalogue: Catalogue,
        settings: Settings,
        clock: Clock,
    ) -> None:
        self._sessions, self._builder, self._clock = sessions, builder, clock
        self._settings = settings
        self._recipes = {
            name: recipe
            for name, recipe in catalogue.recipes.items()
            if settings.builds_ahead(name)
        }

    @classmethod
    def of(cls, services: Services) -> "CatalogueBuilds":
        """The loop over these objects."""
        return cls(
            services.sessions,
            services.clients.builder,
            services.catalogue,
            services.settings,
            services.clock,
        )

    async def step(self) -> None:
        """Take over Builds that succeeded, then ask for the next one that is due. Idempotent."""
        if not self._recipes:
            return
        async with transaction(self._sessions) as db:
            images = await self._write_images(db, self._clock())
            ids = [image.id for image in images.values() if image.last_number]
        builds = {build.image_id: build for build in await self._builder.latest(ids)} if ids else {}
        async with transaction(self._sessions) as db:
            await self._take_over(db, builds)
        CATALOGUE_IMAGES.labels("ready").set(
            sum(image.ready_build_id is not None for image in images.values())
        )
        CATALOGUE_IMAGES.labels("wanted").set(len(images))
        if any(build.phase not in ENDED for build in builds.values()):
            return
        async with transaction(self._sessions) as db:
            asked = await self._next(db, builds)
        if asked is not None:
            await self._builder.put(asked.build.id, asked.request)
            log.info("catalogue.build_asked", id=asked.build.id, image=asked.build.image_id)

    async def _write_images(self, db: AsyncSession, now: datetime) -> dict[str, Image]:
        """The Image of each entry, as its recipe says."""
        images = await queries.catalogue_images(db, lock=True)
        owner_id = await queries.catalogue_owner(db, now)
        for name, recipe in self._recipes.items():
            image = images.get(name)
            if image is None:
                image = images[name] = _new_image(name, recipe, owner_id, now)
                _put_on(image, recipe, now)
                db.add(image)
            elif image.catalogue_version != recipe.version:
                _put_on(image, recipe, now)
        await db.flush()
        return {name: images[name] for name in self._recipes}

    async def _take_over(self, db: AsyncSession, builds: dict[UUID, BuildStatus]) -> None:
        """Make the newest Build that succeeded the one that new Courses run."""
        now = self._clock()
        for name, image in (await queries.catalogue_images(db, lock=True)).items():
            build = builds.get(image.id)
            if build is None or build.phase is not BuildPhase.SUCCEEDED:
                continue
            if image.ready_build_id != build.id:
                image.ready_build_id = build.id
                await announce(db, EventKind.BUILD_CHANGED, build.id, None, image.owner_id)
                log.info("catalogue.image_ready", entry=name, build=build.id)
            if image.profile is Profile.COMPAT and not await queries.is_judged(db, build.id):
                db.add(_approval(build, image.owner_id, now))

    async def _next(self, db: AsyncSession, builds: dict[UUID, BuildStatus]) -> _Asked | None:
        now = self._clock()
        images = await queries.catalogue_images(db, lock=True)
        newest = await queries.newest_builds(db)
        for name, recipe in self._recipes.items():
            image = images[name]
            last = newest.get(image.id)
            status = builds.get(image.id)
            if not self._is_due(image, recipe, last, status, now):
                continue
            # A repeated build with the cache would install the packages of the last time again.
            is_update = image.catalogue_version == recipe.version and image.ready_build_id
            build, request = next_build(db, image, image.owner_id, not is_update, now)
            image.catalogue_version = recipe.version
            return _Asked(build, request)
        return None

    def _is_due(
        self,
        image: Image,
        recipe: Recipe,
        last: Build | None,
        status: BuildStatus | None,
        now: datetime,
    ) -> bool:
        if last is None or image.catalogue_version != recipe.version:
            return True
        age = now - last.asked_at
        if status is None or status.number != last.number:
            return age > _UNKNOWN_AFTER
        if status.phase is not BuildPhase.SUCCEEDED:
            return age > RETRY_AFTER
        days = self._settings.catalogue_rebuild_days
        return days > 0 and age > timedelta(days=days)


def _new_image(name: str, recipe: Recipe, owner_id: UUID, now: datetime) -> Image:
    id = uuid4()
    return Image(
        id=id,
        owner_id=owner_id,
        repository=repository_of(recipe.info.title.en, id),
        last_number=0,
        catalogue_entry=name,
        created_at=now,
    )


def _put_on(image: Image, recipe: Recipe, now: datetime) -> None:
    info = recipe.info
    image.title, image.description = info.title.en, info.description.en
    image.dockerfile, image.wrapper = recipe.dockerfile, recipe.wrapper
    image.ports, image.profile = tuple(info.ports), info.profile
    image.work_path, image.updated_at = info.work_path, now


def _approval(build: BuildStatus, owner_id: UUID, now: datetime) -> RootApproval:
    return RootApproval(
        build_id=build.id,
        digest=(build.reference or "").rpartition("@")[2],
        state=RootState.APPROVED,
        findings=build.root_findings or (),
        asked_by_id=owner_id,
        asked_at=now,
        comment="",
        decided_by_id=owner_id,
        decided_at=now,
        reason="",
        revoked_by_id=None,
        revoked_at=None,
        revoke_reason="",
    )
