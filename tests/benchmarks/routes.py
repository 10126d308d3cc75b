"""Routes at class scale, through the real edge and the real api; environments are played.

`python -m tests.benchmarks.routes`. 200 WebSockets stay open while 500 environments come and go;
the edge and api are restarted; the authorisation endpoint is asked 2,000 times a second while
environments stop and people sign out. Prints seconds, percentiles and processor time; the edge is
measured against a bare proxy of the same make. Asserts only that no WebSocket was cut.
"""

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import cycle

import aiohttp

from tests.benchmarks.load import Order, Result, load
from tests.benchmarks.stage import on_stage
from tests.edge.programs import Program, bare_proxy
from tests.edge.town import Home, Town
from tests.support.ports import reserved

PLACES = 700
AT_ONCE = 50
"""Environments that appear in one breath."""
ROUTE = "/access/route"


async def everything(town: Town, sockets: int, guests: int, seconds: float) -> int:
    stay = await town.open(sockets)
    await town.until(stay[-1], 200)
    websockets = dict(zip(stay, await asyncio.gather(*map(town.chat, stay)), strict=True))
    print(f"{sockets} WebSockets open, {guests} environments come and go {AT_ONCE} at once")
    await come_and_go(town, guests)
    cut = await cut_of(websockets)
    print(f"  WebSockets cut: {cut} of {sockets}")
    await restarts(town, websockets)
    await authorisation(town, stay, seconds)
    await throughput(town, stay, seconds)
    return 1 if cut else 0


async def come_and_go(town: Town, guests: int) -> None:
    reachable, gone = [], []
    with processor("api", town.api) as used:
        for _ in range(0, guests, AT_ONCE):
            homes = await town.open(AT_ONCE)
            reachable += await asyncio.gather(*(town.until(home, 200) for home in homes))
            for home in homes:
                await town.close(home)
            gone += await asyncio.gather(*(town.until(home, 503) for home in homes))
        spent = used(guests)
    report("reachable after ready was told", reachable, spent)
    report("waking page after stop was told", gone, spent)


async def cut_of(websockets: dict[Home, aiohttp.ClientWebSocketResponse]) -> int:
    """How many of them no longer echo."""
    answers = await asyncio.gather(*(echoes(websocket) for websocket in websockets.values()))
    return answers.count(False)


async def echoes(websocket: aiohttp.ClientWebSocketResponse) -> bool:
    try:
        await websocket.send_str("still here")
        return await websocket.receive_str(timeout=15) == "still here"
    except (TypeError, ConnectionError, TimeoutError):
        return False


async def restarts(town: Town, websockets: dict[Home, aiohttp.ClientWebSocketResponse]) -> None:
    """api's costs nobody a line; the edge's own lines are made again."""
    homes, before = list(websockets), len(websockets)
    over = asyncio.Event()
    asking = asyncio.ensure_future(asked_throughout(town, homes, over))
    began = time.perf_counter()
    await town.api.restart()
    await town.until(homes[0], 200)
    took = time.perf_counter() - began
    over.set()
    longest, refused = await asking
    print(
        f"api restarted in {took:.1f} s: WebSockets cut {await cut_of(websockets)} of {before}; "
        f"requests refused meanwhile {refused}, the longest waited {longest:.1f} s"
    )
    began = time.perf_counter()
    await town.edge.restart()
    again = await asyncio.gather(*(reconnect(town, home) for home in homes))
    print(
        f"edge restarted: all {before} WebSockets open again after "
        f"{time.perf_counter() - began:.1f} s"
    )
    websockets.update(zip(homes, again, strict=True))


async def asked_throughout(
    town: Town, homes: Sequence[Home], over: asyncio.Event
) -> tuple[float, int]:
    """Ask until it is over: the longest wait, and how many were not let through."""
    longest, refused = 0.0, 0
    for home in cycle(homes):
        began = time.perf_counter()
        status, _ = await town.get(home)
        refused += status != 200
        longest = max(longest, time.perf_counter() - began)
        if over.is_set():
            break
    return longest, refused


async def reconnect(town: Town, home: Home) -> aiohttp.ClientWebSocketResponse:
    while True:
        try:
            return await town.chat(home)
        except aiohttp.ClientError:
            await asyncio.sleep(0.05)


