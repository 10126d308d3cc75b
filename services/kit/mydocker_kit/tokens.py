"""Our own JSON Web Tokens: between services (Ed25519, 60 s) and for people (gateway's keys)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar
from uuid import UUID, uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    load_pem_private_key,
    load_pem_public_key,
)

from .contracts.base import Contract
from .contracts.bastion.desktops import DesktopVisit
from .contracts.bastion.streams import StreamGrant
from .errors import Unauthenticated

SERVICE_TOKEN_LIFE = timedelta(seconds=60)
LEEWAY = 10
"""Seconds by which two services' clocks may differ."""
API_AUDIENCE = "mydocker-api"
ISSUER = "mydocker"
DESKTOP_AUDIENCE = "mydocker-desktop"
"""An audience of its own: what the edge carries for a person is no call of a service."""
STREAM_AUDIENCE = "mydocker-stream"
"""Of tokens that let the edge open one stream to an environment."""
_Granted = TypeVar("_Granted", bound=Contract)


@dataclass(frozen=True)
class ServiceIdentity:
    """A service's name and the key it signs its calls with."""

    name: str
    key: Ed25519PrivateKey

    @classmethod
    def load(cls, name: str, pem: str) -> "ServiceIdentity":
        key = load_pem_private_key(pem.encode(), None)
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError(f"the service key of {name} is no Ed25519 private key")
        return cls(name, key)

    def token_for(self, audience: str, now: datetime) -> str:
        """A token that `audience` accepts for 60 s."""
        claims = {
            "iss": self.name,
            "aud": audience,
            "iat": now,
            "exp": now + SERVICE_TOKEN_LIFE,
            "jti": uuid4().hex,
        }
        return jwt.encode(claims, self.key, algorithm="EdDSA")

    def desktop_token(self, visit: DesktopVisit, now: datetime) -> str:
        """What tells the bridge, for 60 s, that this person may look at this desktop."""
        return self._grant(DESKTOP_AUDIENCE, visit, now)

    def stream_token(self, grant: StreamGrant, now: datetime) -> str:
        """What tells the bastion, for 60 s, that the edge may open this stream."""
        return self._grant(STREAM_AUDIENCE, grant, now)

    def _grant(self, audience: str, grant: Contract, now: datetime) -> str:
        claims = {
            "iss": self.name,
            "aud": audience,
            "iat": now,
            "exp": now + SERVICE_TOKEN_LIFE,
            "grant": grant.model_dump(mode="json"),
        }
        return jwt.encode(claims, self.key, algorithm="EdDSA")


@dataclass(frozen=True)
class ServiceTrust:
    """Whose calls a service accepts."""

    audience: str
    keys: Mapping[str, Ed25519PublicKey]

    @classmethod
    def load(cls, audience: str, folder: Path) -> "ServiceTrust":
        keys: dict[str, Ed25519PublicKey] = {}
        for file in sorted(folder.glob("*.pem")):
            key = load_pem_public_key(file.read_bytes())
            if isinstance(key, Ed25519PublicKey):
                keys[file.stem] = key
        return cls(audience, keys)

    def caller(self, token: str) -> str:
        """The name of the service that signed `token`; `Unauthenticated` otherwise."""
        try:
            issuer = jwt.decode(token, options={"verify_signature": False}).get("iss", "")
            key = self.keys[str(issuer)]
            jwt.decode(
                token,
                key,
                algorithms=["EdDSA"],
                audience=self.audience,
                issuer=str(issuer),
                leeway=LEEWAY,
                options={"require": ["exp", "iat", "iss", "aud"]},
            )
        except (jwt.InvalidTokenError, KeyError) as error:
            raise Unauthenticated("service token refused") from error
        return str(issuer)

    def desktop_visit(self, token: str) -> DesktopVisit:
        """Whom api let pass to which desktop; `Unauthenticated` for whatever api did not sign."""
        return self._granted(token, DESKTOP_AUDIENCE, DesktopVisit)

    def stream_grant(self, token: str) -> StreamGrant:
        """Which stream api permits; `Unauthenticated` for whatever api did not sign."""
        return self._granted(token, STREAM_AUDIENCE, StreamGrant)

    def _granted(self, token: str, audience: str, contract: type[_Granted]) -> _Granted:
        try:
            claims = jwt.decode(
                token,
                self.keys[API_AUDIENCE],
                algorithms=["EdDSA"],
                audience=audience,
                issuer=API_AUDIENCE,
                leeway=LEEWAY,
                options={"require": ["exp", "iat", "iss", "aud"]},
            )
            return contract.model_validate(claims["grant"])
        except (jwt.InvalidTokenError, KeyError, ValueError) as error:
            raise Unauthenticated(f"token for {audience} refused") from error


@dataclass(frozen=True)
class AccessToken:
    """What a person's access token says. Rights are not in it: api looks them up."""

    user_id: UUID
    web_session_id: UUID
    expires_at: datetime


def access_claims(token: AccessToken, now: datetime) -> dict[str, object]:
    """The claims of an access token."""
    return {
        "iss": ISSUER,
        "aud": API_AUDIENCE,
        "sub": str(token.user_id),
        "sid": str(token.web_session_id),
        "iat": now,
        "exp": token.expires_at,
        "jti": uuid4().hex,
    }
