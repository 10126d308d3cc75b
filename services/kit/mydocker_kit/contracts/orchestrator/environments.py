"""What an Environment should be (`EnvironmentSpec`) and what is observed (`EnvironmentStatus`)."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, SecretStr

from ..base import Contract
from ..values import STORABLE, Instant, Opaque, Printed, Row, Text


class PortKind(StrEnum):
    """How a person reaches a port."""

    WEB = "web"
    HTTPS = "https"
    """A web page that the container serves over TLS, mostly with a certificate of its own."""
    SSH = "ssh"
    VNC = "vnc"
    TCP = "tcp"


WEB_KINDS = frozenset({PortKind.WEB, PortKind.HTTPS})
"""Pages that a browser opens through the edge."""


class Profile(StrEnum):
    """How tightly a container is held."""

    STRICT = "strict"
    COMPAT = "compat"


DIGEST = r"^sha256:[0-9a-f]{64}$"

WorkPath = Annotated[str, Text(pattern=r"^/[^\x00:\s]{1,200}$", max_length=201)]
"""Where the container sees the work folder."""


class Port(Contract):
    """A port an Image listens on."""

    title: Annotated[str, Text(min_length=1, max_length=80)]
    kind: PortKind
    number: Annotated[int, Field(ge=1, le=65535)]
    required: bool = True


class Resources(Contract):
    """What an Environment gets: a limit and a reservation, both the same."""

    cpu: Annotated[float, Field(gt=0, le=256)]
    """Cores."""
    memory_mib: Annotated[int, Field(ge=16, le=4_194_304)]
    gpu: Annotated[int, Field(ge=0, le=16)] = 0
    pids: Annotated[int, Field(ge=16, le=65536)] = 512


class VolumeMount(Contract):
    """A named volume and where the container sees it."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{1,120}$")]
    path: Annotated[str, Text(pattern=r"^/[^\x00:]*$", max_length=255)]
    quota_mib: Annotated[int, Field(ge=16, le=16_777_216)] | None = None
    """The size that the node's volume plugin gives it; None: a volume without one."""


class Credentials(Contract):
    """Readable name and password of one person for one Course."""

    username: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{2,31}$")]
    password: Annotated[SecretStr, STORABLE]


class EnvironmentSpec(Contract):
    """All the orchestrator needs to run one Environment.

    `attempt` rises with every start that a person asks for. A PUT with an attempt that is already
    known changes only `ends_at`, `end_reason` and `lease_ends_at`; so a repeated PUT, a double
    click or a retry after a crash never starts twice and never undoes a stop.
    """

    version: Row = 1
    owner_id: UUID
    course_id: UUID
    session_id: UUID | None = None
    attempt: Annotated[Row, Field(ge=1)]
    image: Annotated[str, Text(pattern=r"^\S+@sha256:[0-9a-f]{64}$", max_length=500)]
    """Always by digest: a tag costs seconds at each start and may move."""
    arguments: tuple[Annotated[str, Opaque(max_length=4000)], ...] = ()
    """Arguments of the container; empty keeps those of the image. Placeholders already replaced."""
    ports: tuple[Port, ...] = ()
    resources: Resources
    volumes: tuple[VolumeMount, ...] = ()
    pool: Annotated[str, Opaque(max_length=63)] = "default"
    profile: Profile = Profile.STRICT
    root_approved_for: Annotated[str, Field(pattern=DIGEST)] | None = None
    """Digest of the build that an operator allows to run as root where users are not remapped.
    Any other image in profile `compat` starts only where the engine remaps users."""
    credentials: Credentials
    priority: Literal[0, 1] = 0
    """1 when the start belongs to a running session: it leaves the queue first."""
    ends_at: Instant | None = None
    """End of the session; None means no end. A lease or a hard limit may come before it."""
    end_reason: Annotated[str, Opaque(max_length=80)] = "session_over"
    """Why it will have ended at `ends_at`: `session_over` or `lease_over`."""
    lease_seconds: Annotated[int, Field(ge=1, le=31_536_000)] | None = None
    """How long it may run once it was ready, unless it is renewed; None means no lease."""
    hard_limit_seconds: Annotated[int, Field(ge=1, le=31_536_000)] | None = None
    """How long it may run once it was ready, whatever the number of renewals."""
    lease_ends_at: Instant | None = None
    """Where renewals moved the lease's end; a PUT never moves it back."""
    warn_seconds: Annotated[tuple[Row, ...], Field(max_length=8)] | None = None
    """How long before its end its owner is warned; None leaves it to the platform."""
    ready_within: Annotated[int, Field(ge=5, le=3600)] = 180
    """Seconds from running until every required port must have answered."""
    start_within: Annotated[int, Field(ge=5, le=7200)] = 900
    """Seconds for preparing, image download included, before the start has failed."""


class Phase(StrEnum):
    """Where an Environment stands: queued → starting → ready → stopping → stopped, or failed."""

    QUEUED = "queued"
    STARTING = "starting"
    READY = "ready"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FAILED = "failed"


ALIVE = frozenset({Phase.QUEUED, Phase.STARTING, Phase.READY})


class SwarmStep(StrEnum):
    """The eight states a Swarm task passes on its way up, in order."""

    NEW = "new"
    PENDING = "pending"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    PREPARING = "preparing"
    READY = "ready"
    STARTING = "starting"
    RUNNING = "running"


STEPS = tuple(SwarmStep)


