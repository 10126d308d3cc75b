"""Verifies access tokens of people against the gateway's JWKS, which is cached and refetched."""

from collections import OrderedDict
from datetime import datetime, timedelta
from uuid import UUID

import jwt

from mydocker_kit.clients.lti import LtiClient
from mydocker_kit.errors import ProblemError, Unauthenticated
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.tokens import API_AUDIENCE, ISSUER, LEEWAY, AccessToken

log = get_logger()
REMEMBERED = 20_000
"""Verified tokens kept in memory."""
REFETCH_AFTER = timedelta(seconds=10)
"""At least this long between two fetches: forged key ids cause no request each."""
_REQUIRED = ["exp", "iat", "iss", "aud", "sub", "sid"]


class AccessKeys:
    """The gateway's public keys, by key id."""

    def __init__(self, gateway: LtiClient) -> None:
        self._gateway = gateway
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched_at: datetime | None = None
        self._checked: OrderedDict[str, AccessToken] = OrderedDict()

    def known(self, header: bytes) -> UUID | None:
        """The user of a bearer token that was verified before; None for any other header."""
        scheme, _, token = header.partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        checked = self._checked.get(token.decode("latin-1"))
        return checked.user_id if checked else None

    async def check(self, token: str, now: datetime) -> AccessToken:
        """The claims of a token; raises `Unauthenticated` unless it is valid now."""
        known = self._checked.get(token)
        if known is not None and now < known.expires_at:
            return known  # a page sends the same token with each request
        checked = await self._verified(token, now)
        self._checked[token] = checked
        if len(self._checked) > REMEMBERED:
            self._checked.popitem(last=False)
        return checked

    async def _verified(self, token: str, now: datetime) -> AccessToken:
        try:
            key = await self._key(str(jwt.get_unverified_header(token).get("kid")), now)
            claims = jwt.decode(
                token,
                key,
                algorithms=["EdDSA"],
                audience=API_AUDIENCE,
                issuer=ISSUER,
                leeway=LEEWAY,
                options={"require": _REQUIRED},
            )
            return AccessToken(
                user_id=UUID(claims["sub"]),
                web_session_id=UUID(claims["sid"]),
                expires_at=datetime.fromtimestamp(claims["exp"], tz=now.tzinfo),
            )
        except (jwt.InvalidTokenError, ValueError) as error:
            raise Unauthenticated("access token refused") from error

    async def _key(self, kid: str, now: datetime) -> jwt.PyJWK:
        if kid not in self._keys:
            await self._refetch(now)
        if kid not in self._keys:
            raise Unauthenticated("access token of an unknown key")
        return self._keys[kid]

    async def _refetch(self, now: datetime) -> None:
        if self._keys and self._fetched_at and now - self._fetched_at < REFETCH_AFTER:
            return
        self._fetched_at = now
        try:
            keys = jwt.PyJWKSet.from_dict(await self._gateway.access_keys())
        except (jwt.PyJWTError, ValueError) as error:
            log.error("access_keys.unreadable", error=error)
            return
        except ProblemError:
            if self._keys:
                return  # known keys stay valid; the unknown one is refused
            raise
        self._keys = {key.key_id: key for key in keys.keys if key.key_id}
        self._checked.clear()  # a key may be gone, and its tokens with it
