"""Operators' actions on platforms: approve, enable, disable; also on single deployments."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.gateway.platforms import PlatformAct
from mydocker_kit.etags import IfMatch

from ..models import Deployment, Registration
from ..web_sessions.revocations import end_sessions_of_disabled
from . import audit
from .service import PlatformUnknown
from .shared_issuers import check_shared
from .versions import check_version


async def locked_platform(db: AsyncSession, id: UUID) -> Registration:
    """The platform under a row lock, which serializes operators."""
    registration = await db.get(Registration, id, with_for_update=True)
    if registration is None:
        raise PlatformUnknown(str(id))
    return registration


async def act(
    db: AsyncSession,
    id: UUID,
    what: PlatformAct,
    now: datetime,
    *,
    actor: str,
    shares_people: bool = False,
) -> Registration:
    """Apply the action and record it. Idempotent."""
    registration = await locked_platform(db, id)
    before = registration.state
    facts = {}
    if what is PlatformAct.APPROVE and registration.approved_at is None:
        issuer, keys = registration.issuer, registration.jwks_url
        names = await check_shared(db, id, issuer, keys, is_accepted=shares_people)
        facts = {"shares_people_with": names} if names else {}
    match what:
        case PlatformAct.APPROVE:
            registration.approved_at = registration.approved_at or now
        case PlatformAct.ENABLE:
            registration.disabled_at = None
        case PlatformAct.DISABLE:
            registration.disabled_at = registration.disabled_at or now
    if registration.state is not before:
        audit.record(db, id, f"{what}d", actor, now, **facts)
    await db.flush()
    await end_sessions_of_disabled(db, now)
    return registration


async def put_deployment(
    db: AsyncSession,
    id: UUID,
    deployment_id: str,
    now: datetime,
    *,
    enabled: bool,
    actor: str,
    if_match: IfMatch | None = None,
) -> Registration:
    """Add, enable or disable a deployment; web sessions of a disabled one end.

    `if_match`: the versions of the platform in which it may be done.
    """
    registration = await locked_platform(db, id)
    if if_match is not None:
        await check_version(db, registration, if_match)
    row = await db.get(Deployment, (id, deployment_id))
    if row is None:
        row = Deployment(registration_id=id, deployment_id=deployment_id, created_at=now)
        db.add(row)
        audit.record(db, id, "deployment_added", actor, now, deployment=deployment_id)
    elif (row.disabled_at is None) != enabled:
        kind = "deployment_enabled" if enabled else "deployment_disabled"
        audit.record(db, id, kind, actor, now, deployment=deployment_id)
    row.disabled_at = None if enabled else row.disabled_at or now
    await db.flush()
    await end_sessions_of_disabled(db, now)
    return registration
