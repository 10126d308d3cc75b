"""Addresses of downloads: a secret that serves for a minute, so that a browser can navigate to it.

The page lives in the LMS's frame, without cookies, and sends its token as a header, which a browser
that saves a file cannot. The secret is stored as its digest; rights are checked when it is made.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.errors import NotFound
from mydocker_kit.tokens import AccessToken

from ..models.work_files import DownloadPart, DownloadTicket
from .schemas import ArchiveFormat, DownloadAddress

LIFE = timedelta(seconds=60)


class DownloadOver(NotFound):
    """The address is a minute old, or was never given out."""

    code, title = "download_over", "This download address has expired"


async def issue(
    db: AsyncSession,
    token: AccessToken,
    name: str,
    kind: ArchiveFormat,
    parts: Sequence[DownloadPart],
    now: datetime,
) -> DownloadAddress:
    """A new address for these files; expired ones are deleted."""
    await db.execute(delete(DownloadTicket).where(DownloadTicket.expires_at < now))
    secret, expires_at = secrets.token_urlsafe(32), now + LIFE
    ticket = DownloadTicket(
        digest=_digest(secret),
        user_id=token.user_id,
        web_session_id=token.web_session_id,
        name=name,
        format=kind.value,
        parts=tuple(parts),
        expires_at=expires_at,
    )
    db.add(ticket)
    return DownloadAddress(url=f"/api/downloads/{secret}", name=name, expires_at=expires_at)


async def read(db: AsyncSession, secret: str, now: datetime) -> DownloadTicket:
    """The ticket of this secret; `DownloadOver`."""
    ticket = await db.get(DownloadTicket, _digest(secret))
    if ticket is None or ticket.expires_at <= now:
        raise DownloadOver
    return ticket


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
