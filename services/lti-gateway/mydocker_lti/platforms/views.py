"""Platforms as JSON for operators."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.gateway.platforms import (
    JournalSort,
    PlatformChange,
    PlatformDeployment,
    PlatformEvent,
    PlatformSort,
    PlatformSource,
    PlatformState,
    PlatformStatus,
    ToolAddresses,
)
from mydocker_kit.paging import Paging

from ..models import Deployment, Registration
from . import queries
from .shared_issuers import of_issuers, with_other_keys
from .versions import version_of


async def page_of(
    db: AsyncSession,
    state: PlatformState | None,
    paging: Paging,
    sort: PlatformSort,
    now: datetime,
) -> Page[PlatformStatus]:
    """One page of platforms, pending ones first."""
    read = await queries.matching_platforms(db, state, paging, sort)
    items = await statuses(db, [row for (row,) in read.rows], now)
    return paging.answer(items, read)


async def status(db: AsyncSession, row: Registration, now: datetime) -> PlatformStatus:
    await db.flush()
    return (await statuses(db, [row], now))[0]


async def statuses(
    db: AsyncSession, rows: Sequence[Registration], now: datetime
) -> list[PlatformStatus]:
    ids = [row.id for row in rows]
    deployments = await queries.deployments_of(db, ids)
    usage = await queries.usage_of(db, ids, now)
    known = await of_issuers(db, {row.issuer for row in rows})
    return [
        _status(
            row,
            deployments.get(row.id, []),
            usage.get(row.id),
            with_other_keys(row, known.get(row.issuer, [])),
        )
        for row in rows
    ]


def _status(
    row: Registration,
    deployments: Sequence[Deployment],
    usage: tuple[datetime, int] | None,
    sharing: Sequence[Registration],
) -> PlatformStatus:
    used_at, signed_in = usage or (None, 0)
    return PlatformStatus(
        id=row.id,
        etag=version_of(row, deployments),
        name=row.name,
        issuer=row.issuer,
        client_id=row.client_id,
        authorization_url=row.authorization_url,
        token_url=row.token_url,
        jwks_url=row.jwks_url,
        origins=row.origins,
        state=row.state,
        source=PlatformSource(row.source),
        product=row.product,
        deployments=[
            PlatformDeployment(
                deployment_id=deployment.deployment_id,
                enabled=deployment.disabled_at is None,
                created_at=deployment.created_at,
            )
            for deployment in deployments
        ],
        created_at=row.created_at,
        approved_at=row.approved_at,
        disabled_at=row.disabled_at,
        used_at=used_at,
        visitors=signed_in,
        shares_people_with=[other.name for other in sharing],
    )


async def of(db: AsyncSession, id: UUID, now: datetime) -> PlatformStatus | None:
    row = await db.get(Registration, id)
    return await status(db, row, now) if row else None


async def changes(db: AsyncSession, after: int, now: datetime) -> list[PlatformChange]:
    """Lines of all audit logs after a number, once no earlier number can appear any more."""
    return [
        PlatformChange(
            number=row.number,
            platform_id=row.registration_id,
            kind=row.kind,
            happened_at=row.happened_at,
        )
        for row in await queries.events_after(db, after, now - queries.SETTLED_AFTER)
    ]


async def events(
    db: AsyncSession, id: UUID, paging: Paging, sort: JournalSort
) -> Page[PlatformEvent]:
    """One page of a platform's audit log."""
    read = await queries.events_of(db, id, paging, sort)
    items = [
        PlatformEvent(
            number=row.number,
            kind=row.kind,
            actor=row.actor,
            facts=row.facts,
            happened_at=row.happened_at,
        )
        for (row,) in read.rows
    ]
    return paging.answer(items, read)


def tool_addresses(app_origin: str) -> ToolAddresses:
    """Our addresses, for a manual registration at the platform."""
    launch = f"{app_origin}/lti/launch"
    return ToolAddresses(
        tool_url=launch,
        login_url=f"{app_origin}/lti/login",
        redirect_url=launch,
        key_set_url=f"{app_origin}/lti/jwks.json",
        deep_linking_url=launch,
        icon_url=f"{app_origin}/icon.svg",
        domain=urlsplit(app_origin).netloc,
    )


async def earlier_issuers(db: AsyncSession, id: UUID) -> list[str]:
    row = await db.get(Registration, id)
    return await queries.earlier_issuers(db, row) if row else []
