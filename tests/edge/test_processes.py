"""The processes of the api: one that ends or is busy costs nobody an answer."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.edge.programs import PATIENCE
from tests.edge.town import Town
from tests.support.waiting import until

API_PROCESSES = 2
HEALTH = "/health/live"


def workers(site: Town) -> list[int]:
    """The processes at the api's port, then the one that the edge asks."""
    _, *forked = site.api.pids()
    return sorted(forked)


@contextmanager
def standing_still(pids: list[int]) -> Iterator[None]:
    """What a process looks like whose loop parses a large body."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def url(site: Town, path: str = HEALTH) -> str:
    return f"http://127.0.0.1:{site.api.port}{path}"


async def until_workers(site: Town, without: set[int]) -> None:
    def are_back() -> bool:
        now = set(workers(site))
        return len(now) > API_PROCESSES and not without & now

    await until(are_back, "a new process for each that was killed", PATIENCE)


async def test_a_busy_api_delays_nobody_who_works_in_an_environment(site: Town) -> None:
    (ada,) = await site.open()
    await site.until(ada, 200)
    *serving, _ = workers(site)
    assert len(serving) == API_PROCESSES
    with standing_still(serving):
        for _ in range(20):
            assert (await site.get(ada))[0] == 200
            assert (await site.get(ada, Cookie="a=1"))[0] == 401


async def test_one_free_process_serves_everybody(site: Town) -> None:
    *serving, _ = workers(site)
    for busy in serving:
        with standing_still([busy]):
            async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as http:
                for _ in range(5):
                    assert (await http.get(url(site))).status_code == 200


async def test_a_process_that_dies_is_replaced_and_others_go_on(site: Town) -> None:
    (ada,) = await site.open()
    await site.until(ada, 200)
    for dying in workers(site):
        os.kill(dying, signal.SIGKILL)
        await site.until(ada, 200)
        await until_workers(site, {dying})
        async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as http:
            assert (await http.get(url(site))).status_code == 200
    assert '"event": "process.ended"' in site.api.log.read_text()


async def test_no_process_outlives_a_crash_of_the_program(site: Town) -> None:
    (ada,) = await site.open()
    await site.until(ada, 200)
    before = workers(site)
    await site.api.restart(signal.SIGKILL)  # binds the same ports again at once
    await site.until(ada, 200)
    assert not [pid for pid in before if Path(f"/proc/{pid}").exists()]


async def test_metrics_of_all_processes_are_added_up(site: Town) -> None:
    *serving, _ = workers(site)
    for busy in serving:  # each of them answers some
        with standing_still([busy]):
            async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as http:
                for _ in range(3):
                    await http.get(url(site, "/health/live"))
    async with httpx.AsyncClient(trust_env=False) as http:
        scrapes = [(await http.get(url(site, "/metrics"))).text for _ in range(2)]
    sample = r'mydocker_http_requests_total{[^}]*route="/health/live"[^}]*status="200"} ([\d.]+)'
    for scrape in scrapes:
        counted = [float(value) for value in re.findall(sample, scrape)]
        assert len(counted) == 1
        assert counted[0] >= 6
