"""Queries about environments of all Courses."""

from collections.abc import Collection
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, Uuid, any_, case, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.paging import Paging, Slice
from mydocker_kit.postgres.keyset import Key, order_of, read_slice

from ...domain.statuses import RequestedState
from ...models import Course, Environment, User
from .schemas import EnvironmentFilter

_REQUESTED = Environment.wanted == RequestedState.RUNNING
_PENDING = _REQUESTED & (Environment.confirmed < Environment.revision)
"""Requested, and the orchestrator does not know it yet."""
_REFUSED = _REQUESTED & Environment.refusal.is_not(None)


class EnvironmentRow(NamedTuple):
    """An Environment with its Course and its owner."""

    environment: Environment
    course: Course
    owner: User


class Observed(NamedTuple):
    """Ids by what the status cache knows of them."""

    shown: Collection[UUID]
    """Those in a phase of the filter; without a filter, those alive."""
    matching: Collection[UUID]
    """Those whose machine or reference the search names."""


def _rows() -> Select[Environment, Course, User]:
    return (
        select(Environment, Course, User)
        .join(Course, Course.id == Environment.course_id)
        .join(User, User.id == Environment.user_id)
        .where(Environment.attempt > 0)
    )


class EnvironmentSort(StrEnum):
    """Order of the list of environments."""

    ALIVE = "alive"
    """Those alive first, then the newest start first."""
    NEWEST = "-asked_at"
    OLDEST = "asked_at"


async def environment_rows(
    db: AsyncSession,
    paging: Paging,
    chosen: EnvironmentFilter | None,
    sort: EnvironmentSort,
    observed: Observed,
) -> Slice:
    """A page of environments (`EnvironmentRow`)."""
    query = _rows()
    is_shown = _among(observed.shown)
    if chosen is not None:
        query = query.where(_chosen(chosen, is_shown))
    if paging.search:
        query = query.where(_mentions(paging.search, observed.matching))
    if sort is EnvironmentSort.ALIVE:
        first, by = [Key(case((is_shown, 0), else_=1))], "-asked_at"
    else:
        first, by = [], sort.value
    keys = [*first, *order_of(by, Environment, Key(Environment.id))]
    return await read_slice(db, query, keys, paging, keys_first=True)


def _among(ids: Collection[UUID]) -> ColumnElement[bool]:
    """As one array: a statement takes 32,767 parameters, and a school may have more ids."""
    return Environment.id == any_(literal(list(ids), ARRAY(Uuid)))


def _chosen(chosen: EnvironmentFilter, is_shown: ColumnElement[bool]) -> ColumnElement[bool]:
    match chosen:
        case EnvironmentFilter.ALIVE | EnvironmentFilter.WAITING:
            return or_(is_shown, _PENDING & Environment.refusal.is_(None))
        case EnvironmentFilter.FAILED:
            return or_(is_shown, _REFUSED)
        case _:
            return is_shown


def _mentions(search: str, matching: Collection[UUID]) -> ColumnElement[bool]:
    """Search in owner, Course, user name and reference, and in what was observed."""
    texts = (
        User.name,
        User.pseudonym,
        User.email,
        Course.title,
        Environment.username,
        Environment.reference,
    )
    return or_(
        _among(matching),
        *(text.icontains(search, autoescape=True) for text in texts),
    )


async def environment_row(db: AsyncSession, id: UUID) -> EnvironmentRow | None:
    """One Environment that was started at least once."""
    row = (await db.execute(_rows().where(Environment.id == id))).one_or_none()
    return EnvironmentRow(*row) if row else None
