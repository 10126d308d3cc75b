"""The version of a registration: what operators edit of it, and who changed it last."""

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.gateway.platforms import JournalSort, PlatformDraft
from mydocker_kit.etags import IfMatch, etag_of
from mydocker_kit.paging import Paging

from ..models import Deployment, Registration
from . import queries


def version_of(row: Registration, deployments: Iterable[Deployment]) -> str:
    """The entity tag of a registration with these deployments."""
    known = (
        f"{deployment.deployment_id} {deployment.disabled_at is None}" for deployment in deployments
    )
    return etag_of(
        PlatformDraft.model_construct(
            name=row.name,
            issuer=row.issuer,
            client_id=row.client_id,
            authorization_url=row.authorization_url,
            token_url=row.token_url,
            jwks_url=row.jwks_url,
            deployment_ids=sorted(known),
            origins=sorted(row.origins),
        )
    )


async def check_version(db: AsyncSession, row: Registration, if_match: IfMatch) -> None:
    """Refuse the edit of another version. The row is locked by the caller."""
    current = version_of(row, await queries.deployments(db, row.id))
    if if_match.admits(current):
        return
    newest = await queries.events_of(db, row.id, Paging(page_size=1), JournalSort.NEWEST)
    last = newest.rows[0][0] if newest.rows else None
    if_match.check(
        current,
        changed_at=last.happened_at if last else None,
        changed_by=last.actor if last else None,
    )
