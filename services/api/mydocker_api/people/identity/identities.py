"""Identities: the pair (issuer, subject) identifies a person, an e-mail never does."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import and_, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ...domain.environments.credentials import new_pseudonym
from ...models import Identity, User


async def known_person(db: AsyncSession, issuer: str, subject: str) -> UUID | None:
    """The person of an identity; None when it is unknown."""
    query = select(Identity.user_id).where(Identity.issuer == issuer, Identity.subject == subject)
    return await db.scalar(query)


async def upsert_person(
    db: AsyncSession, issuer: str, subject: str, claims: dict[str, str | None], now: datetime
) -> UUID:
    """The User of (issuer, subject), created if needed and updated with `claims`.

    Only the identity that names a person updates their name: two must not alternate.
    """
    user_id = await known_person(db, issuer, subject)
    if user_id is None:
        user_id = await _new_person(db, issuer, subject, claims, now)
    named = and_(User.id == user_id, User.issuer == issuer, User.subject == subject)
    await db.execute(update(User).where(named).values(**claims))
    await db.execute(update(User).where(User.id == user_id).values(seen_at=now))
    seen = update(Identity).where(Identity.issuer == issuer, Identity.subject == subject)
    await db.execute(seen.values(seen_at=now))
    return user_id


async def identities_of(db: AsyncSession, user_id: UUID) -> Sequence[Identity]:
    """All of a person's, oldest first; one per issuer, so there are few."""
    query = select(Identity).where(Identity.user_id == user_id)
    return (await db.scalars(query.order_by(Identity.linked_at, Identity.id).limit(100))).all()


async def link(db: AsyncSession, user_id: UUID, issuer: str, subject: str, now: datetime) -> bool:
    """Let this identity be the person's; false when it is somebody's already."""
    new = insert(Identity).values(
        id=uuid4(), user_id=user_id, issuer=issuer, subject=subject, linked_at=now, seen_at=now
    )
    made = await db.execute(new.on_conflict_do_nothing().returning(Identity.id))
    return made.first() is not None


async def _new_person(
    db: AsyncSession, issuer: str, subject: str, claims: dict[str, str | None], now: datetime
) -> UUID:
    """Create the User; of concurrent first launches one inserts and the others wait."""
    new = insert(User).values(
        id=uuid4(),
        issuer=issuer,
        subject=subject,
        pseudonym=new_pseudonym(),
        created_at=now,
        seen_at=now,
        **claims,
    )
    query = new.on_conflict_do_update(
        index_elements=[User.issuer, User.subject], set_={"seen_at": now}
    ).returning(User.id)
    user_id = (await db.execute(query)).scalar_one()
    if await link(db, user_id, issuer, subject, now):
        return user_id
    # The identity was linked to another account concurrently.
    linked_to = await known_person(db, issuer, subject)
    if linked_to is None or linked_to == user_id:
        return user_id
    await db.execute(delete(User).where(User.id == user_id))
    return linked_to
