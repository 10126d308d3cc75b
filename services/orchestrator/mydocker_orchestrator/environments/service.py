"""Accepting what api asks for: one row, repeatable, and a bell."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.environments import (
    ALIVE,
    EnvironmentSpec,
    EnvironmentStatus,
    Phase,
    Reason,
    ReasonCode,
    StopRequest,
)
from mydocker_kit.db import Sessions, transaction
from mydocker_kit.errors import Invalid, NotFound, Unavailable
from mydocker_kit.logging import get_logger

from ..domain.lifecycle import transitions
from ..domain.lifecycle.transitions import Wanted
from ..models import EnvironmentRow
from ..swarm.interface import EngineError, EngineRefused, SwarmDoor
from . import queries
from .records import SpecStore, environment_of, observed_values, status_of

log = get_logger()
_END_REASONS = frozenset({ReasonCode.SESSION_OVER, ReasonCode.LEASE_OVER})


class UnknownEndReason(Invalid):
    """`end_reason` names nothing that can end an Environment at a time."""

    code = "unknown_end_reason"


class OutputUnavailable(Unavailable):
    """The engine does not give the output at present."""

    code = "output_unavailable"


async def put_environment(
    db: AsyncSession, store: SpecStore, id: UUID, spec: EnvironmentSpec, now: datetime
) -> EnvironmentStatus:
    """Want this attempt to run. An attempt already known only takes a new end."""
    if spec.end_reason not in _END_REASONS:
        raise UnknownEndReason(end_reason=spec.end_reason)
    await queries.take_turn(db)
    row = await queries.row_of(db, id)
    if row is None:
        number = await queries.next_version(db)
        row = EnvironmentRow(id=id, version=number, **store.columns(spec))
        _begin(row, now)
        db.add(row)
    elif spec.attempt > row.attempt:
        for name, value in store.columns(spec).items():
            setattr(row, name, value)
        _begin(row, now)
    elif spec.attempt < row.attempt or not _takes_new_end(row, spec):
        return status_of(row)
    await _changed(db, row)
    log.info("environment.wanted", id=str(id), attempt=row.attempt, ends_at=str(row.ends_at))
    return status_of(row)


async def stop_environment(
    db: AsyncSession, id: UUID, request: StopRequest, now: datetime
) -> EnvironmentStatus:
    """Want it stopped, unless a later attempt than the one meant is there."""
    await queries.take_turn(db)
    row = await _row(db, id)
    if request.attempt < row.attempt:
        return status_of(row)
    if request.attempt == row.attempt and Phase(row.phase) not in ALIVE:
        return status_of(row)
    # A stop may overtake the start it ends; remembered, so that the start comes too late.
    row.attempt = request.attempt
    words = {"words": request.words} if request.words else {}
    reason = Reason(code=request.reason, parameters=words)
    stopping = transitions.ending(environment_of(row), reason, now)
    for name, value in observed_values(stopping).items():
        setattr(row, name, value)
    await _changed(db, row)
    log.info("environment.unwanted", id=str(id), attempt=row.attempt, reason=request.reason.value)
    return status_of(row)


async def show_environment(db: AsyncSession, id: UUID) -> EnvironmentStatus:
    """What is observed of this Environment."""
    return status_of(await _row(db, id))


async def list_environments(db: AsyncSession, page: int, page_size: int) -> Page[EnvironmentStatus]:
    """All Environments ever known, oldest change first."""
    rows, total = await queries.page_of_rows(db, page, page_size)
    items = [status_of(row) for row in rows]
    return Page(items=items, total=total, page=page, page_size=page_size)


async def environment_output(sessions: Sessions, swarm: SwarmDoor, id: UUID, lines: int) -> str:
    """The last lines of its container, or those kept of a failed attempt."""
    async with transaction(sessions) as db:
        status = await show_environment(db, id)
    if status.phase in (Phase.STOPPED, Phase.FAILED):
        return status.last_logs
    try:
        return await swarm.logs(id, lines)
    except EngineRefused:
        return ""  # not made yet, or just gone
    except EngineError as error:
        raise OutputUnavailable(str(error)) from error


def _begin(row: EnvironmentRow, now: datetime) -> None:
    row.wanted, row.asked_at = Wanted.RUNNING.value, now
    row.phase, row.since = Phase.QUEUED.value, now
    row.step = row.reason = row.node = row.running_at = row.ready_at = None
    row.began_at = row.restart_at = None
    row.addresses, row.last_logs, row.restarts = [], "", 0


def _takes_new_end(row: EnvironmentRow, spec: EnvironmentSpec) -> bool:
    """Write the ends of a known attempt; a lease is never moved back by a PUT that comes late."""
    if row.wanted != Wanted.RUNNING:
        return False
    known = (row.ends_at, row.end_reason, row.lease_ends_at)
    lease = max((at for at in (row.lease_ends_at, spec.lease_ends_at) if at), default=None)
    row.ends_at, row.end_reason, row.lease_ends_at = spec.ends_at, spec.end_reason, lease
    return known != (row.ends_at, row.end_reason, row.lease_ends_at)


async def _changed(db: AsyncSession, row: EnvironmentRow) -> None:
    row.version = await queries.next_version(db)
    await db.flush()
    await queries.ring_changes(db, row.version)
    await queries.ring_wanted(db)


async def _row(db: AsyncSession, id: UUID) -> EnvironmentRow:
    row = await queries.row_of(db, id)
    if row is None:
        raise NotFound(f"environment {id}")
    return row
