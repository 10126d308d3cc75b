"""Web sessions: short-lived access tokens, rotating refresh tokens with reuse detection."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import jwt
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.gateway.launches import Landing
from mydocker_kit.contracts.gateway.sessions import SessionEnd
from mydocker_kit.errors import Unauthenticated
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.tokens import API_AUDIENCE, ISSUER, LEEWAY, AccessToken, access_claims

from ..domain.random_secrets import digest, new_secret
from ..keys.signing import Purpose, SigningKeys
from ..models import RefreshToken, WebSession
from . import queries
from .revocations import end_sessions

log = get_logger()
ACCESS_LIFE = timedelta(minutes=10)
IDLE_LIFE = timedelta(minutes=60)
TOTAL_LIFE = timedelta(hours=8)
GRACE = timedelta(seconds=10)
"""Tabs share a cookie and may refresh at the same time; reuse after this is theft."""


class WebSessionOver(Unauthenticated):
    """The session is idle too long, revoked or unknown; a new launch or sign-in is needed."""

    code, title = "web_session_over", "Your session is over"

    def __init__(self, reason: str | None = None) -> None:
        """`reason`: the `SessionEnd` of the page's session, if known."""
        super().__init__(**({"reason": reason} if reason else {}))


@dataclass(frozen=True)
class IssuedTokens:
    """Tokens for the application in the browser."""

    access_token: str
    expires_in: int
    landing: Landing
    locale: str | None
    web_session_id: UUID
    refresh_token: str | None
    """None leaves the cookie unchanged."""
    user_id: UUID


@dataclass(frozen=True)
class Entry:
    """A web session to open, for a person authenticated by a platform, a provider or a link."""

    user_id: UUID
    landing: Landing
    locale: str | None = None
    registration_id: UUID | None = None
    deployment_id: str | None = None
    provider: str | None = None
    provider_session: str | None = None
    provider_subject: str | None = None
    previous_session_id: UUID | None = None
    """A session in the same browser that this one continues."""


async def open_web_session(
    db: AsyncSession, keys: SigningKeys, entry: Entry, previous: str | None, now: datetime
) -> IssuedTokens:
    """Open a web session; ends all sessions of other people in this browser."""
    if await queries.is_disabled(db, entry.registration_id, entry.deployment_id):
        raise WebSessionOver
    browser = await _end_sessions_of_others(db, previous, entry, now)
    session = WebSession(
        id=uuid4(),
        user_id=entry.user_id,
        registration_id=entry.registration_id,
        deployment_id=entry.deployment_id,
        provider=entry.provider,
        provider_session=entry.provider_session,
        provider_subject=entry.provider_subject,
        landing=entry.landing.model_dump(mode="json"),
        locale=entry.locale,
        started_at=now,
        used_at=now,
        browser=browser,
    )
    db.add(session)
    await db.flush()
    return await _issue_tokens(db, keys, session, now, rotate=True)


async def _end_sessions_of_others(
    db: AsyncSession, previous: str | None, entry: Entry, now: datetime
) -> UUID:
    """End the sessions of other people in this browser; returns the browser's id.

    The refresh cookie identifies the newest session only. Each session inherits the browser id of
    the one before, so sessions of older tabs, whose cookie was replaced, are ended as well.
    """
    token = await queries.locked_refresh_token(db, digest(previous or ""))
    ids = (token.web_session_id if token else None, entry.previous_session_id)
    earlier = [await db.get(WebSession, id) for id in ids if id]
    browsers = {session.browser for session in earlier if session}
    browser = min(browsers, default=None) or uuid4()
    sessions = await queries.sessions_in_browsers(db, browsers)
    others = [session.id for session in sessions if session.user_id != entry.user_id]
    if others:
        await end_sessions(db, SessionEnd.REPLACED, now, WebSession.id.in_(others))
    for session in sessions:
        if session.user_id == entry.user_id:
            session.browser = browser
    return browser


