"""Restarts of the control plane under open WebSockets and SSH sessions.

Services restart unnoticed. Edge and bastion carry the connections: theirs close, environments go
on, and whoever connects again finds the same one.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, suppress
from urllib.parse import urlsplit

import asyncssh
import httpx
import pytest
import websockets
from deploy.machine.processes import Supervisor
from tests.support.waiting import eventually, until
from tests.system.campus import Campus, Student

NOTEBOOKS, OPENSSL = "Python notebooks", "OpenSSL"
SOCKETS, SESSIONS = 50, 5
PATIENCE = 15.0
SERVICES = ("api", "lti-gateway", "orchestrator", "builder")


@pytest.fixture
def people(campus: Campus) -> Iterator[tuple[Student, Student]]:
    """One with JupyterLab, one with a shell; both run."""
    with (
        Student(campus.instance, "amina-benali") as ada,
        Student(campus.instance, "maya-nguyen") as bob,
    ):
        for person, activity in ((ada, NOTEBOOKS), (bob, OPENSSL)):
            person.open_activity(activity)
            person.start()
            person.await_state("ready")
        yield ada, bob
        for person in (ada, bob):
            person.stop()
            person.await_state("stopped")


def test_restarts_of_services_cut_nothing_and_a_stop_cuts_all(
    campus: Campus, people: tuple[Student, Student]
) -> None:
    with ThreadPoolExecutor(1) as aside:  # the browser of other tests keeps a loop in this thread
        aside.submit(lambda: asyncio.run(_restarts(campus, *people))).result()


def _tasks(campus: Campus, people: tuple[Student, Student]) -> list[str]:
    running = [campus.running_tasks(person.environment_id) for person in people]
    return [task["ID"] for tasks in running for task in tasks]


async def _restarts(campus: Campus, ada: Student, bob: Student) -> None:
    host, cookie = await asyncio.to_thread(_entered, ada)
    before = _tasks(campus, (ada, bob))
    async with AsyncExitStack() as stack:
        sockets = [await _socket(stack, host, cookie) for _ in range(SOCKETS)]
        sessions = [await _session(stack, campus, bob) for _ in range(SESSIONS)]
        for program in SERVICES:
            await _restart(campus, program)
            assert await _alive(sockets) == SOCKETS, program
            assert await _typing(sessions) == SESSIONS, program
        await _restart(campus, "edge")
        began = time.perf_counter()
        again = [await _until_open(stack, host, cookie) for _ in range(SOCKETS)]
        print(f"the edge: {SOCKETS} WebSockets open again {time.perf_counter() - began:.1f} s on")
        assert await _alive(again) == SOCKETS
        assert await _typing(sessions) == SESSIONS
        await _restart(campus, "bastion")
        began = time.perf_counter()
        again = [await _until_open(stack, host, cookie) for _ in range(SOCKETS)]
        print(f"bastion: {SOCKETS} WebSockets open again {time.perf_counter() - began:.1f} s on")
        assert await _alive(again) == SOCKETS
        assert await _typing([await _session(stack, campus, bob)]) == 1
        assert _tasks(campus, (ada, bob)) == before, "an environment was started again"
        # And a stop cuts everybody.
        began = time.perf_counter()
        await asyncio.to_thread(ada.stop)
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*(socket.wait_closed() for socket in again))
        print(f"stop: {SOCKETS} WebSockets closed after {time.perf_counter() - began:.1f} s")


def _entered(person: Student) -> tuple[str, str]:
    """Host and cookie of the person's JupyterLab."""
    path = f"/api/courses/{person.course_id}/environment/ports/8888/open"
    opened = person.api("POST", path)
    host = urlsplit(opened["url"]).netloc
    port = urlsplit(opened["url"]).port
    url = f"http://127.0.0.1:{port}/_mydocker/enter"
    answer = httpx.post(
        url, data={"ticket": opened["ticket"]}, headers={"Host": host}, trust_env=False
    )
    assert answer.status_code == 303, answer.text
    return host, answer.headers["set-cookie"].split(";")[0]


async def _socket(stack: AsyncExitStack, host: str, cookie: str) -> websockets.ClientConnection:
    return await stack.enter_async_context(
        websockets.connect(
            f"ws://{host}/api/events/subscribe",
            host="127.0.0.1",
            origin=websockets.Origin(f"http://{host}"),
            additional_headers={"Cookie": cookie},
            proxy=None,
            ping_interval=None,
        )
    )


async def _until_open(stack: AsyncExitStack, host: str, cookie: str) -> websockets.ClientConnection:
    async def opened() -> websockets.ClientConnection | None:
        with suppress(OSError, websockets.InvalidHandshake):
            return await _socket(stack, host, cookie)
        return None

    return await until(opened, "a WebSocket through the edge", PATIENCE, pause=0.05)


async def _alive(sockets: list[websockets.ClientConnection]) -> int:
    """How many of them JupyterLab itself answers on."""

    async def answers(socket: websockets.ClientConnection) -> None:
        await asyncio.wait_for(await socket.ping(), PATIENCE)

    return await _counted(answers, sockets)


async def _session(
    stack: AsyncExitStack, campus: Campus, person: Student
) -> asyncssh.SSHClientProcess[str]:
    """A shell through the bastion that gives back what is typed."""
    shown = await asyncio.to_thread(person.credentials)
    connection = await stack.enter_async_context(
        asyncssh.connect(
            *("127.0.0.1", campus.instance.ports.ssh),
            username=shown["username"],
            password=shown["password"],
            client_keys=None,
            known_hosts=None,
            config=None,
            agent_path=None,
        )
    )
    return await connection.create_process("cat")


async def _typing(sessions: list[asyncssh.SSHClientProcess[str]]) -> int:
    async def echoes(session: asyncssh.SSHClientProcess[str]) -> None:
        session.stdin.write("still here\n")
        assert await asyncio.wait_for(session.stdout.readline(), PATIENCE) == "still here\n"

    return await _counted(echoes, sessions)


async def _counted(check: Callable[..., Awaitable[None]], things: Sequence[object]) -> int:
    said = await asyncio.gather(*(check(thing) for thing in things), return_exceptions=True)
    return said.count(None)


async def _restart(campus: Campus, program: str) -> None:
    """As a crash does it; the supervisor starts it again."""
    old = campus.pid(program)
    campus.kill(program)
    await asyncio.to_thread(_await_back, campus, program, old)


def _await_back(campus: Campus, program: str, old: int) -> None:
    if program != "edge":
        campus.await_back(program, old)
        return
    eventually(lambda: campus.pid(program) not in (0, old), "the edge is started again")
    port = campus.instance.ports.edge
    supervisor = Supervisor(campus.instance)
    eventually(lambda: supervisor.listens("edge", port), "the edge listens again")
