"""Registrations of platforms: by command, by operators, by invitation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.gateway.platforms import PlatformSource
from mydocker_kit.errors import Conflict, Invalid, NotFound
from mydocker_kit.etags import IfMatch
from mydocker_kit.outgoing.addresses import AddressFlaw, address_flaw, origin
from mydocker_kit.problems import FieldProblem

from ..domain.refusals import EntryRefused, Reason
from ..models import Deployment, Registration
from ..web_sessions.revocations import end_sessions_of_disabled
from . import audit, queries
from .shared_issuers import check_shared
from .versions import check_version

_NAMED = ("name", "issuer", "client_id", "authorization_url", "token_url", "jwks_url")


class AddressRefused(Invalid):
    """An address is not https (http is allowed on loopback only) or not usable."""

    code, title = "fields_invalid", "The address is not usable"

    def __init__(self, flaws: Sequence[tuple[str, AddressFlaw]]) -> None:
        super().__init__("; ".join(f"{field}: {flaw.message}" for field, flaw in flaws))
        self.fields = [
            FieldProblem(field=field, code=flaw.code, message=flaw.message) for field, flaw in flaws
        ]


class PlatformUnknown(NotFound):
    """No platform has this id."""

    code, title = "platform_unknown", "No such platform"


class PlatformExists(Conflict):
    """Another registration has this issuer and client id."""

    code, title = "platform_exists", "This platform is registered already"


@dataclass(frozen=True)
class Platform:
    """Data of a platform, from an operator or from its dynamic registration."""

    name: str
    issuer: str
    client_id: str
    authorization_url: str
    token_url: str
    jwks_url: str
    deployment_ids: Sequence[str]
    origins: Sequence[str] = ()
    """Further origins that may frame us, besides issuer and authorization URL."""
    allow_http: bool = False
    shares_people: bool = False
    """An operator accepts that its keys can sign in people of other platforms of this issuer."""


@dataclass(frozen=True)
class InvitedPlatform:
    """Data of a platform from its dynamic registration."""

    name: str
    issuer: str
    client_id: str
    authorization_url: str
    token_url: str
    jwks_url: str
    deployment_id: str | None
    product: str | None

    def platform(self) -> Platform:
        return Platform(
            name=self.name,
            issuer=self.issuer,
            client_id=self.client_id,
            authorization_url=self.authorization_url,
            token_url=self.token_url,
            jwks_url=self.jwks_url,
            deployment_ids=[self.deployment_id] if self.deployment_id else [],
            allow_http=self.issuer.startswith("http://"),
        )


async def register_invited(
    db: AsyncSession, invited: InvitedPlatform, now: datetime
) -> Registration:
    """Store a platform that registers by invitation; a new one is pending.

    The addresses of an approved platform do not change by an invitation: on a host with many
    tenants one tenant could take over the platform of another.
    """
    existing = await queries.registrations_of(db, invited.issuer, invited.client_id)
    row = existing[0] if existing else new_registration(uuid4(), PlatformSource.INVITATION, now)
    if row.approved_at is None:
        row.product = invited.product
        await write_platform(db, row, invited.platform(), now, actor=audit.INVITATION)
        return row
    known = (row.authorization_url, row.token_url, row.jwks_url)
    if known != (invited.authorization_url, invited.token_url, invited.jwks_url):
        raise EntryRefused(Reason.PLATFORM_CHANGED, registration=str(row.id))
    row.product = invited.product
    audit.record(db, row.id, "registered_again", audit.INVITATION, now)
    deployment_id = invited.deployment_id
    if deployment_id and await db.get(Deployment, (row.id, deployment_id)) is None:
        db.add(
            Deployment(
                registration_id=row.id,
                deployment_id=deployment_id,
                created_at=now,
                disabled_at=now,
            )
        )
    return row


async def register(
    db: AsyncSession, platform: Platform, now: datetime, *, actor: str = audit.COMMAND
) -> Registration:
    """Add the platform, or update the one with this issuer and client id and enable it."""
    existing = await queries.registrations_of(db, platform.issuer, platform.client_id)
    new = new_registration(uuid4(), PlatformSource.MANUAL, now)
    registration = existing[0] if existing else new
    was_approved = registration.approved_at is not None
    registration.disabled_at = None
    registration.approved_at = registration.approved_at or now
    if existing and not was_approved:
        await _sharing_facts(db, registration.id, platform)
    await write_platform(db, registration, platform, now, actor=actor)
    return registration


async def put(
    db: AsyncSession,
    id: UUID,
    platform: Platform,
    now: datetime,
    *,
    actor: str,
    if_match: IfMatch | None = None,
) -> Registration:
    """Add the platform under this id, or update it; its state is unchanged. Idempotent.

    `if_match`: the versions of it that may be replaced.
    """
    registration = await db.get(Registration, id, with_for_update=True)
    if if_match is not None:
        if registration is None:
            raise PlatformUnknown(str(id))
        await check_version(db, registration, if_match)
    same_pair = await queries.registrations_of(db, platform.issuer, platform.client_id)
    if any(row.id != id for row in same_pair):
        raise PlatformExists(f"{platform.issuer} {platform.client_id}")
    if registration is None:
        registration = new_registration(id, PlatformSource.MANUAL, now)
        registration.approved_at = now
    else:
        # Only the command sets allow_http; the screen does not change it.
        platform = replace(platform, allow_http=registration.allow_http)
    await write_platform(db, registration, platform, now, actor=actor)
    return registration


def new_registration(id: UUID, source: PlatformSource, now: datetime) -> Registration:
    return Registration(id=id, source=source, created_at=now, approved_at=None, disabled_at=None)


async def write_platform(
    db: AsyncSession, registration: Registration, platform: Platform, now: datetime, *, actor: str
) -> None:
    """Write the data to the row and record the change; `AddressRefused` for unusable addresses."""
    if flaws := list(_flaws(platform)):
        raise AddressRefused(flaws)
    is_new = registration not in db
    facts = _facts(registration, platform, is_new=is_new)
    if registration.approved_at is not None and _has_new_keys(registration, platform, is_new):
        facts |= await _sharing_facts(db, registration.id, platform)
    if not is_new and registration.jwks_url != platform.jwks_url:
        await queries.forget_seen_keys(db, registration.id)
    registration.name = platform.name
    registration.issuer, registration.client_id = platform.issuer, platform.client_id
    registration.authorization_url = platform.authorization_url
    registration.token_url, registration.jwks_url = platform.token_url, platform.jwks_url
    registration.origins = _origins(platform)
    registration.allow_http = platform.allow_http
    db.add(registration)
    await db.flush()
    await _set_deployments(db, registration.id, platform.deployment_ids, now)
    await db.flush()
    await end_sessions_of_disabled(db, now)
    kind = "added" if is_new else "changed"
    audit.record(db, registration.id, kind, actor, now, **facts)


def _facts(registration: Registration, platform: Platform, *, is_new: bool) -> dict[str, Any]:
    """Facts for the audit log: identity, changed fields, and the issuer before."""
    facts: dict[str, Any] = {"issuer": platform.issuer, "client_id": platform.client_id}
    if is_new:
        return facts
    facts["fields"] = [
        name for name in _NAMED if getattr(registration, name) != getattr(platform, name)
    ]
    if registration.issuer != platform.issuer:
        facts["issuer_before"] = registration.issuer
    return facts


def _has_new_keys(registration: Registration, platform: Platform, is_new: bool) -> bool:
    """Whether the issuer's people could be signed in with other keys than before."""
    before = (registration.issuer, registration.jwks_url)
    return is_new or before != (platform.issuer, platform.jwks_url)


