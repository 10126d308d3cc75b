"""Several registrations of one issuer share their people: whose keys may speak for them?

A person is (issuer, subject). Whoever holds the keys of any registration of an issuer can therefore
sign in as everybody who is known by it. Several tools in one platform have one key set and are
normal; a registration with another key set needs an operator's explicit yes. Issuers of our own and
of sign-in providers are never a platform's.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from mydocker_kit.contracts.sign_ins import OWN_ISSUER
from mydocker_kit.errors import Conflict, Invalid

from ..domain.addresses import home_of
from ..models import PlatformEvent, Registration


class IssuerShared(Conflict):
    """An approved platform has this issuer with another key set."""

    code, title = "issuer_shared", "Another platform has this issuer with other keys"


class IssuerReserved(Invalid):
    """People sign in by this issuer without a platform."""

    code, title = "issuer_reserved", "This issuer is not a platform's"


def check_not_reserved(issuer: str, providers: Iterable[str]) -> None:
    """`IssuerReserved` for our own issuer and for those of sign-in providers."""
    if issuer == OWN_ISSUER or issuer in set(providers):
        raise IssuerReserved(issuer)


async def check_shared(
    db: AsyncSession, id: UUID | None, issuer: str, jwks_url: str, *, is_accepted: bool
) -> list[str]:
    """Names of the platforms that would share people with this one, with other keys.

    `IssuerShared` when there are any and no operator has accepted it.
    """
    others = await sharing(db, id, issuer, jwks_url)
    if others and not is_accepted:
        shown = "; ".join(f"{row.name} ({row.jwks_url})" for row in others)
        raise IssuerShared(f"{issuer} is also the issuer of {shown}", platforms=shown[:500])
    return [row.name for row in others]


async def sharing(
    db: AsyncSession, id: UUID | None, issuer: str, jwks_url: str
) -> Sequence[Registration]:
    """Approved registrations, disabled ones too, by which people of this issuer are known."""
    rows = (await of_issuers(db, [issuer])).get(issuer, [])
    return _others(rows, id, jwks_url)


def with_other_keys(row: Registration, of_issuer: Sequence[Registration]) -> Sequence[Registration]:
    """Those of one issuer whose key set is not this registration's."""
    return _others(of_issuer, row.id, row.jwks_url)


def _others(rows: Sequence[Registration], id: UUID | None, jwks_url: str) -> Sequence[Registration]:
    return [row for row in rows if row.id != id and _keys(row.jwks_url) != _keys(jwks_url)]


async def of_issuers(
    db: AsyncSession, issuers: Collection[str]
) -> Mapping[str, list[Registration]]:
    """Approved registrations by issuer: their own, and one they left people behind at."""
    moved = aliased(PlatformEvent)
    before = PlatformEvent.facts["issuer_before"].astext
    people_moved = exists().where(
        moved.registration_id == PlatformEvent.registration_id,
        moved.kind == "people_moved",
        moved.facts["from_issuer"].astext == before,
    )
    left = (
        select(PlatformEvent.registration_id, before.label("issuer"))
        .where(before.in_(issuers), ~people_moved)
        .subquery()
    )
    query = (
        select(Registration, left.c.issuer)
        .outerjoin(left, left.c.registration_id == Registration.id)
        .where(
            Registration.approved_at.is_not(None),
            or_(Registration.issuer.in_(issuers), left.c.issuer.is_not(None)),
        )
        .order_by(Registration.created_at)
    )
    found: dict[str, list[Registration]] = {}
    for row, former in await db.execute(query):
        for issuer in {row.issuer, former} & set(issuers):
            if row not in found.setdefault(issuer, []):
                found[issuer].append(row)
    return found


def _keys(url: str) -> str:
    """A key set's address, its host in lower case and without the default port."""
    home = home_of(url)
    return home + url.partition("://")[2].partition("/")[2] if home else url
