"""Who may come to a Course's window, and what they find there."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.db import Sessions
from mydocker_kit.errors import Conflict, NotFound, Unauthenticated

from ...auth.service import admitted
from ...courses.queries import course_and_membership
from ...domain import policy
from ...domain.courses.opening import Door, Opening, opening
from ...domain.policy import Person, Relation
from ...models import Course, CourseSession
from ...models.seen import SeenCourse, SeenEnvironment, SeenSession
from ...orchestration.queries import deciding_sessions
from .queries import standing


class CourseNotReady(Conflict):
    """There is nothing to run."""

    code = "course_not_ready"
    title = "The course has no image to run yet"


class SessionNotOpen(Conflict):
    """The next session blocks starts before it begins."""

    code = "session_not_open"
    title = "The session is not open yet"


class SessionOver(Conflict):
    """All sessions are over."""

    code = "session_over"
    title = "The last session is over"


@dataclass(frozen=True)
class Visit:
    """A person at the window of a Course."""

    person: Person
    course: Course
    relation: Relation
    sessions: list[CourseSession]

    @property
    def is_editor(self) -> bool:
        return policy.is_editor(self.relation)

    def opening(self, now: datetime) -> Opening:
        return opening([one.slot for one in self.sessions], now, is_editor=self.is_editor)

    def check_may_start(self, now: datetime) -> Opening:
        """The opening that permits a start now; raises when there is none."""
        found = self.opening(now)
        if not self.course.has_build:
            raise CourseNotReady
        match found.door:
            case Door.NOT_YET:
                opens_at = found.opens_at.isoformat() if found.opens_at else None
                raise SessionNotOpen(opens_at=opens_at)
            case Door.CLOSED:
                raise SessionOver
        return found


@dataclass(frozen=True)
class Look:
    """A person who only looks through the window, and what they find behind it."""

    course: SeenCourse
    relation: Relation
    sessions: tuple[SeenSession, ...]
    environment: SeenEnvironment | None

    @property
    def is_editor(self) -> bool:
        return policy.is_editor(self.relation)

    def opening(self, now: datetime) -> Opening:
        return opening([one.slot for one in self.sessions], now, is_editor=self.is_editor)


async def visit(db: AsyncSession, person: Person, course_id: UUID, now: datetime) -> Visit:
    """Let the person in; for those who may not, the Course does not exist."""
    found = await course_and_membership(db, person.id, course_id)
    if found is None:
        raise NotFound(f"course {course_id}")
    course, is_member = found
    relation = _let_in(person, course, is_member=is_member)
    return Visit(person, course, relation, await deciding_sessions(db, course.id, now))


async def look_in(sessions: Sessions, user_id: UUID, course_id: UUID, now: datetime) -> Look:
    """The same from a token alone, for readers: refuses alike, and asks the database once."""
    found = await standing(sessions, user_id, course_id, now)
    if found is None:
        raise Unauthenticated("nobody known by this token")
    person = admitted(found.user, found.roles)
    if found.course is None:
        raise NotFound(f"course {course_id}")
    relation = _let_in(person, found.course, is_member=found.is_member)
    return Look(found.course, relation, found.sessions, found.environment)


def _let_in(person: Person, course: Course | SeenCourse, *, is_member: bool) -> Relation:
    relation = policy.relation(person, course.owner_id, is_member=is_member)
    if not policy.may_enter(relation, course.status):
        raise NotFound(f"course {course.id}")
    return relation
