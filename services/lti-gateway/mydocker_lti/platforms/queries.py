"""Queries on platforms."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.gateway.platforms import JournalSort, PlatformSort, PlatformState
from mydocker_kit.paging import Paging, Slice
from mydocker_kit.postgres.keyset import Key, order_of, read_slice

from ..models import Deployment, PlatformEvent, PlatformKeySet, Registration, WebSession
from ..web_sessions.tokens import IDLE_LIFE

_MAX_ISSUERS = 500
_CHANGES = 200
"""Lines of the audit logs that are read at once."""
SETTLED_AFTER = timedelta(seconds=5)
"""Numbers become visible in another order than they are given; not that much later."""


async def matching_platforms(
    db: AsyncSession, state: PlatformState | None, paging: Paging, sort: PlatformSort
) -> Slice:
    """One page of matching platforms, pending ones first."""
    conditions = [_matches(paging.search)] if paging.search else []
    if state is not None:
        conditions.append(_is(state))
    keys = [
        Key(case((Registration.approved_at.is_(None), 0), else_=1)),
        Key(func.lower(Registration.name), sort is PlatformSort.NAME_BACKWARDS),
        Key(Registration.id),
    ]
    return await read_slice(db, select(Registration).where(*conditions), keys, paging)


def _matches(search: str) -> ColumnElement[bool]:
    columns = (Registration.name, Registration.issuer, Registration.client_id)
    return or_(*(column.icontains(search, autoescape=True) for column in columns))


def _is(state: PlatformState) -> ColumnElement[bool]:
    enabled, approved = Registration.disabled_at.is_(None), Registration.approved_at.is_not(None)
    match state:
        case PlatformState.DISABLED:
            return ~enabled
        case PlatformState.PENDING:
            return and_(enabled, ~approved)
        case PlatformState.ACTIVE:
            return and_(enabled, approved)


async def deployments_of(db: AsyncSession, ids: Sequence[UUID]) -> Mapping[UUID, list[Deployment]]:
    query = (
        select(Deployment)
        .where(Deployment.registration_id.in_(ids))
        .order_by(Deployment.created_at, Deployment.deployment_id)
    )
    deployments_by_id = defaultdict[UUID, list[Deployment]](list)
    for row in await db.scalars(query):
        deployments_by_id[row.registration_id].append(row)
    return deployments_by_id


async def usage_of(
    db: AsyncSession, ids: Sequence[UUID], now: datetime
) -> Mapping[UUID, tuple[datetime, int]]:
    """Start of the newest web session and number of signed-in people, by platform."""
    is_open = and_(WebSession.ended_at.is_(None), WebSession.used_at > now - IDLE_LIFE)
    people = func.count(WebSession.user_id.distinct()).filter(is_open)
    query = (
        select(WebSession.registration_id, func.max(WebSession.started_at), people)
        .where(WebSession.registration_id.in_(ids))
        .group_by(WebSession.registration_id)
    )
    rows = await db.execute(query)
    return {id: (last, count) for id, last, count in rows if id is not None}


async def events_of(db: AsyncSession, id: UUID, paging: Paging, sort: JournalSort) -> Slice:
    """One page of the audit log; `search` looks at the kinds of its lines."""
    query = select(PlatformEvent).where(PlatformEvent.registration_id == id)
    if paging.search:
        query = query.where(PlatformEvent.kind.icontains(paging.search, autoescape=True))
    return await read_slice(db, query, order_of(sort, PlatformEvent), paging)


async def events_after(db: AsyncSession, number: int, before: datetime) -> Sequence[PlatformEvent]:
    """Lines of all audit logs with a higher number, from before this moment."""
    query = select(PlatformEvent).where(
        PlatformEvent.number > number, PlatformEvent.happened_at < before
    )
    return (await db.scalars(query.order_by(PlatformEvent.number).limit(_CHANGES))).all()


async def earlier_issuers(db: AsyncSession, row: Registration) -> list[str]:
    """Issuers under which this platform's people may be known.

    These are its own former issuers and those of other platforms, never that of a sign-in provider.
    """
    before = PlatformEvent.facts["issuer_before"].astext
    own = select(before.label("issuer_before")).where(
        PlatformEvent.registration_id == row.id, before.is_not(None)
    )
    others = select(Registration.issuer)
    issuers = await db.scalars(own.union(others).order_by("issuer_before").limit(_MAX_ISSUERS))
    return [issuer for issuer in issuers if issuer != row.issuer]


async def all_registrations(db: AsyncSession) -> Sequence[Registration]:
    return (await db.scalars(select(Registration).order_by(Registration.created_at))).all()


async def deployments(db: AsyncSession, registration_id: UUID) -> Sequence[Deployment]:
    """All deployments of a platform, disabled ones included."""
    query = select(Deployment).where(Deployment.registration_id == registration_id)
    return (await db.scalars(query.order_by(Deployment.deployment_id))).all()


async def forget_seen_keys(db: AsyncSession, registration_id: UUID) -> None:
    """Delete the stored fetch result, after the JWKS URL changed."""
    of_platform = PlatformKeySet.registration_id == registration_id
    await db.execute(delete(PlatformKeySet).where(of_platform))


async def registrations_of(
    db: AsyncSession, issuer: str, client_id: str | None
) -> Sequence[Registration]:
    """Registrations of this issuer, disabled ones included; with `client_id` at most one."""
    query = select(Registration).where(Registration.issuer == issuer)
    if client_id is not None:
        query = query.where(Registration.client_id == client_id)
    return (await db.scalars(query.limit(20))).all()
