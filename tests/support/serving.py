"""Serving an application over real HTTP, so that streams stream."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from typing import Any

import uvicorn

from tests.support.waiting import until

ASGI = Callable[..., Any]


class _Server(uvicorn.Server):
    """Leaves the signals to pytest, and ends when asked instead of at its next look."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._asked = asyncio.Event()

    def end(self) -> None:
        self.should_exit = True
        self._asked.set()

    async def main_loop(self) -> None:
        counter = 0
        while not await self.on_tick(counter):
            counter += 1
            with suppress(TimeoutError):
                await asyncio.wait_for(self._asked.wait(), 0.1)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(app: ASGI, port: int = 0, **options: Any) -> AsyncIterator[str]:
    """Serve `app` on a port of its own, or on the one given; gives its address.

    `options` are uvicorn's: `ws`, `ssl_certfile`, `lifespan`.
    """
    known = {
        "log_config": None,
        "access_log": False,
        "timeout_graceful_shutdown": 0,
        # On a machine with other work a test is silent for longer than uvicorn's five seconds, and
        # its next request would meet a connection that closes.
        "timeout_keep_alive": 300,
    }
    server = _Server(uvicorn.Config(app, port=port, **{**known, **options}))
    task = asyncio.ensure_future(server.serve())

    def has_started() -> bool:
        if task.done():
            task.result()
        return server.started

    await until(has_started, "the server listens", pause=0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.end()
        await task


@asynccontextmanager
async def all_serving(*apps: ASGI) -> AsyncIterator[list[str]]:
    """Serve several applications that start and end at the same time; gives their addresses."""
    stacks = [AsyncExitStack() for _ in apps]
    starts = zip(stacks, apps, strict=True)
    try:
        yield await asyncio.gather(*(s.enter_async_context(serving(a)) for s, a in starts))
    finally:
        await asyncio.gather(*(stack.aclose() for stack in stacks))
