"""Everything a window needs of the database, in one prepared statement: the hottest read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    Select,
    String,
    Table,
    and_,
    bindparam,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from mydocker_kit.contracts.gateway.launches import ContextRole
from mydocker_kit.postgres.db import Question, Sessions

from ...domain.policy import ShareRight
from ...models import (
    Course,
    CourseSession,
    Enrolment,
    Environment,
    EnvironmentVisit,
    ExtraTimeGrant,
    Membership,
    RoomMessage,
    Share,
    User,
)
from ...models.base import Base, Json
from ...models.seen import (
    SeenCourse,
    SeenEnvironment,
    SeenExtraTime,
    SeenMessage,
    SeenSession,
    SeenUser,
    SeenVisit,
    columns_of,
    read_off,
    read_off_if_any,
)
from ...orchestration.queries import decides

MESSAGE_LIFE = timedelta(hours=2)
"""How long a window shows a teacher's message."""


@dataclass(frozen=True, slots=True)
class WindowRow:
    """One row: a person, a Course, and what connects them."""

    user: SeenUser
    roles: frozenset[ContextRole]
    course: SeenCourse | None
    """None: no such Course."""
    is_member: bool
    share: ShareRight | None
    environment: SeenEnvironment | None
    sessions: tuple[SeenSession, ...]
    """Those that decide whether the Course may be started now, earliest first."""
    extra_time: tuple[SeenExtraTime, ...]
    """Of the person and of everybody."""
    visits: tuple[SeenVisit, ...]
    """Of teachers, to the newest attempt; the newest first, at most three."""
    messages: tuple[SeenMessage, ...]
    """Of teachers, of the last two hours; the newest first, at most five."""


def _table(model: type[Base]) -> Table:
    return cast(Table, model.__table__)


def _sessions_json() -> ColumnElement[Any]:
    of_course = _table(CourseSession).c
    pairs: list[ColumnElement[Any]] = []
    for name in SeenSession.model_fields:
        pairs += [literal_column(f"'{name}'"), of_course[name]]
    session = func.jsonb_build_object(*pairs)
    ordered = aggregate_order_by(session, of_course.starts_at, of_course.id)
    sessions: ColumnElement[Any] = func.jsonb_agg(ordered, type_=Json(tuple[SeenSession, ...]))
    course_id = _table(Course).c.id
    now = bindparam("now", type_=DateTime(timezone=True))
    query = select(sessions).where(of_course.course_id == course_id, decides(course_id, now))
    return query.scalar_subquery()


def _extra_time() -> ColumnElement[Any]:
    grant = _table(ExtraTimeGrant).c
    pairs: list[ColumnElement[Any]] = []
    for name in SeenExtraTime.model_fields:
        pairs += [literal_column(f"'{name}'"), grant[name]]
    grants: ColumnElement[Any] = func.jsonb_agg(
        func.jsonb_build_object(*pairs), type_=Json(tuple[SeenExtraTime, ...])
    )
    concerned = or_(grant.user_id == _user.c.id, grant.user_id.is_(None))
    query = select(grants).where(grant.course_id == _course.c.id, concerned)
    return query.correlate(_course, _user).scalar_subquery()


def _newest(query: Select[Any], limit: int, shape: Any) -> ColumnElement[Any]:
    """The first rows of a query of one column, as a JSON array of this shape."""
    (value,) = query.limit(limit).subquery().c
    return select(func.jsonb_agg(value, type_=Json(shape))).scalar_subquery()


def _visits() -> ColumnElement[Any]:
    visit, teacher = _table(EnvironmentVisit).c, _table(User).alias().c
    shown = func.jsonb_build_object(
        literal_column("'by'"),
        func.coalesce(teacher.name, teacher.pseudonym),
        literal_column("'at'"),
        visit.visited_at,
    )
    query = (
        select(shown.label("shown"))
        .where(
            visit.environment_id == _environment.c.id,
            visit.visited_at >= _environment.c.asked_at,
            teacher.id == visit.opened_by,
        )
        .order_by(visit.visited_at.desc())
        .correlate(_environment)
    )
    return _newest(query, 3, tuple[SeenVisit, ...])


def _messages() -> ColumnElement[Any]:
    message, sender = _table(RoomMessage).c, _table(User).alias().c
    now = bindparam("now", type_=DateTime(timezone=True))
    shown = func.jsonb_build_object(
        literal_column("'id'"),
        message.id,
        literal_column("'by'"),
        func.coalesce(sender.name, sender.pseudonym),
        literal_column("'text'"),
        message.text,
        literal_column("'at'"),
        message.sent_at,
    )
    query = (
        select(shown.label("shown"))
        .where(
            message.course_id == _course.c.id,
            message.user_id == _user.c.id,
            message.sent_at > now - literal(MESSAGE_LIFE),
            sender.id == message.sender_id,
        )
        .order_by(message.sent_at.desc(), message.id)
        .correlate(_course, _user)
    )
    return _newest(query, 5, tuple[SeenMessage, ...])


def _roles() -> ColumnElement[Any]:
    enrolment = _table(Enrolment).c
    roles = select(func.array_agg(enrolment.role, type_=ARRAY(String)))
    return roles.where(enrolment.user_id == _table(User).c.id).scalar_subquery()


_user, _course = _table(User), _table(Course)
_member, _environment = _table(Membership), _table(Environment)
_share = _table(Share)
_WINDOW = Question(
    select(
        *columns_of(User, SeenUser),
        *columns_of(Course, SeenCourse),
        *columns_of(Environment, SeenEnvironment),
        _member.c.user_id,
        _share.c.right,
        _roles(),
        _sessions_json(),
        _extra_time(),
        _visits(),
        _messages(),
    )
    .select_from(_user)
    .outerjoin(_course, _course.c.id == bindparam("course_id"))
    .outerjoin(_member, and_(_member.c.course_id == _course.c.id, _member.c.user_id == _user.c.id))
    .outerjoin(_share, and_(_share.c.course_id == _course.c.id, _share.c.user_id == _user.c.id))
    .outerjoin(
        _environment,
        and_(_environment.c.course_id == _course.c.id, _environment.c.user_id == _user.c.id),
    )
    .where(_user.c.id == bindparam("user_id"))
)


async def window_row(
    sessions: Sessions, user_id: UUID, course_id: UUID, now: datetime
) -> WindowRow | None:
    """The row of a person and a Course; None for an unknown person."""
    result = await _WINDOW.one_or_none(sessions, user_id=user_id, course_id=course_id, now=now)
    if result is None:
        return None
    row = iter(result)
    user, course = read_off(SeenUser, row), read_off_if_any(SeenCourse, row)
    environment = read_off_if_any(SeenEnvironment, row)
    member, right, role_names, of_course, grants, visits, messages = row
    roles = frozenset(ContextRole(name) for name in role_names or ())
    share = ShareRight(right) if right else None
    return WindowRow(
        user,
        roles,
        course,
        member is not None,
        share,
        environment,
        of_course or (),
        grants or (),
        visits or (),
        messages or (),
    )
