"""Use of a Course, as its editors read it."""

from datetime import datetime

from pydantic import BaseModel


class CourseUseRun(BaseModel):
    """One time that somebody used the Course."""

    key: str
    name: str
    email: str | None
    began_at: datetime
    ended_at: datetime | None
    """None: it goes on."""
    minutes: int
    """Up to now, while it goes on."""


class UsedDay(BaseModel):
    """24 hours of use."""

    at: datetime
    """When they begin."""
    people: int
    hours: float
    """Of all people together."""


class CourseUse(BaseModel):
    """Use of a Course over time."""

    people: int
    """Different ones, over the whole time."""
    hours: float
    days: list[UsedDay]
