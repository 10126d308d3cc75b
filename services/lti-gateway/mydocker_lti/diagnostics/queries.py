"""Queries on stored refusals."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.refusals import RefusalPage, RefusedEntry
from mydocker_kit.errors import NotFound

from ..models import Refusal, Registration


class RefusalUnknown(NotFound):
    """No refusal has this reference: mistyped, older than 30 days, or over the storage limit."""

    code, title = "refusal_unknown", "No refusal under this reference"


async def refusals_page(
    db: AsyncSession,
    *,
    reason: str | None,
    search: str,
    platform_id: UUID | None,
    page: int,
    page_size: int,
) -> RefusalPage:
    """One page of refusals, newest first; `search` is a prefix of the reference."""
    conditions: list[ColumnElement[bool]] = []
    if platform_id:
        conditions.append(Refusal.registration_id == platform_id)
    of_platform = tuple(conditions)
    if reason:
        conditions.append(Refusal.reason == reason)
    if search:
        conditions.append(Refusal.reference.startswith(search.strip().upper(), autoescape=True))
    total = await db.scalar(select(func.count()).select_from(Refusal).where(*conditions))
    query = _with_platform().where(*conditions)
    query = query.order_by(Refusal.refused_at.desc(), Refusal.reference)
    rows = (await db.execute(query.offset((page - 1) * page_size).limit(page_size))).all()
    counted = select(Refusal.reason, func.count()).where(*of_platform).group_by(Refusal.reason)
    return RefusalPage(
        items=_entries(rows),
        total=total or 0,
        page=page,
        page_size=page_size,
        reasons={row[0]: row[1] for row in await db.execute(counted)},
    )


async def refusal(db: AsyncSession, reference: str) -> RefusedEntry:
    """The refusal with this reference; `RefusalUnknown` without it."""
    rows = (await db.execute(_with_platform().where(Refusal.reference == reference.upper()))).all()
    if not rows:
        raise RefusalUnknown(reference)
    return _entries(rows)[0]


def _with_platform() -> Select[Refusal, str]:
    joined = Registration.id == Refusal.registration_id
    return select(Refusal, Registration.name).outerjoin(Registration, joined)


def _entries(rows: Sequence[Row[Refusal, str]]) -> list[RefusedEntry]:
    return [
        RefusedEntry(
            reference=row.reference,
            reason=row.reason,
            refused_at=row.refused_at,
            registration_id=row.registration_id,
            platform=platform,
            facts=row.facts,
            claims=row.claims,
        )
        for row, platform in rows
    ]
