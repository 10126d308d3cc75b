"""OpenID Connect relying party: code flow with PKCE, id_token validation, back-channel logout.

https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import jwt
from authlib.common.errors import AuthlibBaseError
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from jwt.api_jws import PyJWS

from mydocker_kit.contracts.gateway.launches import LaunchPerson
from mydocker_kit.contracts.values import external_text, is_storable
from mydocker_kit.outgoing.client import Answer, GuardedHttpClient, RemoteUnavailable

from ..domain.random_secrets import digest, same
from ..domain.refusals import EntryRefused, Reason
from .discovery import Discovery, Metadata
from .providers import OpenIdProvider, ProviderIdentity

LEEWAY = 60
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
"""Asymmetric algorithms only: `HS256` would accept tokens signed with the client secret."""
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
MAX_LOGOUT_TOKEN_AGE = 300
"""Seconds after `iat` at which a logout token is refused."""
_LONGEST = 64 * 1024
_jws = PyJWS(algorithms=ALGORITHMS)


class OpenId:
    """Sign-in and sign-out with OpenID providers."""

    def __init__(self, outgoing: GuardedHttpClient) -> None:
        self._outgoing, self._discovery = outgoing, Discovery(outgoing)

    async def authorization_url(
        self,
        provider: OpenIdProvider,
        redirect_uri: str,
        state: str,
        nonce: str,
        verifier: str,
        now: datetime,
        *,
        force_reauth: bool = False,
    ) -> str:
        """The authorization URL; `force_reauth` makes the provider authenticate again."""
        metadata = await self._discovery.metadata(provider, now)
        reauth = {"prompt": "login", "max_age": "0"} if force_reauth else {}
        return str(
            prepare_grant_uri(
                metadata.authorization_endpoint,
                provider.client_id,
                "code",
                redirect_uri=redirect_uri,
                scope=" ".join(provider.scopes),
                state=state,
                nonce=nonce,
                code_challenge=create_s256_code_challenge(verifier),  # type: ignore[no-untyped-call]
                code_challenge_method="S256",
                **reauth,
            )
        )

    async def person(
        self,
        provider: OpenIdProvider,
        redirect_uri: str,
        code: str,
        verifier: str,
        nonce_digest: str,
        now: datetime,
        *,
        proved_after: datetime | None = None,
    ) -> ProviderIdentity:
        """Exchange `code` for the person's identity; `proved_after` is the oldest `auth_time`."""
        metadata = await self._discovery.metadata(provider, now)
        tokens = await self._tokens(provider, metadata, redirect_uri, code, verifier)
        claims = await self._verified_claims(provider, metadata, tokens, nonce_digest, now)
        if proved_after is not None:
            _check_fresh(claims, provider, proved_after)
        if "name" not in claims and metadata.userinfo_endpoint:
            claims = {**await self._userinfo(provider, metadata, tokens, claims["sub"]), **claims}
        person = LaunchPerson(
            issuer=provider.issuer,
            subject=claims["sub"],
            name=_text(claims, "name") or _text(claims, "preferred_username"),
            email=_text(claims, "email"),
            locale=_text(claims, "locale", 35),
        )
        return ProviderIdentity(person, _text(claims, "sid"))

    async def logged_out(
        self, provider: OpenIdProvider, logout_token: str, now: datetime
    ) -> tuple[str | None, str | None]:
        """`sid` and `sub` of a logout token, verified.

        https://openid.net/specs/openid-connect-backchannel-1_0.html#Validation
        """
        metadata = await self._discovery.metadata(provider, now)
        try:
            header = jwt.get_unverified_header(logout_token)
            key = await self._discovery.key(provider, metadata, header.get("kid"), now)
            claims = jwt.decode(
                logout_token,
                key,
                algorithms=ALGORITHMS,
                audience=provider.client_id,
                issuer=provider.issuer,
                leeway=LEEWAY,
                options={"require": ["iss", "aud", "iat", "jti", "events"], "verify_exp": False,
                         "verify_iat": False},
            )  # fmt: skip
            events, age = claims["events"], now.timestamp() - float(claims["iat"])
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            cause = type(error).__name__
            raise EntryRefused(Reason.ID_TOKEN_WRONG, provider=provider.id, error=cause) from None
        # A `nonce` would make it an id_token; an old token could be replayed.
        is_logout = isinstance(events, dict) and LOGOUT_EVENT in events and "nonce" not in claims
        if not is_logout or not -LEEWAY <= age <= MAX_LOGOUT_TOKEN_AGE:
            raise EntryRefused(Reason.ID_TOKEN_WRONG, provider=provider.id, error="not_a_log_out")
        session, subject = _text(claims, "sid"), _text(claims, "sub")
        if session is None and subject is None:
            raise EntryRefused(Reason.CLAIM_INVALID, provider=provider.id, claim="sid")
        return session, subject

    async def logout_url(self, provider: OpenIdProvider, back: str, now: datetime) -> str | None:
        """The provider's `end_session_endpoint` with our parameters; None without one.

        Uses `client_id` instead of `id_token_hint`: tokens do not belong in URLs.
        """
        try:
            metadata = await self._discovery.metadata(provider, now)
        except EntryRefused:
            return None
        if metadata.end_session_endpoint is None:
            return None
        query = [("client_id", provider.client_id), ("post_logout_redirect_uri", back)]
        return str(add_params_to_uri(metadata.end_session_endpoint, query))

    async def _tokens(
        self,
        provider: OpenIdProvider,
        metadata: Metadata,
        redirect_uri: str,
        code: str,
        verifier: str,
    ) -> Mapping[str, Any]:
        body = prepare_token_request(
            "authorization_code", redirect_uri=redirect_uri, code=code, code_verifier=verifier
        )
        secret = provider.secret()
        auth = ClientAuth(provider.client_id, secret, _auth_method(secret, metadata))
        url, headers, body = auth.prepare(  # type: ignore[no-untyped-call]
            "POST",
            metadata.token_endpoint,
            {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
            body,
        )
        answer = await self._send(provider, "POST", url, headers, body.encode())
        tokens = _object(answer)
        if answer.status != 200:
            error = external_text(str(tokens.get("error", "")), 80)
            raise EntryRefused(Reason.CODE_REFUSED, provider=provider.id, error=error)
        return tokens

    async def _verified_claims(
        self,
        provider: OpenIdProvider,
        metadata: Metadata,
        tokens: Mapping[str, Any],
        nonce_digest: str,
        now: datetime,
    ) -> dict[str, Any]:
        """The id_token's claims after checks of signature, `iss`, `aud`, time and nonce."""
        id_token = tokens.get("id_token")
        if not isinstance(id_token, str) or len(id_token) > _LONGEST:
            raise EntryRefused(Reason.TOKEN_MISSING, provider=provider.id)
        try:
            header = jwt.get_unverified_header(id_token)
            key = await self._discovery.key(provider, metadata, header.get("kid"), now)
            payload = _jws.decode(id_token, key, algorithms=ALGORITHMS)
            claims = CodeIDToken(
                json.loads(payload),
                header,
                {
                    "iss": {"essential": True, "value": provider.issuer},
                    "aud": {"essential": True, "value": provider.client_id},
                },
                {"client_id": provider.client_id, "access_token": tokens.get("access_token")},
            )
            claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
        except (jwt.PyJWTError, AuthlibBaseError, ValueError, TypeError) as error:
            cause = type(error).__name__
            raise EntryRefused(Reason.ID_TOKEN_WRONG, provider=provider.id, error=cause) from None
        return _own_claims(dict(claims), provider, nonce_digest)

    async def _userinfo(
        self,
        provider: OpenIdProvider,
        metadata: Metadata,
        tokens: Mapping[str, Any],
        subject: str,
    ) -> Mapping[str, Any]:
        """Claims of the UserInfo endpoint; empty on failure, which leaves a pseudonym."""
        headers = {"Authorization": f"Bearer {tokens.get('access_token')}"}
        url = metadata.userinfo_endpoint or ""
        try:
            answer = await self._send(provider, "GET", url, headers)
            claims = _object(answer)
        except EntryRefused:
            return {}
        # `sub` must match the id_token's (OpenID Connect Core, 5.3.2).
        return claims if answer.status == 200 and claims.get("sub") == subject else {}

    async def _send(
        self,
        provider: OpenIdProvider,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes | None = None,
    ) -> Answer:
        try:
            return await self._outgoing.send(
                method, url, allow_http=provider.allow_http, headers=headers, content=content
            )
        except RemoteUnavailable as error:
            cause = str(error)
            raise EntryRefused(Reason.PROVIDER_AWAY, provider=provider.id, error=cause) from error


def _own_claims(
    claims: dict[str, Any], provider: OpenIdProvider, nonce_digest: str
) -> dict[str, Any]:
    if not same(digest(str(claims.get("nonce", ""))), nonce_digest):
        raise EntryRefused(Reason.NONCE_WRONG, provider=provider.id)
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or not is_storable(subject):
        raise EntryRefused(Reason.CLAIM_INVALID, provider=provider.id, claim="sub")
    return claims


def _check_fresh(
    claims: Mapping[str, Any], provider: OpenIdProvider, proved_after: datetime
) -> None:
    """Require a recent `auth_time`: a session left open at a shared computer is no proof."""
    proved_at = claims.get("auth_time")
    if not isinstance(proved_at, (int, float)) or proved_at < proved_after.timestamp() - LEEWAY:
        raise EntryRefused(Reason.PROOF_STALE, provider=provider.id)


def _auth_method(secret: str | None, metadata: Metadata) -> str:
    if secret is None:
        return "none"
    offered = metadata.token_endpoint_auth_methods_supported
    only_post = "client_secret_post" in offered and "client_secret_basic" not in offered
    return "client_secret_post" if only_post else "client_secret_basic"


def _object(answer: Answer) -> Mapping[str, Any]:
    try:
        document = answer.json()
    except RemoteUnavailable:
        return {}
    return document if isinstance(document, dict) else {}


def _text(claims: Mapping[str, Any], name: str, most: int = 255) -> str | None:
    value = claims.get(name)
    return external_text(value, most) if isinstance(value, str) else None
