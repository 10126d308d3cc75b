"""Admission of a person to a Course, for writers (`admit`) and readers (`view`)."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.errors import Conflict, NotFound, Unauthenticated
from mydocker_kit.postgres.db import Sessions

from ...auth.service import admitted
from ...courses.queries import entrance
from ...domain import policy
from ...domain.courses.extra_time import own_slots
from ...domain.courses.opening import Availability, Opening, Slot, opening
from ...domain.policy import Person, Relation
from ...models import Course
from ...models.seen import SeenCourse, SeenEnvironment, SeenMessage, SeenSession, SeenVisit
from ...orchestration.queries import deciding_sessions, extra_time_of
from ...rights.queries import taught_contexts
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
    slots: list[Slot]
    """The sessions as they are for the person."""
    early: bool = False
    """Asked for by a teacher: sessions that block starts before they begin do not."""

    @property
    def is_editor(self) -> bool:
        return policy.is_editor(self.relation)

    def opening(self, now: datetime) -> Opening:
        slots = self.slots
        if self.early:
            slots = [replace(slot, block_before_start=False) for slot in slots]
        return opening(slots, now, is_editor=self.is_editor)

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
    slots: tuple[Slot, ...]
    """The sessions as they are for the person."""
    environment: SeenEnvironment | None
    visits: tuple[SeenVisit, ...]
    messages: tuple[SeenMessage, ...]

    @property
    def is_editor(self) -> bool:
        return policy.is_editor(self.relation)

    def opening(self, now: datetime) -> Opening:
        return opening(self.slots, now, is_editor=self.is_editor)


async def admit(
    db: AsyncSession, person: Person, course_id: UUID, now: datetime, *, early: bool = False
) -> Admission:
    """Admit the person; raises `NotFound` for those who may not enter the Course."""
    admission = await entrance(db, person.id, course_id)
    if admission is None:
        raise NotFound(f"course {course_id}")
    course = admission.course
    relation = policy.relation(
        person, course.owner_id, is_member=admission.is_member, share=admission.share
    )
    if relation is Relation.STRANGER and await taught_contexts(db, person.id, course_id):
        relation = Relation.COLLEAGUE
    _check_may_enter(relation, course)
    sessions = await deciding_sessions(db, course.id, now)
    grants = (await extra_time_of(db, [course.id], person.id))[course.id]
    slots = own_slots([session.slot for session in sessions], grants, person.id)
    return Admission(person, course, relation, slots, early)


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
    relation = policy.relation(
        person, row.course.owner_id, is_member=row.is_member, share=row.share
    )
    if relation is Relation.STRANGER:  # rare: the second statement costs the others nothing
        async with sessions() as db:
            if await taught_contexts(db, user_id, course_id):
                relation = Relation.COLLEAGUE
    _check_may_enter(relation, row.course)
    grants = [grant.value for grant in row.extra_time]
    slots = tuple(own_slots((session.slot for session in row.sessions), grants, user_id))
    return WindowView(
        row.course, relation, row.sessions, slots, row.environment, row.visits, row.messages
    )


def _check_may_enter(relation: Relation, course: Course | SeenCourse) -> None:
    if not policy.may_enter(relation, course.status):
        raise NotFound(f"course {course.id}")
