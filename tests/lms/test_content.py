"""Deep linking's return and the activity form."""

import html
import json
import re
from typing import Any

import httpx
import pytest

from demo_lms.store import Store

from .conftest import TOOL, World, form_of

DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"


async def send_back(world: World, token: str, sesskey: str | None = None) -> httpx.Response:
    key = sesskey or world.lms.launches.sesskeys["3"]
    return await world.browser.post(
        f"/as/claire-fontaine/content/return?sesskey={key}", data={"JWT": token}
    )


def items_of(response: httpx.Response) -> Any:
    match = re.search(r'data-items="([^"]*)"', response.text)
    assert match, response.text
    return json.loads(html.unescape(match[1]))


def link(**changes: Any) -> dict[str, Any]:
    return {"type": "ltiResourceLink", "title": "Practice", "url": f"{TOOL}/lti/launch",
            "custom": {"course_id": "abc"}, **changes}  # fmt: skip


async def save(world: World, items: list[dict[str, Any]], **fields: str) -> httpx.Response:
    form = {"sesskey": world.lms.launches.sesskeys["3"], "items": json.dumps(items), **fields}
    return await world.browser.post("/as/claire-fontaine/activities", data=form)


async def test_what_the_tool_chose_becomes_an_activity(world: World) -> None:
    token = world.signed({f"{DL}content_items": [link(lineItem={"scoreMaximum": 20})]})
    items = items_of(await send_back(world, token))
    saved = await save(world, items, title="Practice 1", text="On Monday")
    shown = await world.browser.get(saved.headers["Location"])
    assert "Practice 1" in shown.text
    assert 'src="/as/claire-fontaine/launch/' in shown.text
    again = Store(world.lms.settings.state)
    assert again.activities[0].custom == {"course_id": "abc"}
    assert again.line_items[0].label == "Practice 1"


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "somebody"},
        {"exp": 1},
        {"iat": 99999999999},
    ],
)
async def test_a_wrong_answer_of_the_tool_is_refused(world: World, wrong: dict[str, Any]) -> None:
    answer = await send_back(world, world.signed({f"{DL}content_items": [link()], **wrong}))
    assert answer.status_code == 400


async def test_an_answer_without_kid_or_with_a_foreign_signature_is_refused(world: World) -> None:
    assert (await send_back(world, world.signed({}, kid=None))).status_code == 400
    assert (await send_back(world, world.signed({})[:-20] + "A" * 20)).status_code == 400


async def test_the_tools_keys_are_fetched_again_when_they_changed(world: World) -> None:
    assert (await send_back(world, world.signed({}))).status_code == 200
    world.kid = "k2"
    assert (await send_back(world, world.signed({}))).status_code == 200


async def test_a_tool_that_is_away_is_said_so(world: World) -> None:
    world.tool_away = True
    answer = await send_back(world, world.signed({}))
    assert answer.status_code == 400
    assert "cannot fetch" in answer.text


async def test_without_the_sesskey_nothing_comes_back(world: World) -> None:
    assert (await send_back(world, world.signed({}), sesskey="guess")).status_code == 404


async def test_an_empty_answer_brings_nothing(world: World) -> None:
    assert items_of(await send_back(world, world.signed({f"{DL}content_items": []}))) == []


@pytest.mark.parametrize("maximum", [0, 101, 12.5])
async def test_a_grade_outside_1_to_100_does_not_save(world: World, maximum: float) -> None:
    token = world.signed({f"{DL}content_items": [link(lineItem={"scoreMaximum": maximum})]})
    items = items_of(await send_back(world, token))
    assert (await save(world, items)).status_code == 422
    assert world.lms.store.activities == []


async def test_among_several_such_a_grade_is_silently_left_out(world: World) -> None:
    content = [link(lineItem={"scoreMaximum": 500}), link(title="Second")]
    items = items_of(await send_back(world, world.signed({f"{DL}content_items": content})))
    assert (await save(world, items)).status_code == 303
    assert len(world.lms.store.activities) == 2
    assert world.lms.store.line_items == []


async def test_a_custom_key_with_capitals_comes_twice(world: World) -> None:
    content = [link(custom={"CamelKey": 7, "flag": True})]
    [item] = items_of(await send_back(world, world.signed({f"{DL}content_items": content})))
    assert item["custom"] == {"camelkey": "7", "CamelKey": "7", "flag": "1"}


async def test_titles_are_shown_as_text(world: World) -> None:
    await save(world, [{**link(title="<script>alert(1)</script>"), "text": ""}])
    course = await world.browser.get("/as/hugo-lefevre/")
    assert "<script>alert" not in course.text
    assert "&lt;script&gt;" in course.text


async def test_pages_speak_french_and_english(world: World) -> None:
    french = await world.browser.get("/", headers={"Accept-Language": "fr-FR,fr;q=0.9"})
    assert '<html lang="fr">' in french.text
    english = await world.browser.get("/?lang=en", headers={"Accept-Language": "fr"})
    assert '<html lang="en">' in english.text
    assert "Claire Fontaine" in english.text


async def test_every_page_answers(world: World) -> None:
    await save(world, [{**link(lineItem=None), "text": "", "maximum": 20}])
    for path in ("/", "/as/claire-fontaine/", "/as/claire-fontaine/activities/new",
                 "/as/claire-fontaine/grades", "/as/ines-carpentier/grades",
                 "/static/lms.css", "/.well-known/openid-configuration"):  # fmt: skip
        assert (await world.browser.get(path)).status_code == 200, path
    form = form_of(await world.browser.get("/as/claire-fontaine/"))
    assert form.action.endswith("/remove")
    await world.browser.post(form.action, data=form.fields)
    assert world.lms.store.activities == []