async def authorisation(town: Town, homes: Sequence[Home], seconds: float) -> None:
    """The endpoint alone at 2,000 a second, while some environments stop and people sign out."""
    headers = [
        {"Host": "api", "X-Forwarded-Host": home.host, "Cookie": home.headers["Cookie"]}
        for home in homes
    ]
    order = Order(town.access_port, ROUTE, headers, seconds, 32, 2000)
    with processor("api", town.api) as used:
        result = await load(order)
    show(f"authorisation at {order.rate:.0f}/s", result, used(result.asked))
    with processor("api", town.api) as used:
        asked = asyncio.ensure_future(load(order))
        await asyncio.sleep(seconds / 4)
        stopped, signed_out = await town.open(10), await town.open(10)
        await asyncio.gather(*(town.until(home, 200) for home in [*stopped, *signed_out]))
        for home in stopped:
            await town.close(home)
        forgotten = await asyncio.gather(*(town.until(home, 503) for home in stopped))
        for home in signed_out:
            await town.gateway.end(home.web_session_id)
        revoked = await asyncio.gather(*(town.until(home, 401) for home in signed_out))
        result = await asked
    show("the same while environments come and go", result, used(result.asked))
    report("  a stopped one is forgotten after", forgotten, used(result.asked))
    report("  a revoked one is forgotten after", revoked, used(result.asked))
    with processor("api", town.api) as used:
        result = await load(Order(town.access_port, ROUTE, headers, seconds, 32))
    show("authorisation, as fast as it can", result, used(result.asked))


async def throughput(town: Town, homes: Sequence[Home], seconds: float) -> None:
    """The edge against a bare Caddy in front of the same program."""
    with reserved() as (port,):
        bare = bare_proxy(port, homes[0].upstream, town.edge.folder)
        await _compared(town, homes, seconds, bare)


async def _compared(town: Town, homes: Sequence[Home], seconds: float, bare: Program) -> None:
    bare.start()
    try:
        await bare.await_open()
        own = [homes[0].headers]
        for path, connections in (("/small", 50), ("/download?size=10485760", 4)):
            rates = {}
            for name, program in (("bare", bare), ("edge", town.edge)):
                order = Order(program.port, path, own, seconds, connections)
                with processor(name, program) as used:
                    result = await load(order)
                show(f"{name} {path}, {connections} connections", result, used(result.asked))
                rates[name] = result.per_second
            print(f"  ratio: {rates['edge'] / rates['bare']:.2f}")
        talk = {}
        for name, program in (("bare", bare), ("edge", town.edge)):
            talk[name] = await messages(town, homes[0], program.port, seconds)
            print(f"{name} WebSocket messages: {talk[name]:.0f}/s")
        print(f"  ratio: {talk['edge'] / talk['bare']:.2f}")
    finally:
        bare.end()


async def messages(town: Town, home: Home, port: int, seconds: float) -> float:
    """Echoes per second over twenty WebSockets."""
    headers = {**home.headers, "Origin": f"http://{home.host}"}
    url, count, ends = f"http://127.0.0.1:{port}/chat", 0, time.perf_counter() + seconds

    async def exchange() -> None:
        nonlocal count
        async with town.http.ws_connect(url, headers=headers) as websocket:
            await websocket.receive()
            while time.perf_counter() < ends:
                await websocket.send_str("x" * 100)
                await websocket.receive()
                count += 1

    await asyncio.gather(*(exchange() for _ in range(20)))
    return count / seconds


class Used:
    """Processor time per request of one program."""

    def __init__(self, name: str, program: Program) -> None:
        self._name, self._program, self._began = name, program, program.cpu_seconds()

    def __call__(self, requests: int) -> str:
        spent = self._program.cpu_seconds() - self._began
        return f"{self._name} {spent / max(requests, 1) * 1e6:.0f} us of processor each"


@contextmanager
def processor(name: str, program: Program) -> Iterator[Used]:
    yield Used(name, program)


def show(title: str, result: Result, used: str) -> None:
    bad = {status: count for status, count in result.statuses.items() if status != "200"}
    print(
        f"{title}: {result.per_second:.0f}/s, p50 {result.p50} ms, p95 {result.p95} ms, "
        f"p99 {result.p99} ms; {used}{f'; {bad}' if bad else ''} "
        f"(asking program: {result.own_us} us each, late by {result.late} ms at p95)"
    )


def report(title: str, seconds: Sequence[float], used: str) -> None:
    p95 = statistics.quantiles(seconds, n=20)[-1]
    print(
        f"  {title}: p50 {statistics.median(seconds):.3f} s, p95 {p95:.3f} s, "
        f"at most {max(seconds):.3f} s [{len(seconds)}]; {used}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sockets", type=int, default=200)
    parser.add_argument("--guests", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=10)
    asked = parser.parse_args()
    play = partial(everything, sockets=asked.sockets, guests=asked.guests, seconds=asked.seconds)
    return on_stage(PLACES, play)


if __name__ == "__main__":
    sys.exit(main())
