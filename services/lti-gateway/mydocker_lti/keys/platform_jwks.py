"""Platforms' public keys: cached an hour, kept a day when the platform is away.

PyJWT's own key client fetches again for every unknown key id and empties its cache when a fetch
fails; anybody could make us flood a platform, or sign everybody out, with made-up key ids.
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

from mydocker_kit.contracts.platforms import SeenKeys
from mydocker_kit.db import Sessions, transaction
from mydocker_kit.logging import get_logger

from ..domain.addresses import origin
from ..domain.refusals import EntryRefused, Reason
from ..http_client.client import Outgoing, PlatformAway
from ..models import PlatformKeySet, Registration

log = get_logger()
FRESH = timedelta(hours=1)
STALE = timedelta(hours=24)
BETWEEN_FETCHES = timedelta(seconds=60)
BETWEEN_FIRST_TRIES = timedelta(seconds=5)
"""While there is no key at all, nobody can enter: look again sooner."""
SMALLEST_BITS = 2048
LARGEST_BITS = 8192


@dataclass
class _Kept:
    keys: dict[str, RSAPublicKey] = field(default_factory=dict)
    fetched_at: datetime | None = None
    tried_at: datetime | None = None
    failure: str | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def younger_than(self, age: timedelta, now: datetime) -> bool:
        return self.fetched_at is not None and now - self.fetched_at < age


class PlatformKeys:
    """The key sets of every registered platform, as last fetched.

    What was fetched from an address says nothing once the platform has another one.
    """

    def __init__(self, outgoing: Outgoing, sessions: Sessions) -> None:
        self._outgoing, self._sessions = outgoing, sessions
        self._kept: dict[tuple[UUID, str], _Kept] = {}

    def _kept_of(self, registration: Registration) -> _Kept:
        return self._kept.setdefault((registration.id, registration.jwks_url), _Kept())

    async def signing_key(
        self, registration: Registration, kid: str, now: datetime
    ) -> RSAPublicKey:
        """The key `kid` of this platform; refuses when it has none."""
        kept = self._kept_of(registration)
        if not (kept.younger_than(FRESH, now) and kid in kept.keys):
            async with kept.lock:
                if not (kept.younger_than(FRESH, now) and kid in kept.keys):
                    await self._fetch(registration, kept, now)
        if not kept.younger_than(STALE, now):
            raise EntryRefused(
                Reason.KEYS_UNAVAILABLE, home=origin(registration.jwks_url), why=kept.failure
            )
        if kid not in kept.keys:
            raise EntryRefused(Reason.KEY_UNKNOWN)
        return kept.keys[kid]

    async def fetch_now(self, registration_id: UUID, now: datetime) -> bool:
        """Fetch again for an operator, once in five seconds; False for an unknown platform."""
        async with transaction(self._sessions) as db:
            registration = await db.get(Registration, registration_id)
        if registration is None:
            return False
        kept = self._kept_of(registration)
        async with kept.lock:
            await self._fetch(registration, kept, now, BETWEEN_FIRST_TRIES)
        return True

    async def _fetch(
        self,
        registration: Registration,
        kept: _Kept,
        now: datetime,
        pause: timedelta | None = None,
    ) -> None:
        """Fetch again, at most once a minute; a failure keeps what we have."""
        pause = pause or (BETWEEN_FETCHES if kept.keys else BETWEEN_FIRST_TRIES)
        if kept.tried_at is not None and now - kept.tried_at < pause:
            return
        kept.tried_at = now
        try:
            answer = await self._outgoing.get_json(
                registration.jwks_url, allow_http=registration.allow_http
            )
            keys = usable_keys(answer)
        except PlatformAway as error:
            kept.failure = str(error)
            log.warning("platform_keys.failed", registration=str(registration.id), error=error)
            await self._note(registration.id, kept, now, str(error))
            return
        kept.keys, kept.fetched_at, kept.failure = keys, now, None
        log.info("platform_keys.fetched", registration=str(registration.id), keys=len(keys))
        await self._note(registration.id, kept, now, None)

    async def _note(self, id: UUID, kept: _Kept, now: datetime, failure: str | None) -> None:
        """For operators, who may ask another replica, or after a restart."""
        facts: dict[str, Any] = {"tried_at": now, "failure": failure}
        if failure is None:
            facts |= {"kids": sorted(kept.keys), "fetched_at": now}
        first = {"registration_id": id, "kids": [], "fetched_at": None, **facts}
        query = insert(PlatformKeySet).values(**first)
        key = [PlatformKeySet.registration_id]
        async with transaction(self._sessions) as db:
            await db.execute(query.on_conflict_do_update(index_elements=key, set_=facts))

    async def seen(self, registration_id: UUID) -> SeenKeys:
        """What the newest looks of any replica brought."""
        async with transaction(self._sessions) as db:
            row = await db.get(PlatformKeySet, registration_id)
        if row is None:
            return SeenKeys(kids=[], fetched_at=None, tried_at=None, failure=None)
        return SeenKeys(
            kids=row.kids, fetched_at=row.fetched_at, tried_at=row.tried_at, failure=row.failure
        )


def usable_keys(key_set: object) -> dict[str, RSAPublicKey]:
    """RSA signing keys for RS256 by their ids; of a repeated id, the first."""
    entries = key_set.get("keys") if isinstance(key_set, dict) else None
    if not isinstance(entries, list):
        raise PlatformAway("no key set")
    keys: dict[str, RSAPublicKey] = {}
    for entry in entries[:100]:
        if isinstance(entry, dict) and isinstance(kid := entry.get("kid"), str):
            key = _rsa_key(entry)
            if key is not None and kid not in keys:
                keys[kid] = key
    if not keys:
        raise PlatformAway("no usable key")
    return keys


def _rsa_key(entry: dict[str, object]) -> RSAPublicKey | None:
    if entry.get("kty") != "RSA" or entry.get("use", "sig") != "sig":
        return None
    if entry.get("alg", "RS256") != "RS256":
        return None
    try:
        modulus, exponent = _number(entry.get("n")), _number(entry.get("e"))
        if not SMALLEST_BITS <= modulus.bit_length() <= LARGEST_BITS:
            return None
        return RSAPublicNumbers(exponent, modulus).public_key()
    except (ValueError, binascii.Error):
        return None


def _number(value: object) -> int:
    if not isinstance(value, str) or not value.isascii():
        raise ValueError("no number")
    padded = value + "=" * (-len(value) % 4)
    return int.from_bytes(base64.urlsafe_b64decode(padded), "big")
