"""Guard against account takeover by registrations that share an issuer.

A person is (issuer, subject), so the keys of any registration of an issuer can sign in all people
known by it. Several tools of a platform share a key set, which is normal; a registration with
another key set needs an operator's explicit consent. No platform may have our own issuer or that of
a sign-in provider.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from mydocker_kit.contracts.gateway.sign_ins import OWN_ISSUER
from mydocker_kit.errors import Conflict, Invalid
from mydocker_kit.outgoing.addresses import normalized_origin

from ..models import PlatformEvent, Registration


class IssuerShared(Conflict):
    """An approved platform has this issuer and another key set."""

    code, title = "issuer_shared", "Another platform has this issuer with other keys"


class IssuerReserved(Invalid):
    """The issuer is ours or a sign-in provider's."""

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
    """Approved registrations of this issuer with other keys, disabled ones included."""
    rows = (await of_issuers(db, [issuer])).get(issuer, [])
    return _others(rows, id, jwks_url)


def with_other_keys(row: Registration, of_issuer: Sequence[Registration]) -> Sequence[Registration]:
    """Registrations of the same issuer whose key set differs from this one's."""
    return _others(of_issuer, row.id, row.jwks_url)


def _others(rows: Sequence[Registration], id: UUID | None, jwks_url: str) -> Sequence[Registration]:
    return [row for row in rows if row.id != id and _keys(row.jwks_url) != _keys(jwks_url)]


async def of_issuers(
    db: AsyncSession, issuers: Collection[str]
) -> Mapping[str, list[Registration]]:
    """Approved registrations by issuer: the present one, and a former one whose people stayed."""
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
    by_issuer: dict[str, list[Registration]] = {}
    for row, former in await db.execute(query):
        for issuer in {row.issuer, former} & set(issuers):
            if row not in by_issuer.setdefault(issuer, []):
                by_issuer[issuer].append(row)
    return by_issuer


def _keys(url: str) -> str:
    """The JWKS URL with its host in lower case and without the default port."""
    home = normalized_origin(url)
    return home + url.partition("://")[2].partition("/")[2] if home else url
