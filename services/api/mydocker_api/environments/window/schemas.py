"""The student's window of a Course: everything its page shows, in one answer."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from mydocker_kit.contracts.environments import PortKind, Reason, ReasonCode, SwarmStep

from ...domain.statuses import WindowCan, WindowState
from ...sessions.schemas import CourseSession


class Progress(BaseModel):
    """How far a start has come."""

    step: SwarmStep | None
    number: int
    """1 to `steps`."""
    steps: int
    restarts: int = 0
    """How often it was started again after it crashed."""
    waiting_for_ports: bool
    """All eight steps are done and the required ports have not all answered yet."""
    started_at: datetime
    usual_seconds: float | None
    """Median of the last starts of this Course's image; None before the first."""


class WindowLease(BaseModel):
    """How long it may run, and how the page warns."""

    minutes: int | None
    """What one renewal gives; None: no lease."""
    ends_at: datetime | None
    hard_ends_at: datetime | None
    """No renewal goes beyond it."""
    renewable_until: datetime | None
    """Where the end would be after a renewal now; None when nothing would be gained."""
    notify: bool
    sound: bool


class Connection(BaseModel):
    """One card: how to reach a port."""

    port: int
    title: str
    kind: PortKind
    primary: bool
    command: str | None = None
    """SSH: the command to copy. It never holds the password."""
    fingerprint: str | None = None
    """Of the host key that the first connection by SSH shows; of a direct port nobody knows it."""
    host: str | None = None
    host_port: int | None = None
    direct: bool = False
    """`host` and `host_port` are of the environment itself, without the bastion before it."""
    bastion_command: str | None = None
    """SSH at a direct port: the same through the bastion, which accepts the person's keys."""
    tunnel_command: str | None = None
    """VNC and TCP without a direct port: leads `host:host_port`, on the person's own computer, to
    it; goes on for as long as it runs."""


class WindowCourse(BaseModel):
    """What a student reads about the Course."""

    id: UUID
    title: str
    description: str
    saves_work: bool
    work_path: str
    show_username: bool
    show_password: bool


class StudentWindow(BaseModel):
    """The whole page. `version` rises with every change; a reader keeps the highest."""

    course: WindowCourse
    session: CourseSession | None
    """The running session, else the next one, else the last one."""
    now: datetime
    """The server's clock: countdowns run against it."""
    state: WindowState
    since: datetime | None
    version: int
    attempt: int
    progress: Progress | None
    reason: Reason | None
    opens_at: datetime | None
    ends_at: datetime | None
    end_reason: ReasonCode | None
    """What ends it then: session, lease or hard limit."""
    lease: WindowLease
    warn_at: list[datetime]
    """When the page warns before `ends_at`."""
    connections: list[Connection]
    username: str | None
    has_password: bool
    last_logs: str
    """Of a failed start: what the container last said."""
    can: list[WindowCan]


class ShownCredentials(BaseModel):
    """Name and password, fetched only when the person asks to see or copy them."""

    username: str
    password: str


class OpenedPort(BaseModel):
    """Where to post the ticket: the browser submits a form to `url` with field `ticket`."""

    url: str
    ticket: str
    """Single use, 60 s."""


class EnvironmentLogs(BaseModel):
    """The container's last lines."""

    text: str
