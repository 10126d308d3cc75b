"""What OpenID providers publish of themselves: where they are asked, and their keys; kept a while.

https://openid.net/specs/openid-connect-discovery-1_0.html
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import jwt
from pydantic import BaseModel, ValidationError

from mydocker_kit.logging import get_logger

from ..domain.refusals import EntryRefused, Reason
from ..http_client.client import Outgoing, PlatformAway
from .providers import OpenIdProvider

log = get_logger()
FRESH = timedelta(hours=1)
STALE = timedelta(hours=24)
BETWEEN_FETCHES = timedelta(seconds=60)


class Metadata(BaseModel):
    """What we need of a provider's discovery document."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    end_session_endpoint: str | None = None
    token_endpoint_auth_methods_supported: list[str] = ["client_secret_basic"]


@dataclass
class _Known:
    metadata: Metadata | None = None
    fetched_at: datetime | None = None
    tried_at: datetime | None = None
    keys: dict[str | None, jwt.PyJWK] = field(default_factory=dict)
    keys_tried_at: datetime | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Discovery:
    """Every OpenID provider, as it was when it was asked last."""

    def __init__(self, outgoing: Outgoing) -> None:
        self._outgoing = outgoing
        self._known: dict[str, _Known] = {}

    async def metadata(self, provider: OpenIdProvider, now: datetime) -> Metadata:
        """Where it is asked; refused while nothing is known of it that is not stale."""
        known = self._known.setdefault(provider.id, _Known())
        async with known.lock:
            if _older(known.fetched_at, FRESH, now) and _older(
                known.tried_at, BETWEEN_FETCHES if known.metadata else timedelta(seconds=5), now
            ):
                known.tried_at = now
                await self._discover(provider, known, now)
        if known.metadata is None or _older(known.fetched_at, STALE, now):
            raise EntryRefused(Reason.PROVIDER_AWAY, provider=provider.id)
        return known.metadata

    async def _discover(self, provider: OpenIdProvider, known: _Known, now: datetime) -> None:
        url = f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            said = await self._outgoing.get_json(url, allow_http=provider.allow_http)
            metadata = Metadata.model_validate(said)
        except (PlatformAway, ValidationError) as error:
            log.warning("provider.undiscovered", provider=provider.id, error=type(error).__name__)
            return
        if metadata.issuer != provider.issuer:
            log.error("provider.issuer_differs", provider=provider.id)
            return
        known.metadata, known.fetched_at = metadata, now

    async def key(
        self, provider: OpenIdProvider, metadata: Metadata, kid: str | None, now: datetime
    ) -> jwt.PyJWK:
        """The key of this id; the only one there is, when the token names none."""
        known = self._known[provider.id]
        async with known.lock:
            if kid not in known.keys and _older(known.keys_tried_at, BETWEEN_FETCHES, now):
                known.keys_tried_at = now
                await self._fetch_keys(provider, metadata, known)
        if kid is None and len(known.keys) == 1:
            return next(iter(known.keys.values()))
        if kid not in known.keys:
            raise EntryRefused(Reason.KEY_UNKNOWN, provider=provider.id)
        return known.keys[kid]

    async def _fetch_keys(
        self, provider: OpenIdProvider, metadata: Metadata, known: _Known
    ) -> None:
        try:
            said = await self._outgoing.get_json(metadata.jwks_uri, allow_http=provider.allow_http)
            found = jwt.PyJWKSet.from_dict(said if isinstance(said, dict) else {})
        except (PlatformAway, jwt.PyJWTError) as error:
            log.warning("provider.no_keys", provider=provider.id, error=type(error).__name__)
            return
        known.keys = {key.key_id: key for key in found.keys if key.public_key_use != "enc"}


def _older(moment: datetime | None, age: timedelta, now: datetime) -> bool:
    return moment is None or not timedelta(0) <= now - moment < age
