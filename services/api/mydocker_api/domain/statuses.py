"""Enumerations that tables, rules and answers share."""

from enum import StrEnum

from mydocker_kit.contracts.orchestrator.environments import Phase


class CourseStatus(StrEnum):
    """Who may see a Course: its editors; those and the invited; students; nobody."""

    DRAFT = "draft"
    TEST = "test"
    READY = "ready"
    ARCHIVED = "archived"


class SessionState(StrEnum):
    """Whether a session is in the future, present or past."""

    UPCOMING = "upcoming"
    RUNNING = "running"
    OVER = "over"


class CapacityState(StrEnum):
    """Whether machines are counted on for a session."""

    RESERVED = "reserved"
    """Its students' environments count as used room of the pool."""
    REQUESTED = "requested"
    """There was no room when it was saved: operators decide. Its students may wait in the queue."""
    REFUSED = "refused"
    """Operators gave it no room."""


class WindowState(StrEnum):
    """What the page shows: an Environment's phase, or why there is none yet."""

    NOT_STARTED = "not_started"
    NOT_OPEN_YET = "not_open_yet"
    CLOSED = "closed"
    """No session is running or coming: nothing can be started."""
    QUEUED = Phase.QUEUED.value
    STARTING = Phase.STARTING.value
    READY = Phase.READY.value
    STOPPING = Phase.STOPPING.value
    STOPPED = Phase.STOPPED.value
    FAILED = Phase.FAILED.value


class WindowCan(StrEnum):
    """What this person may do now; the page keeps no rules of its own."""

    START = "start"
    CANCEL = "cancel"
    STOP = "stop"
    RESTART = "restart"
    OPEN = "open"
    RENEW = "renew"
    READ_LOGS = "read_logs"
    EDIT_COURSE = "edit_course"


class RequestedState(StrEnum):
    """The state a person requested last."""

    RUNNING = "running"
    STOPPED = "stopped"
