"""The pools a teacher may choose."""

from fastapi import APIRouter

from mydocker_kit.contracts.orchestrator.pools import Pool
from mydocker_kit.errors import Forbidden

from ..deps import CurrentPerson, Db
from ..domain import policy
from ..domain.policy import MayDo
from . import queries

router = APIRouter(prefix="/api", tags=["courses"])


@router.get("/pool-choices")
async def list_pool_choices(person: CurrentPerson, db: Db) -> list[Pool]:
    """What a Course may run on (at most a hundred): defaults for its empty fields, and limits."""
    if MayDo.CREATE_COURSES not in policy.may_do(person):
        raise Forbidden("only teachers prepare courses")
    return await queries.pools(db) or [queries.assumed_pool()]
