"""Questions about the people of a Course."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
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

from mydocker_kit.contracts.gateway.launches import ContextRole
from mydocker_kit.paging import Paging, Slice
from mydocker_kit.postgres.keyset import Key, read_slice

from ..contexts.supervision import entered_from
from ..domain.people.rosters import RosterState, together
from ..models import (
    ActivityEntry,
    Context,
    CourseJoin,
    Enrolment,
    Environment,
    Membership,
    ResourceLink,
    Roster,
    RosterEntry,
    SentScore,
    User,
)
from .schemas import Activity, LastScore, PeopleFilter


@dataclass(frozen=True)
class Where:
    """Whose people: of one Course, in the course spaces where the caller teaches."""

    course_id: UUID
    contexts: frozenset[UUID]
    viewer: UUID
    by_link: bool = False
    """Also those who joined the Course by a link: the caller edits it."""


@dataclass(frozen=True)
class FoundPerson:
    """One row of the list."""

    key: str
    user_id: UUID | None
    name: str | None
    email: str | None
    role: ContextRole
    listed: bool
    entered: bool
    """Came to the Course from these course spaces, now or before."""
    came: bool
    started: bool


async def roster_of(
    db: AsyncSession, contexts: frozenset[UUID]
) -> tuple[RosterState, datetime | None]:
    """How far the lists of these course spaces can be relied on, and since when."""
    rows = (await db.scalars(select(Roster).where(Roster.context_id.in_(contexts)))).all()
    moments = [row.fetched_at for row in rows if row.fetched_at is not None]
    return together(row.state for row in rows), min(moments, default=None)


def _people(where: Where) -> Subquery:
    """Everybody once: those who came from these course spaces, and those only listed there."""
    course_id, contexts = where.course_id, where.contexts
    links = select(ResourceLink.id).where(ResourceLink.context_id.in_(contexts))
    near = union(  # by index: everybody else of the school is not even looked at
        select(ActivityEntry.user_id).where(
            ActivityEntry.course_id == course_id, ActivityEntry.resource_link_id.in_(links)
        ),
        select(Enrolment.user_id).where(Enrolment.context_id.in_(contexts)),
        *([select(CourseJoin.user_id).where(CourseJoin.course_id == course_id)] * where.by_link),
    )
    entered: ColumnElement[bool] = entered_from(course_id, contexts, User.id)
    no_role: ColumnElement[str] = literal(ContextRole.NONE.value)
    if where.by_link:
        by_link = exists().where(CourseJoin.course_id == course_id, CourseJoin.user_id == User.id)
        entered = or_(entered, by_link)
        no_role = case((by_link, ContextRole.STUDENT.value), else_=ContextRole.NONE.value)
    joined = exists().where(Membership.course_id == course_id, Membership.user_id == User.id)
    came = and_(entered, joined)
    started = and_(
        entered,
        exists().where(
            Environment.course_id == course_id,
            Environment.user_id == User.id,
            Environment.attempt > 0,
        ),
    )
    enrolled = and_(Enrolment.user_id == User.id, Enrolment.context_id.in_(contexts))
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
        func.coalesce(role, no_role).label("role"),
        listed_user.label("listed"),
        entered.label("entered"),
        came.label("came"),
        started.label("started"),
    ).where(User.id.in_(near), User.id != where.viewer, or_(came, started, listed_user))
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
        literal(False).label("entered"),
        literal(False).label("came"),
        literal(False).label("started"),
    ).where(RosterEntry.context_id.in_(contexts), nobody_yet)
    return union_all(known, only_listed).subquery("people")


Condition = Callable[[Subquery], ColumnElement[bool]]
"""Of a row of the people of a Course."""


class RosterSort(StrEnum):
    """Order of the people of a Course, students before the others."""

    NAME = "name"
    NAME_BACKWARDS = "-name"


async def people_of_course(
    db: AsyncSession,
    where: Where,
    paging: Paging,
    which: PeopleFilter | None,
    sort: RosterSort,
    condition: Condition | None = None,
) -> Slice:
    """A page of people (`FoundPerson`), teachers last; those for whom `condition` holds."""
    people = _people(where)
    query: Select[Any] = select(people)
    if condition is not None:
        query = query.where(condition(people))
    if which is not None:
        query = query.where(people.c.started == (which is PeopleFilter.STARTED))
    if paging.search:
        text = func.concat(people.c.name, " ", people.c.email)
        query = query.where(text.icontains(paging.search, autoescape=True))
    keys = [
        Key(case((people.c.role == ContextRole.STUDENT.value, 0), else_=1)),
        Key(func.lower(func.coalesce(people.c.name, "")), sort is RosterSort.NAME_BACKWARDS),
        Key(people.c.key),
    ]
    return await read_slice(db, query, keys, paging)


async def class_of_course(
    db: AsyncSession, where: Where, limit: int
) -> tuple[list[FoundPerson], int]:
    """Students, and whoever started: at most `limit` by name, of how many."""
    people = _people(where)
    is_student = people.c.role == ContextRole.STUDENT.value
    query = select(people).where(or_(is_student, people.c.started))
    total = await db.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = await db.execute(query.order_by(func.lower(people.c.name), people.c.key).limit(limit))
    return [found_person(*row) for row in rows], total


def found_person(key: str, user_id: UUID | None, name: str | None, *facts: Any) -> FoundPerson:
    """A row of the list, in the order of its columns."""
    email, role, *rest = facts
    return FoundPerson(key, user_id, name, email, ContextRole(role), *rest)


async def counts(db: AsyncSession, where: Where) -> tuple[int, int]:
    """How many have started, of how many."""
    people = _people(where)
    query = select(func.count().filter(people.c.started), func.count()).select_from(people)
    started, everybody = (await db.execute(query)).one()
    return started, everybody


async def count_people(db: AsyncSession, where: Where, condition: Condition) -> int:
    """For how many of them the condition holds."""
    people = _people(where)
    query = select(func.count()).select_from(people).where(condition(people))
    return await db.scalar(query) or 0


async def environments_of(
    db: AsyncSession, course_id: UUID, user_ids: Sequence[UUID]
) -> dict[UUID, Environment]:
    query = select(Environment).where(
        Environment.course_id == course_id, Environment.user_id.in_(user_ids)
    )
    return {row.user_id: row for row in await db.scalars(query)}


async def last_scores(
    db: AsyncSession, where: Where, user_ids: Sequence[UUID]
) -> dict[UUID, LastScore]:
    """The newest score of each of these people in these course spaces."""
    query = (
        select(SentScore, ResourceLink.title)
        .join(ResourceLink, ResourceLink.id == SentScore.resource_link_id)
        .where(
            SentScore.course_id == where.course_id,
            SentScore.user_id.in_(user_ids),
            ResourceLink.context_id.in_(where.contexts),
        )
        .ext(distinct_on(SentScore.user_id))
        .order_by(SentScore.user_id, SentScore.sent_at.desc(), SentScore.id)
    )
    return {row.user_id: score_shown(row, title) for row, title in await db.execute(query)}


def score_shown(row: SentScore, activity: str | None) -> LastScore:
    """A score as teachers read it."""
    return LastScore(
        id=row.id,
        resource_link_id=row.resource_link_id,
        activity=activity,
        given=row.given,
        comment=row.comment,
        sent_at=row.sent_at,
        state=row.state,
        reason=row.reason,
    )


async def activities_of(
    db: AsyncSession, where: Where, user_ids: Sequence[UUID]
) -> dict[UUID, list[Activity]]:
    """By which activities each of these people entered and can be graded now, newest first."""
    query = (
        gradable(where.course_id)
        .add_columns(ResourceLink, Context)
        .where(ActivityEntry.user_id.in_(user_ids), ResourceLink.context_id.in_(where.contexts))
        .order_by(ActivityEntry.entered_at.desc(), ResourceLink.id)
    )
    activities: dict[UUID, list[Activity]] = defaultdict(list)
    for entry, _, link, context in await db.execute(query):
        shown = Activity(
            resource_link_id=link.id,
            title=link.title,
            context_title=context.title or context.label or "",
            entered_at=entry.entered_at,
        )
        activities[entry.user_id].append(shown)
    return activities


def gradable(course_id: UUID) -> Select[ActivityEntry, str | None]:
    """Entries by activities that still open the Course, with who the person is there now."""
    return (
        select(ActivityEntry, Enrolment.subject)
        .join(ResourceLink, ResourceLink.id == ActivityEntry.resource_link_id)
        .join(Context, Context.id == ResourceLink.context_id)
        .join(
            Enrolment,
            and_(
                Enrolment.context_id == ResourceLink.context_id,
                Enrolment.user_id == ActivityEntry.user_id,
            ),
        )
        .where(
            ActivityEntry.course_id == course_id,
            ResourceLink.course_id == course_id,
            Enrolment.subject.is_not(None),
        )
    )
