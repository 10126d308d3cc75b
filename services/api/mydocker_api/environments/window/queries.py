"""Everything a window needs of the database, in one prepared statement: the hottest read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    String,
    Table,
    and_,
    bindparam,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from mydocker_kit.contracts.launches import ContextRole
from mydocker_kit.db import Question, Sessions

from ...models import Course, CourseSession, Enrolment, Environment, Membership, User
from ...models.base import Base, Json
from ...models.seen import (
    SeenCourse,
    SeenEnvironment,
    SeenSession,
    SeenUser,
    columns_of,
    read_off,
    read_off_if_any,
)
from ...orchestration.queries import decides


@dataclass(frozen=True, slots=True)
class WindowRow:
    """One row: a person, a Course, and what connects them."""

    user: SeenUser
    roles: frozenset[ContextRole]
    course: SeenCourse | None
    """None: no such Course."""
    is_member: bool
    environment: SeenEnvironment | None
    sessions: tuple[SeenSession, ...]
    """Those that decide whether the Course may be started now, earliest first."""


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


def _roles() -> ColumnElement[Any]:
    enrolment = _table(Enrolment).c
    roles = select(func.array_agg(enrolment.role, type_=ARRAY(String)))
    return roles.where(enrolment.user_id == _table(User).c.id).scalar_subquery()


_user, _course = _table(User), _table(Course)
_member, _environment = _table(Membership), _table(Environment)
_WINDOW = Question(
    select(
        *columns_of(User, SeenUser),
        *columns_of(Course, SeenCourse),
        *columns_of(Environment, SeenEnvironment),
        _member.c.user_id,
        _roles(),
        _sessions_json(),
    )
    .select_from(_user)
    .outerjoin(_course, _course.c.id == bindparam("course_id"))
    .outerjoin(_member, and_(_member.c.course_id == _course.c.id, _member.c.user_id == _user.c.id))
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
    member, role_names, of_course = row
    roles = frozenset(ContextRole(name) for name in role_names or ())
    return WindowRow(user, roles, course, member is not None, environment, of_course or ())
