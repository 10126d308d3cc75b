"""Everything that the tables say about one person, as rows for an export."""

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.paging import Paging, Slice
from mydocker_kit.postgres.keyset import Key, order_of, read_slice

from ..models import (
    ApiToken,
    Context,
    Course,
    CourseRun,
    Enrolment,
    Environment,
    EnvironmentVisit,
    ExtraTimeGrant,
    Identity,
    Image,
    Membership,
    RoomMessage,
    SentScore,
    Share,
    SshKey,
    Submission,
    User,
)
from ..models.people.erasure_request import ErasureRequest, RequestState
from ..retention.queries import kept_folders
from .schemas import DataSection

MOST_ROWS = 20_000
"""Of one section of an export."""


async def accounts_of(db: AsyncSession, user_id: UUID) -> list[UUID]:
    """The account, and those that were merged into it: what could not move stayed with them."""
    ids, looked_at = [user_id], 0
    while looked_at < len(ids):
        query = select(User.id).where(User.joined_to_id == ids[looked_at])
        ids += [id for id in await db.scalars(query) if id not in ids]
        looked_at += 1
    return ids


def section_query(section: DataSection, ids: Collection[UUID]) -> Select[*tuple[Any, ...]]:
    """The rows of one section, with the columns that a person may read."""
    title = Course.title.label("course")
    environment = EnvironmentVisit.environment_id == Environment.id
    of_sections: dict[DataSection, Select[*tuple[Any, ...]]] = {
        DataSection.IDENTITIES: select(
            Identity.issuer, Identity.subject, Identity.linked_at, Identity.seen_at
        ).where(Identity.user_id.in_(ids)),
        DataSection.ROLES: select(
            Context.title.label("course_space"), Enrolment.role, Enrolment.refreshed_at
        )
        .join(Context, Context.id == Enrolment.context_id)
        .where(Enrolment.user_id.in_(ids)),
        DataSection.COURSES_OWNED: select(
            Course.id, Course.title, Course.status, Course.created_at
        ).where(Course.owner_id.in_(ids), Course.is_trial.is_(False)),
        DataSection.IMAGES_OWNED: select(Image.id, Image.title).where(Image.owner_id.in_(ids)),
        DataSection.MEMBERSHIPS: select(title, Membership.joined_at)
        .join(Course, Course.id == Membership.course_id)
        .where(Membership.user_id.in_(ids)),
        DataSection.ENVIRONMENTS: select(
            title, Environment.username, Environment.attempt, Environment.asked_at
        )
        .join(Course, Course.id == Environment.course_id)
        .where(Environment.user_id.in_(ids)),
        DataSection.SUBMISSIONS: select(
            title, Submission.submitted_at, Submission.files, Submission.bytes, Submission.state
        )
        .join(Course, Course.id == Submission.course_id)
        .where(Submission.user_id.in_(ids)),
        DataSection.USE: select(title, CourseRun.began_at, CourseRun.ended_at)
        .join(Course, Course.id == CourseRun.course_id)
        .where(CourseRun.user_id.in_(ids)),
        DataSection.VISITS: select(
            title, EnvironmentVisit.visited_at, EnvironmentVisit.port, User.name.label("by")
        )
        .join(Environment, environment)
        .join(Course, Course.id == Environment.course_id)
        .join(User, User.id == EnvironmentVisit.opened_by)
        .where(Environment.user_id.in_(ids)),
        DataSection.MESSAGES: select(title, RoomMessage.sent_at, RoomMessage.text)
        .join(Course, Course.id == RoomMessage.course_id)
        .where(RoomMessage.user_id.in_(ids)),
        DataSection.MESSAGES_SENT: select(title, RoomMessage.sent_at, RoomMessage.text)
        .join(Course, Course.id == RoomMessage.course_id)
        .where(RoomMessage.sender_id.in_(ids)),
        DataSection.EXTRA_TIME: select(
            title, ExtraTimeGrant.minutes, ExtraTimeGrant.percent, ExtraTimeGrant.granted_at
        )
        .join(Course, Course.id == ExtraTimeGrant.course_id)
        .where(ExtraTimeGrant.user_id.in_(ids)),
        DataSection.SCORES: select(
            title, SentScore.given, SentScore.comment, SentScore.sent_at, SentScore.state
        )
        .join(Course, Course.id == SentScore.course_id)
        .where(SentScore.user_id.in_(ids)),
        DataSection.SSH_KEYS: select(
            SshKey.title, SshKey.fingerprint, SshKey.created_at, SshKey.used_at
        ).where(SshKey.user_id.in_(ids)),
        DataSection.API_TOKENS: select(
            ApiToken.name, ApiToken.scopes, ApiToken.created_at, ApiToken.last_used_at
        ).where(ApiToken.user_id.in_(ids)),
        DataSection.SHARES: select(
            Share.course_id, Share.image_id, Share.right, Share.email, Share.created_at
        ).where(Share.user_id.in_(ids)),
    }
    return of_sections[section]


