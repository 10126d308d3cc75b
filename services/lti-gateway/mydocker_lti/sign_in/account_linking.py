"""Proving to be two: who is signed in signs in with another identity, in the same browser.

Either proof has to be recent. At a shared computer somebody else may have left one behind.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.launches import Landing, LandingKind
from mydocker_kit.errors import Conflict, Forbidden, Unauthenticated, Unavailable
from mydocker_kit.logging import get_logger

from ..domain.random_secrets import digest, new_secret
from ..models import LinkCode, WebSession
from ..web_sessions.tokens import Entry, living_session
from . import queries

log = get_logger()
PROOF_LIFE = timedelta(minutes=60)
"""A visit that began earlier proves too little to give an account away."""
CODE_LIFE = timedelta(seconds=60)


class ProofTooOld(Forbidden):
    """The visit began too long ago: come in once more, then link."""

    code, title = "proof_too_old", "Please come in once more before you link accounts"


class ProviderAway(Unavailable):
    """Nobody can prove anything there now."""

    code, title = "provider_away", "The sign-in service does not answer"


class TabCodeUnknown(Unauthenticated):
    """No such code, or the visit it came from is over."""

    code, title = "tab_unknown", "This way into a tab of its own is not known"


class TabCodeUsed(Conflict):
    """Used, or not within its minute."""

    code, title = "tab_used", "This way into a tab of its own is no longer valid"


def check_recent(session: WebSession, now: datetime) -> None:
    """`ProofTooOld` unless this visit began a short while ago."""
    if now - session.started_at > PROOF_LIFE:
        raise ProofTooOld


async def new_code(db: AsyncSession, session: WebSession, now: datetime) -> str:
    """Carries this visit out of the LMS's frame, where no provider shows itself."""
    secret = new_secret()
    db.add(
        LinkCode(
            code=digest(secret),
            web_session_id=session.id,
            created_at=now,
            expires_at=now + CODE_LIFE,
        )
    )
    return secret


async def person_of_code(db: AsyncSession, code: str, now: datetime) -> UUID:
    """Whose account the code opens; the code stays unused."""
    _, session = await _valid(db, code, now)
    return session.user_id


async def use_code(db: AsyncSession, code: str, now: datetime) -> Entry:
    """A second visit of the same person, which ends with the same platform; once."""
    row, session = await _valid(db, code, now)
    row.used_at = now
    log.info("tab_code.used", web_session=str(session.id))
    return Entry(
        user_id=session.user_id,
        landing=Landing(kind=LandingKind.DASHBOARD, embedded=False, path="/account"),
        locale=session.locale,
        registration_id=session.registration_id,
        deployment_id=session.deployment_id,
        provider=session.provider,
        provider_session=session.provider_session,
        provider_subject=session.provider_subject,
        from_visit=session.id,
    )


async def _valid(db: AsyncSession, code: str, now: datetime) -> tuple[LinkCode, WebSession]:
    """The code, locked, and the visit it came from."""
    row = await queries.locked_link_code(db, digest(code))
    session = await living_session(db, row.web_session_id, now) if row else None
    if row is None or session is None:
        raise TabCodeUnknown
    if row.used_at is not None or row.expires_at <= now:
        raise TabCodeUsed
    return row, session
