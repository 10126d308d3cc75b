"""Synchronizes a course space with the platform's list of members (NRPS)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clients.lti import LtiClient
from mydocker_kit.contracts.events import EventKind
from mydocker_kit.contracts.gateway.launches import ContextRole
from mydocker_kit.contracts.gateway.rosters import ContextKey, Member
from mydocker_kit.errors import NotFound, ProblemError, Unavailable
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction

from ..contexts.withdrawal import leave_courses_of
from ..domain.people.rosters import Held, RosterState, Withdrawn, withdrawals
from ..domain.policy import MAY_ENTER
from ..feed import announce
from ..metrics import ROSTER_LOOKS
from ..models import Context, Enrolment, Roster, RosterEntry

log = get_logger()
PAGE = 200
MOST_PAGES = 100
MAX_AGE = timedelta(minutes=5)
"""How old the gateway's copy of a list may be where nobody asked for it now."""
_CHUNK = 1000


@dataclass(frozen=True)
class _Listed:
    members: dict[str, Member]
    fetched_at: datetime
    stale: bool


async def sync(
    sessions: Sessions, gateway: LtiClient, context_id: UUID, max_age: timedelta = MAX_AGE
) -> RosterState:
    """Read the members of a course space and withdraw lost roles; errors withdraw nothing.

    `max_age`: how old the gateway's copy of the platform's list may be.
    """
    async with transaction(sessions) as db:
        context = await db.get(Context, context_id)
    if context is None:
        return RosterState.NEVER
    try:
        listed = await _fetch(gateway, context, max_age)
    except NotFound:
        state = RosterState.NOT_OFFERED
    except ProblemError as error:
        log.warning("roster.away", context=context_id, why=str(error))
        state = RosterState.AWAY
    else:
        state = await _keep(sessions, context_id, listed)
    ROSTER_LOOKS.labels(state).inc()
    async with transaction(sessions) as db:
        await db.execute(update(Roster).where(Roster.context_id == context_id).values(state=state))
    return state


async def _fetch(gateway: LtiClient, context: Context, max_age: timedelta) -> _Listed:
    """All pages of one version of the list; starts again when the version changes meanwhile."""
    key = ContextKey(
        registration_id=context.registration_id,
        deployment_id=context.deployment_id,
        context_id=context.context_id,
    )
    for _ in range(2):
        members: dict[str, Member] = {}
        first = await gateway.members(
            key, page=1, page_size=PAGE, max_age=round(max_age.total_seconds())
        )
        page = first
        for number in range(1, MOST_PAGES + 1):
            if number > 1:
                page = await gateway.members(key, page=number, page_size=PAGE)
            if page.fetched_at != first.fetched_at:
                break
            members |= {member.subject: member for member in page.items if member.active}
            if number * PAGE >= first.total:
                return _Listed(members, first.fetched_at, first.stale)
    raise Unavailable("the list of members changed while it was read")


async def _keep(sessions: Sessions, context_id: UUID, listed: _Listed) -> RosterState:
    if not listed.members:
        log.warning("roster.empty", context=context_id)
        return RosterState.AWAY
    async with transaction(sessions) as db:
        roster = await db.get_one(Roster, context_id, with_for_update=True)
        if roster.fetched_at is None or listed.fetched_at > roster.fetched_at:
            await _keep_entries(db, context_id, listed.members)
            await _apply(db, context_id, listed)
            roster.fetched_at = listed.fetched_at
    return RosterState.AWAY if listed.stale else RosterState.KNOWN


async def _keep_entries(db: AsyncSession, context_id: UUID, members: dict[str, Member]) -> None:
    await db.execute(delete(RosterEntry).where(RosterEntry.context_id == context_id))
    rows = [
        {
            "context_id": context_id,
            "subject": member.subject,
            "role": member.role,
            "name": member.name,
            "email": member.email,
        }
        for member in members.values()
    ]
    for begin in range(0, len(rows), _CHUNK):
        await db.execute(insert(RosterEntry), rows[begin : begin + _CHUNK])


async def _apply(db: AsyncSession, context_id: UUID, listed: _Listed) -> None:
    """Withdraw lost roles, then record who was listed: their next absence counts at once."""
    query = select(Enrolment).where(Enrolment.context_id == context_id).with_for_update()
    enrolments = {row.user_id: row for row in await db.scalars(query)}
    enrolled = [
        Held(row.user_id, row.subject or "", row.role, row.refreshed_at, row.listed_at is not None)
        for row in enrolments.values()
        if row.subject is not None
    ]
    roles = {subject: member.role for subject, member in listed.members.items()}
    for change in withdrawals(enrolled, roles, listed.fetched_at):
        await _withdraw(db, enrolments[change.user_id], change)
    for row in enrolments.values():
        if row.subject in listed.members and row in db:
            row.listed_at = listed.fetched_at


async def _withdraw(db: AsyncSession, row: Enrolment, change: Withdrawn) -> None:
    log.info("role.withdrawn", user=row.user_id, context=row.context_id, left=change.role)
    context_id, user_id = row.context_id, row.user_id
    if change.role is ContextRole.NONE:
        await db.delete(row)
    else:
        row.role = change.role
    await db.flush()
    await announce(db, EventKind.ROLE_CHANGED, user_id, None, user_id)
    if change.role not in MAY_ENTER:
        await leave_courses_of(db, context_id, user_id)
