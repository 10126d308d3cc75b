"""Bells, hubs, notifications and leadership on a real PostgreSQL."""

import asyncio
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from structlog.testing import capture_logs
from tests.kit.silent_line import silent_line

from mydocker_kit.db import transaction
from mydocker_kit.loops import background, run_forever, while_leader
from mydocker_kit.notify import Bell, Hub, listen, notify


async def test_a_bell_remembers_a_ring_nobody_waited_for() -> None:
    bell = Bell()
    bell.ring()
    assert await bell.wait(0)
    assert not await bell.wait(0)


async def test_a_slow_reader_loses_the_oldest_and_holds_nobody_up() -> None:
    hub = Hub[int](depth=2)
    async with hub.subscribe() as queue:
        for number in range(4):
            hub.publish(number)
        assert [queue.get_nowait(), queue.get_nowait()] == [2, 3]
    assert len(hub) == 0


async def test_a_reader_is_not_woken_for_what_it_does_not_want() -> None:
    hub = Hub[int]()
    async with hub.subscribe(lambda number: number % 2 == 0) as even, hub.subscribe() as all_:
        for number in range(4):
            hub.publish(number)
        assert (even.qsize(), all_.qsize()) == (2, 4)
        assert [even.get_nowait(), even.get_nowait()] == [0, 2]


async def test_a_notification_is_heard_after_commit(database_url: str) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()
    engine = create_async_engine(database_url)
    async with background(listen(database_url, "bell", heard.put_nowait)):
        assert await asyncio.wait_for(heard.get(), 5) == ""  # the connection is there
        async with transaction(async_sessionmaker(engine)) as db:
            await notify(db, "bell", "7")
            assert heard.empty()
        assert await asyncio.wait_for(heard.get(), 5) == "7"
    await engine.dispose()


async def test_a_line_that_fell_silent_is_noticed_and_another_one_taken(
    database_url: str, tmp_path: Path
) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()
    engine = create_async_engine(database_url)
    async with silent_line(database_url, tmp_path) as line:
        listening = listen(line.url, "bell", heard.put_nowait, ask_every=0.1, answer_within=1)
        async with background(listening):
            assert await asyncio.wait_for(heard.get(), 20) == ""
            line.silence()
            assert await asyncio.wait_for(heard.get(), 20) == "", "it is there anew"
            async with asyncio.timeout(100):
                told = ""
                while told != "7":  # a machine that is busy may take another line once more
                    async with transaction(async_sessionmaker(engine)) as db:
                        await notify(db, "bell", "7")
                    told = await heard.get()
    await engine.dispose()


async def test_who_leads_by_a_line_that_fell_silent_stops(
    database_url: str, tmp_path: Path
) -> None:
    began, ended = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with silent_line(database_url, tmp_path) as line:
        engine = create_async_engine(line.url)
        leading = while_leader(engine, 43, work, ask_every=0.1, answer_within=1)
        async with background(leading):
            await asyncio.wait_for(began.wait(), 20)
            line.silence()
            await asyncio.wait_for(ended.wait(), 20)
        await engine.dispose()


async def test_who_stops_leading_can_be_cancelled_meanwhile(
    database_url: str, tmp_path: Path
) -> None:
    """The cancellation was taken for that of the work: the service then never stopped."""
    began, ending, release = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            ending.set()
            await release.wait()

    async with silent_line(database_url, tmp_path) as line:
        engine = create_async_engine(line.url)
        leading = asyncio.ensure_future(
            while_leader(engine, 44, work, ask_every=0.1, answer_within=1)
        )
        await asyncio.wait_for(began.wait(), 100)
        line.silence()
        await asyncio.wait_for(ending.wait(), 100)
        leading.cancel()
        release.set()
        await asyncio.wait([leading], timeout=100)
        assert leading.cancelled()
        await engine.dispose()


async def test_a_loop_that_ends_by_an_error_is_told() -> None:
    ended = asyncio.Event()

    async def broken() -> None:
        try:
            raise KeyError("odd")
        finally:
            ended.set()

    with capture_logs() as logs:
        async with background(broken()):
            await ended.wait()
            await asyncio.sleep(0)
    [told] = [line for line in logs if line["event"] == "loop.ended"]
    assert (told["log_level"], told["loop"].endswith("broken")) == ("error", True)
    assert isinstance(told["exc_info"], KeyError)


async def test_a_failing_step_is_tried_again() -> None:
    calls, done, bell = [], asyncio.Event(), Bell()

    async def step() -> None:
        calls.append(1)
        bell.ring()
        if len(calls) < 3:
            raise ValueError
        done.set()

    async with background(run_forever("test", step, bell, every=60)):
        await asyncio.wait_for(done.wait(), 5)
    assert len(calls) >= 3


async def test_one_replica_leads_and_another_takes_over(database_url: str) -> None:
    engines = [create_async_engine(database_url) for _ in range(2)]
    leading: list[int] = []
    changed = asyncio.Event()

    def lead(number: int, engine: AsyncEngine) -> asyncio.Task[None]:
        async def work() -> None:
            leading.append(number)
            changed.set()
            await asyncio.Event().wait()

        return asyncio.create_task(while_leader(engine, 42, work))

    first = lead(1, engines[0])
    await asyncio.wait_for(changed.wait(), 5)
    second = lead(2, engines[1])
    changed.clear()
    first.cancel()
    await asyncio.wait_for(changed.wait(), 10)
    assert leading == [1, 2]
    second.cancel()
    await asyncio.gather(first, second, return_exceptions=True)
    for engine in engines:
        await engine.dispose()
