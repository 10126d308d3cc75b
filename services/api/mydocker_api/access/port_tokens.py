"""Tickets and cookies that let a browser into one port of one Environment."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from uuid import UUID, uuid4

import jwt

TICKET_LIFE = timedelta(seconds=60)
COOKIE_LIFE = timedelta(hours=12)


class Kind(StrEnum):
    """What a pass is for; a ticket is no cookie and the other way round."""

    TICKET = "mydocker-ticket"
    COOKIE = "mydocker-access"


_LIVES = {Kind.TICKET: TICKET_LIFE, Kind.COOKIE: COOKIE_LIFE}


@dataclass(frozen=True)
class Pass:
    """Whose pass, and to which port."""

    user_id: UUID
    environment_id: UUID
    port: int
    web_session_id: UUID
    """When that is over, so is the pass."""
    id: UUID
    expires_at: datetime
    is_desktop: bool = False
    """The port speaks VNC: what is shown at it is our page, and a bridge speaks to the port."""


class PassRefused(Exception):
    """Forged, expired, or a pass of another kind."""


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
    """A new pass."""
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


def read(key: str, kind: Kind, token: str, now: datetime) -> Pass:
    """What a pass says; `PassRefused` when it opens nothing now."""
    found = _signed(key, kind, token)
    if found.expires_at <= now:
        raise PassRefused("expired")
    return found


@lru_cache(maxsize=8192)
def _signed(key: str, kind: Kind, token: str) -> Pass:
    """What a pass says, whatever the time. The edge shows the same cookie with every request."""
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=["HS256"],
            audience=kind.value,
            options={"verify_exp": False, "require": ["exp", "sub", "aud", "jti"]},
        )
        return Pass(
            UUID(claims["sub"]),
            UUID(claims["env"]),
            int(claims["port"]),
            UUID(claims["sid"]),
            UUID(claims["jti"]),
            datetime.fromtimestamp(claims["exp"], tz=UTC),
            claims.get("vnc") is True,
        )
    except (jwt.InvalidTokenError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PassRefused(str(error)) from error
