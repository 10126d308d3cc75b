"""HTTP endpoints of the nodes that hold volumes."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from mydocker_kit.contracts.orchestrator.volumes import VolumeNode
from mydocker_kit.web.dependencies import Db, calling_service

from ..capacity import volume_nodes

router = APIRouter(prefix="/volumes", tags=["volumes"], dependencies=[Depends(calling_service)])
VolumeName = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_.-]{1,120}$")]


@router.get("/{name}/node")
async def show_volume_node(name: VolumeName, db: Db) -> VolumeNode:
    """Show on which node a volume is."""
    return await volume_nodes.show(db, name)


@router.delete("/{name}/node", status_code=204)
async def release_volume(name: VolumeName, db: Db) -> None:
    """Forget on which node a volume is: the next start makes an empty one. Idempotent."""
    await volume_nodes.release(db, name)
