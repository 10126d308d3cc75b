"""Login initiation and authentication, as Moodle does them."""

import json
from typing import Any

import jwt
import pytest

from .conftest import ORIGIN, TOOL, World, form_of

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
ITEM = {"title": "Practice", "text": "", "url": f"{TOOL}/lti/launch", "custom": {"course_id": "x"}}


def payload(id_token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(id_token, options={"verify_signature": False})
    return claims


async def test_the_login_initiation_has_exactly_moodles_six_fields(world: World) -> None:
    form = await world.login_form()
    assert form.action == f"{TOOL}/lti/login"
    assert set(form.fields) == {
        "iss", "target_link_uri", "login_hint", "lti_message_hint", "client_id",
        "lti_deployment_id",
    }  # fmt: skip
    assert form.fields["iss"] == ORIGIN


async def test_a_launch_carries_what_moodle_sends(world: World) -> None:
    activity = world.lms.store.add_activity({**ITEM, "maximum": 20})
    form = await world.login_form(f"/as/amina-benali/launch/{activity.id}")
    answer = form_of(await world.authenticate(form))
    assert answer.action == f"{TOOL}/lti/launch"
    assert answer.fields["state"] == "s" * 32
    claims = payload(answer.fields["id_token"])
    assert claims["exp"] == claims["iat"] + 60
    assert claims["aud"] == "mydocker-demo"
    assert claims["sub"] == "5"
    assert claims[f"{LTI}roles"] == ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"]
    assert claims[f"{LTI}custom"] == {"course_id": "x"}
    assert claims[f"{LTI}resource_link"]["id"] == str(activity.id)
    assert "lineitem" in claims["https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"]


async def test_a_launch_id_works_once(world: World) -> None:
    form = await world.login_form()
    assert (await world.authenticate(form)).status_code == 200
    assert (await world.authenticate(form)).status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"scope": "openid profile"},
        {"response_type": "code"},
        {"redirect_uri": f"{TOOL}/lti/launch/"},
        {"nonce": None},
        {"lti_message_hint": "{}"},
        {"lti_message_hint": "not json"},
    ],
)
async def test_wrong_requests_end_on_a_page_of_the_lms(
    world: World, changes: dict[str, str | None]
) -> None:
    answer = await world.authenticate(await world.login_form(), **changes)
    assert answer.status_code == 404
    assert form_of(answer).action == ""


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "other"}, "unauthorized_client"),
        ({"login_hint": "5"}, "access_denied"),
        ({"response_mode": "query"}, "invalid_request"),
        ({"prompt": "login"}, "invalid_request"),
    ],
)
async def test_other_errors_are_posted_to_the_tool(
    world: World, changes: dict[str, str], error: str
) -> None:
    form = form_of(await world.authenticate(await world.login_form(), **changes))
    assert form.action == f"{TOOL}/lti/launch"
    assert form.fields["error"] == error
    assert "id_token" not in form.fields


async def test_deep_linking_says_what_it_accepts(world: World) -> None:
    form = form_of(await world.authenticate(await world.login_form()))
    claims = payload(form.fields["id_token"])
    settings = claims["https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"]
    assert settings["accept_types"] == ["ltiResourceLink"]
    assert settings["accept_multiple"] is True
    assert "sesskey=" in settings["deep_link_return_url"]


async def test_the_id_token_is_signed_with_the_published_key(world: World) -> None:
    form = form_of(await world.authenticate(await world.login_form()))
    key_set = jwt.PyJWKSet.from_dict((await world.browser.get("/jwks")).json())
    token = form.fields["id_token"]
    key = key_set[jwt.get_unverified_header(token)["kid"]]
    jwt.decode(token, key, algorithms=["RS256"], audience="mydocker-demo")


async def test_a_student_has_no_content_to_choose_and_no_dashboard(world: World) -> None:
    for path in ("content/launch", "activities/new", "dashboard"):
        assert (await world.browser.get(f"/as/hugo-lefevre/{path}")).status_code == 404


async def test_the_dashboard_opens_as_a_link_of_its_own(world: World) -> None:
    form = await world.login_form("/as/claire-fontaine/dashboard")
    claims = payload(form_of(await world.authenticate(form)).fields["id_token"])
    assert claims[f"{LTI}custom"] == {"landing": "dashboard"}
    assert claims[f"{LTI}launch_presentation"]["document_target"] == "window"


async def test_a_launch_in_a_tab_of_its_own_is_for_who_was_here_last(world: World) -> None:
    activity = world.lms.store.add_activity(ITEM)
    await world.browser.get(f"/as/maya-nguyen/activities/{activity.id}")
    form = await world.login_form(f"/mod/lti/launch.php?id={activity.id}")
    assert form.fields["login_hint"] == "9"
    assert json.loads(form.fields["lti_message_hint"])["cmid"] == activity.id
