"""Everybody, for operators."""

from uuid import UUID

from fastapi import APIRouter

from mydocker_kit.contracts.base import Page

from ...deps import Composed, Db, Now, Operator, Paged
from . import service
from .queries import PeopleSort
from .schemas import Disabling, PeopleKind, PersonEntry

router = APIRouter(prefix="/api/people", tags=["people"])


@router.get("")
async def list_people(
    operator: Operator,
    db: Db,
    paging: Paged,
    kind: PeopleKind | None = None,
    sort: PeopleSort | None = None,
) -> Page[PersonEntry]:
    """Everybody who ever came; `search` looks at name, e-mail, issuer and subject.

    Without `sort`: last seen first, and those who wait for a permission the longest first.
    """
    return await service.everybody(db, operator, paging, kind, sort)


@router.put("/{person_id}/operator")
async def make_operator(person_id: UUID, operator: Operator, db: Db, now: Now) -> PersonEntry:
    """Let this person operate the platform."""
    return await service.make_operator(db, operator, person_id, now)


@router.delete("/{person_id}/operator")
async def unmake_operator(person_id: UUID, operator: Operator, db: Db) -> PersonEntry:
    """Take the right to operate; refused for the last one."""
    return await service.unmake_operator(db, operator, person_id)


@router.put("/{person_id}/build-approval")
async def approve_build(person_id: UUID, operator: Operator, db: Db, now: Now) -> PersonEntry:
    """Let this person build images, once for everywhere."""
    return await service.approve_build(db, operator, person_id, now)


@router.delete("/{person_id}/build-approval")
async def withdraw_build(person_id: UUID, operator: Operator, db: Db) -> PersonEntry:
    """Take the approval back, or decline the request; what was built stays."""
    return await service.withdraw_build(db, operator, person_id)


@router.put("/{person_id}/disabled")
async def disable_person(
    person_id: UUID, body: Disabling, operator: Operator, services: Composed, db: Db, now: Now
) -> PersonEntry:
    """Refuse this person from now on, end their visits, stop what they run. Work is kept."""
    entry = await service.disable(db, operator, person_id, body.reason, now)
    await db.commit()
    services.disabled_users.set()
    return entry


@router.delete("/{person_id}/disabled")
async def enable_person(person_id: UUID, operator: Operator, db: Db) -> PersonEntry:
    """Let this person enter again."""
    return await service.enable(db, operator, person_id)
