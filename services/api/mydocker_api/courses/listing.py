"""The list of Courses, for editors."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.base import Page
from mydocker_kit.paging import Paging
from mydocker_kit.postgres.known_etags import KnownEtags, Written

from ..domain.policy import Person
from ..domain.statuses import CourseStatus
from ..orchestration.status_cache import StatusCache
from ..sessions.queries import Planned, planned
from . import queries, views
from .queries import CourseOrigin, CourseSort
from .schemas import CourseSummary


async def list_courses(
    db: AsyncSession,
    statuses: StatusCache,
    known: KnownEtags,
    person: Person,
    paging: Paging,
    with_status: Sequence[CourseStatus],
    origin: CourseOrigin | None,
    sort: CourseSort,
    now: datetime,
) -> Page[CourseSummary]:
    """Courses of the person's own, shared with them, or placed where they teach."""
    read = await queries.visible_courses(
        db, person.id, origin=origin, with_status=with_status, sort=sort, paging=paging
    )
    rows = [queries.ListedCourse(*row) for row in read.rows]
    ids = [row.course.id for row in rows]
    sessions = await planned(db, ids, now)
    placed = await queries.placed_links(db, ids)
    tags = await _tags(db, known, rows)
    items = [
        views.listed(
            person,
            row,
            statuses,
            etag=tags[row.course.id],
            planned=sessions.get(row.course.id, Planned()),
            placed=placed.get(row.course.id, 0),
            now=now,
        )
        for row in rows
    ]
    return paging.answer(items, read)


async def _tags(
    db: AsyncSession, known: KnownEtags, rows: Sequence[queries.ListedCourse]
) -> dict[UUID, str]:
    async def compute(missing: Sequence[UUID]) -> list[Written]:
        written = await queries.written(db, missing)
        return [(row.id, writer, views.version_of(row)) for row, writer in written]

    return await known.of({row.course.id: row.written_by for row in rows}, compute)