async def refresh_web_session(
    db: AsyncSession,
    keys: SigningKeys,
    refresh_token: str | None,
    expected: UUID | None,
    now: datetime,
) -> IssuedTokens | None:
    """A new access token and a new refresh token; None when the session has ended.

    Returns None instead of raising, so that revoking a session after reuse is committed.
    """
    token = await queries.locked_refresh_token(db, digest(refresh_token or ""))
    if token is None:
        return None
    session = await db.get_one(WebSession, token.web_session_id)
    if not await _is_active(db, session, now) or expected not in (None, session.id):
        return None
    if token.spent_at is not None and now - token.spent_at > GRACE:
        await _end(db, session, SessionEnd.REUSE, now)
        log.warning("web_session.refresh_reused", web_session=str(session.id))
        return None
    is_first_use = token.spent_at is None
    token.spent_at = token.spent_at or now
    session.used_at = now
    return await _issue_tokens(db, keys, session, now, rotate=is_first_use)


async def _issue_tokens(
    db: AsyncSession, keys: SigningKeys, session: WebSession, now: datetime, *, rotate: bool
) -> IssuedTokens:
    ends = min(now + ACCESS_LIFE, session.started_at + TOTAL_LIFE)
    token = AccessToken(session.user_id, session.id, ends)
    refresh_token = new_secret() if rotate else None
    if refresh_token:
        db.add(RefreshToken(token=digest(refresh_token), web_session_id=session.id, issued_at=now))
    return IssuedTokens(
        access_token=await keys.sign(Purpose.ACCESS, access_claims(token, now), now),
        expires_in=int((ends - now).total_seconds()),
        landing=Landing.model_validate(session.landing),
        locale=session.locale,
        web_session_id=session.id,
        refresh_token=refresh_token,
        user_id=session.user_id,
    )


async def _is_active(db: AsyncSession, session: WebSession, now: datetime) -> bool:
    if session.ended_at is not None:
        return False
    if now - session.used_at >= IDLE_LIFE or now - session.started_at >= TOTAL_LIFE:
        return False
    return not await queries.is_disabled(db, session.registration_id, session.deployment_id)


async def ended_session_error(db: AsyncSession, expected: UUID | None) -> WebSessionOver:
    """`WebSessionOver` for the page of session `expected`, with the reason of its end."""
    session = await db.get(WebSession, expected) if expected else None
    return WebSessionOver(session.end_reason if session else None)


async def end_web_session(
    db: AsyncSession, refresh_token: str | None, now: datetime
) -> WebSession | None:
    """End the person's sessions in this browser, all tabs included. Idempotent."""
    token = await queries.locked_refresh_token(db, digest(refresh_token or ""))
    if token is None:
        return None
    session = await db.get_one(WebSession, token.web_session_id)
    here = WebSession.browser == session.browser, WebSession.user_id == session.user_id
    await end_sessions(db, SessionEnd.SIGNED_OUT, now, *here)
    return session


async def _end(db: AsyncSession, session: WebSession, reason: SessionEnd, now: datetime) -> None:
    await end_sessions(db, reason, now, WebSession.id == session.id)


async def signed_in_user(
    db: AsyncSession, keys: SigningKeys, access_token: str, now: datetime
) -> UUID:
    """The user of the access token; `WebSessionOver` as soon as its session has ended."""
    return (await signed_in_session(db, keys, access_token, now)).user_id


async def signed_in_session(
    db: AsyncSession, keys: SigningKeys, access_token: str, now: datetime
) -> WebSession:
    """The open web session of the access token; `WebSessionOver` if it has ended."""
    claims = await _claims_of(access_token, keys, now)
    session = await active_session(db, UUID(str(claims["sid"])), now)
    if session is None:
        raise WebSessionOver
    return session


async def active_session(db: AsyncSession, id: UUID, now: datetime) -> WebSession | None:
    """The session if it is open: not ended, not idle, its platform enabled."""
    session = await db.get(WebSession, id)
    return session if session and await _is_active(db, session, now) else None


async def _claims_of(token: str, keys: SigningKeys, now: datetime) -> dict[str, object]:
    key_set = jwt.PyJWKSet.from_dict(await keys.key_set(Purpose.ACCESS, now))
    try:
        key = key_set[str(jwt.get_unverified_header(token).get("kid"))]
        claims: dict[str, object] = jwt.decode(
            token,
            key,
            algorithms=["EdDSA"],
            audience=API_AUDIENCE,
            issuer=ISSUER,
            options={"require": ["exp", "sid", "sub"], "verify_exp": False, "verify_iat": False},
        )
    except (jwt.InvalidTokenError, KeyError) as error:
        raise Unauthenticated from error
    if not float(str(claims["exp"])) > now.timestamp() - LEEWAY:
        raise Unauthenticated
    return claims
