"""Questions about the people of a Course."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Select,
    Subquery,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    union,
    union_all,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.launches import ContextRole

from ..domain.rostering import RosterState, together
from ..models import (
    Course,
    Enrolment,
    Environment,
    Membership,
    ResourceLink,
    Roster,
    RosterEntry,
    SentScore,
    User,
)
from ..paging import Paging
from .schemas import PeopleFilter


@dataclass(frozen=True)
class FoundPerson:
    """One row of the list."""

    key: str
    user_id: UUID | None
    name: str | None
    email: str | None
    role: ContextRole
    listed: bool
    came: bool
    started: bool


async def contexts_of_course(db: AsyncSession, course_id: UUID) -> list[UUID]:
    """Course spaces where the Course is placed."""
    query = select(ResourceLink.context_id).where(ResourceLink.course_id == course_id)
    return list((await db.scalars(query.distinct().order_by(ResourceLink.context_id))).all())


async def roster_of_course(
    db: AsyncSession, course_id: UUID
) -> tuple[RosterState, datetime | None]:
    """How far the lists of its course spaces can be relied on, and since when."""
    placed = select(ResourceLink.context_id).where(ResourceLink.course_id == course_id)
    rows = (await db.scalars(select(Roster).where(Roster.context_id.in_(placed)))).all()
    moments = [row.fetched_at for row in rows if row.fetched_at is not None]
    return together(row.state for row in rows), min(moments, default=None)


def _people(course_id: UUID) -> Subquery:
    """Everybody once: those who came or have an Environment, and those only listed."""
    placed = select(ResourceLink.context_id).where(ResourceLink.course_id == course_id)
    near = union(  # by index: everybody else of the school is not even looked at
        select(Membership.user_id).where(Membership.course_id == course_id),
        select(Environment.user_id).where(Environment.course_id == course_id),
        select(Enrolment.user_id).where(Enrolment.context_id.in_(placed)),
    )
    owner = select(Course.owner_id).where(Course.id == course_id).scalar_subquery()
    came = exists().where(Membership.course_id == course_id, Membership.user_id == User.id)
    started = exists().where(
        Environment.course_id == course_id, Environment.user_id == User.id, Environment.attempt > 0
    )
    enrolled = and_(Enrolment.user_id == User.id, Enrolment.context_id.in_(placed))
    listed_user = exists().where(
        enrolled,
        RosterEntry.context_id == Enrolment.context_id,
        RosterEntry.subject == Enrolment.subject,
    )
    role = (
        select(func.min(Enrolment.role)).where(enrolled).correlate(User).scalar_subquery()
    )  # one context nearly always; else any of them is as good
    known = select(
        func.concat("u", User.id).label("key"),
        User.id.label("user_id"),
        func.coalesce(User.name, User.pseudonym).label("name"),
        User.email.label("email"),
        func.coalesce(role, literal(ContextRole.NONE.value)).label("role"),
        listed_user.label("listed"),
        came.label("came"),
        started.label("started"),
    ).where(User.id.in_(near), User.id != owner, or_(came, started, listed_user))
    nobody_yet = ~exists().where(
        Enrolment.context_id == RosterEntry.context_id, Enrolment.subject == RosterEntry.subject
    )
    only_listed = select(
        func.concat("l", RosterEntry.context_id, RosterEntry.subject).label("key"),
        literal(None, User.id.type).label("user_id"),
        RosterEntry.name.label("name"),
        RosterEntry.email.label("email"),
        RosterEntry.role.label("role"),
        literal(True).label("listed"),
        literal(False).label("came"),
        literal(False).label("started"),
    ).where(RosterEntry.context_id.in_(placed), nobody_yet)
    return union_all(known, only_listed).subquery("people")


async def people_of_course(
    db: AsyncSession, course_id: UUID, paging: Paging, which: PeopleFilter | None
) -> tuple[list[FoundPerson], int]:
    """A page by name, teachers last, and how many there are in all."""
    people = _people(course_id)
    query: Select[Any] = select(people)
    if which is not None:
        query = query.where(people.c.started == (which is PeopleFilter.STARTED))
    if paging.search:
        text = func.concat(people.c.name, " ", people.c.email)
        query = query.where(text.icontains(paging.search, autoescape=True))
    total = await db.scalar(select(func.count()).select_from(query.subquery())) or 0
    students_first = case((people.c.role == ContextRole.STUDENT.value, 0), else_=1)
    page = query.order_by(students_first, func.lower(people.c.name), people.c.key)
    rows = await db.execute(page.offset(paging.offset).limit(paging.page_size))
    return [
        FoundPerson(
            key=row.key,
            user_id=row.user_id,
            name=row.name,
            email=row.email,
            role=ContextRole(row.role),
            listed=row.listed,
            came=row.came,
            started=row.started,
        )
        for row in rows
    ], total


async def counts(db: AsyncSession, course_id: UUID) -> tuple[int, int]:
    """How many have started, of how many."""
    people = _people(course_id)
    query = select(func.count().filter(people.c.started), func.count()).select_from(people)
    started, everybody = (await db.execute(query)).one()
    return started, everybody


async def environments_of(
    db: AsyncSession, course_id: UUID, user_ids: Sequence[UUID]
) -> dict[UUID, Environment]:
    query = select(Environment).where(
        Environment.course_id == course_id, Environment.user_id.in_(user_ids)
    )
    return {row.user_id: row for row in await db.scalars(query)}


async def last_scores(
    db: AsyncSession, course_id: UUID, user_ids: Sequence[UUID]
) -> dict[UUID, SentScore]:
    """The newest score of each of these people."""
    query = (
        select(SentScore)
        .where(SentScore.course_id == course_id, SentScore.user_id.in_(user_ids))
        .ext(distinct_on(SentScore.user_id))
        .order_by(SentScore.user_id, SentScore.sent_at.desc(), SentScore.id)
    )
    return {row.user_id: row for row in await db.scalars(query)}
