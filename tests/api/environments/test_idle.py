"""Environments that nobody uses stop after a warning; use and computing keep them."""

from datetime import datetime, timedelta
from uuid import UUID

from tests.api.campus import Campus, Person
from tests.api.environments.windows import ready, window

from mydocker_api.environments.idle import IdleStops
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.orchestrator.environments import ReasonCode
from mydocker_kit.contracts.orchestrator.usage import EnvironmentUsage

LATER = timedelta(minutes=31)


async def running(campus: Campus, idle_minutes: int | None = 30) -> tuple[Person, str, UUID]:
    course = await campus.course(await campus.teacher(), lease={"idle_minutes": idle_minutes})
    ada = await campus.student(course)
    id = await ready(campus, ada, course)
    computes(campus, id, 0.01)
    return ada, course, id


def computes(campus: Campus, id: UUID, cpu: float | None) -> None:
    campus.orchestrator.usage = [
        EnvironmentUsage(environment=id, cpu=cpu, memory_mib=100, measured_at=utc_now())
    ]


async def look(campus: Campus, at: datetime) -> None:
    await IdleStops(campus.services, lambda: at).step()


async def test_it_is_warned_of_first_and_stopped_after(campus: Campus) -> None:
    ada, course, _ = await running(campus)
    now = utc_now()
    await look(campus, now)
    assert (await window(ada, course))["idle_stops_at"] is None
    await look(campus, now + LATER)
    warned = await window(ada, course)
    stops_at = datetime.fromisoformat(warned["idle_stops_at"])
    assert stops_at == now + LATER + timedelta(minutes=5)
    await look(campus, stops_at - timedelta(seconds=1))
    assert not campus.orchestrator.stops
    await look(campus, stops_at)
    assert campus.orchestrator.stops[0].reason is ReasonCode.STOPPED_IDLE
    assert (await window(ada, course))["idle_stops_at"] is None


async def test_one_click_keeps_it(campus: Campus) -> None:
    ada, course, _ = await running(campus)
    await look(campus, utc_now() + LATER)
    settings = await ada.post(f"/api/courses/{course}/environment/keep")
    assert settings["idle_stops_at"] is None
    await look(campus, utc_now() + LATER - timedelta(minutes=2))
    assert (await window(ada, course))["idle_stops_at"] is None


async def test_use_takes_the_warning_back_each_time(campus: Campus) -> None:
    ada, course, id = await running(campus)
    for now in (utc_now() + LATER, utc_now() + 3 * LATER):
        await look(campus, now)
        assert (await window(ada, course))["idle_stops_at"] is not None
        campus.services.uses.note(id, now + timedelta(minutes=1))
        await campus.services.uses.flush(campus.services.sessions)
        await look(campus, now + timedelta(minutes=2))
        assert (await window(ada, course))["idle_stops_at"] is None


async def test_a_computation_is_not_idle_nor_what_nobody_measured(campus: Campus) -> None:
    ada, course, id = await running(campus)
    at = utc_now() + LATER
    for cpu in (0.5, None):
        computes(campus, id, cpu)
        await look(campus, at)
        assert (await window(ada, course))["idle_stops_at"] is None
        at += LATER
    campus.orchestrator.usage = []
    await look(campus, at)
    assert (await window(ada, course))["idle_stops_at"] is None


async def test_without_a_limit_nothing_is_looked_at(campus: Campus) -> None:
    ada, course, _ = await running(campus, None)
    await look(campus, utc_now() + timedelta(days=3))
    assert (await window(ada, course))["idle_stops_at"] is None


async def test_what_does_not_run_is_not_kept(campus: Campus) -> None:
    course = await campus.course(await campus.teacher())
    ada = await campus.student(course)
    path = f"/api/courses/{course}/environment/keep"
    assert await ada.refused("POST", path) == (404, "not_found")
