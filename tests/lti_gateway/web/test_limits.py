"""Rate limits: a campus behind one address gets in, a flood is answered with Retry-After."""

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import SecretStr

from mydocker_lti.web.limits import EntryLimits
from tests.conftest import ServiceKeys

from ..conftest import Tool, Visit, gateway_settings, running


async def test_a_campus_behind_one_address_comes_in(tool: Tool, visit: Visit) -> None:
    """500 launches within a minute, by 500 people."""
    limits: EntryLimits = tool.app.state.limits
    for number in range(500):
        assert limits.allows_login("198.51.100.99", tool.now)
        assert limits.allows_person(f"person {number}", tool.now)
        assert limits.allows_response("198.51.100.99", tool.now)


async def test_a_person_who_launches_again_and_again(visit: Visit) -> None:
    answers = [
        await visit.browser.post("/lti/login", data=visit.platform.login(login_hint="again"))
        for _ in range(35)
    ]
    assert {answer.status_code for answer in answers} == {302, 429}
    assert int(answers[-1].headers["Retry-After"]) > 0
    other = await visit.browser.post("/lti/login", data=visit.platform.login(login_hint="other"))
    assert other.status_code == 302


async def test_tabs_are_made_so_often(visit: Visit) -> None:
    entered = (await visit.enter()).json()
    headers = {"Authorization": f"Bearer {entered['access_token']}", "X-MyDocker": "1"}
    answers = [await visit.browser.post("/lti/tabs", headers=headers) for _ in range(12)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 2
    assert answers[-1].json()["code"] == "too_many_links"
    assert int(answers[-1].headers["Retry-After"]) >= 1


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fixed clock: no bucket refills during a test on a slow machine."""
    clock = SimpleNamespace(monotonic=lambda: 1000.0)
    monkeypatch.setattr("mydocker_kit.limits.rate_limits.time", clock)


@pytest.fixture
async def small(
    database_url: str, service_keys: ServiceKeys, vault_keys: SecretStr
) -> AsyncIterator[Tool]:
    """A gateway with a burst of forty requests per address."""
    settings = gateway_settings(database_url, service_keys, vault_keys)
    async with running(settings.model_copy(update={"requests_per_address": 160})) as tool:
        yield tool


@pytest.mark.parametrize("path", ["/lti/tickets", "/lti/tokens/refresh"])
async def test_a_flood_of_pages_from_one_address(small: Tool, path: str) -> None:
    sent: dict[str, Any] = {"json": {"ticket": "x"}, "headers": {"X-MyDocker": "1"}}
    async with small.browser("203.0.113.77") as flood, small.browser("203.0.113.78") as other:
        answers = [await flood.post(path, **sent) for _ in range(60)]
        assert 429 not in {answer.status_code for answer in answers[:40]}
        assert answers[-1].status_code == 429
        assert answers[-1].json()["code"] == "too_many_requests"
        assert int(answers[-1].headers["Retry-After"]) >= 1
        assert (await other.post(path, **sent)).status_code != 429
