"""OpenID Connect discovery: cached metadata and keys of providers.

https://openid.net/specs/openid-connect-discovery-1_0.html
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import jwt
from pydantic import BaseModel, ValidationError

from mydocker_kit.observability.logging import get_logger
from mydocker_kit.outgoing.client import GuardedHttpClient, RemoteUnavailable

from ..domain.refusals import EntryRefused, Reason
from .providers import OpenIdProvider

log = get_logger()
FRESH = timedelta(hours=1)
STALE = timedelta(hours=24)
MIN_FETCH_INTERVAL = timedelta(seconds=60)


class Metadata(BaseModel):
    """The fields of a discovery document that are used."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    end_session_endpoint: str | None = None
    token_endpoint_auth_methods_supported: list[str] = ["client_secret_basic"]


@dataclass
class _CachedProvider:
    metadata: Metadata | None = None
    fetched_at: datetime | None = None
    tried_at: datetime | None = None
    keys: dict[str | None, jwt.PyJWK] = field(default_factory=dict)
    keys_tried_at: datetime | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Discovery:
    """Cache of the metadata and keys of all OpenID providers."""

    def __init__(self, outgoing: GuardedHttpClient) -> None:
        self._outgoing = outgoing
        self._cached: dict[str, _CachedProvider] = {}

    async def metadata(self, provider: OpenIdProvider, now: datetime) -> Metadata:
        """The provider's metadata, at most an hour old, a day old while it does not answer."""
        cached = self._cached.setdefault(provider.id, _CachedProvider())
        async with cached.lock:
            if _is_older(cached.fetched_at, FRESH, now) and _is_older(
                cached.tried_at,
                MIN_FETCH_INTERVAL if cached.metadata else timedelta(seconds=5),
                now,
            ):
                cached.tried_at = now
                await self._discover(provider, cached, now)
        if cached.metadata is None or _is_older(cached.fetched_at, STALE, now):
            raise EntryRefused(Reason.PROVIDER_AWAY, provider=provider.id)
        return cached.metadata

    async def _discover(
        self, provider: OpenIdProvider, cached: _CachedProvider, now: datetime
    ) -> None:
        url = f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            document = await self._outgoing.get_json(url, allow_http=provider.allow_http)
            metadata = Metadata.model_validate(document)
        except (RemoteUnavailable, ValidationError) as error:
            log.warning(
                "provider.discovery_failed", provider=provider.id, error=type(error).__name__
            )
            return
        if metadata.issuer != provider.issuer:
            log.error("provider.issuer_differs", provider=provider.id)
            return
        cached.metadata, cached.fetched_at = metadata, now

    async def key(
        self, provider: OpenIdProvider, metadata: Metadata, kid: str | None, now: datetime
    ) -> jwt.PyJWK:
        """The key `kid`; the provider's only key when the token has no `kid`."""
        cached = self._cached[provider.id]
        async with cached.lock:
            if kid not in cached.keys and _is_older(cached.keys_tried_at, MIN_FETCH_INTERVAL, now):
                cached.keys_tried_at = now
                await self._fetch_keys(provider, metadata, cached)
        if kid is None and len(cached.keys) == 1:
            return next(iter(cached.keys.values()))
        if kid not in cached.keys:
            raise EntryRefused(Reason.KEY_UNKNOWN, provider=provider.id)
        return cached.keys[kid]

    async def _fetch_keys(
        self, provider: OpenIdProvider, metadata: Metadata, cached: _CachedProvider
    ) -> None:
        try:
            url, allow_http = metadata.jwks_uri, provider.allow_http
            jwks = await self._outgoing.get_json(url, allow_http=allow_http)
            key_set = jwt.PyJWKSet.from_dict(jwks if isinstance(jwks, dict) else {})
        except (RemoteUnavailable, jwt.PyJWTError) as error:
            log.warning("provider.keys_failed", provider=provider.id, error=type(error).__name__)
            return
        cached.keys = {key.key_id: key for key in key_set.keys if key.public_key_use != "enc"}


def _is_older(moment: datetime | None, age: timedelta, now: datetime) -> bool:
    return moment is None or not timedelta(0) <= now - moment < age
