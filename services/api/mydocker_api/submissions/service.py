"""Submits work folders; shows and packs what students submitted.

A submission is a row first, then a snapshot of the same id that the orchestrator is asked for. What
was not asked for, or is not ready yet, `delivery` follows up: a crash loses no submission.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.events import EventKind
from mydocker_kit.contracts.orchestrator.work_files import FolderListing, SnapshotState
from mydocker_kit.errors import Conflict, NotFound
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.paging import Paging
from mydocker_kit.postgres.db import transaction
from mydocker_kit.tokens import AccessToken

from ..composition.services import Services
from ..contexts.supervision import supervised_among, supervised_course
from ..domain.courses import submitting
from ..domain.courses.opening import Slot
from ..domain.courses.submitting import SubmissionState
from ..domain.policy import NotTeachingHere, Person
from ..environments.window.admission import admit
from ..feed import announce
from ..models import Course
from ..models.work_files import DownloadPart
from ..models.work_files import Submission as Row
from ..orchestration.queries import environment_of
from ..rosters import queries as rosters
from ..rosters.queries import FoundPerson, RosterSort, Where
from ..work_files import tickets
from ..work_files.schemas import ArchiveFormat, DownloadAddress
from ..work_files.service import archive_name, shown_content, volume_of
from . import queries
from .schemas import (
    CourseSubmissions,
    DownloadSubmissions,
    MySubmissions,
    PersonWork,
    Submission,
    SubmissionDetail,
    SubmissionFilter,
)
from .views import part_of, shown

log = get_logger()
_ONCE = timedelta(seconds=5)
"""A second click within it is the same submission."""


class SubmissionsClosed(Conflict):
    """The Course takes no submissions now."""

    code, title = "submissions_closed", "Work cannot be submitted now"


class NothingSubmitted(Conflict):
    """None of those asked for has submitted anything."""

    code, title = "nothing_submitted", "Nobody has submitted anything yet"


async def submit(services: Services, person: Person, course_id: UUID, now: datetime) -> Submission:
    """Submit the caller's work folder as it is."""
    async with transaction(services.sessions) as db:
        admission = await admit(db, person, course_id, now)
        slots = admission.slots
        state = _state(admission.course, slots, now)
        if state is not SubmissionState.OPEN:
            raise SubmissionsClosed(state=state.value)
        environment = await environment_of(db, person.id, course_id, lock=True)
        volume = volume_of(environment)
        row = await queries.recent(db, course_id, person.id, now - _ONCE)
        if row is None:
            slot = submitting.running_slot(slots, now)
            row = Row(
                id=uuid4(),
                course_id=course_id,
                user_id=person.id,
                session_id=slot.id if slot else None,
                volume=volume,
                submitted_at=now,
                state=SnapshotState.PENDING,
                files=0,
                bytes=0,
                changing=0,
                problem=None,
            )
            db.add(row)
            await db.flush()
            await announce(db, EventKind.COURSE_CHANGED, course_id, course_id, None)
            log.info("submission.made", id=row.id, course=course_id, by=person.id)
        submitted = shown(row)
    services.submissions.set()
    return submitted


async def mine(services: Services, person: Person, course_id: UUID, now: datetime) -> MySubmissions:
    """Whether the caller may submit, and what they submitted."""
    async with transaction(services.sessions) as db:
        admission = await admit(db, person, course_id, now)
        slots = admission.slots
        rules = admission.course.submissions
        state = _state(admission.course, slots, now)
        until = submitting.ends_at(rules.until, in_sessions=rules.in_sessions, slots=slots, now=now)
        rows = await queries.of_person(db, course_id, person.id)
        return MySubmissions(state=state, until=until, now=now, items=[shown(row) for row in rows])


async def of_course(
    db: AsyncSession,
    person: Person,
    course_id: UUID,
    paging: Paging,
    which: SubmissionFilter | None,
    sort: RosterSort,
) -> CourseSubmissions:
    """A page of the students whom the caller teaches, with what they submitted."""
    course, seen = await supervised_course(db, person, course_id)
    where = Where(course_id, seen.contexts, person.id, by_link=seen.owns)
    submitted = queries.of_students(course_id, which)
    read = await rosters.people_of_course(db, where, paging, None, sort, submitted)
    people = [rosters.found_person(*row) for row in read.rows]
    ids = [member.user_id for member in people if member.user_id and member.entered]
    newest = await queries.newest_of(db, course_id, ids)
    counts = await queries.counts_of(db, course_id, ids)
    everybody = await rosters.count_people(db, where, queries.of_students(course_id, None))
    done = await rosters.count_people(
        db, where, queries.of_students(course_id, SubmissionFilter.SUBMITTED)
    )
    return CourseSubmissions(
        items=[_person(member, newest, counts) for member in people],
        **paging.facts(read),
        submitted=done,
        everybody=everybody,
        allowed=course.submissions.allowed and course.save_work,
        until=course.submissions.until,
    )


