"""Services that platforms offer (AGS, NRPS claims): stored at each launch, read by services."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.gateway.rosters import ContextKey

from ..domain.launches.claims import Claims
from ..domain.services.service_urls import Offer, Scope, offer_of
from ..models import ServiceOffer

_KEY = ("registration_id", "deployment_id", "context_id", "resource_link_id")
SAME_FOR = timedelta(minutes=1)
"""An unchanged row is not written again within this time, when a class launches together."""


async def store_offer(
    db: AsyncSession, *, registration_id: UUID, claims: Claims, now: datetime
) -> None:
    """Store the services of this launch; services that it does not name are removed."""
    offer = offer_of(claims.grades, claims.roster)
    key = {
        "registration_id": registration_id,
        "deployment_id": claims.deployment_id,
        "context_id": claims.context.id if claims.context else "",
        "resource_link_id": claims.resource_link.id if claims.resource_link else "",
    }
    known = await db.get(ServiceOffer, tuple(key.values()))
    if known and _offer(known) == offer and timedelta(0) <= now - known.seen_at < SAME_FOR:
        return
    values = {
        "roster_url": offer.roster_url,
        "line_items_url": offer.line_items_url,
        "line_item_url": offer.line_item_url,
        "scopes": sorted(offer.scopes),
        "seen_at": now,
    }
    written = insert(ServiceOffer).values(**key, **values)
    await db.execute(written.on_conflict_do_update(index_elements=_KEY, set_=values))


async def link_offer(db: AsyncSession, context: ContextKey, resource_link_id: str) -> Offer | None:
    """The services of the newest launch of this resource link."""
    key = (context.registration_id, context.deployment_id, context.context_id, resource_link_id)
    row = await db.get(ServiceOffer, key)
    return _offer(row) if row else None


async def roster_url(db: AsyncSession, context: ContextKey) -> str | None:
    """The roster URL from the newest launch of this context.

    Launches without a resource link count only if they name a roster: Moodle's deep linking names
    none before the first activity exists.
    """
    query = (
        select(ServiceOffer.roster_url)
        .where(
            ServiceOffer.registration_id == context.registration_id,
            ServiceOffer.deployment_id == context.deployment_id,
            ServiceOffer.context_id == context.context_id,
            or_(ServiceOffer.resource_link_id != "", ServiceOffer.roster_url.is_not(None)),
        )
        .order_by(ServiceOffer.seen_at.desc(), ServiceOffer.resource_link_id)
    )
    url: str | None = await db.scalar(query.limit(1))
    return url


def _offer(row: ServiceOffer) -> Offer:
    scopes = frozenset(Scope(scope) for scope in row.scopes)
    return Offer(row.roster_url, row.line_items_url, row.line_item_url, scopes)
