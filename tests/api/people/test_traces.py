"""Who used a Course, when and for how long: for its editors only."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.api.campus import Campus, Person

from mydocker_api.changes.runs import record_run
from mydocker_kit.clock import utc_now
from mydocker_kit.postgres.db import transaction

HOUR = timedelta(hours=1)


async def used(
    campus: Campus, course: str, person: Person, began: datetime, ended: datetime | None
) -> None:
    """What the orchestrator reports of one environment."""
    id = uuid4()
    moves = [("starting", began - HOUR / 60), ("ready", began)]
    async with transaction(campus.services.sessions) as db:
        for state, at in [*moves, *([("stopped", ended)] if ended else [])]:
            await record_run(db, id, UUID(course), person.id, state, at)


def over(start: datetime, end: datetime) -> str:
    text = "&".join(f"{n}={at.isoformat()}" for n, at in (("from", start), ("to", end)))
    return text.replace("+00:00", "Z")


async def test_editors_read_days_and_runs(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada, bob = await campus.student(course), await campus.student(course, "bob")
    start = utc_now().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=3)
    await used(campus, course, ada, start + 10 * HOUR, start + 12 * HOUR)
    await used(campus, course, bob, start + 23 * HOUR, start + 26 * HOUR)
    await used(campus, course, ada, start + 50 * HOUR, None)
    path, span = f"/api/courses/{course}/use", over(start, start + timedelta(days=2))
    shown = await teacher.get(f"{path}?{span}")
    assert [(day["people"], day["hours"]) for day in shown["days"]] == [(2, 3.0), (1, 2.0)]
    assert (shown["people"], shown["hours"]) == (2, 5.0)
    runs: list[dict[str, Any]] = (await teacher.get(f"{path}/runs?{span}"))["items"]
    assert [run["minutes"] for run in runs] == [180, 120]
    whole = await teacher.get(f"{path}/runs?{over(start, start + timedelta(days=5))}")
    assert whole["items"][0]["ended_at"] is None


async def test_others_read_nothing(campus: Campus) -> None:
    course = await campus.course(await campus.teacher())
    ada, colleague = await campus.student(course), await campus.teacher("linus")
    now = utc_now()
    path = f"/api/courses/{course}/use?{over(now - HOUR, now)}"
    assert await ada.refused("GET", path) == (404, "not_found")
    assert await colleague.refused("GET", path) == (403, "forbidden")


async def test_a_range_is_bounded(campus: Campus) -> None:
    teacher = await campus.teacher()
    course, now = await campus.course(teacher), utc_now()
    path = f"/api/courses/{course}/use"
    too_long = f"{path}?{over(now - timedelta(days=401), now)}"
    assert await teacher.refused("GET", too_long) == (409, "use_range_invalid")
    assert await teacher.refused("GET", f"{path}?{over(now, now)}") == (409, "use_range_invalid")
