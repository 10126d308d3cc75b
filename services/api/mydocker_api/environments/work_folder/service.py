"""Reads and releases the machine of a work folder, by the orchestrator."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clients.orchestrator import OrchestratorClient
from mydocker_kit.contracts.orchestrator.volumes import VolumeNode
from mydocker_kit.errors import NotFound
from mydocker_kit.observability.logging import get_logger

from ...domain.policy import Person
from ...models import Environment

log = get_logger()


async def folder_node(db: AsyncSession, orchestrator: OrchestratorClient, id: UUID) -> VolumeNode:
    """The machine of its work folder; `NotFound` where none is recorded."""
    for name in await _volumes(db, id):
        return await orchestrator.volume_node(name)
    raise NotFound(f"work folder of environment {id}")


async def release(
    db: AsyncSession, orchestrator: OrchestratorClient, operator: Person, id: UUID
) -> None:
    """Forget the machine of its work folder, and log who asked."""
    for name in await _volumes(db, id):
        await orchestrator.release_volume(name)
        log.warning("environment.folder_released", id=id, volume=name, by=operator.id)


async def _volumes(db: AsyncSession, id: UUID) -> list[str]:
    """The names of the volumes of its last start."""
    row = await db.get(Environment, id)
    if row is None:
        raise NotFound(f"environment {id}")
    return [mount.name for mount in row.plan.volumes] if row.plan else []
