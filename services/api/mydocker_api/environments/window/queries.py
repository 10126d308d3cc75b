"""A person before a Course, in one question: a class that waits asks this more than anything."""

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
class Standing:
    """What one statement knows of a person and of a Course."""

    user: SeenUser
    roles: frozenset[ContextRole]
    course: SeenCourse | None
    """None: there is no such Course."""
    is_member: bool
    environment: SeenEnvironment | None
    sessions: tuple[SeenSession, ...]
    """Of the Course, those that decide about a start now, earliest first."""


def _table(model: type[Base]) -> Table:
    return cast(Table, model.__table__)


def _sessions_json() -> ColumnElement[Any]:
    of_course = _table(CourseSession).c
    pairs: list[ColumnElement[Any]] = []
    for name in SeenSession.model_fields:
        pairs += [literal_column(f"'{name}'"), of_course[name]]
    one = func.jsonb_build_object(*pairs)
    ordered = aggregate_order_by(one, of_course.starts_at, of_course.id)
    all_of_them: ColumnElement[Any] = func.jsonb_agg(ordered, type_=Json(tuple[SeenSession, ...]))
    course_id = _table(Course).c.id
    now = bindparam("now", type_=DateTime(timezone=True))
    query = select(all_of_them).where(of_course.course_id == course_id, decides(course_id, now))
    return query.scalar_subquery()


def _roles() -> ColumnElement[Any]:
    held = _table(Enrolment).c
    roles = select(func.array_agg(held.role, type_=ARRAY(String)))
    return roles.where(held.user_id == _table(User).c.id).scalar_subquery()


_user, _course = _table(User), _table(Course)
_member, _wish = _table(Membership), _table(Environment)
_STANDING = Question(
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
    .outerjoin(_wish, and_(_wish.c.course_id == _course.c.id, _wish.c.user_id == _user.c.id))
    .where(_user.c.id == bindparam("user_id"))
)


async def standing(
    sessions: Sessions, user_id: UUID, course_id: UUID, now: datetime
) -> Standing | None:
    """How the person stands before the Course now; None when nobody has this id."""
    found = await _STANDING.one_or_none(sessions, user_id=user_id, course_id=course_id, now=now)
    if found is None:
        return None
    row = iter(found)
    user, course = read_off(SeenUser, row), read_off_if_any(SeenCourse, row)
    environment = read_off_if_any(SeenEnvironment, row)
    member, words, of_course = row
    roles = frozenset(ContextRole(word) for word in words or ())
    return Standing(user, roles, course, member is not None, environment, of_course or ())
