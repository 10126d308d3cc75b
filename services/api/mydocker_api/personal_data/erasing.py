"""Erases what is stored about a person, and takes the name off what has to stay.

Erased: name, address, identities, roles, memberships, keys, tokens, shares, scores, extra time,
messages to them, and work folders with their snapshots and submissions (`retention.erasing` carries
that out). What stays has a row of the account without a name: messages to students, when
environments ran, when a teacher opened one, what was erased, by whom. It is needed for the accounts
of the institution and to prove what was done. Accounts that were merged into it go the same way.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.errors import Conflict

from ..models import (
    AccountLink,
    ActivityEntry,
    ApiToken,
    CourseJoin,
    DownloadTicket,
    Enrolment,
    Environment,
    ExtraTimeGrant,
    FolderErasure,
    Identity,
    LaunchRecord,
    Membership,
    RoomMessage,
    RosterEntry,
    SentScore,
    Share,
    SshKey,
    Submission,
    User,
    Webhook,
)
from ..models.work_files import ErasureCause
from ..retention import queries as retained
from . import queries

ERASED_ISSUER = "urn:mydocker:erased"
"""Issuer of the row of an erased account: nobody signs in as it."""
_OF_PERSON = (
    Identity,
    AccountLink,
    SshKey,
    ApiToken,
    Enrolment,
    Membership,
    CourseJoin,
    ActivityEntry,
    LaunchRecord,
    DownloadTicket,
    SentScore,
    Share,
    ExtraTimeGrant,
    RoomMessage,
    Submission,
)


class OwnsCourses(Conflict):
    """Somebody has to take over the person's Courses and Images first."""

    code, title = "person_owns_courses", "This person owns courses or images: hand them over first"


class OperatorStays(Conflict):
    """An operator's account is erased once it operates no more."""

    code, title = "erasure_of_operator", "This person operates the platform: take that right first"


async def erase(db: AsyncSession, user: User, operator_id: UUID, now: datetime) -> int:
    """Erase and anonymise; how many work folders go. The caller wakes the loops."""
    if user.operator_since is not None:
        raise OperatorStays
    ids = await queries.accounts_of(db, user.id)
    if owned := await queries.owned(db, ids):
        raise OwnsCourses(count=owned)
    asked = await _ask_for_folders(db, ids, operator_id, now)
    entry, role = RosterEntry, Enrolment
    listed = (role.context_id == entry.context_id) & (role.subject == entry.subject)
    await db.execute(delete(entry).where(exists().where(listed, role.user_id.in_(ids))))
    for table in _OF_PERSON:
        await db.execute(delete(table).where(table.__table__.c.user_id.in_(ids)))
    await db.execute(delete(Webhook).where(Webhook.owner_id.in_(ids)))
    await db.execute(
        update(Environment)
        .where(Environment.user_id.in_(ids))
        .values(sealed_password="", stop_words="")
    )
    for account in await db.scalars(select(User).where(User.id.in_(ids)).with_for_update()):
        _take_name_off(account, now)
    await db.flush()
    return asked


async def _ask_for_folders(
    db: AsyncSession, ids: Sequence[UUID], operator_id: UUID, now: datetime
) -> int:
    """Ask for the erasure of every folder; how many. A folder is its environment's and no other's.

    One that a Course's end has asked for already would stay if that end were postponed.
    """
    folders = await queries.folders_of(db, ids)
    for volume, course_id in folders:
        values = {"course_id": course_id, "course_title": "", "user_id": ids[0]}
        values |= {"volume": volume, "asked_by": operator_id}
        if not await retained.ask(db, values, ErasureCause.PERSON, now):
            row = FolderErasure
            pending = (row.volume == volume, row.node_id.is_(None), row.erased_at.is_(None))
            await db.execute(
                update(row).where(*pending).values(cause=ErasureCause.PERSON, **values)
            )
    return len(folders)


def _take_name_off(account: User, now: datetime) -> None:
    if account.joined_to_id is None:
        account.issuer, account.subject = ERASED_ISSUER, str(account.id)
    account.name = account.email = account.locale = None
    account.pseudonym = f"erased-{account.id.hex[:8]}"
    account.may_build_since = account.build_asked_at = None
    account.disabled_at, account.disabled_reason = now, "erased"
