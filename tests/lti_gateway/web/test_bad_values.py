"""Text that the database cannot store is refused or cleaned in all fields of the gateway."""

from urllib.parse import quote

import pytest

from mydocker_kit.clients.lti import AUDIENCE
from tests.conftest import ServiceKeys
from tests.support.bad_values import answers_to, signed

from ..conftest import Tool, Visit

ODD = "A\x00d\ud800a\u202e\u200c \x07Lovelace"
CLEAN = "Ada\u200c Lovelace"


@pytest.mark.timeout(600)
async def test_every_field_of_every_request(tool: Tool, service_keys: ServiceKeys) -> None:
    sent, wrong = await answers_to(tool.app, signed(service_keys, AUDIENCE), {"to"})
    assert wrong == []
    assert sent > 100


async def test_nobody_is_locked_out_by_odd_claims(visit: Visit) -> None:
    response = await visit.launch(
        name=ODD, given_name=None, family_name="\x00", email="ada\x00@example.org", locale="\ud800"
    )
    assert response.status_code == 303, response.text
    person = visit.last_launch().person
    assert (person.name, person.email) == (CLEAN, "ada@example.org")


@pytest.mark.parametrize("value", ["%00", "a%00b", "%ED%A0%80", quote("\u202e")])
async def test_odd_addresses_of_the_browser(tool: Tool, value: str) -> None:
    async with tool.browser() as browser:
        for path in (
            f"/lti/login?iss={value}&login_hint={value}&target_link_uri={value}&client_id={value}",
            f"/lti/sign-in/{value}?to={value}",
            f"/lti/sign-in/{value}/callback?state={value}&code={value}&ticket={value}",
            f"/lti/register?invitation={value}&openid_configuration={value}",
        ):
            answer = await browser.get(path, headers=[(b"Accept-Language", b"\x80\xff")])
            assert 300 <= answer.status_code < 500, (path, answer.status_code)
        for path in (
            "/lti/login",
            "/lti/launch",
            "/lti/register",
            f"/lti/sign-in/{value}/callback",
        ):
            form = f"iss={value}&state={value}&id_token={value}&logoutRequest={value}"
            kind = {"Content-Type": "application/x-www-form-urlencoded"}
            answer = await browser.post(path, content=form, headers=kind)
            assert 300 <= answer.status_code < 500, (path, answer.status_code)
