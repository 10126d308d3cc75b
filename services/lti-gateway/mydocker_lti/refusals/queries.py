"""Queries on stored refusals."""

from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.gateway.refusals import RefusalPage, RefusalSort, RefusedEntry
from mydocker_kit.errors import NotFound
from mydocker_kit.paging import Paging
from mydocker_kit.postgres.keyset import Key, order_of, read_slice

from ..models import Refusal, Registration


class RefusalUnknown(NotFound):
    """No refusal has this reference: mistyped, older than 30 days, or over the storage limit."""

    code, title = "refusal_unknown", "No refusal under this reference"


async def refusals_page(
    db: AsyncSession,
    *,
    reason: str | None,
    platform_id: UUID | None,
    paging: Paging,
    sort: RefusalSort,
) -> RefusalPage:
    """One page of refusals; `search` is a prefix of the reference."""
    conditions: list[ColumnElement[bool]] = []
    if platform_id:
        conditions.append(Refusal.registration_id == platform_id)
    of_platform = tuple(conditions)
    if reason:
        conditions.append(Refusal.reason == reason)
    if paging.search:
        prefix = paging.search.strip().upper()
        conditions.append(Refusal.reference.startswith(prefix, autoescape=True))
    keys = order_of(sort, Refusal, Key(Refusal.reference))
    read = await read_slice(db, _with_platform().where(*conditions), keys, paging)
    counted = select(Refusal.reason, func.count()).where(*of_platform).group_by(Refusal.reason)
    return RefusalPage(
        items=[_entry(row, platform) for row, platform in read.rows],
        **paging.facts(read),
        reasons={row[0]: row[1] for row in await db.execute(counted)},
    )


async def refusal(db: AsyncSession, reference: str) -> RefusedEntry:
    """The refusal with this reference; `RefusalUnknown` without it."""
    rows = (await db.execute(_with_platform().where(Refusal.reference == reference.upper()))).all()
    if not rows:
        raise RefusalUnknown(reference)
    return _entry(*rows[0])


def _with_platform() -> Select[Refusal, str]:
    joined = Registration.id == Refusal.registration_id
    return select(Refusal, Registration.name).outerjoin(Registration, joined)


def _entry(row: Refusal, platform: str | None) -> RefusedEntry:
    return RefusedEntry(
        reference=row.reference,
        reason=row.reason,
        refused_at=row.refused_at,
        registration_id=row.registration_id,
        platform=platform,
        facts=row.facts,
        claims=row.claims,
    )
