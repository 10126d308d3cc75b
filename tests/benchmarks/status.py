"""A class in front of its windows: the real api, real PostgreSQL, played services.

`python -m tests.benchmarks.status`. 300 students ask for their window 350 times a second; 300
start within three minutes (played faster); 2,400 event streams are open and a change reaches them.
Prints percentiles and processor time. Asserts only that nothing was refused.
"""

import argparse
import asyncio
import sys
import time
from functools import partial
from itertools import cycle, islice
from types import SimpleNamespace
from uuid import UUID

import aiohttp

from mydocker_api.settings import Settings
from mydocker_kit.clients.api import AUDIENCE, ApiClient
from mydocker_kit.clock import utc_now
from mydocker_kit.http import ServiceClient
from mydocker_kit.postgres.db import open_engine, open_sessions
from mydocker_kit.tokens import ServiceIdentity
from tests.api.campus import Campus
from tests.benchmarks.load import Order, load
from tests.benchmarks.routes import processor, report, show
from tests.benchmarks.stage import on_stage
from tests.edge.town import Town

STUDENTS = 300
RATE = 350
STREAMS = 2400


class ClassRoom:
    """One Course and its students: who they are, and their web sessions."""

    def __init__(self, town: Town, course: str, people: list[tuple[UUID, UUID]]) -> None:
        self.town, self.course, self.people = town, course, people

    @property
    def window(self) -> str:
        return f"/api/courses/{self.course}/window"

    @property
    def headers(self) -> list[dict[str, str]]:
        """Everybody's, with access tokens made just now: they live ten minutes."""
        now = utc_now()
        tokens = [
            self.town.gateway.token(person, now, web_session_id=session)
            for person, session in self.people
        ]
        return [{"Host": "api", "Authorization": f"Bearer {token}"} for token in tokens]

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.town.api.port}{path}"


async def fill(town: Town, students: int) -> ClassRoom:
    """A teacher's Course, and everybody who launches it."""
    settings = Settings.model_validate(
        {
            name.removeprefix("MYDOCKER_").lower(): value
            for name, value in town.api.variables.items()
        }
    )
    engine = open_engine(settings, "benchmark")
    app = SimpleNamespace(state=SimpleNamespace(sessions=open_sessions(engine)))
    address = f"http://127.0.0.1:{town.api.port}"
    identity = ServiceIdentity.load("mydocker-lti-gateway", town.gateway_key)
    client = ApiClient(ServiceClient(address, AUDIENCE, identity, utc_now))
    campus = Campus(address, client, town.gateway, town.orchestrator, town.builder, app)
    course = await campus.course(await campus.teacher())
    people = [await campus.student(course, f"s{number}") for number in range(students)]
    for student in campus.people.values():
        await student.http.aclose()
    await client.aclose()
    await engine.dispose()
    return ClassRoom(town, course, [(student.id, student.web_session_id) for student in people])


async def everything(town: Town, students: int, streams: int, seconds: float) -> int:
    room = await fill(town, students)
    print(f"idle api with {students} students: {town.api.resident_mib():.0f} MiB resident")
    refused = await starts(room)
    refused += await windows(room, RATE, seconds)
    refused += await windows(room, None, seconds)
    refused += await listening(room, streams, seconds)
    print(f"refused: {refused}")
    return 1 if refused else 0


async def windows(room: ClassRoom, rate: float | None, seconds: float) -> int:
    order = Order(room.town.api.port, room.window, room.headers, seconds, 32, rate)
    with processor("api", room.town.api) as used:
        result = await load(order)
    title = f"window at {rate:.0f}/s" if rate else "window, as fast as it can"
    show(title, result, used(result.asked))
    return sum(count for status, count in result.statuses.items() if status != "200")


async def starts(room: ClassRoom) -> int:
    """Everybody presses Start within thirty seconds: accepted, and a status that is true."""
    waits: list[float] = []
    refused = 0
    async with aiohttp.ClientSession() as http:

        async def start(number: int, headers: dict[str, str]) -> None:
            nonlocal refused
            await asyncio.sleep(30 * number / len(room.people))
            began = time.perf_counter()
            url = room.url(f"/api/courses/{room.course}/environment/start")
            async with http.post(url, headers=headers) as answer:
                accepted = answer.ok
            async with http.get(room.url(room.window), headers=headers) as answer:
                window = await answer.json() if answer.ok else {}
                accepted &= window.get("state") in ("queued", "starting")
            waits.append(time.perf_counter() - began)
            refused += not accepted

        with processor("api", room.town.api) as used:
            await asyncio.gather(*(start(*numbered) for numbered in enumerate(room.headers)))
            spent = used(len(waits))
    report(f"{len(waits)} starts in 30 s, from the click to a status that is true", waits, spent)
    for id in list(room.town.orchestrator.statuses):
        await room.town.orchestrator.ready(id)
    return refused


async def listening(room: ClassRoom, count: int, seconds: float) -> int:
    """Open event streams; how long a change takes to all who may hear it."""
    connector = aiohttp.TCPConnector(limit=0)
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=30)
    heard: list[float] = []
    expected, ring = 0, asyncio.Event()
    reported_at = time.perf_counter()
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as http:
        slots = asyncio.Semaphore(50)

        async def opened(headers: dict[str, str]) -> aiohttp.ClientResponse:
            async with slots:
                answer = await http.get(room.url("/api/events"), headers=headers)
                await answer.content.readline()
                return answer

        async def listen(answer: aiohttp.ClientResponse) -> None:
            async for line in answer.content:
                if line.startswith(b"data:"):
                    heard.append(time.perf_counter() - reported_at)
                    if len(heard) >= expected:
                        ring.set()

        began = time.perf_counter()
        everybody = islice(cycle(room.headers), count)
        streams = await asyncio.gather(*map(opened, everybody))
        print(
            f"{count} event streams open after {time.perf_counter() - began:.1f} s, "
            f"api {room.town.api.resident_mib():.0f} MiB resident"
        )
        listeners = [asyncio.ensure_future(listen(stream)) for stream in streams]
        ids = list(room.town.orchestrator.statuses)[:50]
        waits: list[float] = []
        with processor("api", room.town.api) as used:
            for id in ids:
                heard.clear()
                ring.clear()
                expected, reported_at = count // len(room.people), time.perf_counter()
                await room.town.orchestrator.record(id)
                async with asyncio.timeout(30):
                    await ring.wait()
                waits.append(max(heard))
            spent = used(len(ids))
        title = f"a change reaches all {expected} streams of its owner among {count}"
        report(title, waits, spent)
        refused = await windows(room, RATE, seconds)
        with processor("api", room.town.api) as used:
            await asyncio.sleep(seconds)
        print(f"  idle streams: {used(int(seconds))} second")
        for listener in listeners:
            listener.cancel()
        await asyncio.gather(*listeners, return_exceptions=True)
    return refused + sum(answer.status != 200 for answer in streams)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=STUDENTS)
    parser.add_argument("--streams", type=int, default=STREAMS)
    parser.add_argument("--seconds", type=float, default=10)
    asked = parser.parse_args()
    return on_stage(
        1,
        partial(everything, students=asked.students, streams=asked.streams, seconds=asked.seconds),
    )


if __name__ == "__main__":
    sys.exit(main())
