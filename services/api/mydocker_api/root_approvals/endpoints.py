"""Approvals of builds that run as root: teachers ask, operators decide."""

from uuid import UUID

from fastapi import APIRouter

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.orchestrator.pools import PoolName

from ..deps import Builder, CurrentPerson, Db, Limited, Now, Operator, Paged
from ..domain.policy.root_approvals import RootState
from . import service
from .queries import RequestSort
from .schemas import BuildRoot, RootAnswer, RootAsk, RootRequest

router = APIRouter(prefix="/api")


@router.get("/builds/{build_id}/root", tags=["images"])
async def get_build_root(
    build_id: UUID, person: CurrentPerson, db: Db, builder: Builder, pool: PoolName | None = None
) -> BuildRoot:
    """Why one of my builds runs as root, and whether it may on this pool (the default one)."""
    return await service.build_root(db, builder, person, build_id, pool)


@router.post("/builds/{build_id}/root-request", tags=["images"])
async def ask_for_root(
    build_id: UUID,
    body: RootAsk,
    person: CurrentPerson,
    db: Db,
    builder: Builder,
    limits: Limited,
    now: Now,
) -> BuildRoot:
    """Ask operators to let this build run as root where users are not remapped. Idempotent."""
    limits.builds.check(person.id)
    return await service.ask(db, builder, person, build_id, body, now)


@router.get("/root-approvals", tags=["people"])
async def list_root_approvals(
    operator: Operator,
    db: Db,
    paging: Paged,
    state: RootState | None = None,
    sort: RequestSort = RequestSort.LONGEST_WAITING,
) -> Page[RootRequest]:
    """Requests to run a build as root; `search` in titles and names."""
    return await service.requests(db, paging, state, sort)


@router.put("/root-approvals/{build_id}", tags=["people"])
async def decide_root_approval(
    build_id: UUID, body: RootAnswer, operator: Operator, db: Db, now: Now
) -> RootRequest:
    """Approve, refuse or revoke. Environments that run go on; the next start follows."""
    return await service.decide(db, operator, build_id, body, now)
