"""Serving an application over real HTTP, so that streams stream."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn

from tests.support.waiting import until

ASGI = Callable[..., Any]


class _Server(uvicorn.Server):
    """Leaves the signals to pytest."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(app: ASGI, port: int = 0, **options: Any) -> AsyncIterator[str]:
    """Serve `app` on a port of its own, or on the one given; gives its address.

    `options` are uvicorn's: `ws`, `ssl_certfile`, `lifespan`.
    """
    known = {"log_config": None, "access_log": False, "timeout_graceful_shutdown": 0}
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
        server.should_exit = True
        await task
