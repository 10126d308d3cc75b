"""What a teacher does for students: start, restart, extend, message, open.

Each act goes through the same functions as the student's own button, in the student's name, so
that limits, sessions and delivery are the same. Two things differ: a teacher may start before a
session begins, and whatever cannot be done for one student is reported and stops nobody else.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime
from uuid import UUID

from mydocker_kit.contracts.events import EventKind
from mydocker_kit.contracts.orchestrator.environments import Phase
from mydocker_kit.errors import ProblemError
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction
from mydocker_kit.tokens import AccessToken

from ...auth.service import caller
from ...composition.services import Services
from ...contexts.supervision import supervised_among, supervised_course
from ...domain.environments import leases, lifecycle
from ...domain.policy import NotTeachingHere, Person, Supervision
from ...feed import announce
from ...models import Environment
from ...orchestration.queries import environment_of
from ...orchestration.specs import request_of
from ...rosters import queries as rosters
from ...rosters.queries import Where
from ..window import service as window
from ..window.reading import NoSuchPort, port_ticket
from ..window.schemas import OpenedPort
from ..window.service import LeaseAtItsEnd, NotRunning
from . import queries
from .schemas import MOST_PEOPLE, DoneForOthers, NotDone
from .views import pages_of

log = get_logger()
_AT_ONCE = 8
"""Students served concurrently: each takes a database connection."""
Act = Callable[[Person], Awaitable[None]]


async def check_supervised(
    sessions: Sessions, person: Person, course_id: UUID, people: Collection[UUID]
) -> Supervision:
    """Raise unless the caller teaches all of these people in this Course now."""
    async with transaction(sessions) as db:
        _, seen = await supervised_course(db, person, course_id)
        if set(people) - await supervised_among(db, course_id, seen, people):
            raise NotTeachingHere
    return seen


async def start_others(
    services: Services,
    person: Person,
    course_id: UUID,
    people: Collection[UUID] | None,
    now: datetime,
) -> DoneForOthers:
    """Start environments of students who have none running, before the session if need be."""
    ids = await _chosen(services, person, course_id, people)
    async with transaction(services.sessions) as db:
        rows = await rosters.environments_of(db, course_id, ids)
    idle = [id for id in ids if not _is_alive(services, rows.get(id))]

    async def start(student: Person) -> None:
        await window.start(services, student, course_id, now, early=True)

    return await _for_all(services, person, course_id, idle, "start", start)


async def restart_others(
    services: Services, person: Person, course_id: UUID, people: Collection[UUID], now: datetime
) -> DoneForOthers:
    """Replace environments of students by fresh ones; work folders stay."""
    ids = await _chosen(services, person, course_id, people)

    async def restart(student: Person) -> None:
        await window.restart(services, student, course_id, now, early=True)

    return await _for_all(services, person, course_id, ids, "restart", restart)


async def extend_others(
    services: Services,
    person: Person,
    course_id: UUID,
    people: Collection[UUID] | None,
    minutes: int,
) -> DoneForOthers:
    """Give running environments more time, within the hard limit.

    The end by the session moves too, for these students alone, until somebody edits the sessions.
    """
    ids = await _chosen(services, person, course_id, people)
    if people is None:
        async with transaction(services.sessions) as db:
            rows = await rosters.environments_of(db, course_id, ids)
        ids = [id for id in ids if _has_end(services, rows.get(id))]

    async def extend(student: Person) -> None:
        await _extend(services, student.id, course_id, minutes)

    return await _for_all(services, person, course_id, ids, "extend", extend)


async def message_others(
    services: Services,
    person: Person,
    course_id: UUID,
    people: Collection[UUID] | None,
    text: str,
    now: datetime,
) -> DoneForOthers:
    """Show a message in the windows of these students."""
    ids = await _chosen(services, person, course_id, people)
    async with transaction(services.sessions) as db:
        if ids:
            await queries.add_messages(db, course_id, ids, person.id, text.strip(), now)
            await announce(db, EventKind.COURSE_CHANGED, course_id, course_id, None)
    log.info("room.message_sent", course=course_id, by=person.id, count=len(ids))
    return DoneForOthers(done=len(ids), refused=[])


async def open_port(
    services: Services,
    person: Person,
    token: AccessToken,
    course_id: UUID,
    user_id: UUID,
    number: int,
    now: datetime,
) -> OpenedPort:
    """A ticket for a port of a student's environment; recorded, and shown to the student.

    It ends with the teacher's web session.
    """
    await check_supervised(services.sessions, person, course_id, [user_id])
    async with transaction(services.sessions) as db:
        row = await environment_of(db, user_id, course_id)
        if row is None:
            raise NotRunning
        if lifecycle.phase(request_of(row), services.statuses.get(row.id)) is not Phase.READY:
            raise NotRunning
        port = next((port for port in pages_of(row) if port.number == number), None)
        if port is None:
            raise NoSuchPort(f"port {number}")
        await queries.add_visit(db, row.id, person.id, number, now)
        await announce(db, EventKind.ENVIRONMENT_CHANGED, row.id, course_id, user_id)
        id = row.id
    log.info("room.environment_opened", id=id, course=course_id, by=person.id, port=number)
    return port_ticket(services.settings, token, user_id, id, port, now)


async def _chosen(
    services: Services, person: Person, course_id: UUID, people: Collection[UUID] | None
) -> list[UUID]:
    """Those of the request, whom the caller teaches; or everybody of the class who came."""
    services.statuses.check_loaded()
    if people is not None:
        await check_supervised(services.sessions, person, course_id, people)
        return list(dict.fromkeys(people))
    async with transaction(services.sessions) as db:
        _, seen = await supervised_course(db, person, course_id)
        where = Where(course_id, seen.contexts, person.id, by_link=seen.owns)
        rows, _ = await rosters.class_of_course(db, where, MOST_PEOPLE)
    return [row.user_id for row in rows if row.user_id and row.came]


def _is_alive(services: Services, row: Environment | None) -> bool:
    return row is not None and lifecycle.is_alive(request_of(row), services.statuses.get(row.id))


def _has_end(services: Services, row: Environment | None) -> bool:
    if row is None:
        return False
    request, status = request_of(row), services.statuses.get(row.id)
    news = lifecycle.current(request, status)
    is_ready = lifecycle.phase(request, status) is Phase.READY
    return is_ready and news is not None and news.ends_at is not None


async def _extend(services: Services, user_id: UUID, course_id: UUID, minutes: int) -> None:
    async with transaction(services.sessions) as db:
        row = await environment_of(db, user_id, course_id, lock=True)
        request = request_of(row) if row else None
        status = lifecycle.current(request, services.statuses.get(row.id) if row else None)
        if row is None or status is None or lifecycle.phase(request, status) is not Phase.READY:
            raise NotRunning
        extension = leases.extended(status, row.ends_at, minutes)
        if extension is None:
            raise LeaseAtItsEnd
        row.lease_ends_at, row.ends_at = extension.lease_ends_at, extension.session_ends_at
        row.revision += 1
    await services.delivery.try_now(row.id)


async def _for_all(
    services: Services,
    person: Person,
    course_id: UUID,
    ids: Collection[UUID],
    name: str,
    act: Act,
) -> DoneForOthers:
    """Do this for each student; who cannot be served is reported with the code of the problem."""
    slots = asyncio.Semaphore(_AT_ONCE)
    refused: list[NotDone] = []

    async def serve(user_id: UUID) -> None:
        async with slots:
            try:
                await act(await caller(services.sessions, user_id))
            except ProblemError as error:
                refused.append(NotDone(user_id=user_id, code=error.code))

    async with asyncio.TaskGroup() as group:
        for id in ids:
            group.create_task(serve(id))
    done = len(ids) - len(refused)
    log.info(
        f"room.{name}_requested", course=course_id, by=person.id, count=done, refused=len(refused)
    )
    return DoneForOthers(done=done, refused=refused)
