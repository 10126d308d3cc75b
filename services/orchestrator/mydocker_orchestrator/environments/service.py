"""Accepts specs and stop requests: one row each, idempotent, then a notification."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.orchestrator.environments import (
    ALIVE,
    EnvironmentSpec,
    EnvironmentStatus,
    Phase,
    Reason,
    ReasonCode,
    StopRequest,
)
from mydocker_kit.docker.errors import EngineError, EngineRefused
from mydocker_kit.errors import Invalid, NotFound, Unavailable
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction

from ..domain.lifecycle import transitions
from ..domain.lifecycle.transitions import DesiredState
from ..folders.records import ask_before_new
from ..models import EnvironmentRow
from ..swarm.interface import SwarmClient
from . import queries
from .records import SpecStore, environment_of, observed_values, status_of

log = get_logger()
_END_REASONS = frozenset({ReasonCode.SESSION_OVER, ReasonCode.LEASE_OVER})


class UnknownEndReason(Invalid):
    """`end_reason` is no reason for an end at a given time."""

    code = "unknown_end_reason"


class OutputUnavailable(Unavailable):
    """The engine cannot be asked for output at present."""

    code = "output_unavailable"


async def put_environment(
    db: AsyncSession, store: SpecStore, id: UUID, spec: EnvironmentSpec, now: datetime
) -> EnvironmentStatus:
    """Set the desired state to running. A known attempt only takes new end times."""
    if spec.end_reason not in _END_REASONS:
        raise UnknownEndReason(end_reason=spec.end_reason)
    await queries.lock_versions(db)
    row = await queries.row_of(db, id)
    if row is None:
        number = await queries.next_version(db)
        row = EnvironmentRow(id=id, version=number, **store.columns(spec))
        _begin(row, now)
        db.add(row)
    elif spec.attempt > row.attempt:
        await ask_before_new(db, {mount.name for mount in spec.volumes}, now)
        for name, value in store.columns(spec).items():
            setattr(row, name, value)
        _begin(row, now)
    elif spec.attempt < row.attempt or not _update_ends(row, spec):
        return status_of(row)
    await _record_change(db, row)
    log.info("environment.requested", id=str(id), attempt=row.attempt, ends_at=str(row.ends_at))
    return status_of(row)


async def stop_environment(
    db: AsyncSession, id: UUID, request: StopRequest, now: datetime
) -> EnvironmentStatus:
    """Set the desired state to stopped, unless a later attempt exists."""
    await queries.lock_versions(db)
    row = await _row(db, id)
    if request.attempt < row.attempt:
        return status_of(row)
    if request.attempt == row.attempt and Phase(row.phase) not in ALIVE:
        return status_of(row)
    # A stop may overtake the start it refers to: recorded here, the late start is ignored.
    row.attempt = request.attempt
    parameters = {"words": request.words} if request.words else {}
    reason = Reason(code=request.reason, parameters=parameters)
    stopping = transitions.stopping(environment_of(row), reason, now)
    for name, value in observed_values(stopping).items():
        setattr(row, name, value)
    await _record_change(db, row)
    log.info(
        "environment.stop_requested", id=str(id), attempt=row.attempt, reason=request.reason.value
    )
    return status_of(row)


async def show_environment(db: AsyncSession, id: UUID) -> EnvironmentStatus:
    """The status of this environment."""
    return status_of(await _row(db, id))


async def list_environments(db: AsyncSession, page: int, page_size: int) -> Page[EnvironmentStatus]:
    """All environments ever known, oldest change first."""
    rows, total = await queries.page_of_rows(db, page, page_size)
    items = [status_of(row) for row in rows]
    return Page(items=items, total=total, page=page, page_size=page_size)


async def environment_output(sessions: Sessions, swarm: SwarmClient, id: UUID, lines: int) -> str:
    """The last lines of its container, or those stored of a failed attempt."""
    async with transaction(sessions) as db:
        status = await show_environment(db, id)
    if status.phase in (Phase.STOPPED, Phase.FAILED):
        return status.last_logs
    try:
        return await swarm.logs(id, lines)
    except EngineRefused:
        return ""  # not created yet, or just removed
    except EngineError as error:
        raise OutputUnavailable(str(error)) from error


def _begin(row: EnvironmentRow, now: datetime) -> None:
    row.wanted, row.asked_at = DesiredState.RUNNING.value, now
    row.phase, row.since = Phase.QUEUED.value, now
    row.step = row.reason = row.node = row.running_at = row.ready_at = None
    row.began_at = row.restart_at = None
    row.addresses, row.last_logs, row.restarts = [], "", 0


def _update_ends(row: EnvironmentRow, spec: EnvironmentSpec) -> bool:
    """Write new end times to a known attempt; a late PUT never shortens a lease or a limit."""
    if row.wanted != DesiredState.RUNNING:
        return False
    known = (row.ends_at, row.end_reason, row.lease_ends_at, row.spec)
    row.spec = {**row.spec, **_longer_limits(row, spec)}
    lease = max((at for at in (row.lease_ends_at, spec.lease_ends_at) if at), default=None)
    row.ends_at, row.end_reason, row.lease_ends_at = spec.ends_at, spec.end_reason, lease
    return known != (row.ends_at, row.end_reason, row.lease_ends_at, row.spec)


def _longer_limits(row: EnvironmentRow, spec: EnvironmentSpec) -> dict[str, int]:
    """Lease and hard limit of an attempt that has both or either: extra time makes them longer."""
    longer = {}
    for name in ("lease_seconds", "hard_limit_seconds"):
        known, wanted = row.spec.get(name), getattr(spec, name)
        if known and wanted and wanted > known:
            longer[name] = wanted
    return longer


async def _record_change(db: AsyncSession, row: EnvironmentRow) -> None:
    row.version = await queries.next_version(db)
    await db.flush()
    await queries.notify_status_change(db, row.version)
    await queries.notify_spec_change(db)


async def _row(db: AsyncSession, id: UUID) -> EnvironmentRow:
    row = await queries.row_of(db, id)
    if row is None:
        raise NotFound(f"environment {id}")
    return row
