"""Change events: they say what changed; readers fetch it again."""

from datetime import datetime
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


class ChangeKind(StrEnum):
    """What integrators learn of: entries of the numbered change log of the api."""

    ENVIRONMENT = "environment.changed"
    """`state` is its phase."""
    BUILD = "build.changed"
    """`state` is its phase."""
    COURSE = "course.changed"
    """`state` is its status, or `deleted`."""
    SESSION = "session.changed"
    """A planned slot of a Course; `state` is `planned` or `deleted`."""
    PLATFORM = "platform.changed"
    """An LMS that trusts us; `state` says what was done. For operators."""


class LoggedChange(Contract):
    """One entry of the change log, as one person may see it."""

    number: int
    """Rises by one with each change of the platform."""
    kind: ChangeKind
    id: UUID
    """Of the environment, build, Course, session or platform."""
    course_id: UUID | None = None
    owner_id: UUID | None = None
    """Yourself, where it is yours; other people are not named."""
    state: str | None = None
    happened_at: datetime
