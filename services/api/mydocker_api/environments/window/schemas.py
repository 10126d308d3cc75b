"""The student's window of a Course: everything its page shows, in one answer."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from mydocker_kit.contracts.orchestrator.environments import PortKind, Reason, ReasonCode, SwarmStep
from mydocker_kit.contracts.values import Text

from ...domain.environments.folders import FolderLevel
from ...domain.statuses import WindowCan, WindowState
from ...sessions.schemas import OwnSession


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


class ShownLink(BaseModel):
    """A link of the teacher's: its address is asked for when it is opened."""

    index: int
    title: str
    scheme: str
    """`ssh` and `vnc` open a program of the person's, the others a page."""


class TriedBuild(BaseModel):
    """The Build that the window's person tries."""

    image_id: UUID
    build_id: UUID


class WindowCourse(BaseModel):
    """What a student reads about the Course."""

    id: UUID
    title: str
    description: str
    saves_work: bool
    takes_submissions: bool
    """The Course takes submissions of work folders, now or at other times."""
    work_path: str
    show_username: bool
    show_password: bool
    tried: TriedBuild | None
    """Of the trial of a Build, which is no Course of anybody's."""


class Visit(BaseModel):
    """A teacher opened the environment."""

    by: str
    at: datetime


class Message(BaseModel):
    """A teacher's message to the person."""

    id: UUID
    by: str
    text: str
    at: datetime


class WindowFolder(BaseModel):
    """How full the work folder is."""

    used_bytes: int
    allowed_bytes: int
    level: FolderLevel
    by_files: bool
    """It is the number of files that is nearer to its limit, not their size."""
    used_files: int
    allowed_files: int


class StudentWindow(BaseModel):
    """The whole page. `version` rises with every change; a reader keeps the highest."""

    course: WindowCourse
    session: OwnSession | None
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
    idle_stops_at: datetime | None
    """When it stops because nobody uses it, unless somebody does before."""
    lease: WindowLease
    warn_at: list[datetime]
    """When the page warns before `ends_at`."""
    connections: list[Connection]
    links: list[ShownLink]
    username: str | None
    has_password: bool
    last_logs: str
    """Of a failed start: what the container last said."""
    visits: list[Visit]
    """Of teachers, since the environment was last started; the newest first, at most three."""
    messages: list[Message]
    """Of teachers, of the last two hours; the newest first, at most five."""
    folder: WindowFolder | None
    """As measured last; None where work folders have no size."""
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


class LinkRequest(BaseModel):
    """What to open a link with."""

    model_config = ConfigDict(extra="forbid")

    user_redirect: Annotated[str, Text(max_length=2000)] = ""
    """The path that a join link brought, with its query."""


class OpenedLink(BaseModel):
    """Where a link leads. With a ticket: post it to `url`, with `next`, as for a port."""

    url: str
    ticket: str | None = None
    """Single use, 60 s."""
    next: str | None = None
    """The path there, with its query."""


class EnvironmentLogs(BaseModel):
    """The container's last lines."""

    text: str
