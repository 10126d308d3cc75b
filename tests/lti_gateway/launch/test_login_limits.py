"""Login initiations that are too many or malformed: refused with a page, never an error of ours."""

import json
from uuid import uuid4

import pytest
from pydantic import SecretStr
from sqlalchemy import make_url, select

from mydocker_kit.postgres.db import transaction
from mydocker_lti.models import Refusal
from tests.conftest import ServiceKeys
from tests.lti_gateway.launch.login_forms import refused_for
from tests.support.postgresql import Database

from ..conftest import TARGET, Tool, Visit, gateway_settings, running
from ..fake_platform import FakePlatform


async def test_li_11_a_campus_behind_one_address_is_served_a_flood_is_not(
    tool: Tool, platform: FakePlatform
) -> None:
    async with tool.browser("203.0.113.5") as campus:
        hints = [(uuid4().hex,) for _ in range(500)]
        statuses = [
            (await campus.post("/lti/login", data=platform.login(login_hint=hint))).status_code
            for (hint,) in hints
        ]
        assert statuses == [302] * 500
        while tool.app.state.limits.allows_login("203.0.113.5", tool.now):
            pass
        refused = await campus.post("/lti/login", data=platform.login())
        assert refused.status_code == 429
        assert refused.headers["Retry-After"] == "60"
        assert await refused_for(tool, refused) == "too_many_launches"
        tool.pass_time(seconds=121)
        assert (await campus.post("/lti/login", data=platform.login())).status_code == 302


async def test_li_11_one_login_hint_has_thirty_a_minute(tool: Tool, visit: Visit) -> None:
    login = visit.platform.login(login_hint="5")
    statuses = [(await visit.browser.post("/lti/login", data=login)).status_code for _ in range(31)]
    assert statuses == [302] * 30 + [429]


@pytest.mark.parametrize(
    "body", [b"iss=%ff", b"a=b&" * 200, b"iss=\xff", b"login_hint=%00", b"x" * 200_000]
)
async def test_odd_bodies_are_refused_without_an_error_of_ours(
    tool: Tool, visit: Visit, body: bytes
) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    refused = await visit.browser.post("/lti/login", content=body, headers=headers)
    await refused_for(tool, refused)


async def test_nul_in_a_hint_is_refused(tool: Tool, visit: Visit) -> None:
    refused = await visit.browser.post("/lti/login", data=visit.platform.login(login_hint="a\x00b"))
    assert await refused_for(tool, refused) == "request_malformed"


async def test_a_form_of_another_media_type_is_refused(tool: Tool, visit: Visit) -> None:
    headers = {"Content-Type": "application/json"}
    body = json.dumps(visit.platform.login())
    refused = await visit.browser.post("/lti/login", content=body, headers=headers)
    assert await refused_for(tool, refused) == "request_malformed"


async def test_refusals_speak_the_browsers_language_until_the_token_is_read(
    visit: Visit,
) -> None:
    headers = {"Accept-Language": "fr-CA,fr;q=0.9"}
    refused = await visit.browser.get("/lti/login", headers=headers)
    assert '<html lang="fr">' in refused.text
    assert "Référence" in refused.text


async def test_when_the_database_is_away_a_page_says_so(
    postgres: Database, database_url: str, service_keys: ServiceKeys, vault_keys: SecretStr
) -> None:
    platform = FakePlatform(TARGET)
    settings = gateway_settings(database_url, service_keys, vault_keys)
    async with running(settings) as tool, tool.browser() as browser:
        await tool.add(platform)
        name = make_url(database_url).database
        postgres.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        postgres.run(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"  # noqa: S608
        )
        answer = await browser.post("/lti/login", data=platform.login())
        postgres.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    assert answer.status_code == 503
    assert "A part of the service does not answer" in answer.text


async def test_a_flood_of_refusals_does_not_fill_the_table(
    database_url: str, service_keys: ServiceKeys, vault_keys: SecretStr
) -> None:
    known = gateway_settings(database_url, service_keys, vault_keys)
    settings = known.model_copy(update={"refusals_per_minute": 3})
    async with running(settings) as tool, tool.browser() as browser:
        answers = [await browser.get("/lti/login") for _ in range(5)]
        assert {answer.status_code for answer in answers} == {400}
        async with transaction(tool.app.state.sessions) as db:
            assert len((await db.scalars(select(Refusal))).all()) == 3
