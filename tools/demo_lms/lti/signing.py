"""Signs the platform's tokens and verifies the tool's."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from jwt.algorithms import RSAAlgorithm

KEY_ID = "demo-lms-1"


class SignatureRefused(Exception):
    """The tool's token is invalid; the text says why."""


def key_set(key: RSAPrivateKey) -> dict[str, Any]:
    public = json.loads(RSAAlgorithm.to_jwk(key.public_key()))
    jwk = {name: public[name] for name in ("kty", "n", "e")}
    return {"keys": [{**jwk, "kid": KEY_ID, "alg": "RS256", "use": "sig"}]}


def sign(key: RSAPrivateKey, claims: dict[str, Any]) -> str:
    return jwt.encode(claims, key, algorithm="RS256", headers={"kid": KEY_ID})


class ToolKeys:
    """The tool's key set: cached without expiry, fetched again when a check fails, as in Moodle."""

    def __init__(
        self, url: str, known: Callable[[str], bool], transport: httpx.AsyncBaseTransport | None
    ) -> None:
        """`known`: whether a client id is that of an active tool."""
        self._url, self._is_known, self._transport = url, known, transport
        self._known: jwt.PyJWKSet | None = None

    async def claims(self, token: str, now: datetime) -> dict[str, Any]:
        """The verified claims of the tool's token; no clock skew is allowed, as in Moodle."""
        try:
            return self._checked(token, await self._keys(again=False), now)
        except SignatureRefused:
            return self._checked(token, await self._keys(again=True), now)

    async def _keys(self, *, again: bool) -> jwt.PyJWKSet:
        if self._known is None or again:
            try:
                async with httpx.AsyncClient(
                    transport=self._transport, timeout=5, trust_env=False
                ) as http:
                    answer = await http.get(self._url)
                    answer.raise_for_status()
                    self._known = jwt.PyJWKSet.from_dict(answer.json())
            except (httpx.HTTPError, ValueError, jwt.PyJWTError) as error:
                raise SignatureRefused(f"cannot fetch the tool's keys at {self._url}") from error
        return self._known

    def _checked(self, token: str, keys: jwt.PyJWKSet, now: datetime) -> dict[str, Any]:
        claims = _signed(token, keys)
        if not self._is_known(str(claims["iss"])):
            raise SignatureRefused("iss is not the client id of a tool")
        if not claims["iat"] <= now.timestamp() < claims["exp"]:
            raise SignatureRefused("expired, or from the future")
        return claims


def _signed(token: str, keys: jwt.PyJWKSet) -> dict[str, Any]:
    try:
        kid = jwt.get_unverified_header(token).get("kid")
        if not kid:
            raise SignatureRefused("no kid in the header")
        claims: dict[str, Any] = jwt.decode(
            token,
            keys[str(kid)],
            algorithms=["RS256"],
            options={
                "verify_aud": False,
                "verify_exp": False,
                "verify_iat": False,
                "require": ["exp", "iat", "iss"],
            },
        )
    except (jwt.PyJWTError, KeyError) as error:
        raise SignatureRefused(str(error)) from error
    return claims
