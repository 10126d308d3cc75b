"""One row of the live room: a person of the class joined with their environment."""

from datetime import datetime

from mydocker_kit.contracts.orchestrator.environments import (
    ALIVE,
    WEB_KINDS,
    EnvironmentStatus,
    Phase,
    Port,
    PortKind,
)
from mydocker_kit.contracts.orchestrator.usage import EnvironmentUsage

from ...domain.environments import lifecycle, room
from ...models import Environment
from ...orchestration.specs import request_of
from ...rosters.queries import FoundPerson
from .schemas import RoomPerson, Usage

PAGES = WEB_KINDS | {PortKind.VNC}
"""Kinds of ports that a browser opens."""


def room_person(
    person: FoundPerson,
    row: Environment | None,
    status: EnvironmentStatus | None,
    usual_seconds: float | None,
    now: datetime,
    usage: EnvironmentUsage | None,
    extra: int,
) -> RoomPerson:
    """The row of this person, at this moment."""
    if row is None or not row.attempt:
        return _not_started(person, extra)
    request = request_of(row)
    news, phase = lifecycle.current(request, status), lifecycle.phase(request, status)
    reason = request.refusal or (news.reason if news else None)
    ends_at = news.ends_at if news and phase in ALIVE else None
    ports = pages_of(row) if phase is Phase.READY else []
    return RoomPerson(
        key=person.key,
        user_id=person.user_id,
        name=person.name,
        role=person.role,
        came=person.came,
        phase=phase,
        step=news.step if news and phase is Phase.STARTING else None,
        step_number=lifecycle.step_number(news) if phase is Phase.STARTING else 0,
        since=news.since if news else row.asked_at,
        asked_at=row.asked_at,
        ready_at=news.ready_at if news else None,
        ends_at=ends_at,
        node=news.node if news else None,
        resources=row.plan.resources if row.plan else None,
        usage=_usage(usage) if phase in ALIVE else None,
        reason=reason,
        restarts=news.restarts if news else 0,
        extra_minutes=extra,
        attention=room.attention(phase, news, reason, row.asked_at, usual_seconds, now),
        ports=ports,
        can=room.room_can(phase, has_end=ends_at is not None, has_page=bool(ports))
        if person.came
        else [],
    )


def _usage(usage: EnvironmentUsage | None) -> Usage | None:
    if usage is None:
        return None
    return Usage(cpu=usage.cpu, memory_mib=usage.memory_mib, measured_at=usage.measured_at)


def pages_of(row: Environment) -> list[Port]:
    """The ports of this attempt that a browser opens."""
    return [port for port in (row.plan.ports if row.plan else ()) if port.kind in PAGES]


def _not_started(person: FoundPerson, extra: int) -> RoomPerson:
    return RoomPerson(
        key=person.key,
        user_id=person.user_id,
        name=person.name,
        role=person.role,
        came=person.came,
        phase=None,
        step=None,
        step_number=0,
        since=None,
        asked_at=None,
        ready_at=None,
        ends_at=None,
        node=None,
        resources=None,
        usage=None,
        reason=None,
        restarts=0,
        extra_minutes=extra,
        attention=None,
        ports=[],
        can=room.room_can(None, has_end=False, has_page=False) if person.came else [],
    )
