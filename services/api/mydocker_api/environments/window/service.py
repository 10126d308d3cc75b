"""Start, stop, cancel, restart, renew: each writes the requested state, then delivers it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.events import EventKind
from mydocker_kit.contracts.orchestrator.environments import (
    Phase,
    ReasonCode,
    Resources,
    VolumeMount,
)
from mydocker_kit.contracts.orchestrator.pools import Pool
from mydocker_kit.errors import Conflict, NotFound
from mydocker_kit.ids import environment_id
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import transaction

from ...capacity.queries import course_pool
from ...composition.services import Services
from ...domain.courses.opening import end_of
from ...domain.environments import credentials, leases, lifecycle
from ...domain.environments.resources import effective_resources
from ...domain.policy import Person
from ...domain.statuses import RequestedState, SessionState
from ...feed import announce
from ...metrics import RENEWALS, STARTS
from ...models import Course, Environment
from ...models.environment import Plan
from ...orchestration.queries import environment_of
from ...orchestration.specs import request_of
from ...orchestration.stop_requests import request_stop
from ...orchestration.uses import mark_used
from ...retention.queries import keep_folder
from ...root_approvals.service import approved_digest
from ...settings import Settings
from .admission import Admission, admit
from .limits import check_limits

log = get_logger()
NAME_TRIES = 8


class AlreadyReady(Conflict):
    """The start has succeeded; it cannot be cancelled any more."""

    code = "environment_ready"
    title = "The environment is ready; stop it instead"


class NotRunning(Conflict):
    """The Environment is not ready: it cannot be opened or extended."""

    code = "environment_not_ready"
    title = "The environment is not ready"


class LeaseAtItsEnd(Conflict):
    """There is no lease, or it cannot be extended further."""

    code = "lease_at_its_end"
    title = "The environment already runs as long as it may"


async def start(
    services: Services, person: Person, course_id: UUID, now: datetime, *, early: bool = False
) -> None:
    """Request a running Environment; changes nothing while one is alive.

    `early`: a teacher asks for it, who may before the session begins.
    """
    async with transaction(services.sessions) as db:
        admission = await admit(db, person, course_id, now, early=early)
        row = await _own_row(db, services, admission, now)
        if not lifecycle.is_alive(request_of(row), services.statuses.get(row.id)):
            await check_limits(db, services, admission)
            await _request_next_attempt(db, row, admission, services.settings, now, kind="start")
    await services.delivery.try_now(row.id)


async def restart(
    services: Services, person: Person, course_id: UUID, now: datetime, *, early: bool = False
) -> None:
    """Request a fresh Environment in place of this one.

    The orchestrator ends the older attempt itself. While an attempt is on its way up, asking
    again changes nothing.
    """
    async with transaction(services.sessions) as db:
        admission = await admit(db, person, course_id, now, early=early)
        row = await _own_row(db, services, admission, now)
        if not lifecycle.is_on_its_way(request_of(row), services.statuses.get(row.id)):
            await check_limits(db, services, admission)
            await _request_next_attempt(db, row, admission, services.settings, now, kind="restart")
    await services.delivery.try_now(row.id)


async def renew(services: Services, person: Person, course_id: UUID, now: datetime) -> None:
    """Give the running Environment a whole lease from now; its container is not touched."""
    async with transaction(services.sessions) as db:
        admission = await admit(db, person, course_id, now)
        row = await environment_of(db, person.id, course_id, lock=True)
        if row is None or row.plan is None:
            raise NotFound(f"environment of course {course_id}")
        request = request_of(row)
        status = lifecycle.current(request, services.statuses.get(row.id))
        if lifecycle.phase(request, status) is not Phase.READY:
            raise NotRunning
        until = leases.renewed_until(row.plan.lease_minutes, status, row.ends_at, now)
        if until is None:
            raise LeaseAtItsEnd
        row.lease_ends_at = until
        row.revision += 1
        log.info("environment.renewed", id=row.id, until=until, course=admission.course.id)
    RENEWALS.inc()
    await services.delivery.try_now(row.id)


async def keep(services: Services, person: Person, course_id: UUID, now: datetime) -> None:
    """Say that the running Environment is used: it is not stopped as idle."""
    async with transaction(services.sessions) as db:
        await admit(db, person, course_id, now)
        row = await environment_of(db, person.id, course_id, lock=True)
        if row is None:
            raise NotFound(f"environment of course {course_id}")
        if lifecycle.phase(request_of(row), services.statuses.get(row.id)) is not Phase.READY:
            raise NotRunning
        row.idle_stops_at = None
        await mark_used(db, [row.id], now)
        await announce(db, EventKind.ENVIRONMENT_CHANGED, row.id, row.course_id, row.user_id)
    log.info("environment.kept", id=row.id)


async def renew_password(
    services: Services, person: Person, course_id: UUID, now: datetime
) -> None:
    """Set another password; a running Environment is replaced by a fresh one that has it.

    A running container keeps what it was started with, so nothing less would make the old
    password useless. Raises `NotRunning` while an attempt starts with the old one.
    """
    services.limits.passwords.check(person.id)
    async with transaction(services.sessions) as db:
        admission = await admit(db, person, course_id, now)
        row = await environment_of(db, person.id, course_id, lock=True)
        if row is None:
            raise NotFound(f"environment of course {course_id}")
        row.sealed_password = services.vault.seal(credentials.new_password())
        request, status = request_of(row), services.statuses.get(row.id)
        if lifecycle.is_alive(request, status):
            if lifecycle.phase(request, status) is not Phase.READY:
                raise NotRunning
            await check_limits(db, services, admission)
            await _request_next_attempt(db, row, admission, services.settings, now, kind="restart")
        log.info("environment.password_renewed", id=row.id, course=admission.course.id)
    await services.delivery.try_now(row.id)


async def stop(services: Services, person: Person, course_id: UUID, now: datetime) -> None:
    """Request a stop; people may stop their own Environment whatever became of the Course."""
    await _end(services, person, course_id, ReasonCode.STOPPED_BY_OWNER)


async def cancel(services: Services, person: Person, course_id: UUID, now: datetime) -> None:
    """Cancel a start that is not ready yet."""
    await _end(services, person, course_id, ReasonCode.CANCELLED)


async def _end(services: Services, person: Person, course_id: UUID, reason: ReasonCode) -> None:
    async with transaction(services.sessions) as db:
        row = await environment_of(db, person.id, course_id, lock=True)
        if row is None:
            raise NotFound(f"environment of course {course_id}")
        request, status = request_of(row), services.statuses.get(row.id)
        if lifecycle.is_alive(request, status):
            if reason is ReasonCode.CANCELLED and lifecycle.phase(request, status) is Phase.READY:
                raise AlreadyReady
            request_stop(row, reason)
    await services.delivery.try_now(row.id)


async def _own_row(
    db: AsyncSession, services: Services, admission: Admission, now: datetime
) -> Environment:
    """The person's row for this Course, locked; made at the first start, with credentials.

    Of concurrent first starts one inserts the row, the others wait for its lock.
    """
    for tries in range(NAME_TRIES):
        new = insert(Environment).values(
            id=environment_id(admission.course.id, admission.person.id),
            course_id=admission.course.id,
            user_id=admission.person.id,
            username=credentials.new_username(tries),
            sealed_password=services.vault.seal(credentials.new_password()),
            attempt=0,
            wanted=RequestedState.STOPPED,
            revision=0,
            confirmed=0,
            asked_at=now,
        )
        # Does nothing when the row exists, and when the name is taken.
        await db.execute(new.on_conflict_do_nothing())
        row = await environment_of(db, admission.person.id, admission.course.id, lock=True)
        if row is not None:
            return row
    raise NotFound(f"course {admission.course.id}")  # deleted concurrently


async def _request_next_attempt(
    db: AsyncSession,
    row: Environment,
    admission: Admission,
    settings: Settings,
    now: datetime,
    *,
    kind: str,
) -> None:
    """Request the next attempt; raises when the person may not start now."""
    slot = admission.check_may_start(now).slot
    row.attempt += 1
    row.revision += 1
    row.wanted, row.stop_reason = RequestedState.RUNNING, None
    row.refusal = row.reference = None
    pool = await course_pool(db, admission.course.pool)
    approved_for = await approved_digest(db, admission.course)
    row.plan = plan_of(
        admission.course, row.work_of_id or row.user_id, settings, pool, approved_for=approved_for
    )
    if slot is not None and slot.state(now) is SessionState.RUNNING:
        row.plan = row.plan.model_copy(update={"priority": 1})
    row.plan = row.plan.model_copy(update={"extra_minutes": slot.extra_minutes if slot else 0})
    row.session_id, row.ends_at = (slot.id if slot else None), end_of(slot)
    row.lease_ends_at, row.stop_words, row.idle_stops_at = None, "", None
    row.asked_at = now
    await keep_folder(db, row)
    STARTS.labels(kind).inc()
    log.info("environment.start_requested", id=row.id, attempt=row.attempt, kind=kind)


def plan_of(
    course: Course,
    user_id: UUID,
    settings: Settings,
    pool: Pool,
    *,
    approved_for: str | None = None,
) -> Plan:
    """The plan of an attempt: what it runs, with which resources."""
    resources = effective_resources(course.requested_resources, pool)
    volumes: tuple[VolumeMount, ...] = ()
    if course.save_work:
        name = f"work-{course.id.hex}-{user_id.hex}"
        volumes = (VolumeMount(name=name, path=course.work_path, quota_mib=resources.folder_mib),)
    return Plan(
        image=course.image_reference or "",
        command=course.command,
        ports=course.ports,
        resources=Resources(cpu=resources.cpu, memory_mib=resources.memory_mib, gpu=resources.gpu),
        pool=pool.name,
        volumes=volumes,
        profile=course.profile,
        root_approved_for=approved_for,
        ready_within=settings.ready_seconds,
        lease_minutes=resources.lease_minutes,
        hard_limit_minutes=resources.hard_limit_minutes,
        warn_minutes=course.lease.warn_minutes,
        idle_minutes=resources.idle_minutes,
    )
