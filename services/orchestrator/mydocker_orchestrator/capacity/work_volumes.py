"""What each reconcile pass does about volumes: list new machines, record, bind to nodes."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from mydocker_kit.contracts.orchestrator.pools import Pool

from ..domain.lifecycle.transitions import EnvironmentState
from ..domain.observed_state import ObservedState
from .volume_nodes import VolumeNodes
from .volume_scan import VolumeScan


class WorkVolumes:
    """Used by the leading replica."""

    def __init__(self, nodes: VolumeNodes, scan: VolumeScan) -> None:
        self._nodes, self._scan = nodes, scan

    def reset(self) -> None:
        """Drop all cached state: another replica may have led meanwhile."""
        self._nodes.reset()
        self._scan.reset()

    async def step(
        self,
        environments: Mapping[UUID, EnvironmentState],
        observed: ObservedState,
        pools: Mapping[str, Pool],
        now: datetime,
    ) -> dict[UUID, EnvironmentState]:
        """Record what is mounted; the environments, bound to the nodes of their work folders."""
        await self._scan.scan(observed.nodes, now)
        await self._nodes.record(environments, observed, pools, now)
        return await self._nodes.located(environments, pools)
