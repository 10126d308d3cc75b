"""Changes that other services make: followed from the last one read, and recorded once.

How far a source was read is stored in the transaction that records the change, so that a crash
neither loses nor repeats one. The first time, what happened before is left out. A service sends the
newest status only, and more often than integrators care for: recorded is what alters the state.
"""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from mydocker_kit.clients.builder import BuilderClient
from mydocker_kit.clients.lti import LtiClient
from mydocker_kit.clients.orchestrator import OrchestratorClient
from mydocker_kit.clock import Clock
from mydocker_kit.contracts.events import ChangeKind
from mydocker_kit.postgres.db import Sessions, transaction

from ..change_log import record
from . import queries
from .runs import record_run

PLATFORMS_EVERY = 5.0
"""Seconds between looks at the platforms' journals."""


class Seen(NamedTuple):
    """One status of another service, with its number there."""

    number: int
    kind: ChangeKind
    subject_id: UUID
    course_id: UUID | None
    owner_id: UUID
    state: str
    happened_at: datetime


class Sources:
    """Records what orchestrator, builder and gateway report."""

    def __init__(
        self,
        sessions: Sessions,
        orchestrator: OrchestratorClient,
        builder: BuilderClient,
        gateway: LtiClient,
        clock: Clock,
    ) -> None:
        self._sessions, self._clock = sessions, clock
        self._orchestrator, self._builder, self._gateway = orchestrator, builder, gateway
        self._states: dict[UUID, str] = {}
        """Last recorded states; what is missing is looked up."""

    async def follow_environments(self) -> None:
        """Record every change of the phase of an environment, until cancelled."""
        after = await self._begin("orchestrator")
        async for status in self._orchestrator.changes(after):
            await self._take(
                "orchestrator",
                Seen(
                    status.version,
                    ChangeKind.ENVIRONMENT,
                    status.id,
                    status.course_id,
                    status.owner_id,
                    status.phase,
                    status.since,
                ),
            )

    async def follow_builds(self) -> None:
        """Record every change of the phase of a build, until cancelled."""
        after = await self._begin("builder")
        async for number, status in self._builder.changes(after):
            at = status.ended_at or status.started_at or status.queued_at
            kind, owner_id = ChangeKind.BUILD, status.author_id
            await self._take(
                "builder", Seen(number, kind, status.id, None, owner_id, status.phase, at)
            )

    async def read_platforms(self) -> None:
        """Record new lines of the platforms' journals; each is a change of its own."""
        while changes := await self._gateway.platform_changes(await self._begin("gateway")):
            async with transaction(self._sessions) as db:
                source = await queries.source(db, "gateway", self._clock())
                for change in changes:
                    if change.number > source.number and change.happened_at >= source.began_at:
                        kind, at = ChangeKind.PLATFORM, change.happened_at
                        await record(db, kind, change.platform_id, at, state=change.kind)
                source.number = changes[-1].number

    async def _begin(self, name: str) -> int:
        async with transaction(self._sessions) as db:
            return (await queries.source(db, name, self._clock())).number

    async def _take(self, name: str, seen: Seen) -> None:
        if self._states.get(seen.subject_id) == seen.state:
            return
        async with transaction(self._sessions) as db:
            source = await queries.source(db, name, self._clock())
            known = await queries.last_state(db, seen.kind, seen.subject_id)
            source.number = max(source.number, seen.number)
            if known != seen.state and seen.happened_at >= source.began_at:
                await record(
                    db,
                    seen.kind,
                    seen.subject_id,
                    seen.happened_at,
                    course_id=seen.course_id,
                    owner_id=seen.owner_id,
                    state=seen.state,
                )
                if seen.kind is ChangeKind.ENVIRONMENT:
                    await record_run(
                        db,
                        seen.subject_id,
                        seen.course_id,
                        seen.owner_id,
                        seen.state,
                        seen.happened_at,
                    )
        self._states[seen.subject_id] = seen.state
