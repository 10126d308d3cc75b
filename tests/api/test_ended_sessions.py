"""A web session that ends takes its token, its streams and its cookies along, at once."""

import asyncio

import httpx

from mydocker_kit.contracts.sessions import SessionEnd
from tests.api.campus import Campus, Person, until
from tests.api.test_access import Browser, opened
from tests.api.test_environments import ready


async def refusal(person: Person) -> str:
    """The code `/api/me` answers with; empty when it answers."""
    response = await person.http.get("/api/me")
    return "" if response.is_success else str(response.json()["code"])


async def over(person: Person) -> None:
    async def refused() -> bool:
        return await refusal(person) == "web_session_over"

    await until(refused)


async def test_an_ended_session_has_no_use_for_its_fresh_token(campus: Campus) -> None:
    ada, bob = await campus.launch("ada"), await campus.launch("bob")
    await campus.gateway.end(ada.web_session_id)
    await over(ada)
    assert (await ada.http.get("/api/me")).status_code == 401
    assert await refusal(bob) == ""


async def test_entering_again_works(campus: Campus) -> None:
    ada = await campus.launch("ada")
    await campus.gateway.end(ada.web_session_id, SessionEnd.REUSE)
    await over(ada)
    assert await refusal(await campus.launch("ada")) == ""


async def test_the_event_stream_of_an_ended_session_closes(campus: Campus) -> None:
    ada = await campus.launch("ada")
    stands = asyncio.Event()

    async def listen() -> None:
        timeout = httpx.Timeout(30)
        async with ada.http.stream("GET", "/api/events", timeout=timeout) as response:
            async for line in response.aiter_lines():
                stands.set()
                assert not line.startswith("data:"), "sessions are nobody's news"

    listening = asyncio.ensure_future(listen())
    await asyncio.wait_for(stands.wait(), 5)
    await campus.gateway.end(ada.web_session_id)
    await asyncio.wait_for(listening, 8)


async def test_cookies_of_environments_end_with_the_session_that_made_them(
    campus: Campus,
) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.student(course)
    await ready(campus, ada, course)
    host, ticket = await opened(campus, ada, course)
    _, unused = await opened(campus, ada, course)
    browser = Browser(campus, host)
    await browser.enter(ticket)
    assert (await browser.route()).status_code == 200
    await campus.gateway.end(ada.web_session_id)
    await over(ada)
    assert (await browser.route()).status_code == 401
    assert (await browser.enter(unused)).status_code == 401
    await browser.http.aclose()


async def test_what_ended_while_the_gateway_was_out_of_reach_is_caught_up(campus: Campus) -> None:
    ada, bob = await campus.launch("ada"), await campus.launch("bob")
    campus.gateway.away = True
    await campus.gateway.ring()
    await campus.gateway.end(ada.web_session_id)
    assert await refusal(bob) == ""
    campus.gateway.away = False
    await over(ada)
    assert await refusal(bob) == ""
