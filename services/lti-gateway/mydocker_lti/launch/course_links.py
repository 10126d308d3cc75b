"""Signs Course ids in deep links and verifies them in launches (docs/decisions/0016)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.observability.logging import get_logger
from mydocker_kit.vault import Vault

from ..domain.launches.claims import Claims
from ..domain.launches.course_links import custom_parameters, is_signed
from ..domain.random_secrets import new_secret
from ..metrics import COURSE_LINKS
from ..models import PlatformEvent, Registration

log = get_logger()


@dataclass(frozen=True)
class NamedCourse:
    """The Course that a launch names, and whether a deep link of ours signed it."""

    id: UUID | None = None
    is_signed: bool = False
    former_registrations: Sequence[UUID] = ()
    """For unsigned links: earlier registrations of the same platform."""


class CourseLinks:
    """Signs with the key of one registration; verifies also with keys of its earlier ones."""

    def __init__(self, db: AsyncSession, vault: Vault, registration_id: UUID) -> None:
        self._db, self._vault, self._id = db, vault, registration_id

    async def parameters(self, course_ids: Sequence[UUID]) -> list[Mapping[str, str]]:
        """The custom parameters of a deep link to each Course."""
        key = await self._own_key()
        return [custom_parameters(key, self._id, course_id) for course_id in course_ids]

    async def named_by(self, claims: Claims) -> NamedCourse:
        """The Course in the launch's custom parameters, verified.

        An invalid signature discards the id: it was forged or made for another platform. An id
        without a signature is returned, since links from before signatures have none.
        """
        course_id, signature = claims.course_id(), claims.course_signature()
        if course_id is None:
            return NamedCourse()
        former = await self._former_rows()
        if signature is None:
            COURSE_LINKS.labels("unsigned").inc()
            return NamedCourse(course_id, former_registrations=[row.id for row in former])
        own = await self._db.get_one(Registration, self._id)
        for row in (own, *former):
            key = self._link_key(row)
            if key is not None and is_signed(key, row.id, course_id, signature):
                COURSE_LINKS.labels("signed").inc()
                return NamedCourse(course_id, is_signed=True)
        COURSE_LINKS.labels("foreign").inc()
        log.warning("launch.course_link_foreign", registration=self._id, course=course_id)
        return NamedCourse()

    async def _own_key(self) -> str:
        """The key of this registration, made at first use under a row lock."""
        query = select(Registration).where(Registration.id == self._id).with_for_update()
        row = (await self._db.scalars(query.execution_options(populate_existing=True))).one()
        key = self._link_key(row)
        if key is None:
            key = new_secret()
            row.link_key = self._vault.seal(key)
        return key

    def _link_key(self, row: Registration) -> str | None:
        if row.link_key is None:
            return None
        try:
            return self._vault.open(row.link_key)
        except ValueError:
            log.error("platform.link_key_unreadable", registration=row.id)
            return None

    async def _former_rows(self) -> Sequence[Registration]:
        """Earlier registrations of this platform, from the audit log (`people_moved`).

        The platform was registered again at a new address; its activities carry signatures made
        for the earlier registration.
        """
        moved = PlatformEvent.facts["from_issuer"].astext
        query = (
            select(Registration)
            .join(PlatformEvent, Registration.issuer == moved)
            .where(
                PlatformEvent.registration_id == self._id,
                PlatformEvent.kind == "people_moved",
                Registration.id != self._id,
                Registration.created_at < PlatformEvent.happened_at,
            )
            .order_by(Registration.created_at)
            .limit(20)
        )
        return list(dict.fromkeys(await self._db.scalars(query)))
