"""Invitations for dynamic registration: created, listed and withdrawn by operators.

The address contains a secret that is sent by mail, so it lives for days, works once and is stored
as a digest. A registration reserves its invitation while it calls the platform, so that two
concurrent registrations with an invitation cannot both succeed.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.gateway.invitations import (
    InvitationDraft,
    InvitationSort,
    InvitationState,
    InvitationStatus,
    NewInvitation,
)
from mydocker_kit.errors import Conflict, NotFound
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.paging import Paging
from mydocker_kit.postgres.keyset import Key, order_of, read_slice

from ..domain.random_secrets import digest, new_secret
from ..models import Invitation, Registration

log = get_logger()


class InvitationUnknown(NotFound):
    """No invitation has this id."""

    code, title = "invitation_unknown", "No such invitation"


class InvitationUsed(Conflict):
    """A platform registered with the invitation; disable the platform instead."""

    code, title = "invitation_used", "This invitation was used already"


async def invite(
    db: AsyncSession, draft: InvitationDraft, app_origin: str, now: datetime, *, actor: str
) -> NewInvitation:
    """Create an invitation; its address is pasted into Moodle's *Add LTI Advantage*."""
    secret = new_secret()
    row = Invitation(
        id=uuid4(),
        secret=digest(secret),
        label=draft.label.strip(),
        made_by=actor,
        created_at=now,
        expires_at=now + timedelta(hours=draft.hours),
    )
    db.add(row)
    await db.flush()
    log.info("invitation.made", id=str(row.id), actor=actor)
    return NewInvitation(
        invitation=_status(row, None, now), url=f"{app_origin}/lti/register?invitation={secret}"
    )


async def withdraw(db: AsyncSession, id: UUID, now: datetime, *, actor: str) -> InvitationStatus:
    """Withdraw the invitation. Idempotent."""
    row = await db.get(Invitation, id, with_for_update=True)
    if row is None:
        raise InvitationUnknown(str(id))
    if row.used_at is not None:
        raise InvitationUsed(str(id))
    if row.withdrawn_at is None:
        row.withdrawn_at = now
        log.info("invitation.withdrawn", id=str(id), actor=actor)
    return _status(row, None, now)


async def page_of(
    db: AsyncSession, paging: Paging, sort: InvitationSort, now: datetime
) -> Page[InvitationStatus]:
    """One page of invitations; `search` looks at whom they are for."""
    query = _with_platform()
    if paging.search:
        query = query.where(Invitation.label.icontains(paging.search, autoescape=True))
    read = await read_slice(db, query, order_of(sort, Invitation, Key(Invitation.id)), paging)
    return paging.answer([_status(row, platform, now) for row, platform in read.rows], read)


def _with_platform() -> Select[Invitation, str | None]:
    joined = Registration.id == Invitation.registration_id
    return select(Invitation, Registration.name).outerjoin(Registration, joined)


def _statuses(rows: Sequence[Row[Invitation, str | None]], now: datetime) -> list[InvitationStatus]:
    return [_status(row, platform, now) for row, platform in rows]


def state_of(row: Invitation, now: datetime) -> InvitationState:
    if row.used_at is not None:
        return InvitationState.USED
    if row.withdrawn_at is not None:
        return InvitationState.WITHDRAWN
    return InvitationState.EXPIRED if row.expires_at <= now else InvitationState.OPEN


def _status(row: Invitation, platform: str | None, now: datetime) -> InvitationStatus:
    return InvitationStatus(
        id=row.id,
        label=row.label,
        state=state_of(row, now),
        made_by=row.made_by,
        created_at=row.created_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
        withdrawn_at=row.withdrawn_at,
        platform_id=row.registration_id,
        platform_name=platform,
    )
