"""Makes and verifies the signatures of Course ids in deep links (docs/decisions/0016)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.logging import get_logger
from mydocker_kit.vault import Vault

from ..domain.claims import Claims
from ..domain.course_links import custom_parameters, is_signed
from ..domain.random_secrets import new_secret
from ..metrics import COURSE_LINKS
from ..models import PlatformEvent, Registration

log = get_logger()


@dataclass(frozen=True)
class NamedCourse:
    """The Course that a launch names, and whether our own deep link does."""

    id: UUID | None = None
    is_signed: bool = False
    former_registrations: Sequence[UUID] = ()
    """For links that carry no signature: where else the same platform was known."""


class CourseLinks:
    """Signs with the key of one registration; verifies with it and with those it took over."""

    def __init__(self, db: AsyncSession, vault: Vault, registration_id: UUID) -> None:
        self._db, self._vault, self._id = db, vault, registration_id

    async def parameters(self, course_ids: Sequence[UUID]) -> list[Mapping[str, str]]:
        """The custom parameters of a deep link to each Course."""
        key = await self._own_key()
        return [custom_parameters(key, self._id, course_id) for course_id in course_ids]

    async def named_by(self, claims: Claims) -> NamedCourse:
        """Read and verify what the launch names.

        A signature that fits nothing is somebody's own or another platform's: the id beside it
        is worth less than one without a signature, which links from before signatures have.
        """
        course_id, signature = claims.course_id(), claims.course_signature()
        if course_id is None:
            return NamedCourse()
        former = await self._former()
        if signature is None:
            COURSE_LINKS.labels("unsigned").inc()
            return NamedCourse(course_id, former_registrations=[row.id for row in former])
        own = await self._db.get_one(Registration, self._id)
        for row in (own, *former):
            key = self._opened(row)
            if key is not None and is_signed(key, row.id, course_id, signature):
                COURSE_LINKS.labels("signed").inc()
                return NamedCourse(course_id, is_signed=True)
        COURSE_LINKS.labels("foreign").inc()
        log.warning("launch.course_link_foreign", registration=self._id, course=course_id)
        return NamedCourse()

    async def _own_key(self) -> str:
        """The key of this registration, made once; the row is locked while it is."""
        query = select(Registration).where(Registration.id == self._id).with_for_update()
        row = (await self._db.scalars(query.execution_options(populate_existing=True))).one()
        key = self._opened(row)
        if key is None:
            key = new_secret()
            row.link_key = self._vault.seal(key)
        return key

    def _opened(self, row: Registration) -> str | None:
        if row.link_key is None:
            return None
        try:
            return self._vault.open(row.link_key)
        except ValueError:
            log.error("platform.link_key_unreadable", registration=row.id)
            return None

    async def _former(self) -> Sequence[Registration]:
        """Registrations whose people an operator moved here, as they stood then.

        The platform is the same, registered anew at its new address: its activities carry what was
        signed for the earlier registration.
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
