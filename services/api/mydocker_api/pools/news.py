"""Asks the orchestrator for its pools, again and again."""

from mydocker_kit.clients.orchestrator import OrchestratorClient
from mydocker_kit.db import Sessions, transaction
from mydocker_kit.errors import Unavailable

from . import queries

EVERY = 30.0


async def look_at_pools(db: Sessions, orchestrator: OrchestratorClient) -> None:
    """Remember every pool; while nobody answers, what was known stays."""
    try:
        told = await orchestrator.pools()
    except Unavailable:
        return
    async with transaction(db) as session:
        await queries.keep(session, [state.pool for state in told], whole=True)
