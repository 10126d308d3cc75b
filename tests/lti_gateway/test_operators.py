"""Operators: made by a command, let in by a link that works once, within an hour."""

from collections.abc import AsyncIterator

import httpx
import pytest

from mydocker_kit.contracts.sign_ins import OWN_ISSUER
from mydocker_kit.db import transaction
from mydocker_lti import admin, command
from mydocker_lti.entry_links import new_link

from .conftest import ORIGIN, PEOPLE, Tool

OWN = {"X-MyDocker": "1"}


@pytest.fixture
async def browser(tool: Tool) -> AsyncIterator[httpx.AsyncClient]:
    async with tool.browser() as browser:
        yield browser


async def link(tool: Tool) -> str:
    """The secret of a fresh link."""
    async with transaction(tool.app.state.sessions) as db:
        address = await new_link(db, PEOPLE, ORIGIN, tool.now)
    assert address.startswith(f"{ORIGIN}/enter#link=")
    return address.partition("#link=")[2]


async def enter(browser: httpx.AsyncClient, secret: str) -> httpx.Response:
    return await browser.post("/lti/entry-links", json={"link": secret}, headers=OWN)


async def test_a_link_opens_the_dashboard_once(tool: Tool, browser: httpx.AsyncClient) -> None:
    secret = await link(tool)
    entered = await enter(browser, secret)
    assert entered.status_code == 200, entered.text
    assert entered.json()["landing"]["kind"] == "dashboard"
    assert entered.json()["landing"]["embedded"] is False
    again = await enter(browser, secret)
    assert (again.status_code, again.json()["code"]) == (409, "link_used")


async def test_its_web_session_is_renewed_and_ended_like_any_other(
    tool: Tool, browser: httpx.AsyncClient
) -> None:
    entered = (await enter(browser, await link(tool))).json()
    tool.pass_time(minutes=9)
    renewed = await browser.post("/lti/tokens/refresh", headers=OWN)
    assert renewed.json()["web_session_id"] == entered["web_session_id"]
    await browser.post("/lti/tokens/revoke", headers=OWN)
    over = await browser.post("/lti/tokens/refresh", headers=OWN)
    assert over.json()["code"] == "web_session_over"


async def test_a_link_lives_an_hour(tool: Tool, browser: httpx.AsyncClient) -> None:
    secret = await link(tool)
    tool.pass_time(minutes=60)
    late = await enter(browser, secret)
    assert (late.status_code, late.json()["code"]) == (409, "link_expired")


async def test_a_fresh_link_makes_the_earlier_one_void(
    tool: Tool, browser: httpx.AsyncClient
) -> None:
    first, second = await link(tool), await link(tool)
    assert (await enter(browser, first)).json()["code"] == "link_unknown"
    assert (await enter(browser, second)).status_code == 200


async def test_an_invented_link_opens_nothing(browser: httpx.AsyncClient) -> None:
    answer = await enter(browser, "made up")
    assert (answer.status_code, answer.json()["code"]) == (401, "link_unknown")


async def test_only_our_own_page_may_use_a_link(tool: Tool, browser: httpx.AsyncClient) -> None:
    answer = await browser.post("/lti/entry-links", json={"link": await link(tool)})
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_request")


def test_the_command_says_what_it_does_not_know(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["nothing"]) == 2
    assert command.main([]) == 2
    assert "usage: mydocker" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        admin.main(["create", "--name", "Ada", "--issuer", "https://only.half"])
    with pytest.raises(SystemExit):
        admin.main(["create", "--name", "  "])


def test_words_for_people_end_with_the_link() -> None:
    line = {"id": "1", "name": "Ada", "issuer": OWN_ISSUER, "subject": "x", "since": "2026"}
    assert OWN_ISSUER not in admin._words(line)
    said = admin._words({**line, "issuer": "https://sso.example", "link": "https://x/#link=1"})
    assert "https://sso.example" in said
    assert said.endswith("https://x/#link=1")
