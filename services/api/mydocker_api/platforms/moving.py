"""A platform that moved to a new address: its people are known by the new issuer from now on.

An operator orders it, never a launch. A person is known by (issuer, subject), so the whole move is
one change of the issuer; ids, courses and work stay. Whoever came by both addresses already is two
people: the newer account gives way when nothing hangs on it, else both stay as they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, exists, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from mydocker_kit.observability.logging import get_logger

from ..metrics import PEOPLE_MOVED
from ..models import (
    ActivityEntry,
    Course,
    Enrolment,
    Environment,
    Identity,
    Image,
    Membership,
    SentScore,
    Share,
    SshKey,
    User,
)
from .schemas import PeopleMoved, PeopleOutlook

log = get_logger()
_AS_IS = {"synchronize_session": False}


@dataclass(frozen=True)
class _Doubles:
    """People known by both issuers."""

    giving_way: Mapping[UUID, UUID]
    """The empty newer account, and whose it becomes."""
    apart: frozenset[UUID]
    """Whose newer account has something of its own."""
    linked: frozenset[UUID]
    """Who linked both identities themselves: one person already."""


async def outlook(db: AsyncSession, from_issuer: str, to_issuer: str) -> PeopleOutlook:
    """How many would move, and how many would stay two people."""
    known = select(func.count()).select_from(Identity).where(Identity.issuer == from_issuer)
    doubles = await _doubles(db, from_issuer, to_issuer)
    apart = len(doubles.apart)
    return PeopleOutlook(people=(await db.scalar(known) or 0) - apart, apart=apart)


async def move_people(
    db: AsyncSession, from_issuer: str, to_issuer: str, *, actor: UUID
) -> tuple[PeopleMoved, list[UUID]]:
    """Move them, and say whose account gave way. Done again, it moves only who came since."""
    # Nobody arrives in between: a moment without launches, not without reading.
    await db.execute(text("SET LOCAL lock_timeout = '5s'"))
    await db.execute(text("LOCK TABLE api.users, api.identities IN SHARE ROW EXCLUSIVE MODE"))
    doubles = await _doubles(db, from_issuer, to_issuer)
    await _take_over(db, doubles.giving_way)
    moved = await _rename(db, from_issuer, to_issuer, doubles)
    result = PeopleMoved(moved=moved, apart=len(doubles.apart))
    PEOPLE_MOVED.inc(moved)
    log.info(
        "people.moved",
        from_issuer=from_issuer,
        to_issuer=to_issuer,
        moved=moved,
        replaced=len(doubles.giving_way),
        apart=result.apart,
        actor=str(actor),
    )
    return result, sorted(doubles.giving_way)


async def _rename(db: AsyncSession, from_issuer: str, to_issuer: str, doubles: _Doubles) -> int:
    """The issuer of everybody but those who stay apart; how many that were."""
    old = Identity.issuer == from_issuer
    who = select(Identity.user_id).where(old, Identity.user_id.not_in(doubles.apart))
    ids = set(await db.scalars(who))
    named = update(User).where(User.issuer == from_issuer, User.id.in_(ids))
    role = update(Enrolment).where(Enrolment.issuer == from_issuer, Enrolment.user_id.in_(ids))
    for change in (named, role):
        await db.execute(change.values(issuer=to_issuer), execution_options=_AS_IS)
    await _rename_shares(db, from_issuer, to_issuer)
    # Who had linked both keeps the newer one; the older has become the same.
    same = delete(Identity).where(old, Identity.user_id.in_(doubles.linked))
    await db.execute(same, execution_options=_AS_IS)
    theirs = update(Identity).where(old, Identity.user_id.in_(ids))
    await db.execute(theirs.values(issuer=to_issuer), execution_options=_AS_IS)
    return len(ids)


async def _rename_shares(db: AsyncSession, from_issuer: str, to_issuer: str) -> None:
    """Invitations wait for people of the new address; where both addresses have one, both stay."""
    other = aliased(Share)
    same_thing = or_(other.course_id == Share.course_id, other.image_id == Share.image_id)
    double = exists().where(same_thing, other.issuer == to_issuer, other.email == Share.email)
    moving = update(Share).where(Share.issuer == from_issuer, ~double)
    await db.execute(moving.values(issuer=to_issuer), execution_options=_AS_IS)


async def _doubles(db: AsyncSession, from_issuer: str, to_issuer: str) -> _Doubles:
    old, same, own = aliased(Identity), aliased(Identity), aliased(Identity)
    query = (
        select(old.user_id, same.user_id, own.id, own.subject == old.subject)
        .outerjoin(same, (same.issuer == to_issuer) & (same.subject == old.subject))
        .outerjoin(own, (own.issuer == to_issuer) & (own.user_id == old.user_id))
        .where(old.issuer == from_issuer, same.id.is_not(None) | own.id.is_not(None))
    )
    rows = (await db.execute(query)).all()
    blank = await _blank(db, {new for _, new, _, _ in rows if new is not None})
    giving_way, apart, linked = dict[UUID, UUID](), set[UUID](), set[UUID]()
    for person, new, other_identity, is_same in rows:
        if new == person and is_same:
            linked.add(person)
        elif other_identity is None and new in blank:
            giving_way[new] = person
        else:
            apart.add(person)
    return _Doubles(giving_way, frozenset(apart), frozenset(linked))


async def _blank(db: AsyncSession, accounts: set[UUID]) -> set[UUID]:
    """Those on which nothing hangs: no work, no right, no decision, no other way in."""
    identities = select(func.count()).where(Identity.user_id == User.id).scalar_subquery()
    taken_in = aliased(User)
    query = select(User.id).where(
        User.id.in_(accounts),
        User.operator_since.is_(None),
        User.may_build_since.is_(None),
        User.disabled_at.is_(None),
        identities == 1,
        ~exists().where(taken_in.joined_to_id == User.id),
        ~exists().where(Course.owner_id == User.id),
        ~exists().where(Image.owner_id == User.id),
        ~exists().where(Environment.user_id == User.id),
        ~exists().where(SshKey.user_id == User.id),
        ~exists().where(SentScore.user_id == User.id),
    )
    return set(await db.scalars(query))


async def _take_over(db: AsyncSession, heirs: Mapping[UUID, UUID]) -> None:
    """The newer accounts give way; the roles their launches brought are the fresher ones."""
    if not heirs:
        return
    for row in await db.scalars(select(Enrolment).where(Enrolment.user_id.in_(heirs))):
        values = {
            "role": row.role,
            "refreshed_at": row.refreshed_at,
            "issuer": row.issuer,
            "subject": row.subject,
            "listed_at": row.listed_at,
        }
        new = insert(Enrolment).values(
            context_id=row.context_id, user_id=heirs[row.user_id], **values
        )
        key = [Enrolment.context_id, Enrolment.user_id]
        await db.execute(new.on_conflict_do_update(index_elements=key, set_=values))
    for seat in await db.scalars(select(Membership).where(Membership.user_id.in_(heirs))):
        seated = insert(Membership).values(
            course_id=seat.course_id, user_id=heirs[seat.user_id], joined_at=seat.joined_at
        )
        await db.execute(seated.on_conflict_do_nothing())
    for entry in await db.scalars(select(ActivityEntry).where(ActivityEntry.user_id.in_(heirs))):
        entered = insert(ActivityEntry).values(
            resource_link_id=entry.resource_link_id,
            user_id=heirs[entry.user_id],
            course_id=entry.course_id,
            entered_at=entry.entered_at,
        )
        await db.execute(entered.on_conflict_do_nothing())
    for share in await db.scalars(select(Share).where(Share.user_id.in_(heirs))):
        same = Share.course_id == share.course_id
        same = same if share.course_id else Share.image_id == share.image_id
        heir = heirs[share.user_id] if share.user_id else None
        if await db.scalar(select(Share.id).where(same, Share.user_id == heir)) is None:
            share.user_id = heir
    await db.flush()
    db.expunge_all()
    await db.execute(delete(User).where(User.id.in_(heirs)), execution_options=_AS_IS)
