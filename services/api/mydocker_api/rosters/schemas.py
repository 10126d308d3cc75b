"""People of a Course, for its editors."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel

from mydocker_kit.contracts.gateway.launches import ContextRole
from mydocker_kit.contracts.gateway.scores import ScoreState
from mydocker_kit.contracts.orchestrator.environments import Phase

from ..domain.people.rosters import RosterState
from ..domain.policy import PeopleCan, PersonOfCourseCan


class PeopleFilter(StrEnum):
    """Which people of a Course a list shows."""

    NOT_STARTED = "not_started"
    STARTED = "started"


class Activity(BaseModel):
    """An LMS activity by which somebody entered the Course; its gradebook column has its name."""

    resource_link_id: UUID
    title: str | None
    """As the LMS calls it; None: it says nothing."""
    context_title: str
    entered_at: datetime


class LastScore(BaseModel):
    """The newest score sent for this person to a course space of the caller's."""

    id: UUID
    resource_link_id: UUID
    activity: str | None
    """The title of the activity whose column it goes to."""
    given: float | None
    """Of 100; none when only the completion was sent."""
    comment: str | None
    sent_at: datetime
    state: ScoreState
    reason: str | None


class PersonOfCourse(BaseModel):
    """Somebody who came, or whom the course space lists and who did not come yet."""

    key: str
    """Tells the rows of a page apart; means nothing else."""
    user_id: UUID | None
    name: str | None
    email: str | None
    role: ContextRole
    """`none` for somebody who came and has lost their role since."""
    listed: bool
    """The platform's list names them."""
    came: bool
    """A launch brought them to this Course."""
    environment: Phase | None
    """None: never started."""
    started_at: datetime | None
    score: LastScore | None
    activities: list[Activity]
    """By which they entered, in course spaces where the caller teaches, newest first; a score
    goes to one of them."""
    can: list[PersonOfCourseCan]


class CoursePeople(BaseModel):
    """A page of the people of a Course, and how far the platform's list can be relied on."""

    items: list[PersonOfCourse]
    total: int
    page: int
    page_size: int
    next_cursor: str | None = None
    """Sent back as `cursor`, it reads the page after this one; null: this is the last."""
    started: int
    """Of everybody, whatever is filtered."""
    everybody: int
    roster: RosterState
    roster_at: datetime | None
    """What the list says was true then."""
    elsewhere: int | None
    """Environments that run for people the caller does not teach; None unless they own it."""
    can: list[PeopleCan]
