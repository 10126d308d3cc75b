"""HTTP endpoint of CPU and memory in use."""

from fastapi import APIRouter, Depends

from mydocker_kit.contracts.orchestrator.usage import UsageList
from mydocker_kit.docker.errors import EngineError
from mydocker_kit.errors import Unavailable
from mydocker_kit.web.dependencies import calling_service

from ..deps import Usage

router = APIRouter(prefix="/usage", tags=["usage"], dependencies=[Depends(calling_service)])


class UsageUnavailable(Unavailable):
    """The engine cannot be asked for usage at present."""

    code = "usage_unavailable"


@router.get("")
async def list_usage(sampler: Usage) -> UsageList:
    """CPU and memory in use by all environments, at most ten seconds old."""
    try:
        return UsageList(items=await sampler.usage())
    except EngineError as error:
        raise UsageUnavailable from error
