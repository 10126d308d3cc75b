"""The caller: the person of an access token, with their present rights."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.gateway.launches import ContextRole
from mydocker_kit.errors import Unauthenticated
from mydocker_kit.postgres.db import Sessions

from ..domain.policy import MAY_TEACH, Person, UserDisabled
from ..models.seen import SeenUser
from . import queries


async def caller(sessions: Sessions, user_id: UUID) -> Person:
    """The person of a token, with their present rights."""
    return _admitted_or_refused(await queries.caller_with_roles(sessions, user_id))


async def person_of(db: AsyncSession, user_id: UUID) -> Person:
    """The same within a transaction that may have changed those rights."""
    return _admitted_or_refused(await queries.user_with_roles(db, user_id))


def _admitted_or_refused(known: queries.Known | None) -> Person:
    if known is None:
        raise Unauthenticated("nobody known by this token")
    return admitted(*known)


def admitted(user: SeenUser, roles: frozenset[ContextRole]) -> Person:
    """The person of this row; raises for disabled people and merged accounts."""
    if user.joined_to_id is not None:
        raise Unauthenticated("this account was joined with another one")
    if user.disabled_at is not None:
        raise UserDisabled
    return Person(
        id=user.id,
        name=user.shown_name,
        email=user.email,
        locale=user.locale,
        roles=roles | MAY_TEACH if user.may_prepare_since else roles,
        operates=user.operator_since is not None,
        may_build=user.may_build_since is not None,
        asks_to_build=user.build_asked_at is not None,
    )
