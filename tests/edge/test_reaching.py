"""What a browser meets at the address of an environment, through the real edge and the real api."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator

import aiohttp
import pytest

from mydocker_kit.contracts.gateway.sessions import SessionEnd
from mydocker_kit.contracts.orchestrator.environments import Address, Phase
from tests.edge.town import Town
from tests.support.long_tests import LONG

PAGE = {"Accept": "text/html,*/*;q=0.8"}
PIECE = os.urandom(1 << 20)
SIZES = [64, 1024] if LONG else [64]
"""Of uploads, in MiB."""
SILENCE = 400 if LONG else 1
"""Seconds a line is left alone: longer than any idle limit on the way."""


async def test_each_environment_answers_at_its_own_address(site: Town) -> None:
    ada, bob = await site.open(2)
    await site.until(bob, 200)
    for home in (ada, bob):
        status, text = await site.get(home)
        assert (status, f'"port": {home.upstream}' in text) == (200, True)
        assert home.cookie not in text
    mixed = {"Cookie": ada.headers["Cookie"]}
    assert (await site.get(bob, **mixed))[0] == 403
    assert (await site.get(bob, Cookie="a=1"))[0] == 401


async def test_a_stopped_environment_has_a_waking_page(site: Town) -> None:
    (ada,) = await site.open()
    await site.until(ada, 200)
    await site.close(ada)
    await site.until(ada, 503, **PAGE)
    for language, words in (("fr-FR", "Votre environnement est arrêté"), ("de", "is stopped")):
        status, text = await site.get(ada, **PAGE, **{"Accept-Language": language})
        assert (status, words in text) == (503, True)
        course = site.orchestrator.statuses[ada.id].course_id
        assert f'href="http://localhost:{site.edge.port}/courses/{course}/window"' in text
    await site.reopen(ada)
    await site.until(ada, 200)


@pytest.mark.parametrize(
    ("phase", "code", "after"),
    [
        (Phase.STOPPED, "environment_stopped", 30),
        (Phase.FAILED, "environment_failed", 30),
        (Phase.STARTING, "environment_starting", 2),
        (Phase.QUEUED, "environment_queued", 10),
    ],
)
async def test_a_program_gets_status_and_code(
    site: Town, phase: Phase, code: str, after: int
) -> None:
    (ada,) = await site.open()
    await site.until(ada, 200)
    await site.close(ada, phase)
    await site.until(ada, 503)
    async with site.http.get(site.url("/api/kernels"), headers=ada.headers) as answer:
        said = await answer.json(content_type="application/problem+json")
        assert (answer.status, said["code"]) == (503, code)
        assert int(answer.headers["Retry-After"]) == after
        assert answer.headers["X-MyDocker-State"] == phase
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await site.chat(ada)
    assert refused.value.status == 503


async def test_a_container_that_is_gone_before_anybody_heard_has_a_page_too(site: Town) -> None:
    (ada,) = await site.open()
    await site.until(ada, 200)
    nobody = Address(port=8888, host="127.0.0.1", host_port=1)
    await site.orchestrator.record(ada.id, addresses=(nobody,))
    await site.until(ada, 503)
    async with site.http.get(site.url(), headers={**ada.headers, **PAGE}) as answer:
        assert "does not answer" in await answer.text()
        assert answer.headers["X-MyDocker-State"] == "away"
        assert answer.headers["Retry-After"] == "2"
    async with site.http.get(site.url("/api"), headers=ada.headers) as answer:
        said = await answer.json(content_type="application/problem+json")
        assert (answer.status, said["code"]) == (503, "environment_away")


@pytest.mark.parametrize("mib", SIZES)
async def test_a_large_upload_streams_through(site: Town, mib: int) -> None:
    (ada,) = await site.open()
    await site.until(ada, 200)
    whole = hashlib.blake2b()
    for _ in range(mib):
        whole.update(PIECE)

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(mib):
            yield PIECE

    before = site.edge.resident_mib() + site.api.resident_mib()
    headers = {**ada.headers, "Origin": f"http://{ada.host}", "Content-Length": str(mib << 20)}
    timeout = aiohttp.ClientTimeout(total=None)
    async with site.http.post(
        site.url("/upload"), data=pieces(), headers=headers, timeout=timeout
    ) as answer:
        assert await answer.json() == {"size": mib << 20, "digest": whole.hexdigest()}
    grown = site.edge.resident_mib() + site.api.resident_mib() - before
    assert grown < 32, "it was kept on its way"


async def test_a_large_download_waits_for_a_slow_reader_without_being_kept(site: Town) -> None:
    (ada,) = await site.open()
    await site.until(ada, 200)
    before = site.edge.resident_mib()
    async with site.http.get(
        site.url("/download"), params={"size": 512 << 20}, headers=ada.headers
    ) as answer:
        await answer.content.readexactly(1 << 20)
        await asyncio.sleep(1)
        assert site.edge.resident_mib() - before < 32
        answer.close()


@pytest.mark.parametrize("kind", ["text/event-stream", "text/plain"])
async def test_what_has_no_length_arrives_as_it_is_written(site: Town, kind: str) -> None:
    (ada,) = await site.open()
    await site.until(ada, 200)
    async with site.http.get(
        site.url("/drip"), params={"every": "0.1", "kind": kind}, headers=ada.headers
    ) as answer:
        for number in range(4):  # of a stream without an end: what was held back never came
            assert await answer.content.readuntil(b"\n\n") == f"data: {number}\n\n".encode()
        answer.close()


@pytest.mark.timeout(SILENCE + 120)
async def test_a_silent_connection_stays_open(site: Town) -> None:
    (ada,) = await site.open()
    await site.until(ada, 200)
    socket = await site.chat(ada)
    timeout = aiohttp.ClientTimeout(total=None)
    async with site.http.get(
        site.url("/drip"), params={"every": str(SILENCE)}, headers=ada.headers, timeout=timeout
    ) as answer:
        for number in range(2):
            assert await answer.content.readuntil(b"\n\n") == f"data: {number}\n\n".encode()
        answer.close()
    await socket.send_str("still here")
    assert await socket.receive_str(timeout=100) == "still here"
    await socket.close()


async def test_a_session_that_ended_opens_nothing_any_more(site: Town) -> None:
    (ada,) = await site.open()
    await site.until(ada, 200)
    await site.gateway.end(ada.web_session_id, SessionEnd.SIGNED_OUT)
    await site.until(ada, 401)


EVENTS = {"Accept": "text/event-stream"}


@pytest.mark.parametrize("reason", [SessionEnd.SIGNED_OUT, SessionEnd.REPLACED])
async def test_the_end_of_a_web_session_ends_its_open_streams(
    site: Town, reason: SessionEnd
) -> None:
    """And nobody else's. A socket that is in use is no exception."""
    ada, bob = await site.open(2)
    await site.until(bob, 200)
    mine, others = await site.chat(ada), await site.chat(bob)
    async with site.http.get(
        site.url("/drip"), params={"every": "0.1"}, headers={**ada.headers, **EVENTS}
    ) as events:
        assert await events.content.readuntil(b"\n\n") == b"data: 0\n\n"
        await site.gateway.end(ada.web_session_id, reason)
        async with asyncio.timeout(10):
            while (await mine.receive()).type is aiohttp.WSMsgType.TEXT:
                await mine.send_str("still here")
            with pytest.raises(aiohttp.ClientError):
                await events.read()
    await others.send_str("still here")
    assert await others.receive_str(timeout=100) == "still here"
    await others.close()


async def test_the_end_of_an_environment_ends_its_open_streams(site: Town) -> None:
    (ada,) = await site.open()
    await site.until(ada, 200)
    socket = await site.chat(ada)
    await site.close(ada)
    async with asyncio.timeout(10):
        assert (await socket.receive()).type is not aiohttp.WSMsgType.TEXT


async def test_a_token_for_a_stream_reaches_no_environment_and_none_is_believed(
    site: Town,
) -> None:
    (ada,) = await site.open()
    await site.until(ada, 200)
    socket = await site.chat(ada)
    await socket.close()
    for headers in ({}, EVENTS):
        status, text = await site.get(ada, **{"X-Stream": "forged", **headers})
        assert (status, "x-stream" in text.lower()) == (200, False)
