"""Change events: they say what changed; readers fetch it again."""

from enum import StrEnum
from uuid import UUID

from .base import Contract


class EventKind(StrEnum):
    """What changed."""

    ENVIRONMENT_CHANGED = "environment.changed"
    ENVIRONMENT_ENDING = "environment.ending"
    BUILD_CHANGED = "build.changed"
    COURSE_CHANGED = "course.changed"
    PERSON_CHANGED = "person.changed"
    """Somebody's rights beyond their roles."""
    ROLE_CHANGED = "role.changed"
    """Somebody's role in a course space; only they get it, and read everything again."""
    SESSION_ENDED = "session.ended"
    """A web session: the stream of its own page ends with it; others do not get it."""


class ChangeEvent(Contract):
    """One change; `id` rises."""

    id: int
    kind: EventKind
    subject_id: UUID
    course_id: UUID | None = None
    owner_id: UUID | None = None