class ReasonCode(StrEnum):
    """Why an Environment waits, ended or failed; the browser has a sentence for each."""

    # waiting
    NO_ROOM = "no_room"
    NODE_UNAVAILABLE = "node_unavailable"
    FOLDER_UNAVAILABLE = "folder_unavailable"
    """Its work folder is on the disk of a node (`node`) that takes nothing now (`state`)."""
    STILL_ENDING = "still_ending"
    """The container of an earlier start has not ended yet; two would write the same work folder."""
    # ended
    STOPPED_BY_OWNER = "stopped_by_owner"
    STOPPED_BY_EDITOR = "stopped_by_editor"
    STOPPED_BY_OPERATOR = "stopped_by_operator"
    USER_DISABLED = "user_disabled"
    PLATFORM_DISABLED = "platform_disabled"
    """An operator disabled the only platform by which the person can come."""
    ACCESS_LOST = "access_lost"
    """The person left the course space, or has a role there that may not enter."""
    SESSION_OVER = "session_over"
    LEASE_OVER = "lease_over"
    HARD_LIMIT_OVER = "hard_limit_over"
    STOPPED_IDLE = "stopped_idle"
    """Nobody used it for the time that its Course or pool sets."""
    NODE_DRAINED = "node_drained"
    """Its machine is emptied: it ends, or moves to another one as its pool says."""
    ENDED_BY_ITSELF = "ended_by_itself"
    CANCELLED = "cancelled"
    # failed
    IMAGE_MISSING = "image_missing"
    PORT_SILENT = "port_silent"
    CRASHED = "crashed"
    OUT_OF_MEMORY = "out_of_memory"
    START_TOO_SLOW = "start_too_slow"
    PORT_TAKEN = "port_taken"
    NAME_TAKEN = "name_taken"
    NODE_LOST = "node_lost"
    ENGINE_REFUSED = "engine_refused"
    DISK_FULL = "disk_full"
    """It wrote more than it may at `place`, or filled a machine that had too little left."""
    FOLDER_NOT_WRITABLE = "folder_not_writable"
    """The work folder belongs to somebody else in the image, and could not be handed over."""
    FOLDER_IS_FILE = "folder_is_file"
    """The image has a file where the work folder is to be."""
    FOLDER_REFUSED = "folder_refused"
    """The machine could not provide the work folder; `detail` has the words of its volume plugin,
    `problem` is `no_room`, `plugin_away` or `other`."""
    ROOT_NOT_APPROVED = "root_not_approved"
    """Its image runs as root, no machine of its pool remaps users, and no operator approved this
    build: refused before placement."""
    NOT_HELD = "not_held"
    """Its container was not held as its profile says: stopped at once, its node takes no more."""


class Reason(Contract):
    """Code, facts for its sentence, and the engine's own words for support."""

    code: ReasonCode
    parameters: dict[str, Printed | int | float] = Field(default_factory=dict)
    detail: Printed = ""
    reference: str | None = None
    """For failures: what a person reads to support, such as `K7F3-9QD2`."""


class FolderUse(Contract):
    """What a work folder with a size holds, and what programs can put into it."""

    used_bytes: int
    allowed_bytes: int
    used_files: int
    allowed_files: int
    limit_bytes: int
    """The size that was asked for; it differs from `allowed_bytes` until the next start."""

    @property
    def share(self) -> float:
        """How full it is, from 0 to 1: by bytes or by files, whichever is nearer to its end."""
        parts = (
            (self.used_bytes, self.allowed_bytes),
            (self.used_files, self.allowed_files),
        )
        return max((used / allowed for used, allowed in parts if allowed > 0), default=0.0)


class Address(Contract):
    """Where a port of the container is reached from the control plane and the edge."""

    port: int
    host: str
    host_port: int
    tls: bool = False
    """The port speaks TLS: the edge does too, and believes whatever certificate it shows."""
    direct_host: str | None = None
    """Where people reach it themselves, at `host_port`; None: through the edge or the bastion."""


class EnvironmentStatus(Contract):
    """What is observed. Every change of it has a number; readers keep the highest."""

    id: UUID
    owner_id: UUID
    course_id: UUID
    session_id: UUID | None
    attempt: int
    version: int
    """Number of the change that made this status; rises over all Environments."""
    phase: Phase
    step: SwarmStep | None = None
    """While starting."""
    reason: Reason | None = None
    node: str | None = None
    addresses: tuple[Address, ...] = ()
    since: datetime
    """When this phase began."""
    asked_at: datetime
    """When this attempt was accepted."""
    ready_at: datetime | None = None
    ends_at: datetime | None = None
    """When the orchestrator stops it: the earliest of session, lease and hard limit."""
    end_reason: ReasonCode | None = None
    """Which of them it is."""
    lease_ends_at: datetime | None = None
    hard_ends_at: datetime | None = None
    """No renewal goes beyond it. Both are known once it was ready."""
    warn_seconds: tuple[int, ...] | None = None
    pool: str = "default"
    restarts: int = 0
    """How often its container was started again after it crashed, within this attempt."""
    last_logs: str = ""
    """Of a failed attempt: the last lines, kept after the container is gone (at most 8 KiB)."""
    folder: FolderUse | None = None
    """Of its work folder, as measured last; None where folders have no size."""


class StopRequest(Contract):
    """End an Environment; its volumes stay."""

    reason: ReasonCode
    attempt: Row
    """Stop this attempt or an earlier one; a later one is left alone."""
    words: Annotated[str, Text(max_length=500, lines=True)] = ""
    """What the teacher or operator who ends it says to its owner."""
