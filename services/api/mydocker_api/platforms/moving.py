"""A platform that moved to a new address: its people are known by the new issuer from now on.

An operator orders it, never a launch. A person is (issuer, subject), so the whole move is one
change of the identity's issuer; ids, courses and work stay. Whoever came by both addresses already
is two people: the newer one gives way when nothing hangs on them, else both stay as they are.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from mydocker_kit.logging import get_logger

from ..metrics import PEOPLE_MOVED
from ..models import (
    Course,
    Enrolment,
    Environment,
    Identity,
    Image,
    Membership,
    SentScore,
    SshKey,
    User,
)
from .schemas import PeopleMoved, PeopleOutlook

log = get_logger()
Old, New = aliased(Identity, name="old"), aliased(Identity, name="new")


async def outlook(db: AsyncSession, from_issuer: str, to_issuer: str) -> PeopleOutlook:
    """How many would move, and how many would stay two people."""
    people = await _count(db, Identity.issuer == from_issuer)
    twins = await _twins(db, from_issuer, to_issuer)
    apart = len(twins) - len(await _blank(db, twins))
    return PeopleOutlook(people=people - apart, apart=apart)


async def move_people(
    db: AsyncSession, from_issuer: str, to_issuer: str, *, actor: UUID
) -> tuple[PeopleMoved, list[UUID]]:
    """Move them, and say who gave way. Done again, it moves only who came since."""
    # Nobody arrives in between: a moment without inserts, not without reading.
    await db.execute(text("SET LOCAL lock_timeout = '5s'"))
    await db.execute(text("LOCK TABLE api.users, api.identities IN SHARE ROW EXCLUSIVE MODE"))
    twins = await _twins(db, from_issuer, to_issuer)
    gone = await _blank(db, twins)
    await _take_over(db, {new: old for old, new in twins if new in gone})
    moved = await _change_issuer(db, from_issuer, to_issuer)
    result = PeopleMoved(moved=moved, apart=len(twins) - len(gone))
    PEOPLE_MOVED.inc(result.moved)
    log.info(
        "people.moved",
        from_issuer=from_issuer,
        to_issuer=to_issuer,
        moved=result.moved,
        replaced=len(gone),
        apart=result.apart,
        actor=str(actor),
    )
    return result, sorted(gone)


async def _change_issuer(db: AsyncSession, from_issuer: str, to_issuer: str) -> int:
    """Of everybody whom the new address does not know yet, as anybody; how many there are."""
    taken = exists().where(
        New.issuer == to_issuer,
        (New.subject == Identity.subject) | (New.user_id == Identity.user_id),
    )
    changed = await db.execute(
        update(Identity)
        .where(Identity.issuer == from_issuer, ~taken)
        .values(issuer=to_issuer)
        .returning(Identity.user_id)
        .execution_options(synchronize_session=False)
    )
    ids = changed.scalars().all()
    for table, whose in ((User, User.id), (Enrolment, Enrolment.user_id)):
        await db.execute(
            update(table)
            .where(whose.in_(ids), table.issuer == from_issuer)
            .values(issuer=to_issuer)
            .execution_options(synchronize_session=False)
        )
    return len(ids)


async def _count(db: AsyncSession, which: ColumnElement[bool]) -> int:
    return await db.scalar(select(func.count()).select_from(Identity).where(which)) or 0


async def _twins(db: AsyncSession, from_issuer: str, to_issuer: str) -> Sequence[tuple[UUID, UUID]]:
    """People known by both issuers: (older, newer)."""
    query = (
        select(Old.user_id, New.user_id)
        .join(New, (New.subject == Old.subject) & (New.user_id != Old.user_id))
        .where(Old.issuer == from_issuer, New.issuer == to_issuer)
    )
    return [(old, new) for old, new in await db.execute(query)]


async def _blank(db: AsyncSession, twins: Sequence[tuple[UUID, UUID]]) -> set[UUID]:
    """Those of the newer accounts on which nothing hangs: no work, no right, no decision."""
    ways_in = select(func.count()).where(Identity.user_id == User.id).scalar_subquery()
    query = select(User.id).where(
        ways_in <= 1,
        User.id.in_([new for _, new in twins]),
        User.operator_since.is_(None),
        User.may_build_since.is_(None),
        User.disabled_at.is_(None),
        ~exists().where(Course.owner_id == User.id),
        ~exists().where(Image.owner_id == User.id),
        ~exists().where(Environment.user_id == User.id),
        ~exists().where(SshKey.user_id == User.id),
        ~exists().where(SentScore.user_id == User.id),
    )
    return set(await db.scalars(query))


async def _take_over(db: AsyncSession, heirs: dict[UUID, UUID]) -> None:
    """The newer accounts give way; the roles their launches brought are the fresher ones."""
    if not heirs:
        return
    for row in await db.scalars(select(Enrolment).where(Enrolment.user_id.in_(heirs))):
        told = {
            "role": row.role,
            "refreshed_at": row.refreshed_at,
            "subject": row.subject,
            "issuer": row.issuer,
            "listed_at": row.listed_at,
        }
        new = insert(Enrolment).values(
            context_id=row.context_id, user_id=heirs[row.user_id], **told
        )
        key = [Enrolment.context_id, Enrolment.user_id]
        await db.execute(new.on_conflict_do_update(index_elements=key, set_=told))
    for seat in await db.scalars(select(Membership).where(Membership.user_id.in_(heirs))):
        seated = insert(Membership).values(
            course_id=seat.course_id, user_id=heirs[seat.user_id], joined_at=seat.joined_at
        )
        await db.execute(seated.on_conflict_do_nothing())
    db.expunge_all()
    await db.execute(
        delete(User).where(User.id.in_(heirs)).execution_options(synchronize_session=False)
    )
