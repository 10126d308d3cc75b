"""Whose turn it is, and what becomes of builds whose builder is gone."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from tests.builder.conftest import OpenBuilder, a_request, ended, log_of, reaches
from tests.builder.scripted import Part, ScriptedEngine

from mydocker_builder import service
from mydocker_builder.domain.steps import Output, StepStarted
from mydocker_builder.settings import BuilderSettings
from mydocker_builder.worker.journal import Journal
from mydocker_builder.worker.ledger import End, LeaseLost, Ledger, Progress
from mydocker_kit.contracts.builder.builds import BuildFailure, BuildPhase, BuildStatus
from mydocker_kit.postgres.db import Sessions, open_engine, open_sessions, transaction

NINE = datetime(2026, 9, 1, 9, tzinfo=UTC)
LEASE = timedelta(seconds=15)
SLOW: list[Part] = ["[1/2] FROM debian:12\n", 60.0]


class Wristwatch:
    """A clock the test moves."""

    def __init__(self) -> None:
        self.now = NINE

    def __call__(self) -> datetime:
        return self.now

    def passes(self, time: timedelta) -> None:
        self.now += time


@pytest.fixture
def clock() -> Wristwatch:
    return Wristwatch()


@pytest.fixture
async def sessions(settings: BuilderSettings) -> AsyncIterator[Sessions]:
    engine = open_engine(settings, "builder")
    yield open_sessions(engine)
    await engine.dispose()


@pytest.fixture
def ledger(sessions: Sessions, clock: Wristwatch) -> Ledger:
    return Ledger(sessions, uuid4(), LEASE, clock)


@pytest.fixture
def other(sessions: Sessions, clock: Wristwatch) -> Ledger:
    """The ledger of a second builder."""
    return Ledger(sessions, uuid4(), LEASE, clock)


async def submit(sessions: Sessions, clock: Wristwatch, author: UUID) -> UUID:
    """One more build of this author in the queue, a second after the one before."""
    clock.passes(timedelta(seconds=1))
    id = uuid4()
    async with transaction(sessions) as db:
        await service.submit(db, id, a_request(author_id=author), clock(), 20)
    return id


async def status_of(sessions: Sessions, id: UUID) -> BuildStatus:
    async with transaction(sessions) as db:
        return await service.show(db, id)


async def test_authors_take_turns(sessions: Sessions, clock: Wristwatch, ledger: Ledger) -> None:
    ada, ben = uuid4(), uuid4()
    of_ada = [await submit(sessions, clock, ada) for _ in range(3)]
    of_ben = await submit(sessions, clock, ben)
    turns = []
    while job := await ledger.claim():
        turns.append(job.id)
        await ledger.end(job, Progress(), End(BuildPhase.CANCELLED))
        clock.passes(timedelta(seconds=1))
    assert turns == [of_ada[0], of_ben, *of_ada[1:]]


async def test_who_has_fewer_running_comes_first(
    sessions: Sessions, clock: Wristwatch, ledger: Ledger
) -> None:
    ada, ben = uuid4(), uuid4()
    of_ben = [await submit(sessions, clock, ben)]
    finished = await ledger.claim()
    assert finished
    await ledger.end(finished, Progress(), End(BuildPhase.CANCELLED))
    await submit(sessions, clock, ada)
    assert await ledger.claim()
    await submit(sessions, clock, ada)
    of_ben.append(await submit(sessions, clock, ben))
    job = await ledger.claim()
    assert job
    assert job.id == of_ben[1]


async def test_many_builders_share_the_queue_without_doubles(
    sessions: Sessions, clock: Wristwatch
) -> None:
    ids = [await submit(sessions, clock, uuid4()) for _ in range(6)]
    builders = [Ledger(sessions, uuid4(), LEASE, clock) for _ in range(8)]
    jobs = await asyncio.gather(*(builder.claim() for builder in builders))
    taken = [job.id for job in jobs if job]
    assert len(taken) == len(set(taken))
    while job := await builders[0].claim():  # who met a locked row may have gone home
        taken.append(job.id)
    assert sorted(taken) == sorted(ids)


async def test_a_silent_builder_loses_its_build(
    sessions: Sessions, clock: Wristwatch, ledger: Ledger, other: Ledger
) -> None:
    id = await submit(sessions, clock, uuid4())
    lost = await ledger.claim()
    assert lost
    await ledger.store_progress(lost, Progress(step=1, instruction="FROM a", lines=("one", "two")))
    clock.passes(LEASE - timedelta(seconds=1))
    await other.requeue_lost()
    assert (await status_of(sessions, id)).phase == BuildPhase.BUILDING
    clock.passes(timedelta(seconds=2))
    await other.requeue_lost()
    back = await status_of(sessions, id)
    assert (back.phase, back.step, back.log_lines) == (BuildPhase.QUEUED, None, 2)
    again = await other.claim()
    assert again
    assert (again.attempt, again.log_lines) == (2, 2)
    for late in (
        ledger.store_progress(lost, Progress()),
        ledger.end(lost, Progress(), End(BuildPhase.SUCCEEDED)),
        ledger.requeue(lost, Progress()),
    ):
        with pytest.raises(LeaseLost):
            await late
    assert (await status_of(sessions, id)).phase == BuildPhase.BUILDING


async def test_a_build_that_is_lost_three_times_has_failed(
    sessions: Sessions, clock: Wristwatch, ledger: Ledger
) -> None:
    id = await submit(sessions, clock, uuid4())
    for _ in range(3):
        assert await ledger.claim()
        clock.passes(LEASE + timedelta(seconds=1))
        await ledger.requeue_lost()
    status = await status_of(sessions, id)
    assert (status.phase, status.failure) == (BuildPhase.FAILED, BuildFailure.BUILDER_LOST)
    assert status.ended_at
    assert await ledger.claim() is None


async def test_a_lost_build_that_was_cancelled_is_not_repeated(
    sessions: Sessions, clock: Wristwatch, ledger: Ledger
) -> None:
    id = await submit(sessions, clock, uuid4())
    assert await ledger.claim()
    async with transaction(sessions) as db:
        await service.cancel(db, id, clock())
    clock.passes(LEASE + timedelta(seconds=1))
    await ledger.requeue_lost()
    assert (await status_of(sessions, id)).phase == BuildPhase.CANCELLED


async def test_storing_a_batch_again_is_idempotent(
    sessions: Sessions, clock: Wristwatch, ledger: Ledger
) -> None:
    """As after a commit whose answer was lost: the same lines come again, with more."""
    id = await submit(sessions, clock, uuid4())
    job = await ledger.claim()
    assert job
    await ledger.store_progress(job, Progress(first=1, lines=("one",)))
    await ledger.store_progress(job, Progress(first=1, lines=("one", "two")))
    async with transaction(sessions) as db:
        page = await service.log(db, id, 0, 10)
    assert [(line.number, line.text) for line in page.lines] == [(1, "one"), (2, "two")]


async def test_a_journal_stops_when_the_lease_is_gone(
    sessions: Sessions, clock: Wristwatch, ledger: Ledger, other: Ledger
) -> None:
    await submit(sessions, clock, uuid4())
    job = await ledger.claim()
    assert job
    journal = Journal(ledger, job, max_bytes=1024**2)
    clock.passes(LEASE + timedelta(seconds=1))
    await other.requeue_lost()
    assert await other.claim()
    journal.add(StepStarted(1, 2, "FROM a"))
    journal.add(Output("too late"))
    with pytest.raises(LeaseLost):
        await asyncio.wait_for(journal.store_and_renew(), 5)


async def test_a_builder_that_is_stopped_gives_its_build_back(
    settings: BuilderSettings, open_builder: OpenBuilder
) -> None:
    id, first, second = uuid4(), ScriptedEngine(script=SLOW), ScriptedEngine()
    async with open_builder(settings, first) as builder:
        await builder.put(id, a_request())
        await reaches(builder, id, lambda status: status.step == 1)
    assert not any(first.running.values())
    async with open_builder(settings, second) as builder:
        assert (await ended(builder, id)).phase == BuildPhase.SUCCEEDED
        assert "the build begins again" in await log_of(builder, id)


async def test_a_build_lost_after_its_push_is_not_repeated(
    settings: BuilderSettings, open_builder: OpenBuilder, sessions: Sessions
) -> None:
    id, engine = uuid4(), ScriptedEngine()
    past = Ledger(sessions, uuid4(), LEASE, lambda: datetime.now(UTC) - 2 * LEASE)
    async with transaction(sessions) as db:
        await service.submit(db, id, a_request(), NINE, 20)
    assert await past.claim()
    name = f"{settings.registry}/images/practice:1-{id.hex[:8]}"
    engine.registry[name] = "sha256:" + "a" * 64
    async with open_builder(settings, engine) as builder:
        status = await ended(builder, id)
    assert status.reference == f"{settings.registry}/images/practice@sha256:{'a' * 64}"
    assert engine.contexts == []


async def test_a_database_that_goes_away_for_a_moment_costs_no_build(
    settings: BuilderSettings, open_builder: OpenBuilder, sessions: Sessions
) -> None:
    id = uuid4()
    script: list[Part] = ["[1/2] FROM debian:12\n", 0.5, "one\n", 1.0, "two\n"]
    async with open_builder(settings, ScriptedEngine(script=script)) as builder:
        await builder.put(id, a_request())
        await reaches(builder, id, lambda status: status.step == 1)
        async with transaction(sessions) as db:
            others = "pid <> pg_backend_pid() AND datname = current_database()"
            await db.execute(
                text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")  # noqa: S608
            )
        status = await ended(builder, id)
        assert status.phase == BuildPhase.SUCCEEDED
        log = (await log_of(builder, id)).split("\n")
    assert [line for line in log if line.endswith((" one", " two"))] == [
        "#2 0.000 one",
        "#2 0.000 two",
    ]
