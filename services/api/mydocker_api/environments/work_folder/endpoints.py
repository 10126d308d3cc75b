"""On which machine a work folder is, and its release when that machine does not come back."""

from uuid import UUID

from fastapi import APIRouter

from mydocker_kit.contracts.orchestrator.volumes import VolumeNode

from ...deps import Db, Operator, Orchestrator
from . import service

router = APIRouter(
    prefix="/api/environments/{environment_id}/folder-node",
    tags=["room"],
)


@router.get("")
async def get_folder_node(
    environment_id: UUID, _operator: Operator, orchestrator: Orchestrator, db: Db
) -> VolumeNode:
    """The machine on whose disk the work folder is: the environment starts there only."""
    return await service.folder_node(db, orchestrator, environment_id)


@router.delete("", status_code=204)
async def release_folder_node(
    environment_id: UUID, operator: Operator, orchestrator: Orchestrator, db: Db
) -> None:
    """Let the next start make an empty work folder on any machine. Refused while it runs.

    The old folder stays on its machine's disk, and is not used again. Idempotent.
    """
    await service.release(db, orchestrator, operator, environment_id)
