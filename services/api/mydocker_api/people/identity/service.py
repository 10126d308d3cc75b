"""Who I am, what I may do, and the request to build images."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.events import EventKind
from mydocker_kit.errors import Forbidden
from mydocker_kit.observability.logging import get_logger

from ...auth.service import person_of
from ...domain.policy import BuildApproval, MayDo, Person, build_approval, may_do
from ...feed import announce
from ...models import User
from . import queries
from .schemas import Me, MyContext

log = get_logger()


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
