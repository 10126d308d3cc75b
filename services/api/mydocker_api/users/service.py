"""The person who calls, and what they may do."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.errors import Unauthenticated

from ..domain.policy import Person, may_do
from . import queries
from .schemas import Me, MyContext


async def person_of(db: AsyncSession, user_id: UUID) -> Person:
    """Who a token speaks of, with the rights they have now."""
    found = await queries.user_with_roles(db, user_id)
    if found is None:
        raise Unauthenticated("nobody known by this token")
    user, roles = found
    return Person(
        id=user.id,
        name=user.shown_name,
        email=user.email,
        locale=user.locale,
        roles=roles,
        operates=user.operator_since is not None,
    )


async def me(db: AsyncSession, person: Person) -> Me:
    """What the browser learns about the person."""
    contexts = await queries.contexts_of(db, person.id)
    return Me(
        id=person.id,
        name=person.name,
        email=person.email,
        locale=person.locale,
        can=may_do(person),
        contexts=[
            MyContext(id=context.id, title=context.title or context.label or "", role=role)
            for context, role in contexts
        ],
    )
