"""People of a Course, for its editors."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel

from mydocker_kit.contracts.environments import Phase
from mydocker_kit.contracts.launches import ContextRole
from mydocker_kit.contracts.scores import ScoreState

from ..domain.rostering import RosterState


class PersonCanHere(StrEnum):
    """What an editor may do for a person of the Course."""

    SEND_SCORE = "send_score"


class PeopleFilter(StrEnum):
    """Which people of a Course a list shows."""

    NOT_STARTED = "not_started"
    STARTED = "started"


class LastScore(BaseModel):
    """The newest score an editor sent for this person."""

    id: UUID
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
    can: list[PersonCanHere]


class CoursePeople(BaseModel):
    """A page of the people of a Course, and how far the platform's list can be relied on."""

    items: list[PersonOfCourse]
    total: int
    page: int
    page_size: int
    started: int
    """Of everybody, whatever is filtered."""
    everybody: int
    roster: RosterState
    roster_at: datetime | None
    """What the list says was true then."""
