"""Platforms that trust us: who they are, and which of their deployments may send people."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.platforms import PlatformSource
from mydocker_kit.errors import Conflict, Invalid, NotFound
from mydocker_kit.problems import FieldProblem

from ..domain.addresses import AddressFlaw, address_flaw, origin
from ..domain.refusals import EntryRefused, Reason
from ..models import Deployment, Registration
from ..web_sessions.revocations import end_forbidden
from . import audit as journal
from . import queries
from .shared_issuers import check_shared

_NAMED = ("name", "issuer", "client_id", "authorization_url", "token_url", "jwks_url")


class AddressRefused(Invalid):
    """Platforms speak https; plain http is for one on this machine."""

    code, title = "fields_invalid", "The address is not usable"

    def __init__(self, flaws: Sequence[tuple[str, AddressFlaw]]) -> None:
        super().__init__("; ".join(f"{field}: {flaw.message}" for field, flaw in flaws))
        self.fields = [
            FieldProblem(field=field, code=flaw.code, message=flaw.message) for field, flaw in flaws
        ]


class PlatformUnknown(NotFound):
    """No platform under this id."""

    code, title = "platform_unknown", "No such platform"


class PlatformExists(Conflict):
    """Another registration has this issuer and client id."""

    code, title = "platform_exists", "This platform is registered already"


@dataclass(frozen=True)
class Platform:
    """What is said of a platform, by an operator or by itself."""

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
    shares_people: bool = False
    """An operator accepts that its keys speak for the people of others with this issuer."""


@dataclass(frozen=True)
class Introduction:
    """What a platform says of itself when it registers by invitation."""

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


async def introduce(db: AsyncSession, said: Introduction, now: datetime) -> Registration:
    """A new platform waits for approval; a known one stays as it is, with its addresses.

    What an operator has approved, nobody changes with an invitation: on a host of many tenants one
    could speak for another.
    """
    found = await queries.registrations_of(db, said.issuer, said.client_id)
    row = found[0] if found else new_registration(uuid4(), PlatformSource.INVITATION, now)
    if row.approved_at is None:
        row.product = said.product
        await write(db, row, said.platform(), now, actor=journal.INVITATION)
        return row
    known = (row.authorization_url, row.token_url, row.jwks_url)
    if known != (said.authorization_url, said.token_url, said.jwks_url):
        raise EntryRefused(Reason.PLATFORM_CHANGED, registration=str(row.id))
    row.product = said.product
    journal.note(db, row.id, "registered_again", journal.INVITATION, now)
    if said.deployment_id and await db.get(Deployment, (row.id, said.deployment_id)) is None:
        db.add(
            Deployment(
                registration_id=row.id,
                deployment_id=said.deployment_id,
                created_at=now,
                disabled_at=now,
            )
        )
    return row


async def register(
    db: AsyncSession, platform: Platform, now: datetime, *, actor: str = journal.COMMAND
) -> Registration:
    """Add the platform, or bring (issuer, client id) up to date and enable it again."""
    found = await queries.registrations_of(db, platform.issuer, platform.client_id)
    registration = found[0] if found else new_registration(uuid4(), PlatformSource.MANUAL, now)
    was_approved = registration.approved_at is not None
    registration.disabled_at = None
    registration.approved_at = registration.approved_at or now
    if found and not was_approved:
        await _sharing_facts(db, registration.id, platform)
    await write(db, registration, platform, now, actor=actor)
    return registration


async def put(
    db: AsyncSession, id: UUID, platform: Platform, now: datetime, *, actor: str
) -> Registration:
    """Add the platform under this id, or change the one that is there; its state stays."""
    same_pair = await queries.registrations_of(db, platform.issuer, platform.client_id)
    if any(one.id != id for one in same_pair):
        raise PlatformExists(f"{platform.issuer} {platform.client_id}")
    registration = await db.get(Registration, id)
    if registration is None:
        registration = new_registration(id, PlatformSource.MANUAL, now)
        registration.approved_at = now
    else:
        # Only the command lets a platform speak plain http; a screen does not take it back.
        platform = replace(platform, allow_http=registration.allow_http)
    await write(db, registration, platform, now, actor=actor)
    return registration


def new_registration(id: UUID, source: PlatformSource, now: datetime) -> Registration:
    return Registration(id=id, source=source, created_at=now, approved_at=None, disabled_at=None)


async def write(
    db: AsyncSession, registration: Registration, platform: Platform, now: datetime, *, actor: str
) -> None:
    """Put on the row what is said; refuses addresses that we would never call."""
    if flaws := list(_flaws(platform)):
        raise AddressRefused(flaws)
    is_new = registration not in db
    facts = _facts(registration, platform, is_new=is_new)
    if registration.approved_at is not None and _speaks_anew(registration, platform, is_new):
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
    await end_forbidden(db, now)
    kind = "added" if is_new else "changed"
    journal.note(db, registration.id, kind, actor, now, **facts)


def _facts(registration: Registration, platform: Platform, *, is_new: bool) -> dict[str, Any]:
    """What the journal says of it: who it is now, what is new, and its issuer before."""
    facts: dict[str, Any] = {"issuer": platform.issuer, "client_id": platform.client_id}
    if is_new:
        return facts
    facts["fields"] = [
        name for name in _NAMED if getattr(registration, name) != getattr(platform, name)
    ]
    if registration.issuer != platform.issuer:
        facts["issuer_before"] = registration.issuer
    return facts


def _speaks_anew(registration: Registration, platform: Platform, is_new: bool) -> bool:
    """Whether other keys than before would speak for the people of the issuer."""
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
    """These deployments and no others; one that is gone is kept, disabled."""
    known = {row.deployment_id: row for row in await queries.deployments(db, registration_id)}
    for id, row in known.items():
        row.disabled_at = None if id in ids else row.disabled_at or now
    for id in dict.fromkeys(ids):
        if id not in known:
            db.add(Deployment(registration_id=registration_id, deployment_id=id, created_at=now))


def _flaws(platform: Platform) -> Iterator[tuple[str, AddressFlaw]]:
    """What is wrong with the addresses, field by field. An issuer need not be an address."""
    for name in ("authorization_url", "token_url", "jwks_url"):
        if flaw := address_flaw(getattr(platform, name), allow_http=platform.allow_http):
            yield name, flaw
    for number, address in enumerate(platform.origins):
        if flaw := address_flaw(address, allow_http=platform.allow_http):
            yield f"origins.{number}", flaw


def _origins(platform: Platform) -> list[str]:
    addresses = (platform.issuer, platform.authorization_url, *platform.origins)
    return sorted({found for address in addresses if (found := origin(address))})
