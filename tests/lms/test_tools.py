"""The demo LMS registers tools by Moodle's rules."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest

from .conftest import ORIGIN, TOOL, World, form_of

CONFIGURATION = "https://purl.imsglobal.org/spec/lti-tool-configuration"
SAID: dict[str, Any] = {
    "client_name": "MyDocker",
    "response_types": ["id_token"],
    "token_endpoint_auth_method": "private_key_jwt",
    "initiate_login_uri": f"{TOOL}/lti/login",
    "redirect_uris": [f"{TOOL}/lti/launch"],
    "jwks_uri": f"{TOOL}/lti/jwks.json",
    CONFIGURATION: {"domain": "localhost:8000", "target_link_uri": f"{TOOL}/lti/launch"},
}


async def permission(world: World) -> str:
    """What the frame's address carries."""
    form = form_of(await world.browser.get("/tools"))
    fields = {**form.fields, "url": f"{TOOL}/lti/register?invitation=s"}
    framed = await world.browser.post("/tools/add", data=fields)
    address = framed.text.partition('src="')[2].partition('"')[0].replace("&amp;", "&")
    query = parse_qs(urlsplit(address).query)
    assert query["invitation"] == ["s"]
    assert query["openid_configuration"] == [f"{ORIGIN}/.well-known/openid-configuration"]
    return query["registration_token"][0]


async def post(world: World, token: str, **changes: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return await world.browser.post("/register", json={**SAID, **changes}, headers=headers)


async def test_a_registered_tool_waits_is_activated_and_launches(world: World) -> None:
    said = (await world.browser.get("/.well-known/openid-configuration")).json()
    assert said["registration_endpoint"] == f"{ORIGIN}/register"
    token = await permission(world)
    answer = (await post(world, token)).json()
    client_id = answer["client_id"]
    assert jwt.decode(token, options={"verify_signature": False})["sub"] == client_id
    page = await world.browser.get("/tools")
    assert ("Pending" in page.text, client_id in page.text) == (True, True)
    path = f"/as/claire-fontaine/content/launch?tool={client_id}"
    form = await world.login_form(path)
    assert form.fields["lti_deployment_id"] == answer[CONFIGURATION]["deployment_id"]
    denied = form_of(await world.authenticate(form, client_id=client_id))
    assert denied.fields["error"] == "unauthorized_client"
    world.lms.store.activate_tool(client_id)
    opened = form_of(await world.authenticate(await world.login_form(path), client_id=client_id))
    claims = jwt.decode(opened.fields["id_token"], options={"verify_signature": False})
    assert claims["aud"] == client_id
    world.lms.store.remove_tool(client_id)
    assert world.lms.store.tool(client_id) is None


async def test_a_permission_works_once_and_for_an_hour(world: World) -> None:
    token = await permission(world)
    wrong = await post(
        world, token, **{CONFIGURATION: {**SAID[CONFIGURATION], "domain": "localhost"}}
    )
    assert (wrong.status_code, wrong.text) == (400, "domain_targetlinkuri_mismatch")
    assert (await post(world, token)).status_code == 200
    again = await post(world, token)
    assert (again.status_code, again.text) == (401, "token_already_used")
    late = await permission(world)
    world.pass_time(hours=1)
    assert (await post(world, late)).status_code == 404
    assert (await post(world, "made-up")).status_code == 404
    bare = await world.browser.post("/register", json=SAID)
    assert (bare.status_code, bare.text) == (401, "missing_registration_token")


@pytest.mark.parametrize(
    "changes", [{"response_types": []}, {"jwks_uri": ""}, {"redirect_uris": ["https://x.example"]}]
)
async def test_what_moodle_refuses_is_refused(world: World, changes: dict[str, Any]) -> None:
    assert (await post(world, await permission(world), **changes)).status_code == 400
    assert len(world.lms.store.tools) == 1


async def test_forms_need_the_sesskey_and_an_address(world: World) -> None:
    assert (await world.browser.post("/tools/add", data={"url": TOOL})).status_code == 404
    form = form_of(await world.browser.get("/tools"))
    answer = await world.browser.post("/tools/add", data={**form.fields, "url": "javascript:1"})
    assert answer.status_code == 422
