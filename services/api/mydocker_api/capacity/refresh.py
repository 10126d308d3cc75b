"""Asks the orchestrator for its pools, again and again."""

import asyncio

from mydocker_kit.clients.orchestrator import OrchestratorClient
from mydocker_kit.db import Sessions, transaction
from mydocker_kit.errors import Unavailable

from . import queries

EVERY = 30.0
_PATIENCE = 5.0
"""An operator who changes a pool waits meanwhile."""


async def look_at_pools(db: Sessions, orchestrator: OrchestratorClient) -> None:
    """Remember every pool; while nobody answers, what was known stays."""
    async with transaction(db) as session:
        await queries.take_turn(session)
        try:
            async with asyncio.timeout(_PATIENCE):
                told = await orchestrator.pools()
        except (Unavailable, TimeoutError):
            return
        await queries.keep(session, [state.pool for state in told], whole=True)
        needing = {state.pool.name for state in told if state.root_needs_approval}
        await queries.record_root_needs(session, needing)
