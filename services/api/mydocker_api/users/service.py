"""The person who calls, and what they may do."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.events import EventKind
from mydocker_kit.contracts.launches import ContextRole
from mydocker_kit.db import Sessions
from mydocker_kit.errors import Forbidden, Unauthenticated
from mydocker_kit.logging import get_logger

from ..domain.policy import BuildApproval, MayDo, Person, UserDisabled, build_approval, may_do
from ..feed import announce
from ..models import User
from ..models.seen import SeenUser
from . import queries
from .schemas import Me, MyContext

log = get_logger()


async def caller(sessions: Sessions, user_id: UUID) -> Person:
    """Who a token speaks of, with the rights they have now."""
    return _admitted_if_known(await queries.caller_with_roles(sessions, user_id))


async def person_of(db: AsyncSession, user_id: UUID) -> Person:
    """The same within a transaction that may have changed them."""
    return _admitted_if_known(await queries.user_with_roles(db, user_id))


def _admitted_if_known(found: queries.Known | None) -> Person:
    if found is None:
        raise Unauthenticated("nobody known by this token")
    return admitted(*found)


def admitted(user: SeenUser, roles: frozenset[ContextRole]) -> Person:
    """The person of this row; refuses who was disabled, or joined with another account."""
    if user.joined_to_id is not None:
        raise Unauthenticated("this account was joined with another one")
    if user.disabled_at is not None:
        raise UserDisabled
    return Person(
        id=user.id,
        name=user.shown_name,
        email=user.email,
        locale=user.locale,
        roles=roles,
        operates=user.operator_since is not None,
        may_build=user.may_build_since is not None,
        asks_to_build=user.build_asked_at is not None,
    )


async def ask_to_build(db: AsyncSession, person: Person, now: datetime) -> Me:
    """Ask the operators to approve building, once; they see it in their list."""
    if MayDo.CREATE_COURSES not in may_do(person):
        raise Forbidden("only teachers ask to build images")
    if build_approval(person) is BuildApproval.NONE:
        user = await db.get_one(User, person.id, with_for_update=True)
        user.build_asked_at = user.build_asked_at or now
        await announce(db, EventKind.PERSON_CHANGED, person.id, None, person.id)
        log.info("person.build_asked", person=person.id)
    return await me(db, await person_of(db, person.id))


async def me(db: AsyncSession, person: Person) -> Me:
    """What the browser learns about the person."""
    contexts = await queries.contexts_of(db, person.id)
    return Me(
        id=person.id,
        name=person.name,
        email=person.email,
        locale=person.locale,
        can=may_do(person),
        build_approval=build_approval(person),
        contexts=[
            MyContext(id=context.id, title=context.title or context.label or "", role=role)
            for context, role in contexts
        ],
    )
