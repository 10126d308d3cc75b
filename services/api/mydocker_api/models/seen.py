"""Rows as plain values, for reads of nearly every request: an ORM entity costs ten times more.

Each value's fields are columns of its table, so that `columns_of` and `read_off` need no list.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement

from mydocker_kit.contracts.base import Contract
from mydocker_kit.contracts.orchestrator.environments import ReasonCode

from ..domain.courses.extra_time import ExtraTime
from ..domain.courses.opening import Slot
from ..domain.statuses import CourseStatus, RequestedState
from .base import Base
from .course import Lease, SubmissionRules, WindowOptions
from .environment import Plan

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class SeenUser:
    """The columns of a person that decide about access and rights."""

    id: UUID
    name: str | None
    pseudonym: str
    email: str | None
    locale: str | None
    operator_since: datetime | None
    may_build_since: datetime | None
    build_asked_at: datetime | None
    disabled_at: datetime | None
    joined_to_id: UUID | None
    may_prepare_since: datetime | None

    @property
    def shown_name(self) -> str:
        return self.name or self.pseudonym


@dataclass(frozen=True, slots=True)
class SeenCourse:
    """The columns of a Course that the student's window needs."""

    id: UUID
    owner_id: UUID
    title: str
    description: str
    status: CourseStatus
    image_reference: str | None
    save_work: bool
    submissions: SubmissionRules
    work_path: str
    show_username: bool
    show_password: bool
    window_options: WindowOptions
    lease: Lease
    image_id: UUID | None
    build_id: UUID | None
    is_trial: bool

    @property
    def has_build(self) -> bool:
        return self.image_reference is not None


@dataclass(frozen=True, slots=True)
class SeenEnvironment:
    """The columns of an Environment that its owner may read."""

    id: UUID
    username: str
    sealed_password: str
    attempt: int
    wanted: RequestedState
    stop_reason: ReasonCode | None
    stop_words: str
    plan: Plan | None
    ends_at: datetime | None
    idle_stops_at: datetime | None
    asked_at: datetime
    revision: int
    confirmed: int
    refusal: str | None
    reference: str | None


class SeenSession(Contract):
    """A planned slot. Several come with one row, as JSON: hence a contract value."""

    id: UUID
    course_id: UUID
    title: str
    students: int
    starts_at: datetime
    ends_at: datetime
    block_before_start: bool
    automatic_stop: bool

    @property
    def slot(self) -> Slot:
        """The session as rules see it."""
        return Slot(
            self.id, self.starts_at, self.ends_at, self.block_before_start, self.automatic_stop
        )


class SeenExtraTime(Contract):
    """Extra time of the person or of everybody; comes as JSON with the window's row."""

    session_id: UUID | None
    user_id: UUID | None
    minutes: int
    percent: int

    @property
    def value(self) -> ExtraTime:
        """The grant as rules see it."""
        return ExtraTime(self.session_id, self.user_id, self.minutes, self.percent)


class SeenVisit(Contract):
    """A teacher's look into the environment; comes as JSON with the window's row."""

    by: str
    at: datetime


class SeenMessage(Contract):
    """A teacher's message; comes as JSON with the window's row."""

    id: UUID
    by: str
    text: str
    at: datetime


def columns_of(table: type[Base], value: type[Any]) -> list[ColumnElement[Any]]:
    """The columns of a table that a value of this kind is made of."""
    return [table.__table__.c[name] for name in value.__match_args__]


def read_off(kind: type[V], row: Iterator[Any]) -> V:
    """The next value of a row."""
    return kind(*islice(row, len(kind.__match_args__)))  # type: ignore[attr-defined]


def read_off_if_any(kind: type[V], row: Iterator[Any]) -> V | None:
    """The same where an outer join may have found nothing; the first column is a key."""
    own = tuple(islice(row, len(kind.__match_args__)))  # type: ignore[attr-defined]
    return kind(*own) if own[0] is not None else None
