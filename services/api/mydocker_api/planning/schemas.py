"""Room for a session, and requests for it, as the browser sees them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from mydocker_kit.contracts.values import Instant, Text

from ..domain.capacity.pool import PlanReason
from ..domain.capacity.room import Shortage, Verdict
from ..domain.statuses import CapacityState


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError) as error:
        raise PydanticCustomError("zone_unknown", "There is no time zone of this name") from error
    return name


Zone = Annotated[str, Field(max_length=64), AfterValidator(_known_zone)]
"""A name of the IANA time zone database, such as `Europe/Paris`."""


class SessionQuestion(BaseModel):
    """A session that might be planned."""

    model_config = ConfigDict(extra="forbid")

    students: Annotated[int, Field(ge=1, le=5000)]
    starts_at: Instant
    ends_at: Instant
    session_id: UUID | None = None
    """The session that it is about, if it is planned: its present room is free for it."""

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise PydanticCustomError("ends_before_start", "The end must come after the start")
        if (self.ends_at - self.starts_at).days >= 31:
            raise PydanticCustomError("session_too_long", "A session lasts at most 31 days")
        return self


class CapacityQuestion(SessionQuestion):
    """Whether such a session finds room."""

    zone: Zone = "UTC"
    """Where suggested slots are on a working day and at its hours."""


class DryRunQuestion(SessionQuestion):
    """When the students of such a session would be ready."""

    spread_minutes: Annotated[int, Field(ge=0, le=120)] = 0
    """Clicks are spread evenly over this time; 0: all students click at the start."""


class Slot(BaseModel):
    """A stretch of time."""

    starts_at: datetime
    ends_at: datetime


class CapacityCheck(BaseModel):
    """Whether a session finds room in the pool of its Course, and what saving it would mean."""

    verdict: Verdict
    """`free`: the machines that exist hold everybody. `tight`: they do once machines are added.
    `impossible`: saved nevertheless, it asks operators for room. `unknown`: nothing was observed of
    the pool yet."""
    pool: str
    pool_title: str
    students: int
    fitting: int
    """Students who find room at the fullest moment, with every machine that may be added."""
    fitting_now: int
    """The same with the machines that exist."""
    machines_to_add: int
    ready_at: datetime | None
    """When the added machines would be there; who starts before it waits in the queue."""
    shortage: Shortage | None
    """Why it is impossible."""
    suggestions: list[Slot]
    """Up to three free slots of the same length nearby; none in lists, nor where it is free."""


class CapacityDecision(StrEnum):
    """What an operator decides about a request for room."""

    GRANTED = "granted"
    REFUSED = "refused"


class CapacityAnswer(BaseModel):
    """An operator's decision; granted, its students count as used room from then on."""

    model_config = ConfigDict(extra="forbid")

    decision: CapacityDecision
    reason: Annotated[str, Text(max_length=500, lines=True)] = ""
    """For the teacher."""


class CapacityRequest(BaseModel):
    """A session for which there was no room when it was saved."""

    session_id: UUID
    title: str
    course_id: UUID
    course_title: str
    owner_name: str
    students: int
    starts_at: datetime
    ends_at: datetime
    check: CapacityCheck
    """As it is now: room may have become free since."""


class ForecastCourse(BaseModel):
    """A band of the picture."""

    id: UUID
    title: str


class ForecastPoint(BaseModel):
    """A stretch of time in which no demand begins or ends."""

    starts_at: datetime
    ends_at: datetime
    environments: int
    """Students of sessions that hold room, and what runs beside them."""
    waiting: int
    """Environments that would find no room."""
    needed: int
    """Machines that would hold all that fits on a machine at all."""
    machines: int
    """Machines that there will be, added ones included."""
    reasons: list[PlanReason]
    bands: dict[UUID, float]
    """The needed machines divided among Courses, by Course."""
    hidden: float
    """The needed machines of Courses whose settings the reader may not see, together."""


class ForecastSession(BaseModel):
    """A session in the forecast, whether it holds room or not; of teachers, those they may see."""

    id: UUID
    course_id: UUID
    course_title: str
    title: str
    students: int
    starts_at: datetime
    ends_at: datetime
    capacity: CapacityState
    may_open: bool
    """The reader may see the settings of its Course, where the session is changed."""


class ForecastOrder(BaseModel):
    """Machines to add: how many, by when they are needed, when to begin."""

    order_at: datetime
    needed_at: datetime
    count: int


class UsageSample(BaseModel):
    """What a pool used at one moment that is over, beside what was planned for it."""

    at: datetime
    environments: int
    waiting: int
    machines: int
    used_machines: int
    planned_environments: int
    planned_machines: int


class Forecast(BaseModel):
    """Demand against machines of one pool over time."""

    pool: str
    pool_title: str
    starts_at: datetime
    ends_at: datetime
    now: datetime
    observed: bool
    """Whether the machines of the pool were seen yet; until then there seem to be none."""
    machines: int
    """Usable ones."""
    most_machines: int
    """When all are there that may be added."""
    courses: list[ForecastCourse]
    points: list[ForecastPoint]
    sessions: list[ForecastSession]
    orders: list[ForecastOrder]
    """For operators."""
    samples: list[UsageSample]
    """Up to now, at most 300: the fullest of each stretch."""
    cost: float | None
    """Of the added machines from now on, in the currency of their price; None: no price known, or
    the reader is no operator."""


class DryRunGroup(BaseModel):
    """Students who are ready within the same second or, of very many, the same stretch of time."""

    count: int
    waits: bool
    """They wait in the queue until there is room."""
    asked_at: datetime
    """When the first of them clicks."""
    ready_at: datetime
    """When the last of them is ready."""


class DryRun(BaseModel):
    """When each student of a session would be ready: a simulation, nothing is started."""

    pool: str
    pool_title: str
    students: int
    starts_at: datetime
    ends_at: datetime
    at_once: int
    """Students who find room when they click."""
    queued: int
    """Students who wait for room and are ready before the end."""
    never: int
    """Students who are not ready before the end."""
    half_ready_at: datetime | None
    """None: half of the students are not ready before the end."""
    all_ready_at: datetime | None
    machines_to_add: int
    shortage: Shortage | None
    """Why some find no room before the end."""
    start_seconds: float
    """Of one start alone, once there is room."""
    measured_starts: int
    """Starts of this Course that `start_seconds` is the median of; 0: it is the setting."""
    groups: list[DryRunGroup]
    """At most 400, the first ones first; those who are not ready before the end are in none."""
