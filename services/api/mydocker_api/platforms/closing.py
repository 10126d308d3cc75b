"""What hangs on a platform: whose way in it is, and what they run."""

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clients.lti import LtiClient
from mydocker_kit.contracts.platforms import PlatformState, PlatformStatus

from ..people.directory import queries
from ..people.directory.disabled_platforms import issuers
from .schemas import DisablingOutlook


async def outlook(
    db: AsyncSession, gateway: LtiClient, platform: PlatformStatus
) -> DisablingOutlook:
    """Count the people who are here from it, and what would be stopped with it."""
    closed = await issuers(gateway, PlatformState.DISABLED) | {platform.issuer}
    closed -= await issuers(gateway, PlatformState.ACTIVE, but=platform)
    running = await queries.count_running_by_issuers(db, closed, platform.issuer)
    return DisablingOutlook(visitors=platform.visitors, environments=running)
