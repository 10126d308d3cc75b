"""A person's own data, their request to erase it, and operators' decisions about requests."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.base import Page
from mydocker_kit.errors import Conflict, NotFound
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.paging import Paging
from mydocker_kit.postgres.db import transaction
from mydocker_kit.tokens import AccessToken

from ..composition.services import Services
from ..domain.courses.submitting import file_name, moment_name
from ..domain.policy import Person
from ..metrics import ERASURE_REQUESTS
from ..models import Course, Environment, User
from ..models.people.erasure_request import ErasureRequest, RequestState
from ..models.work_files import DownloadPart
from ..retention import service as retention
from ..retention.erasing import Eraser
from ..retention.queries import kept_folders
from ..work_files import tickets
from ..work_files.schemas import ArchiveFormat, DownloadAddress
from . import erasing, packing, queries
from .schemas import (
    AfterErasure,
    AskErasure,
    DataSection,
    DownloadFolder,
    ErasureRequestEntry,
    ErasureRequestShown,
    MyData,
    SectionCount,
)

log = get_logger()
_AFTER = {
    DataSection.USE: AfterErasure.ANONYMOUS,
    DataSection.VISITS: AfterErasure.ANONYMOUS,
    DataSection.ENVIRONMENTS: AfterErasure.ANONYMOUS,
    DataSection.MESSAGES_SENT: AfterErasure.ANONYMOUS,
    DataSection.COURSES_OWNED: AfterErasure.HANDED_OVER,
    DataSection.IMAGES_OWNED: AfterErasure.HANDED_OVER,
}
"""Everything else is erased."""


class ErasureAsked(Conflict):
    """A request waits already."""

    code, title = "erasure_asked", "You have asked for it already"


class ErasureDecided(Conflict):
    """The request was decided or withdrawn."""

    code, title = "erasure_decided", "This request is no longer open"


async def my_data(db: AsyncSession, person: Person) -> MyData:
    """What is stored about the caller, by kind."""
    user = await db.get_one(User, person.id)
    ids = await queries.accounts_of(db, person.id)
    sections = [
        SectionCount(
            section=section,
            count=await queries.count(db, section, ids),
            after=_AFTER.get(section, AfterErasure.ERASED),
        )
        for section in DataSection
    ]
    request = await queries.newest_request(db, person.id)
    return MyData(
        name=user.shown_name,
        email=user.email,
        created_at=user.created_at,
        sections=sections,
        request=_shown(request) if request else None,
        owned=await queries.owned(db, ids),
    )


async def export(services: Services, person: Person, now: datetime) -> tuple[str, bytes]:
    """The name and the bytes of the export."""
    folders = await retention.of_person(services, person.id, now)
    packed = await packing.export(services, person.id, folders, now)
    log.info("personal_data.exported", person=person.id, size=len(packed))
    return f"mydocker_{moment_name(now)}.zip", packed


async def download(
    services: Services,
    person: Person,
    token: AccessToken,
    environment_id: UUID,
    asked: DownloadFolder,
    now: datetime,
) -> DownloadAddress:
    """An address of a whole work folder of the caller's, also of a Course that is over."""
    async with transaction(services.sessions) as db:
        mine = Environment.id == environment_id, Environment.user_id == person.id
        for folder in await kept_folders(db, *mine):
            course = await db.get_one(Course, folder.course_id)
            kind = ArchiveFormat.ZIP if asked.format is ArchiveFormat.FILE else asked.format
            name = f"{file_name(course.title) or 'work'}_{moment_name(now)}.{kind.value}"
            part = DownloadPart(volume=folder.volume)
            return await tickets.issue(db, token, name, kind, [part], now)
    raise NotFound(f"work folder of environment {environment_id}")


async def ask(
    db: AsyncSession, person: Person, asked: AskErasure, now: datetime
) -> ErasureRequestShown:
    """Ask operators to erase everything about the caller."""
    await db.get_one(User, person.id, with_for_update=True)
    before = await queries.newest_request(db, person.id)
    if before is not None and before.state is RequestState.OPEN:
        raise ErasureAsked
    row = ErasureRequest(
        id=uuid4(), user_id=person.id, state=RequestState.OPEN, words=asked.words, asked_at=now
    )
    row.answer = ""
    db.add(row)
    await db.flush()
    ERASURE_REQUESTS.labels("asked").inc()
    log.info("erasure.requested", id=row.id, person=person.id)
    return _shown(row)


async def withdraw(db: AsyncSession, person: Person, now: datetime) -> None:
    """Take the open request back."""
    row = await queries.newest_request(db, person.id, lock=True)
    if row is None or row.state is not RequestState.OPEN:
        raise ErasureDecided
    row.state, row.decided_at = RequestState.WITHDRAWN, now
    log.info("erasure.withdrawn", id=row.id, person=person.id)


async def requests(
    db: AsyncSession,
    paging: Paging,
    sort: queries.RequestSort,
    states: Sequence[RequestState],
) -> Page[ErasureRequestEntry]:
    """A page of requests, for operators."""
    read = await queries.requests(db, paging, sort, states)
    items = [await _entry(db, row, user) for row, user in read.rows]
    return paging.answer(items, read)


async def carry_out(
    services: Services, operator: Person, id: UUID, now: datetime
) -> ErasureRequestEntry:
    """Erase the person's data; folders follow as their machines answer."""
    async with transaction(services.sessions) as db:
        row, user = await _open(db, id)
        folders = await erasing.erase(db, user, operator.id, now)
        row.state, row.decided_at, row.decided_by = RequestState.DONE, now, operator.id
        await queries.empty_words(db, user.id)
        await db.refresh(row)
        shown = await _entry(db, row, user)
    services.disabled_users.set()
    services.delivery.wakeup.set()
    ERASURE_REQUESTS.labels("done").inc()
    log.warning("erasure.carried_out", id=id, person=user.id, by=operator.id, folders=folders)
    await Eraser.of(services).step()
    return shown


async def refuse(
    db: AsyncSession, operator: Person, id: UUID, answer: str, now: datetime
) -> ErasureRequestEntry:
    """Say why the data stays."""
    row, user = await _open(db, id)
    row.state, row.decided_at, row.decided_by = RequestState.REFUSED, now, operator.id
    row.answer = answer
    ERASURE_REQUESTS.labels("refused").inc()
    log.warning("erasure.refused", id=id, person=user.id, by=operator.id)
    return await _entry(db, row, user)


async def _open(db: AsyncSession, id: UUID) -> tuple[ErasureRequest, User]:
    row = await db.get(ErasureRequest, id, with_for_update=True)
    if row is None:
        raise NotFound(f"erasure request {id}")
    if row.state is not RequestState.OPEN:
        raise ErasureDecided
    return row, await db.get_one(User, row.user_id, with_for_update=True)


async def _entry(db: AsyncSession, row: ErasureRequest, user: User) -> ErasureRequestEntry:
    ids = await queries.accounts_of(db, user.id)
    folders = await kept_folders(db, Environment.user_id.in_(ids))
    return ErasureRequestEntry(
        **_shown(row).model_dump(),
        user_id=user.id,
        name=user.shown_name,
        email=user.email,
        folders=len(folders),
        owned=await queries.owned(db, ids),
    )


def _shown(row: ErasureRequest) -> ErasureRequestShown:
    return ErasureRequestShown(
        id=row.id,
        state=row.state,
        words=row.words,
        asked_at=row.asked_at,
        decided_at=row.decided_at,
        answer=row.answer,
    )
