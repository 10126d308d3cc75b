"""The effect of disabling a platform on people and environments."""

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clients.lti import LtiClient
from mydocker_kit.contracts.gateway.platforms import PlatformState, PlatformStatus

from ..people.directory import queries
from ..people.directory.disabled_platforms import issuers_in
from .schemas import DisablingOutlook


async def outlook(
    db: AsyncSession, gateway: LtiClient, platform: PlatformStatus
) -> DisablingOutlook:
    """Count the people who are here from it, and what would be stopped with it."""
    disabled = await issuers_in(gateway, PlatformState.DISABLED) | {platform.issuer}
    disabled -= await issuers_in(gateway, PlatformState.ACTIVE, but=platform)
    running = await queries.count_running_by_issuers(db, disabled, platform.issuer)
    return DisablingOutlook(visitors=platform.signed_in, environments=running)
