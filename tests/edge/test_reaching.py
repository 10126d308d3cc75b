"""What a browser meets at the address of an environment, through the real edge and the real api."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator

import aiohttp
import pytest

from mydocker_kit.contracts.environments import Address, Phase
from mydocker_kit.contracts.sessions import SessionEnd
from tests.edge.town import Town

PAGE = {"Accept": "text/html,*/*;q=0.8"}
PIECE = os.urandom(1 << 20)
LONG = "MYDOCKER_LONG_TESTS" in os.environ
SIZES = [64, 1024] if LONG else [64]
"""Of uploads, in MiB."""
SILENCE = 400 if LONG else 1
"""Seconds a line is left alone: longer than any idle limit on the way."""


async def test_each_environment_answers_at_its_own_address(place: Town) -> None:
    ada, bob = await place.open(2)
    await place.until(bob, 200)
    for home in (ada, bob):
        status, text = await place.get(home)
        assert (status, f'"port": {home.upstream}' in text) == (200, True)
        assert home.cookie not in text
    mixed = {"Cookie": ada.headers["Cookie"]}
    assert (await place.get(bob, **mixed))[0] == 403
    assert (await place.get(bob, Cookie="a=1"))[0] == 401


async def test_a_stopped_environment_has_a_waking_page(place: Town) -> None:
    (ada,) = await place.open()
    await place.until(ada, 200)
    await place.close(ada)
    await place.until(ada, 503, **PAGE)
    for language, words in (("fr-FR", "Votre environnement est arrêté"), ("de", "is stopped")):
        status, text = await place.get(ada, **PAGE, **{"Accept-Language": language})
        assert (status, words in text) == (503, True)
        course = place.orchestrator.statuses[ada.id].course_id
        assert f'href="http://localhost:{place.edge.port}/courses/{course}/window"' in text
    await place.reopen(ada)
    await place.until(ada, 200)


@pytest.mark.parametrize(
    ("phase", "code", "after"),
    [
        (Phase.STOPPED, "environment_stopped", 30),
        (Phase.FAILED, "environment_failed", 30),
        (Phase.STARTING, "environment_starting", 2),
        (Phase.QUEUED, "environment_queued", 10),
    ],
)
async def test_a_program_is_told_by_status_and_code(
    place: Town, phase: Phase, code: str, after: int
) -> None:
    (ada,) = await place.open()
    await place.until(ada, 200)
    await place.close(ada, phase)
    await place.until(ada, 503)
    async with place.http.get(place.url("/api/kernels"), headers=ada.headers) as answer:
        said = await answer.json(content_type="application/problem+json")
        assert (answer.status, said["code"]) == (503, code)
        assert int(answer.headers["Retry-After"]) == after
        assert answer.headers["X-MyDocker-State"] == phase
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await place.chat(ada)
    assert refused.value.status == 503


async def test_a_container_that_is_gone_before_anybody_heard_has_a_page_too(place: Town) -> None:
    (ada,) = await place.open()
    await place.until(ada, 200)
    nobody = Address(port=8888, host="127.0.0.1", host_port=1)
    await place.orchestrator.record(ada.id, addresses=(nobody,))
    await place.until(ada, 503)
    async with place.http.get(place.url(), headers={**ada.headers, **PAGE}) as answer:
        assert "does not answer" in await answer.text()
        assert answer.headers["X-MyDocker-State"] == "away"
        assert answer.headers["Retry-After"] == "2"
    async with place.http.get(place.url("/api"), headers=ada.headers) as answer:
        said = await answer.json(content_type="application/problem+json")
        assert (answer.status, said["code"]) == (503, "environment_away")


@pytest.mark.parametrize("mib", SIZES)
async def test_a_large_upload_streams_through(place: Town, mib: int) -> None:
    (ada,) = await place.open()
    await place.until(ada, 200)
    whole = hashlib.blake2b()
    for _ in range(mib):
        whole.update(PIECE)

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(mib):
            yield PIECE

    before = place.edge.resident_mib() + place.api.resident_mib()
    headers = {**ada.headers, "Origin": f"http://{ada.host}", "Content-Length": str(mib << 20)}
    timeout = aiohttp.ClientTimeout(total=None)
    async with place.http.post(
        place.url("/upload"), data=pieces(), headers=headers, timeout=timeout
    ) as answer:
        assert await answer.json() == {"size": mib << 20, "digest": whole.hexdigest()}
    grown = place.edge.resident_mib() + place.api.resident_mib() - before
    assert grown < 32, "it was kept on its way"


async def test_a_large_download_waits_for_a_slow_reader_without_being_kept(place: Town) -> None:
    (ada,) = await place.open()
    await place.until(ada, 200)
    before = place.edge.resident_mib()
    async with place.http.get(
        place.url("/download"), params={"size": 512 << 20}, headers=ada.headers
    ) as answer:
        await answer.content.readexactly(1 << 20)
        await asyncio.sleep(1)
        assert place.edge.resident_mib() - before < 32
        answer.close()


@pytest.mark.parametrize("kind", ["text/event-stream", "text/plain"])
async def test_what_has_no_length_arrives_as_it_is_written(place: Town, kind: str) -> None:
    (ada,) = await place.open()
    await place.until(ada, 200)
    async with place.http.get(
        place.url("/drip"), params={"every": "0.1", "kind": kind}, headers=ada.headers
    ) as answer:
        for number in range(4):  # of a stream without an end: what was held back never came
            assert await answer.content.readuntil(b"\n\n") == f"data: {number}\n\n".encode()
        answer.close()


@pytest.mark.timeout(SILENCE + 120)
async def test_a_line_on_which_nothing_is_said_stays_open(place: Town) -> None:
    (ada,) = await place.open()
    await place.until(ada, 200)
    socket = await place.chat(ada)
    timeout = aiohttp.ClientTimeout(total=None)
    async with place.http.get(
        place.url("/drip"), params={"every": str(SILENCE)}, headers=ada.headers, timeout=timeout
    ) as answer:
        for number in range(2):
            assert await answer.content.readuntil(b"\n\n") == f"data: {number}\n\n".encode()
        answer.close()
    await socket.send_str("still here")
    assert await socket.receive_str(timeout=100) == "still here"
    await socket.close()


async def test_a_session_that_ended_opens_nothing_any_more(place: Town) -> None:
    (ada,) = await place.open()
    await place.until(ada, 200)
    await place.gateway.end(ada.web_session_id, SessionEnd.SIGNED_OUT)
    await place.until(ada, 401)
