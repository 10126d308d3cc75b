"""People's access tokens: checked against the gateway's keys, which are kept and refetched."""

from collections import OrderedDict
from datetime import datetime, timedelta
from uuid import UUID

import jwt

from mydocker_kit.clients.lti import LtiClient
from mydocker_kit.errors import ProblemError, Unauthenticated
from mydocker_kit.logging import get_logger
from mydocker_kit.tokens import API_AUDIENCE, ISSUER, LEEWAY, AccessToken

log = get_logger()
REMEMBERED = 20_000
"""Tokens whose signature was checked already."""
REFETCH_AFTER = timedelta(seconds=10)
"""A forged key id must not make us ask the gateway for each request."""
_REQUIRED = ["exp", "iat", "iss", "aud", "sub", "sid"]


class AccessKeys:
    """The gateway's public keys, by key id."""

    def __init__(self, gateway: LtiClient) -> None:
        self._gateway = gateway
        self._keys: dict[str, jwt.PyJWK] = {}
        self._asked_at: datetime | None = None
        self._checked: OrderedDict[str, AccessToken] = OrderedDict()

    def known(self, header: bytes) -> UUID | None:
        """Whose token this `Authorization` header holds, when its signature was checked before."""
        scheme, _, token = header.partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        found = self._checked.get(token.decode("latin-1"))
        return found.user_id if found else None

    async def check(self, token: str, now: datetime) -> AccessToken:
        """What the token says; `Unauthenticated` unless the gateway signed it and it is fresh."""
        known = self._checked.get(token)
        if known is not None and now < known.expires_at:
            return known  # a page shows the same one with each request
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
        if self._keys and self._asked_at and now - self._asked_at < REFETCH_AFTER:
            return
        self._asked_at = now
        try:
            found = jwt.PyJWKSet.from_dict(await self._gateway.access_keys())
        except (jwt.PyJWTError, ValueError) as error:
            log.error("access_keys.unreadable", error=error)
            return
        except ProblemError:
            if self._keys:
                return  # those we have stay good; the unknown one is refused
            raise
        self._keys = {key.key_id: key for key in found.keys if key.key_id}
        self._checked.clear()  # what a key signed that is no more is worth nothing
