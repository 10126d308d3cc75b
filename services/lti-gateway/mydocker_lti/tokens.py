"""Web sessions of people: short access tokens, refresh tokens that are used once."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import jwt
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.launches import Landing
from mydocker_kit.contracts.sessions import SessionEnd
from mydocker_kit.errors import Forbidden, Unauthenticated
from mydocker_kit.logging import get_logger
from mydocker_kit.tokens import API_AUDIENCE, ISSUER, LEEWAY, AccessToken, access_claims

from . import queries
from .endings import end_sessions
from .models import RefreshToken, WebSession
from .opaque import digest, new_secret
from .signing import Purpose, SigningKeys

log = get_logger()
ACCESS_LIFE = timedelta(minutes=10)
IDLE_LIFE = timedelta(minutes=60)
TOTAL_LIFE = timedelta(hours=8)
GRACE = timedelta(seconds=10)
"""Two tabs share one cookie and may refresh at the same moment; later reuse is theft."""


class WebSessionOver(Unauthenticated):
    """Idle too long, ended, or never there: enter from the course again."""

    code, title = "web_session_over", "Your session is over"

    def __init__(self, reason: str | None = None) -> None:
        """`reason`: a `SessionEnd`, where one is known of the visit that the page belongs to."""
        super().__init__(**({"reason": reason} if reason else {}))


class ForeignRequest(Forbidden):
    """A request that our own application did not send."""

    code, title = "foreign_request", "This request does not come from the application"


@dataclass(frozen=True)
class Admission:
    """What the browser's application gets to work with."""

    access_token: str
    expires_in: int
    landing: Landing
    locale: str | None
    web_session_id: UUID
    refresh_token: str | None
    """None leaves the browser's cookie as it is."""
    user_id: UUID
    browser: str | None = None
    """What names the browser from now on, when somebody has just entered."""


@dataclass(frozen=True)
class Browser:
    """What a request shows of the browser it comes from."""

    refresh_token: str | None = None
    """Of the newest visit of this browser, where its cookie is kept."""
    name: str | None = None
    """Secret that we gave the browser before."""


@dataclass(frozen=True)
class Entry:
    """Who enters, vouched for by a platform, a sign-in provider or an operator's link."""

    user_id: UUID
    landing: Landing
    locale: str | None = None
    registration_id: UUID | None = None
    deployment_id: str | None = None
    provider: str | None = None
    provider_session: str | None = None
    provider_subject: str | None = None
    from_visit: UUID | None = None
    """The visit in the same browser that this one goes on from."""


async def open_web_session(
    db: AsyncSession, keys: SigningKeys, entry: Entry, browser: Browser, now: datetime
) -> Admission:
    """Sign this person in; every visit of somebody else in this browser ends."""
    if await queries.is_shut(db, entry.registration_id, entry.deployment_id):
        raise WebSessionOver
    name = browser.name or new_secret()
    await _take_browser(db, browser, digest(name), entry, now)
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
        browser=digest(name),
    )
    db.add(session)
    await db.flush()
    return replace(await _admit(db, keys, session, now, rotate=True), browser=name)


async def _take_browser(
    db: AsyncSession, browser: Browser, name: str, entry: Entry, now: datetime
) -> None:
    """End the visits of everybody else in this browser; the person's own go by its name.

    The refresh cookie tells of the newest visit in a tab or frame alone, so all visits of one
    browser bear its name: an older tab, whose own token nobody can show any more, is found too.
    """
    browsers = {name}
    token = await queries.locked_refresh_token(db, digest(browser.refresh_token or ""))
    for id in (token.web_session_id if token else None, entry.from_visit):
        session = await db.get(WebSession, id) if id else None
        if session is not None:
            browsers.add(session.browser)
    visits = await queries.visits_in(db, browsers)
    others = [one.id for one in visits if one.user_id != entry.user_id]
    if others:
        await end_sessions(db, SessionEnd.REPLACED, now, WebSession.id.in_(others))
    for one in visits:
        if one.user_id == entry.user_id:
            one.browser = name


async def refresh_web_session(
    db: AsyncSession,
    keys: SigningKeys,
    refresh_token: str | None,
    expected: UUID | None,
    now: datetime,
) -> Admission | None:
    """A new access token and a new refresh token; None when the session is over.

    None instead of an error, so that ending a session after reuse is committed.
    """
    token = await queries.locked_refresh_token(db, digest(refresh_token or ""))
    if token is None:
        return None
    session = await db.get_one(WebSession, token.web_session_id)
    if not await _is_alive(db, session, now) or expected not in (None, session.id):
        return None
    if token.spent_at is not None and now - token.spent_at > GRACE:
        await _end(db, session, SessionEnd.REUSE, now)
        log.warning("web_session.refresh_reused", web_session=str(session.id))
        return None
    fresh = token.spent_at is None
    token.spent_at = token.spent_at or now
    session.used_at = now
    return await _admit(db, keys, session, now, rotate=fresh)


async def _admit(
    db: AsyncSession, keys: SigningKeys, session: WebSession, now: datetime, *, rotate: bool
) -> Admission:
    ends = min(now + ACCESS_LIFE, session.started_at + TOTAL_LIFE)
    token = AccessToken(session.user_id, session.id, ends)
    refresh_token = new_secret() if rotate else None
    if refresh_token:
        db.add(RefreshToken(token=digest(refresh_token), web_session_id=session.id, issued_at=now))
    return Admission(
        access_token=await keys.sign(Purpose.ACCESS, access_claims(token, now), now),
        expires_in=int((ends - now).total_seconds()),
        landing=Landing.model_validate(session.landing),
        locale=session.locale,
        web_session_id=session.id,
        refresh_token=refresh_token,
        user_id=session.user_id,
    )


async def _is_alive(db: AsyncSession, session: WebSession, now: datetime) -> bool:
    if session.ended_at is not None:
        return False
    if now - session.used_at >= IDLE_LIFE or now - session.started_at >= TOTAL_LIFE:
        return False
    return not await queries.is_shut(db, session.registration_id, session.deployment_id)


async def over(db: AsyncSession, expected: UUID | None) -> WebSessionOver:
    """The refusal for the page of this visit, with why it ended."""
    session = await db.get(WebSession, expected) if expected else None
    return WebSessionOver(session.end_reason if session else None)


async def end_web_session(
    db: AsyncSession, refresh_token: str | None, now: datetime
) -> WebSession | None:
    """Sign out in this browser, in every tab of it; signing out twice is fine."""
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
    """Whose access token this is; the gateway also sees at once that the session has ended."""
    return (await signed_in_session(db, keys, access_token, now)).user_id


async def signed_in_session(
    db: AsyncSession, keys: SigningKeys, access_token: str, now: datetime
) -> WebSession:
    """The living web session this access token is of."""
    claims = await _claims_of(access_token, keys, now)
    session = await living_session(db, UUID(str(claims["sid"])), now)
    if session is None:
        raise WebSessionOver
    return session


async def living_session(db: AsyncSession, id: UUID, now: datetime) -> WebSession | None:
    session = await db.get(WebSession, id)
    return session if session and await _is_alive(db, session, now) else None


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
