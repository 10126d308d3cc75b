"""Requests at a given rate, from a process of its own: `python -m tests.benchmarks.load`.

Reads a JSON order from standard input and writes a JSON result. A request counts from the moment
it was due, so waiting for a free connection counts too. With no rate, each connection asks again as
soon as it was answered: that measures throughput. The result also says how late this program itself
was and what it used: where that is much, the figures measure this program.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections import deque
from dataclasses import asdict, dataclass, field
from itertools import cycle
from typing import Any, cast

import uvloop

END_OF_HEAD = b"\r\n\r\n"
PATIENCE = 15.0


@dataclass(frozen=True)
class Order:
    """What to ask: each of `headers` in turn, of one port on loopback."""

    port: int
    path: str
    headers: list[dict[str, str]]
    seconds: float
    connections: int = 32
    rate: float | None = None
    method: str = "GET"


@dataclass(frozen=True)
class Result:
    """How it went; times in milliseconds."""

    asked: int
    per_second: float
    p50: float
    p95: float
    p99: float
    late: float
    """Of these times, what passed at p95 until the asking program had come to the request."""
    own_us: int
    """Microseconds of processor that the asking program used for each."""
    statuses: dict[str, int] = field(default_factory=dict)


class HttpConnection(asyncio.Protocol):
    """One connection with one request at a time."""

    def __init__(self, done: Any) -> None:
        self._done, self._seen, self._left = done, b"", 0
        self._status = ""
        self.due = 0.0
        self.transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.WriteTransport, transport)  # uvloop's is no subclass of it

    def ask(self, request: bytes, due: float) -> None:
        assert self.transport
        self.due, self._seen, self._left = due, b"", -1
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        if self._left < 0:
            self._seen += data
            head, end, rest = self._seen.partition(END_OF_HEAD)
            if not end:
                return
            self._status = head[9:12].decode()
            lower = head.lower()
            if b"content-length:" not in lower:
                raise ValueError(f"an answer without a length: {head!r}")
            self._left = int(lower.split(b"content-length:")[1].split(b"\r\n")[0])
            data = rest
        self._left -= len(data)
        if self._left == 0:
            self._done(self, self._status)

    def connection_lost(self, error: Exception | None) -> None:
        self._done(None, "lost")


async def carry_out(order: Order) -> Result:
    loop, clock = asyncio.get_running_loop(), time.perf_counter
    waits: list[float] = []
    statuses: dict[str, int] = {}
    free: deque[HttpConnection] = deque()
    waiting: deque[float] = deque()
    requests = cycle([_request(order, headers) for headers in order.headers])
    over = False

    def done(connection: HttpConnection | None, status: str) -> None:
        if over:
            return
        statuses[status] = statuses.get(status, 0) + 1
        if connection is None:
            return
        waits.append(clock() - connection.due)
        if order.rate is None:
            connection.ask(next(requests), clock())
        elif waiting:
            connection.ask(next(requests), waiting.popleft())
        else:
            free.append(connection)

    connections = []
    for _ in range(order.connections):
        _, connection = await loop.create_connection(
            lambda: HttpConnection(done), "127.0.0.1", order.port
        )
        connections.append(connection)
    late: list[float] = []
    began, used = clock(), time.process_time()
    if order.rate is None:
        for connection in connections:
            connection.ask(next(requests), clock())
        await asyncio.sleep(order.seconds)
    else:
        free.extend(connections)
        await _at_rate(order, began, free, waiting, requests, late)
    took, asked, used = clock() - began, len(waits), time.process_time() - used
    over = True
    for connection in connections:
        if connection.transport:
            connection.transport.close()
    return Result(
        asked=asked,
        per_second=round(asked / took, 1),
        p50=_at(waits, 0.5),
        p95=_at(waits, 0.95),
        p99=_at(waits, 0.99),
        late=_at(late, 0.95),
        own_us=round(used / max(asked, 1) * 1e6),
        statuses=statuses,
    )


async def _at_rate(
    order: Order,
    began: float,
    free: deque[HttpConnection],
    waiting: deque[float],
    requests: Any,
    late: list[float],
) -> None:
    assert order.rate
    clock, total = time.perf_counter, int(order.rate * order.seconds)
    sent = 0
    while sent < total:
        while sent < total and (due := began + sent / order.rate) <= clock():
            late.append(clock() - due)
            if free:
                free.popleft().ask(next(requests), due)
            else:
                waiting.append(due)
            sent += 1
        # Whole milliseconds: uvloop takes less for none, and would ask the clock all the time.
        await asyncio.sleep(max(0.001, began + sent / order.rate - clock()))
    ends = clock() + PATIENCE
    while (waiting or len(free) < order.connections) and clock() < ends:  # noqa: ASYNC110
        await asyncio.sleep(0.01)


def _request(order: Order, headers: dict[str, str]) -> bytes:
    """A request without a body."""
    sent = headers if order.method == "GET" else {**headers, "Content-Length": "0"}
    fields = [f"{name}: {value}" for name, value in sent.items()]
    return "\r\n".join([f"{order.method} {order.path} HTTP/1.1", *fields, "", ""]).encode()


def _at(seconds: list[float], share: float) -> float:
    """The milliseconds that this share of them keeps within."""
    if not seconds:
        return 0.0
    return round(sorted(seconds)[min(len(seconds) - 1, int(share * len(seconds)))] * 1000, 2)


async def load(order: Order) -> Result:
    """Have another process carry it out."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.benchmarks.load"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    said, _ = await process.communicate(json.dumps(asdict(order)).encode())
    return Result(**json.loads(said))


if __name__ == "__main__":
    asked = Order(**json.loads(sys.stdin.read()))
    print(json.dumps(asdict(uvloop.run(carry_out(asked)))))
