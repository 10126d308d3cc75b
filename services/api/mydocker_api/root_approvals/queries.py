"""Approvals of builds that run as root."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from mydocker_kit.paging import Paging, Slice
from mydocker_kit.postgres.keyset import Key, order_of, read_slice

from ..domain.policy.root_approvals import RootState
from ..models import Build, Course, Image, RootApproval, User

_Asker, _Decider = aliased(User), aliased(User)


@dataclass(frozen=True)
class Request:
    """An approval with the people who asked and decided."""

    approval: RootApproval
    asked_by: User
    decided_by: User | None
    image: Image
    number: int
    courses: int


def _requests() -> Select[RootApproval, User, User, Image, int, int]:
    """Approvals with what a reader needs of other tables."""
    decider = func.coalesce(RootApproval.revoked_by_id, RootApproval.decided_by_id)
    uses = select(func.count()).where(
        Course.build_id == RootApproval.build_id, Course.is_trial.is_(False)
    )
    return (
        select(
            RootApproval,
            _Asker,
            _Decider,
            Image,
            Build.number,
            uses.correlate(RootApproval).scalar_subquery(),
        )
        .join(Build, Build.id == RootApproval.build_id)
        .join(Image, Image.id == Build.image_id)
        .join(_Asker, _Asker.id == RootApproval.asked_by_id)
        .outerjoin(_Decider, _Decider.id == decider)
    )


async def request_of(db: AsyncSession, build_id: UUID) -> Request | None:
    """The request for this build."""
    rows = await db.execute(_requests().where(RootApproval.build_id == build_id))
    row = rows.one_or_none()
    return Request(*row) if row else None


class RequestSort(StrEnum):
    """Order of the requests."""

    LONGEST_WAITING = "asked_at"
    NEWEST = "-asked_at"


async def requests(
    db: AsyncSession, state: RootState | None, paging: Paging, sort: RequestSort
) -> Slice:
    """A page of requests (`Request`)."""
    query = _requests()
    if state is not None:
        query = query.where(RootApproval.state == state)
    if paging.search:
        text = Image.title + " " + func.coalesce(_Asker.name, "")
        query = query.where(text.icontains(paging.search, autoescape=True))
    keys = order_of(sort, RootApproval, Key(RootApproval.build_id))
    return await read_slice(db, query, keys, paging)


async def lock_build(db: AsyncSession, build_id: UUID) -> None:
    """Until the transaction ends, nobody else asks for this build."""
    await db.execute(select(Build.id).where(Build.id == build_id).with_for_update())


async def locked(db: AsyncSession, build_id: UUID) -> RootApproval | None:
    """The row of this build, locked."""
    return await db.get(RootApproval, build_id, with_for_update=True)


async def is_approved(db: AsyncSession, digest: str) -> bool:
    """Whether an approval holds for this digest."""
    query = select(
        exists().where(RootApproval.digest == digest, RootApproval.state == RootState.APPROVED)
    )
    return bool(await db.scalar(query))
