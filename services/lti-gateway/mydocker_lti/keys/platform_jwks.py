"""Cache of the platforms' key sets (JWKS): fresh for an hour, usable for a day in an outage.

PyJWT's own key client fetches again for every unknown key id and empties its cache when a fetch
fails: forged key ids could make us flood a platform, or refuse all of its launches.
"""

import asyncio
import base64
import binascii
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from sqlalchemy.dialects.postgresql import insert

from mydocker_kit.contracts.gateway.platforms import SeenKeys
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.outgoing.addresses import origin
from mydocker_kit.outgoing.client import GuardedHttpClient, RemoteUnavailable
from mydocker_kit.postgres.db import Sessions, transaction

from ..domain.refusals import EntryRefused, Reason
from ..models import PlatformKeySet, Registration

log = get_logger()
FRESH = timedelta(hours=1)
STALE = timedelta(hours=24)
MIN_FETCH_INTERVAL = timedelta(seconds=60)
MIN_RETRY_INTERVAL = timedelta(seconds=5)
"""Without any key all launches are refused, so the retry comes sooner."""
MIN_KEY_BITS = 2048
MAX_KEY_BITS = 8192


@dataclass
class _CachedKeys:
    keys: dict[str, RSAPublicKey] = field(default_factory=dict)
    fetched_at: datetime | None = None
    tried_at: datetime | None = None
    failure: str | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def younger_than(self, age: timedelta, now: datetime) -> bool:
        return self.fetched_at is not None and now - self.fetched_at < age


class PlatformKeys:
    """The key sets of all platforms, as last fetched.

    The cache key contains the JWKS URL: a changed URL makes earlier keys unusable.
    """

    def __init__(self, outgoing: GuardedHttpClient, sessions: Sessions) -> None:
        self._outgoing, self._sessions = outgoing, sessions
        self._cache: dict[tuple[UUID, str], _CachedKeys] = {}

    def _cached_keys(self, registration: Registration) -> _CachedKeys:
        return self._cache.setdefault((registration.id, registration.jwks_url), _CachedKeys())

    async def signing_key(
        self, registration: Registration, kid: str, now: datetime
    ) -> RSAPublicKey:
        """The platform's key `kid`; refuses an unknown one, and all while no key set is usable."""
        cached = self._cached_keys(registration)
        if not (cached.younger_than(FRESH, now) and kid in cached.keys):
            async with cached.lock:
                if not (cached.younger_than(FRESH, now) and kid in cached.keys):
                    await self._fetch(registration, cached, now)
        if not cached.younger_than(STALE, now):
            raise EntryRefused(
                Reason.KEYS_UNAVAILABLE, home=origin(registration.jwks_url), why=cached.failure
            )
        if kid not in cached.keys:
            raise EntryRefused(Reason.KEY_UNKNOWN)
        return cached.keys[kid]

    async def fetch_now(self, registration_id: UUID, now: datetime) -> bool:
        """Fetch for an operator, at most every five seconds; False for an unknown platform."""
        async with transaction(self._sessions) as db:
            registration = await db.get(Registration, registration_id)
        if registration is None:
            return False
        cached = self._cached_keys(registration)
        async with cached.lock:
            await self._fetch(registration, cached, now, MIN_RETRY_INTERVAL)
        return True

    async def _fetch(
        self,
        registration: Registration,
        cached: _CachedKeys,
        now: datetime,
        pause: timedelta | None = None,
    ) -> None:
        """Fetch, at most once a minute; a failure leaves the cached keys."""
        pause = pause or (MIN_FETCH_INTERVAL if cached.keys else MIN_RETRY_INTERVAL)
        if cached.tried_at is not None and now - cached.tried_at < pause:
            return
        cached.tried_at = now
        try:
            document = await self._outgoing.get_json(
                registration.jwks_url, allow_http=registration.allow_http
            )
            keys = usable_keys(document)
        except RemoteUnavailable as error:
            cached.failure = str(error)
            log.warning("platform_keys.failed", registration=str(registration.id), error=error)
            await self._record_fetch(registration.id, cached, now, str(error))
            return
        cached.keys, cached.fetched_at, cached.failure = keys, now, None
        log.info("platform_keys.fetched", registration=str(registration.id), keys=len(keys))
        await self._record_fetch(registration.id, cached, now, None)

    async def _record_fetch(
        self, id: UUID, cached: _CachedKeys, now: datetime, failure: str | None
    ) -> None:
        """Store the result for operators, whose request may reach another replica."""
        facts: dict[str, Any] = {"tried_at": now, "failure": failure}
        if failure is None:
            facts |= {"kids": sorted(cached.keys), "fetched_at": now}
        first = {"registration_id": id, "kids": [], "fetched_at": None, **facts}
        query = insert(PlatformKeySet).values(**first)
        key = [PlatformKeySet.registration_id]
        async with transaction(self._sessions) as db:
            await db.execute(query.on_conflict_do_update(index_elements=key, set_=facts))

    async def seen(self, registration_id: UUID) -> SeenKeys:
        """The result of the last fetch by any replica."""
        async with transaction(self._sessions) as db:
            row = await db.get(PlatformKeySet, registration_id)
        if row is None:
            return SeenKeys(kids=[], fetched_at=None, tried_at=None, failure=None)
        return SeenKeys(
            kids=row.kids, fetched_at=row.fetched_at, tried_at=row.tried_at, failure=row.failure
        )


def usable_keys(key_set: object) -> dict[str, RSAPublicKey]:
    """RSA keys for RS256 by key id; the first one of a repeated id."""
    entries = key_set.get("keys") if isinstance(key_set, dict) else None
    if not isinstance(entries, list):
        raise RemoteUnavailable("no key set")
    keys: dict[str, RSAPublicKey] = {}
    for entry in entries[:100]:
        if isinstance(entry, dict) and isinstance(kid := entry.get("kid"), str):
            key = _rsa_key(entry)
            if key is not None and kid not in keys:
                keys[kid] = key
    if not keys:
        raise RemoteUnavailable("no usable key")
    return keys


def _rsa_key(entry: dict[str, object]) -> RSAPublicKey | None:
    if entry.get("kty") != "RSA" or entry.get("use", "sig") != "sig":
        return None
    if entry.get("alg", "RS256") != "RS256":
        return None
    try:
        modulus, exponent = _number(entry.get("n")), _number(entry.get("e"))
        if not MIN_KEY_BITS <= modulus.bit_length() <= MAX_KEY_BITS:
            return None
        return RSAPublicNumbers(exponent, modulus).public_key()
    except (ValueError, binascii.Error):
        return None


def _number(value: object) -> int:
    if not isinstance(value, str) or not value.isascii():
        raise ValueError("no number")
    padded = value + "=" * (-len(value) % 4)
    return int.from_bytes(base64.urlsafe_b64decode(padded), "big")
