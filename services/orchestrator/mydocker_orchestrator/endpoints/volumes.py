"""HTTP endpoints of volumes: all of them, their sizes, and the nodes that hold them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from mydocker_kit.contracts.orchestrator.volumes import (
    VolumeInventory,
    VolumeNode,
    VolumeSizes,
    VolumeSizesRequest,
)
from mydocker_kit.web.dependencies import Db, calling_service

from ..capacity import volume_nodes
from ..deps import Volumes

router = APIRouter(prefix="/volumes", tags=["volumes"], dependencies=[Depends(calling_service)])
VolumeName = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_.-]{1,120}$")]


@router.get("")
async def list_volumes(volumes: Volumes) -> VolumeInventory:
    """List all volumes of environments, as engines and records have them."""
    return await volumes.volumes()


@router.post("/sizes")
async def measure_volumes(body: VolumeSizesRequest, volumes: Volumes) -> VolumeSizes:
    """Measure volumes; those whose machine does not answer in time are left out."""
    return VolumeSizes(sizes=await volumes.sizes(body.names))


@router.get("/{name}/node")
async def show_volume_node(name: VolumeName, db: Db) -> VolumeNode:
    """Show on which node a volume is."""
    return await volume_nodes.show(db, name)


@router.delete("/{name}/node", status_code=204)
async def release_volume(name: VolumeName, db: Db) -> None:
    """Forget on which node a volume is: the next start makes an empty one. Idempotent."""
    await volume_nodes.release(db, name)