async def count(db: AsyncSession, section: DataSection, ids: Collection[UUID]) -> int:
    rows = section_query(section, ids).subquery()
    return await db.scalar(select(func.count()).select_from(rows)) or 0


async def rows(
    db: AsyncSession, section: DataSection, ids: Collection[UUID]
) -> list[dict[str, Any]]:
    query = section_query(section, ids).limit(MOST_ROWS)
    return [dict(row) for row in (await db.execute(query)).mappings()]


async def owned(db: AsyncSession, ids: Collection[UUID]) -> int:
    """How many Courses and Images somebody would have to take over."""
    sections = (DataSection.COURSES_OWNED, DataSection.IMAGES_OWNED)
    return sum([await count(db, section, ids) for section in sections])


async def newest_request(
    db: AsyncSession, user_id: UUID, *, lock: bool = False
) -> ErasureRequest | None:
    row = ErasureRequest
    query = select(row).where(row.user_id == user_id).order_by(row.asked_at.desc()).limit(1)
    return await db.scalar(query.with_for_update() if lock else query)


async def empty_words(db: AsyncSession, user_id: UUID) -> None:
    """Take free text off all requests of a person; that they were made stays."""
    of_person = update(ErasureRequest).where(ErasureRequest.user_id == user_id)
    await db.execute(of_person.values(words="", answer=""))


class RequestSort(StrEnum):
    """Order of the list of requests."""

    LONGEST_WAITING = "asked_at"
    NEWEST = "-asked_at"


async def requests(
    db: AsyncSession, paging: Paging, sort: RequestSort, states: Sequence[RequestState]
) -> Slice:
    """A page of requests with their people."""
    row = ErasureRequest
    query = select(row, User).join(User, User.id == row.user_id)
    if states:
        query = query.where(row.state.in_(states))
    if paging.search:
        text = func.coalesce(User.name, User.pseudonym) + " " + func.coalesce(User.email, "")
        query = query.where(text.icontains(paging.search, autoescape=True))
    return await read_slice(db, query, order_of(sort, row, Key(row.id)), paging)


async def volumes_of(db: AsyncSession, ids: Collection[UUID]) -> list[tuple[str, str]]:
    """The titles and the volumes of the person's work folders."""
    folders = await kept_folders(db, Environment.user_id.in_(ids))
    courses = [folder.course_id for folder in folders]
    rows_of_courses = await db.execute(
        select(Course.id, Course.title).where(Course.id.in_(courses))
    )
    titles = {row.id: row.title for row in rows_of_courses}
    return [(titles[folder.course_id], folder.volume) for folder in folders]


async def folders_of(db: AsyncSession, ids: Collection[UUID]) -> list[tuple[str, UUID]]:
    """Volumes to erase, and their Courses: work folders, and where submissions are kept."""
    folders = {
        folder.volume: folder.course_id
        for folder in await kept_folders(db, Environment.user_id.in_(ids))
    }
    submitted = select(Submission.volume, Submission.course_id).where(Submission.user_id.in_(ids))
    for volume, course_id in await db.execute(submitted):
        folders.setdefault(volume, course_id)
    return list(folders.items())