async def _sharing_facts(db: AsyncSession, id: UUID, platform: Platform) -> dict[str, Any]:
    names = await check_shared(
        db, id, platform.issuer, platform.jwks_url, is_accepted=platform.shares_people
    )
    return {"shares_people_with": names} if names else {}


async def _set_deployments(
    db: AsyncSession, registration_id: UUID, ids: Sequence[str], now: datetime
) -> None:
    """Enable exactly these deployments; others are disabled, not deleted."""
    known = {row.deployment_id: row for row in await queries.deployments(db, registration_id)}
    for id, row in known.items():
        row.disabled_at = None if id in ids else row.disabled_at or now
    for id in dict.fromkeys(ids):
        if id not in known:
            db.add(Deployment(registration_id=registration_id, deployment_id=id, created_at=now))


def _flaws(platform: Platform) -> Iterator[tuple[str, AddressFlaw]]:
    """Flaws of the addresses by field. An issuer need not be an address."""
    for name in ("authorization_url", "token_url", "jwks_url"):
        if flaw := address_flaw(getattr(platform, name), allow_http=platform.allow_http):
            yield name, flaw
    for number, address in enumerate(platform.origins):
        if flaw := address_flaw(address, allow_http=platform.allow_http):
            yield f"origins.{number}", flaw


def _origins(platform: Platform) -> list[str]:
    addresses = (platform.issuer, platform.authorization_url, *platform.origins)
    return sorted({web_origin for address in addresses if (web_origin := origin(address))})
