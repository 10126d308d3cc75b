"""Admission of a person to a Course, for writers (`admit`) and readers (`view`)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.db import Sessions
from mydocker_kit.errors import Conflict, NotFound, Unauthenticated

from ...auth.service import admitted
from ...courses.queries import course_and_membership
from ...domain import policy
from ...domain.courses.opening import Availability, Opening, opening
from ...domain.policy import Person, Relation
from ...models import Course, CourseSession
from ...models.seen import SeenCourse, SeenEnvironment, SeenSession
from ...orchestration.queries import deciding_sessions
from .queries import window_row


class CourseNotReady(Conflict):
    """The Course has no build to run."""

    code = "course_not_ready"
    title = "The course has no image to run yet"


class SessionNotOpen(Conflict):
    """The next session permits no start before it begins."""

    code = "session_not_open"
    title = "The session is not open yet"


class SessionOver(Conflict):
    """All sessions are over."""

    code = "session_over"
    title = "The last session is over"


@dataclass(frozen=True)
class Admission:
    """A person admitted to a Course, within a transaction."""

    person: Person
    course: Course
    relation: Relation
    sessions: list[CourseSession]

    @property
    def is_editor(self) -> bool:
        return policy.is_editor(self.relation)

    def opening(self, now: datetime) -> Opening:
        return opening([session.slot for session in self.sessions], now, is_editor=self.is_editor)

    def check_may_start(self, now: datetime) -> Opening:
        """The opening that permits a start now; raises `CourseNotReady`, `SessionNotOpen` or
        `SessionOver` when there is none."""
        opening = self.opening(now)
        if not self.course.has_build:
            raise CourseNotReady
        match opening.availability:
            case Availability.NOT_YET:
                opens_at = opening.opens_at.isoformat() if opening.opens_at else None
                raise SessionNotOpen(opens_at=opens_at)
            case Availability.CLOSED:
                raise SessionOver
        return opening


@dataclass(frozen=True)
class WindowView:
    """What a person reads of a Course and of their Environment, from one statement."""

    course: SeenCourse
    relation: Relation
    sessions: tuple[SeenSession, ...]
    environment: SeenEnvironment | None

    @property
    def is_editor(self) -> bool:
        return policy.is_editor(self.relation)

    def opening(self, now: datetime) -> Opening:
        return opening([session.slot for session in self.sessions], now, is_editor=self.is_editor)


async def admit(db: AsyncSession, person: Person, course_id: UUID, now: datetime) -> Admission:
    """Admit the person; raises `NotFound` for those who may not enter the Course."""
    row = await course_and_membership(db, person.id, course_id)
    if row is None:
        raise NotFound(f"course {course_id}")
    course, is_member = row
    relation = _admitted_relation(person, course, is_member=is_member)
    return Admission(person, course, relation, await deciding_sessions(db, course.id, now))


async def view_window(
    sessions: Sessions, user_id: UUID, course_id: UUID, now: datetime
) -> WindowView:
    """The same for readers, from the user id alone: one statement, and the same refusals."""
    row = await window_row(sessions, user_id, course_id, now)
    if row is None:
        raise Unauthenticated("nobody known by this token")
    person = admitted(row.user, row.roles)
    if row.course is None:
        raise NotFound(f"course {course_id}")
    relation = _admitted_relation(person, row.course, is_member=row.is_member)
    return WindowView(row.course, relation, row.sessions, row.environment)


def _admitted_relation(person: Person, course: Course | SeenCourse, *, is_member: bool) -> Relation:
    relation = policy.relation(person, course.owner_id, is_member=is_member)
    if not policy.may_enter(relation, course.status):
        raise NotFound(f"course {course.id}")
    return relation
