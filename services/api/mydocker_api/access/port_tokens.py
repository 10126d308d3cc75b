"""Signed tokens (JWT, HS256) for one port of one Environment: tickets and cookies."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from uuid import UUID, uuid4

import jwt

TICKET_LIFE = timedelta(seconds=60)
COOKIE_LIFE = timedelta(hours=12)


class Kind(StrEnum):
    """Use of a token: a ticket is refused as a cookie and the other way round."""

    TICKET = "mydocker-ticket"
    COOKIE = "mydocker-access"


_LIVES = {Kind.TICKET: TICKET_LIFE, Kind.COOKIE: COOKIE_LIFE}


@dataclass(frozen=True)
class PortToken:
    """The user and the port that a token was issued for."""

    user_id: UUID
    environment_id: UUID
    port: int
    web_session_id: UUID
    """The token is refused once this web session has ended."""
    id: UUID
    expires_at: datetime
    is_desktop: bool = False
    """The port speaks VNC: the edge shows our page, the bastion's bridge connects."""


class PortTokenInvalid(Exception):
    """Forged, expired, or of another kind."""


def issue(
    key: str,
    kind: Kind,
    user_id: UUID,
    environment_id: UUID,
    port: int,
    web_session_id: UUID,
    now: datetime,
    *,
    is_desktop: bool = False,
) -> str:
    """A new token; tickets live `TICKET_LIFE`, cookies `COOKIE_LIFE`."""
    claims = {
        "aud": kind.value,
        "sub": user_id.hex,
        "env": environment_id.hex,
        "port": port,
        "sid": web_session_id.hex,
        "jti": uuid4().hex,
        "exp": now + _LIVES[kind],
        "vnc": is_desktop,
    }
    return jwt.encode(claims, key, algorithm="HS256")


def read(key: str, kind: Kind, token: str, now: datetime) -> PortToken:
    """The content of a token; raises `PortTokenInvalid`."""
    port_token = _signed(key, kind, token)
    if port_token.expires_at <= now:
        raise PortTokenInvalid("expired")
    return port_token


@lru_cache(maxsize=8192)
def _signed(key: str, kind: Kind, token: str) -> PortToken:
    """The content of a token, expired or not. Cached: every request brings the same cookie."""
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=["HS256"],
            audience=kind.value,
            options={"verify_exp": False, "require": ["exp", "sub", "aud", "jti"]},
        )
        return PortToken(
            UUID(claims["sub"]),
            UUID(claims["env"]),
            int(claims["port"]),
            UUID(claims["sid"]),
            UUID(claims["jti"]),
            datetime.fromtimestamp(claims["exp"], tz=UTC),
            claims.get("vnc") is True,
        )
    except (jwt.InvalidTokenError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PortTokenInvalid(str(error)) from error
