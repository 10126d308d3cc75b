"""Periodic jobs: when they run, and what an error costs."""

import asyncio
from datetime import timedelta

from structlog.testing import capture_logs
from tests.support.waiting import until

from mydocker_kit.runtime.schedule import scheduled

EVERY = timedelta(milliseconds=50)


async def test_a_job_runs_at_its_interval_until_the_block_ends() -> None:
    runs: list[int] = []

    async def job() -> None:
        runs.append(1)

    async with scheduled("count", job, EVERY):
        assert runs == [], "the first run comes after one interval"
        await until(lambda: len(runs) >= 3, "it ran three times", 30)
    count = len(runs)
    await asyncio.sleep(4 * EVERY.total_seconds())
    assert len(runs) == count


async def test_a_job_that_fails_is_logged_and_runs_again() -> None:
    runs: list[int] = []

    async def job() -> None:
        runs.append(1)
        raise RuntimeError("broken")

    with capture_logs() as logs:
        async with scheduled("broken", job, EVERY):
            await until(lambda: len(runs) >= 2, "it ran twice", 30)
    failed = [entry for entry in logs if entry["event"] == "job.failed"]
    assert [entry["job"] for entry in failed[:2]] == ["broken", "broken"]


async def test_a_slow_job_never_runs_twice_at_once() -> None:
    running, most, ended = 0, 0, 0

    async def job() -> None:
        nonlocal running, most, ended
        running += 1
        most = max(most, running)
        await asyncio.sleep(4 * EVERY.total_seconds())
        running -= 1
        ended += 1

    async with scheduled("slow", job, EVERY):
        await until(lambda: ended >= 2, "it ran twice", 30)
    assert most == 1