async def detail(services: Services, person: Person, course_id: UUID, id: UUID) -> SubmissionDetail:
    """One submission, and the others of the same person."""
    async with transaction(services.sessions) as db:
        row, name = await _readable(db, person, course_id, id)
        rows = await queries.of_person(db, course_id, row.user_id)
        return SubmissionDetail(
            **dict(shown(row)),
            user_id=row.user_id,
            name=name,
            others=[shown(other) for other in rows if other.id != row.id],
        )


async def files(
    services: Services, person: Person, course_id: UUID, id: UUID, path: str
) -> FolderListing:
    """One folder of a submission."""
    async with transaction(services.sessions) as db:
        row, _ = await _readable(db, person, course_id, id)
        volume = row.volume
    return await services.clients.orchestrator.files(volume, path, id)


async def content(
    services: Services, person: Person, course_id: UUID, id: UUID, path: str
) -> bytes:
    """A file of a submission, to be shown."""
    async with transaction(services.sessions) as db:
        row, _ = await _readable(db, person, course_id, id)
        volume = row.volume
    log.info("submission.file_read", id=id, course=course_id, by=person.id)
    return await shown_content(services, volume, path, id)


async def download(
    services: Services,
    person: Person,
    token: AccessToken,
    course_id: UUID,
    asked: DownloadSubmissions,
    now: datetime,
) -> DownloadAddress:
    """An address of these submissions, or of the newest of everybody the caller teaches."""
    async with transaction(services.sessions) as db:
        rows, title = await _chosen(db, person, course_id, asked.submissions)
        names = await queries.names_of(db, {row.user_id for row in rows})
        if asked.format is ArchiveFormat.FILE and len(rows) == 1:
            [row] = rows
            part = DownloadPart(volume=row.volume, snapshot=row.id, paths=tuple(asked.paths))
            name = archive_name("", asked.format, asked.paths)
            return await tickets.issue(db, token, name, asked.format, [part], now)
        parts = sorted(
            (part_of(row, names[row.user_id]) for row in rows), key=lambda part: part.prefix
        )
        base = parts[0].prefix if len(parts) == 1 else f"{title}_{submitting.moment_name(now)}"
        name = archive_name(base, asked.format, asked.paths)
        log.info("submission.downloaded", course=course_id, by=person.id, count=len(parts))
        return await tickets.issue(db, token, name, asked.format, parts, now)


async def _chosen(
    db: AsyncSession, person: Person, course_id: UUID, ids: Collection[UUID]
) -> tuple[list[Row], str]:
    """The submissions that are packed, and the title of the Course for a file name."""
    course, seen = await supervised_course(db, person, course_id)
    if ids:
        rows = list(await queries.chosen(db, course_id, ids))
    else:
        rows = list((await queries.newest_of(db, course_id, ready=True)).values())
    taught = await supervised_among(db, course_id, seen, {row.user_id for row in rows})
    if ids and {row.user_id for row in rows} - taught - {person.id}:
        raise NotTeachingHere
    own = {person.id} if ids else set()
    readable = [row for row in rows if row.user_id in taught | own]
    if not readable:
        raise NothingSubmitted
    return readable, submitting.file_name(course.title) or "submissions"


async def _readable(db: AsyncSession, person: Person, course_id: UUID, id: UUID) -> tuple[Row, str]:
    """A submission of the caller, or of somebody whom they teach; `NotFound` for others."""
    submission = await queries.named(db, course_id, id)
    if submission is None:
        raise NotFound(f"submission {id}")
    row, _ = submission
    if row.user_id != person.id:
        _, seen = await supervised_course(db, person, course_id)
        if row.user_id not in await supervised_among(db, course_id, seen, [row.user_id]):
            raise NotFound(f"submission {id}")
    return submission


def _state(course: Course, slots: list[Slot], now: datetime) -> SubmissionState:
    rules = course.submissions
    return submitting.submission_state(
        allowed=rules.allowed and course.save_work,
        until=rules.until,
        in_sessions=rules.in_sessions,
        slots=slots,
        now=now,
    )


def _person(person: FoundPerson, newest: dict[UUID, Row], counts: dict[UUID, int]) -> PersonWork:
    row = newest.get(person.user_id) if person.user_id else None
    return PersonWork(
        key=person.key,
        user_id=person.user_id,
        name=person.name,
        email=person.email,
        submission=shown(row) if row else None,
        count=counts.get(person.user_id, 0) if person.user_id else 0,
    )
