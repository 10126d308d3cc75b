"""Account linking: a signed-in person signs in with a second identity in the same browser.

Both proofs must be recent, since an older session may be another person's at a shared computer. A
tab code opens the account outside the LMS's frame, where sign-in providers refuse to be framed.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.gateway.launches import Landing, LandingKind
from mydocker_kit.errors import Conflict, Forbidden, Unauthenticated, Unavailable
from mydocker_kit.observability.logging import get_logger

from ..domain.random_secrets import digest, new_secret
from ..models import LinkCode, WebSession
from ..web_sessions.tokens import Entry, active_session
from . import queries

log = get_logger()
PROOF_LIFE = timedelta(minutes=60)
"""Maximal age of a web session that may link accounts."""
CODE_LIFE = timedelta(seconds=60)


class ProofTooOld(Forbidden):
    """The web session began too long ago; a new launch or sign-in is needed."""

    code, title = "proof_too_old", "Please come in once more before you link accounts"


class ProviderAway(Unavailable):
    """The sign-in could not start, for example because the provider does not answer."""

    code, title = "provider_away", "The sign-in service does not answer"


class TabCodeUnknown(Unauthenticated):
    """No such tab code, or its web session has ended."""

    code, title = "tab_unknown", "This way into a tab of its own is not known"


class TabCodeUsed(Conflict):
    """The tab code was used or has expired."""

    code, title = "tab_used", "This way into a tab of its own is no longer valid"


def check_recent(session: WebSession, now: datetime) -> None:
    """`ProofTooOld` if the web session began more than `PROOF_LIFE` ago."""
    if now - session.started_at > PROOF_LIFE:
        raise ProofTooOld


async def new_code(db: AsyncSession, session: WebSession, now: datetime) -> str:
    """A one-time code that opens this account in a new tab."""
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
    """The user of the code; does not use it up."""
    _, session = await _valid(db, code, now)
    return session.user_id


async def use_code(db: AsyncSession, code: str, now: datetime) -> Entry:
    """Use the code up; returns the web session to open for the same person and platform."""
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
        previous_session_id=session.id,
    )


async def _valid(db: AsyncSession, code: str, now: datetime) -> tuple[LinkCode, WebSession]:
    """The code, locked, and its web session."""
    row = await queries.locked_link_code(db, digest(code))
    session = await active_session(db, row.web_session_id, now) if row else None
    if row is None or session is None:
        raise TabCodeUnknown
    if row.used_at is not None or row.expires_at <= now:
        raise TabCodeUsed
    return row, session
