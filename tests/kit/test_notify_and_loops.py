"""Wakeups, hubs, notifications and leadership on a real PostgreSQL."""

import asyncio
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from structlog.testing import capture_logs
from tests.kit.silenceable_proxy import silenceable_proxy

from mydocker_kit.postgres.db import transaction
from mydocker_kit.postgres.notify import Hub, Wakeup, listen, notify
from mydocker_kit.runtime.loops import background, run_forever, while_leader


async def test_a_wakeup_set_while_nobody_waits_is_kept() -> None:
    wakeup = Wakeup()
    wakeup.set()
    assert await wakeup.wait(0)
    assert not await wakeup.wait(0)


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
    async with background(listen(database_url, "wakeup", heard.put_nowait)):
        assert await asyncio.wait_for(heard.get(), 5) == ""  # the connection is there
        async with transaction(async_sessionmaker(engine)) as db:
            await notify(db, "wakeup", "7")
            assert heard.empty()
        assert await asyncio.wait_for(heard.get(), 5) == "7"
    await engine.dispose()


async def test_listen_reconnects_when_its_connection_falls_silent(
    database_url: str, tmp_path: Path
) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()
    engine = create_async_engine(database_url)
    async with silenceable_proxy(database_url, tmp_path) as proxy:
        listening = listen(proxy.url, "wakeup", heard.put_nowait, ask_every=0.1, answer_within=1)
        async with background(listening):
            assert await asyncio.wait_for(heard.get(), 20) == ""
            proxy.silence()
            assert await asyncio.wait_for(heard.get(), 20) == "", "connected again"
            async with asyncio.timeout(100):
                payload = ""
                while payload != "7":  # a busy machine may reconnect once more
                    async with transaction(async_sessionmaker(engine)) as db:
                        await notify(db, "wakeup", "7")
                    payload = await heard.get()
    await engine.dispose()


async def test_a_leader_stops_when_its_connection_falls_silent(
    database_url: str, tmp_path: Path
) -> None:
    began, ended = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with silenceable_proxy(database_url, tmp_path) as proxy:
        engine = create_async_engine(proxy.url)
        leading = while_leader(engine, 43, work, ask_every=0.1, answer_within=1)
        async with background(leading):
            await asyncio.wait_for(began.wait(), 20)
            proxy.silence()
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

    async with silenceable_proxy(database_url, tmp_path) as proxy:
        engine = create_async_engine(proxy.url)
        leading = asyncio.ensure_future(
            while_leader(engine, 44, work, ask_every=0.1, answer_within=1)
        )
        await asyncio.wait_for(began.wait(), 100)
        proxy.silence()
        await asyncio.wait_for(ending.wait(), 100)
        leading.cancel()
        release.set()
        await asyncio.wait([leading], timeout=100)
        assert leading.cancelled()
        await engine.dispose()


async def test_a_loop_that_ends_by_an_error_is_logged() -> None:
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
    [event] = [event for event in logs if event["event"] == "loop.ended"]
    assert (event["log_level"], event["loop"].endswith("broken")) == ("error", True)
    assert isinstance(event["exc_info"], KeyError)


async def test_a_failing_step_is_tried_again() -> None:
    calls, done, wakeup = [], asyncio.Event(), Wakeup()

    async def step() -> None:
        calls.append(1)
        wakeup.set()
        if len(calls) < 3:
            raise ValueError
        done.set()

    async with background(run_forever("test", step, wakeup, every=60)):
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
