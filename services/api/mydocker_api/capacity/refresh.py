"""Refreshes the stored pools from the orchestrator."""

import asyncio

from mydocker_kit.clients.orchestrator import OrchestratorClient
from mydocker_kit.db import Sessions, transaction
from mydocker_kit.errors import Unavailable

from . import queries

EVERY = 30.0
_PATIENCE = 5.0
"""Seconds; changes of pools by operators wait meanwhile."""


async def refresh_pools(db: Sessions, orchestrator: OrchestratorClient) -> None:
    """Store every pool; without an answer the stored ones stay."""
    async with transaction(db) as session:
        await queries.lock_pools(session)
        try:
            async with asyncio.timeout(_PATIENCE):
                reported = await orchestrator.pools()
        except (Unavailable, TimeoutError):
            return
        await queries.store(session, [state.pool for state in reported], whole=True)
        needing = {state.pool.name for state in reported if state.root_needs_approval}
        await queries.record_root_needs(session, needing)
