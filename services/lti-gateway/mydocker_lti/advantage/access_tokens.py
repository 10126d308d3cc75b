"""Access tokens for services of platforms (client credentials, JWT assertion), cached.

https://www.imsglobal.org/spec/security/v1p0#using-json-web-tokens-with-oauth-2-0-client-credentials-grant
"""

import asyncio
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID, uuid4

from mydocker_kit.observability.logging import get_logger
from mydocker_kit.outgoing.client import Answer, GuardedHttpClient, RemoteUnavailable

from ..domain.services.service_urls import Scope
from ..keys.signing import Purpose, SigningKeys
from ..metrics import TOKENS
from ..models import Registration

log = get_logger()
ASSERTION_LIFE = timedelta(seconds=60)
BACKDATED = timedelta(seconds=5)
"""Subtracted from `iat`: Moodle allows no clock skew."""
RENEWAL_MARGIN = timedelta(seconds=60)
MIN_RETRY_INTERVAL = timedelta(seconds=5)
"""A failure is cached this long, so that concurrent calls make one request."""
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_MAX_LIFE_SECONDS = 86_400
_TOKEN = re.compile(r"[!-~]{1,8000}", re.ASCII)
_ERROR_CODE = re.compile(r"[A-Za-z0-9_ .-]{1,60}", re.ASCII)


class TokenRefused(RemoteUnavailable):
    """The platform refuses an access token; its administrator can change that."""


@dataclass
class _CachedToken:
    token: str = ""
    until: datetime | None = None
    failure: RemoteUnavailable | None = None
    failed_at: datetime | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class PlatformTokens:
    """Access tokens by registration and scope, in memory only; never logged."""

    def __init__(self, outgoing: GuardedHttpClient, keys: SigningKeys, key_set_url: str) -> None:
        self._outgoing, self._keys, self._key_set_url = outgoing, keys, key_set_url
        self._cache: dict[tuple[UUID, str, str, Scope], _CachedToken] = {}

    async def token(self, registration: Registration, scope: Scope, now: datetime) -> str:
        """An access token that is valid for a minute at least."""
        cached = self._cache.setdefault(_key(registration, scope), _CachedToken())
        async with cached.lock:
            if cached.until is None or now >= cached.until:
                await self._renew(cached, registration, scope, now)
            return cached.token

    def discard(self, registration: Registration, scope: Scope, token: str) -> None:
        """Drop this token after a 401; a newer cached token stays."""
        cached = self._cache.get(_key(registration, scope))
        if cached is not None and cached.token == token:
            cached.until = None

    async def _renew(
        self, cached: _CachedToken, registration: Registration, scope: Scope, now: datetime
    ) -> None:
        if cached.failure and cached.failed_at and now - cached.failed_at < MIN_RETRY_INTERVAL:
            raise cached.failure
        try:
            cached.token, life = self._read(await self._ask(registration, scope, now), scope)
        except RemoteUnavailable as error:
            cached.failure, cached.failed_at = error, now
            TOKENS.labels("refused" if isinstance(error, TokenRefused) else "away").inc()
            log.warning("platform_token.failed", registration=str(registration.id), error=error)
            raise
        cached.failure, cached.until = None, now + life - RENEWAL_MARGIN
        TOKENS.labels("given").inc()

    async def _ask(self, registration: Registration, scope: Scope, now: datetime) -> Answer:
        begins = now - BACKDATED
        claims = {
            "iss": registration.client_id,
            "sub": registration.client_id,
            "aud": registration.token_url,
            "iat": begins,
            "exp": now + ASSERTION_LIFE,
            "jti": uuid4().hex,
        }
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": _ASSERTION,
            "client_assertion": await self._keys.sign(Purpose.PLATFORMS, claims, now),
            "scope": scope.value,
        }
        return await self._outgoing.send(
            "POST",
            registration.token_url,
            allow_http=registration.allow_http,
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            content=urlencode(form).encode(),
        )

    def _read(self, answer: Answer, scope: Scope) -> tuple[str, timedelta]:
        """The token and its life. Moodle labels its JSON `text/html`, so the type is ignored."""
        if answer.status == 404 and b"fix_jwks_alg" in answer.body:
            raise TokenRefused(f"the platform cannot fetch our key set at {self._key_set_url}")
        if answer.status == 429 or answer.status >= 500:
            raise RemoteUnavailable(f"token: status {answer.status}")
        if answer.status != 200:
            raise TokenRefused(f"token: {_error_code(answer)}")
        body = answer.json()
        token = body.get("access_token") if isinstance(body, dict) else None
        if not isinstance(body, dict) or not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise RemoteUnavailable("token: malformed")
        granted = body.get("scope", scope.value)
        if not isinstance(granted, str) or scope.value not in granted.split():
            raise TokenRefused("token: scope_withheld")
        return token, _life(body.get("expires_in"))


def _key(registration: Registration, scope: Scope) -> tuple[UUID, str, str, Scope]:
    """Cache key; another client id or token URL gets new tokens."""
    return registration.id, registration.client_id, registration.token_url, scope


def _error_code(answer: Answer) -> str:
    """The OAuth error code if it is well-formed; nothing else of the answer is logged."""
    try:
        body = answer.json()
    except RemoteUnavailable:
        body = None
    code = body.get("error") if isinstance(body, dict) else None
    return (
        code if isinstance(code, str) and _ERROR_CODE.fullmatch(code) else f"status {answer.status}"
    )


def _life(seconds: object) -> timedelta:
    if isinstance(seconds, str) and seconds.isascii() and seconds.isdigit() and len(seconds) < 9:
        seconds = int(seconds)
    known = isinstance(seconds, int) and not isinstance(seconds, bool) and seconds > 0
    return timedelta(seconds=min(seconds, _MAX_LIFE_SECONDS) if known else 300)  # type: ignore[call-overload]
