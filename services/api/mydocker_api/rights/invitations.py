"""Invitations: shares with an address that nobody of the platform had yet."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.events import EventKind
from mydocker_kit.observability.logging import get_logger

from ..domain.policy.sharing import normal_address, stronger
from ..feed import announce
from ..metrics import SHARES_CLAIMED
from ..models import Course, Image, Share

log = get_logger()


async def claim(db: AsyncSession, user_id: UUID, issuer: str, email: str | None) -> int:
    """Give the person what was shared with this address of this platform; how many shares.

    Only launches call it: there the platform vouches for the address at this moment.
    """
    if not email:
        return 0
    query = select(Share).where(
        Share.issuer == issuer, Share.email == normal_address(email), Share.user_id.is_(None)
    )
    claimed = 0
    for share in (await db.scalars(query.with_for_update(skip_locked=True))).all():
        claimed += await _claim_one(db, share, user_id)
    if claimed:
        await announce(db, EventKind.ROLE_CHANGED, user_id, None, user_id)
        SHARES_CLAIMED.inc(claimed)
        log.info("share.claimed", user=user_id, issuer=issuer, count=claimed)
    return claimed


async def _claim_one(db: AsyncSession, share: Share, user_id: UUID) -> bool:
    """A person has one right per resource: the stronger of two stays."""
    if await _owner_of(db, share) == user_id:
        await db.delete(share)
        return False
    same = (
        Share.course_id == share.course_id if share.course_id else Share.image_id == share.image_id
    )
    other = await db.scalar(select(Share).where(same, Share.user_id == user_id))
    if other is not None:
        other.right = stronger(other.right, share.right)
        await db.delete(share)
    else:
        share.user_id = user_id
    await db.flush()
    return True


async def _owner_of(db: AsyncSession, share: Share) -> UUID | None:
    if share.course_id is not None:
        return await db.scalar(select(Course.owner_id).where(Course.id == share.course_id))
    return await db.scalar(select(Image.owner_id).where(Image.id == share.image_id))
