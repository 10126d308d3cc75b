"""One-time links that sign an operator in: the first one, or one without a working sign-in.

Unlike a ticket, a link is not bound to a browser: a command prints it. It has 256 random bits,
lives an hour, works once, and the page asks for consent before it uses a link.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.gateway.launches import Landing, LandingKind
from mydocker_kit.errors import Conflict, Unauthenticated
from mydocker_kit.observability.logging import get_logger

from ..domain.random_secrets import digest, new_secret
from ..models import EntryLink
from . import queries
from .tokens import Entry

log = get_logger()
LINK_LIFE = timedelta(hours=1)


class LinkUnknown(Unauthenticated):
    """No such link, or a newer link replaced it."""

    code, title = "link_unknown", "This link is not known"


class LinkUsed(Conflict):
    """The link was used."""

    code, title = "link_used", "This link was used already"


class LinkExpired(Conflict):
    """The link has expired."""

    code, title = "link_expired", "This link is no longer valid"


async def new_link(db: AsyncSession, user_id: UUID, app_origin: str, now: datetime) -> str:
    """The address that signs this person in once; deletes earlier links."""
    await queries.drop_entry_links(db, user_id)
    secret = new_secret()
    row = EntryLink(
        secret=digest(secret), user_id=user_id, created_at=now, expires_at=now + LINK_LIFE
    )
    db.add(row)
    return f"{app_origin}/enter#link={secret}"


async def use_link(db: AsyncSession, secret: str, now: datetime) -> Entry:
    """Use the link up; returns the web session to open."""
    row = await queries.locked_entry_link(db, digest(secret))
    if row is None:
        raise LinkUnknown
    if row.used_at is not None:
        raise LinkUsed
    if row.expires_at <= now:
        raise LinkExpired
    row.used_at = now
    log.info("entry_link.used", user=str(row.user_id))
    return Entry(row.user_id, Landing(kind=LandingKind.DASHBOARD, embedded=False))
