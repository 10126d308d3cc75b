"""Platforms that trust us: added by an operator, changed by registering again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.errors import Invalid, NotFound

from . import queries
from .endings import end_forbidden
from .models import Deployment, Registration


class AddressRefused(Invalid):
    """Platforms speak https; plain http is for one on this machine."""

    code, title = "address_refused", "The address is not usable"


class PlatformUnknown(NotFound):
    """No platform under this id."""

    code, title = "platform_unknown", "No such platform"


@dataclass(frozen=True)
class Platform:
    """What an operator knows of a platform."""

    name: str
    issuer: str
    client_id: str
    authorization_url: str
    token_url: str
    jwks_url: str
    deployment_ids: Sequence[str]
    origins: Sequence[str] = ()
    """Origins that may frame us, besides those of the issuer and the authorization URL."""
    allow_http: bool = False


async def register(db: AsyncSession, platform: Platform, now: datetime) -> Registration:
    """Add the platform, or bring (issuer, client id) up to date and enable it again."""
    for url in (platform.authorization_url, platform.token_url, platform.jwks_url):
        _check_address(url, allow_http=platform.allow_http)
    found = await queries.registrations_of(db, platform.issuer, platform.client_id)
    registration = found[0] if found else Registration(id=uuid4(), created_at=now)
    registration.name = platform.name
    registration.issuer, registration.client_id = platform.issuer, platform.client_id
    registration.authorization_url = platform.authorization_url
    registration.token_url, registration.jwks_url = platform.token_url, platform.jwks_url
    registration.origins = _origins(platform)
    registration.allow_http, registration.disabled_at = platform.allow_http, None
    db.add(registration)
    await db.flush()
    await _set_deployments(db, registration.id, platform.deployment_ids, now)
    await db.flush()
    await end_forbidden(db, now)
    return registration


async def disable(db: AsyncSession, id: UUID, now: datetime) -> Registration:
    """Refuse this platform from now on; its people's sessions end at once."""
    registration = await db.get(Registration, id)
    if registration is None:
        raise PlatformUnknown(str(id))
    registration.disabled_at = registration.disabled_at or now
    await db.flush()
    await end_forbidden(db, now)
    return registration


async def _set_deployments(
    db: AsyncSession, registration_id: UUID, ids: Sequence[str], now: datetime
) -> None:
    """These deployments and no others; one that is gone is kept, disabled."""
    known = {row.deployment_id: row for row in await queries.deployments(db, registration_id)}
    for id, row in known.items():
        row.disabled_at = None if id in ids else row.disabled_at or now
    for id in ids:
        if id not in known:
            db.add(Deployment(registration_id=registration_id, deployment_id=id, created_at=now))


def _check_address(url: str, *, allow_http: bool) -> None:
    parts = urlsplit(url)
    plain = parts.scheme == "http" and allow_http and _is_loopback(parts.hostname or "")
    if not (parts.hostname and (parts.scheme == "https" or plain)):
        raise AddressRefused(f"{url} is neither https nor, with allow-http, on this machine")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _origins(platform: Platform) -> list[str]:
    addresses = (platform.issuer, platform.authorization_url, *platform.origins)
    return sorted({origin for address in addresses if (origin := _origin(address))})


def _origin(address: str) -> str | None:
    """Scheme, host and port; None for an issuer that is no address."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc or "@" in parts.netloc:
        return None
    return f"{parts.scheme}://{parts.netloc}"
