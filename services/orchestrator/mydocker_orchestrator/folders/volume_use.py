"""Whether a container has a volume."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.orchestrator.environments import Phase
from mydocker_kit.errors import Conflict

from ..models import EnvironmentRow

_MOUNTING = (Phase.STARTING.value, Phase.READY.value, Phase.STOPPING.value)


class VolumeInUse(Conflict):
    """An environment has it mounted: stop that first."""

    code, title = "volume_in_use", "An environment uses this work folder"


async def check_unused(db: AsyncSession, name: str) -> None:
    """Raise `VolumeInUse` while a container has this volume."""
    row = EnvironmentRow
    has_it = row.spec["volumes"].contains([{"name": name}])
    using = await db.scalar(select(row.id).where(has_it, row.phase.in_(_MOUNTING)).limit(1))
    if using is not None:
        raise VolumeInUse(environment=str(using))
