"""Bearers for the services of platforms: one request, kept until shortly before they end.

https://www.imsglobal.org/spec/security/v1p0#using-json-web-tokens-with-oauth-2-0-client-credentials-grant
"""

import asyncio
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID, uuid4

from mydocker_kit.logging import get_logger

from ..domain.service_urls import Scope
from ..http_client.client import Answer, Outgoing, PlatformAway
from ..keys.signing import Purpose, SigningKeys
from ..metrics import TOKENS
from ..models import Registration

log = get_logger()
ASSERTION_LIFE = timedelta(seconds=60)
BACKDATED = timedelta(seconds=5)
"""Moodle allows no leeway: a clock slightly behind ours would refuse the assertion."""
RENEWED_BEFORE = timedelta(seconds=60)
BETWEEN_FAILURES = timedelta(seconds=5)
"""Fifty calls that wait for the same bearer make one request, also when it fails."""
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LONGEST_LIFE = 86_400
_TOKEN = re.compile(r"[!-~]{1,8000}", re.ASCII)
_WORD = re.compile(r"[A-Za-z0-9_ .-]{1,60}", re.ASCII)


class TokenRefused(PlatformAway):
    """The platform gives us no bearer; an administrator there can change that."""


@dataclass
class _Kept:
    token: str = ""
    until: datetime | None = None
    failure: PlatformAway | None = None
    failed_at: datetime | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class PlatformTokens:
    """The bearers in use, by registration and scope; never written down or logged."""

    def __init__(self, outgoing: Outgoing, keys: SigningKeys, key_set_url: str) -> None:
        self._outgoing, self._keys, self._key_set_url = outgoing, keys, key_set_url
        self._kept: dict[tuple[UUID, str, str, Scope], _Kept] = {}

    async def token(self, registration: Registration, scope: Scope, now: datetime) -> str:
        """A bearer that is good for a minute at least."""
        kept = self._kept.setdefault(_key(registration, scope), _Kept())
        async with kept.lock:
            if kept.until is None or now >= kept.until:
                await self._renew(kept, registration, scope, now)
            return kept.token

    def forget(self, registration: Registration, scope: Scope, token: str) -> None:
        """This bearer was refused; one that was fetched meanwhile stays."""
        kept = self._kept.get(_key(registration, scope))
        if kept is not None and kept.token == token:
            kept.until = None

    async def _renew(
        self, kept: _Kept, registration: Registration, scope: Scope, now: datetime
    ) -> None:
        if kept.failure and kept.failed_at and now - kept.failed_at < BETWEEN_FAILURES:
            raise kept.failure
        try:
            kept.token, life = self._read(await self._ask(registration, scope, now), scope)
        except PlatformAway as error:
            kept.failure, kept.failed_at = error, now
            TOKENS.labels("refused" if isinstance(error, TokenRefused) else "away").inc()
            log.warning("platform_token.failed", registration=str(registration.id), error=error)
            raise
        kept.failure, kept.until = None, now + life - RENEWED_BEFORE
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
        """The bearer and its life. Moodle labels its JSON `text/html`: the label is not read."""
        if answer.status == 404 and b"fix_jwks_alg" in answer.body:
            raise TokenRefused(f"the platform cannot fetch our key set at {self._key_set_url}")
        if answer.status == 429 or answer.status >= 500:
            raise PlatformAway(f"token: status {answer.status}")
        if answer.status != 200:
            raise TokenRefused(f"token: {_error_word(answer)}")
        body = answer.json()
        token = body.get("access_token") if isinstance(body, dict) else None
        if not isinstance(body, dict) or not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise PlatformAway("token: malformed")
        granted = body.get("scope", scope.value)
        if not isinstance(granted, str) or scope.value not in granted.split():
            raise TokenRefused("token: scope_withheld")
        return token, _life(body.get("expires_in"))


def _key(registration: Registration, scope: Scope) -> tuple[UUID, str, str, Scope]:
    """A platform that was registered anew, with another client or address, gets new bearers."""
    return registration.id, registration.client_id, registration.token_url, scope


def _error_word(answer: Answer) -> str:
    """The platform's error code, if it is one; nothing else of its answer is repeated."""
    try:
        body = answer.json()
    except PlatformAway:
        body = None
    word = body.get("error") if isinstance(body, dict) else None
    return word if isinstance(word, str) and _WORD.fullmatch(word) else f"status {answer.status}"


def _life(seconds: object) -> timedelta:
    if isinstance(seconds, str) and seconds.isascii() and seconds.isdigit() and len(seconds) < 9:
        seconds = int(seconds)
    known = isinstance(seconds, int) and not isinstance(seconds, bool) and seconds > 0
    return timedelta(seconds=min(seconds, _LONGEST_LIFE) if known else 300)  # type: ignore[call-overload]
