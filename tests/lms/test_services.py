"""Tokens, roster and grades with Moodle's habits."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from demo_lms.lti.launches import AGS_SCOPES, NRPS_SCOPE
from demo_lms.settings import CLIENT_ID

from .conftest import World, form_of

SCORE_SCOPE = AGS_SCOPES[3]
MEMBERSHIPS = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
ROSTER = "/services/CourseSection/2/bindings/1/memberships"
SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"


async def roster(world: World, accept: str = MEMBERSHIPS, **query: str) -> httpx.Response:
    bearer = await world.bearer(NRPS_SCOPE)
    headers = {"Authorization": f"Bearer {bearer}", "Accept": accept}
    return await world.browser.get(ROSTER, params=query, headers=headers)


async def column(world: World) -> int:
    item = {"title": "P", "text": "", "url": "u", "custom": {}, "maximum": 20}
    world.lms.store.add_activity(item)
    return world.lms.store.line_items[0].id


async def post_score(world: World, id: int, **changes: Any) -> httpx.Response:
    bearer = await world.bearer(SCORE_SCOPE)
    body = {
        "userId": "5",
        "timestamp": world.now.isoformat(),
        "scoreGiven": 50,
        "scoreMaximum": 100,
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        **changes,
    }
    return await world.browser.post(
        f"/services/2/lineitems/{id}/lineitem/scores?type_id=1",
        json=body,
        headers={"Authorization": f"Bearer {bearer}", "Content-Type": SCORE_TYPE},
    )


async def test_a_token_is_given_to_who_holds_the_tools_key(world: World) -> None:
    answer = await world.ask_token(world.signed({"sub": CLIENT_ID}), f"{NRPS_SCOPE} unknown")
    assert answer.json()["scope"] == NRPS_SCOPE
    assert len(answer.json()["access_token"]) == 32


@pytest.mark.parametrize("wrong", [{"iss": "x"}, {"sub": "x"}, {"exp": 1}])
async def test_token_errors_are_always_400(world: World, wrong: dict[str, Any]) -> None:
    answer = await world.ask_token(world.signed({"sub": CLIENT_ID, **wrong}), NRPS_SCOPE)
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_client"})


async def test_an_unknown_scope_alone_is_refused(world: World) -> None:
    answer = await world.ask_token(world.signed({"sub": CLIENT_ID}), "unknown")
    assert answer.json() == {"error": "invalid_scope"}


async def test_the_roster_uses_short_role_names(world: World) -> None:
    members = (await roster(world)).json()["members"]
    assert len(members) == 6
    assert {role for member in members for role in member["roles"]} == {"Learner", "Instructor"}


async def test_a_removed_student_is_on_no_roster_and_launches_nothing(world: World) -> None:
    item = {"title": "P", "text": "", "url": "u", "custom": {}}
    activity = world.lms.store.add_activity(item).id
    form = await world.login_form(f"/as/hugo-lefevre/launch/{activity}")
    page, student = "/as/claire-fontaine/participants", "/as/hugo-lefevre/"
    fields = form_of(await world.browser.get(page)).fields
    assert (await world.browser.post(f"{page}/hugo-lefevre/remove", data={})).status_code == 404
    assert (await world.browser.post(f"{page}/hugo-lefevre/remove", data=fields)).is_redirect
    assert "8" not in {member["user_id"] for member in (await roster(world)).json()["members"]}
    assert (await world.browser.get(student)).status_code == 403
    assert (await world.browser.get(f"{student}activities/{activity}")).status_code == 403
    assert "access_denied" in (await world.authenticate(form)).text
    assert (await world.browser.post(f"{page}/hugo-lefevre/enrol", data=fields)).is_redirect
    assert (await world.browser.get(student)).status_code == 200
    assert len((await roster(world)).json()["members"]) == 6


@pytest.mark.parametrize("accept", ["application/json", f"{MEMBERSHIPS}, text/html"])
async def test_the_roster_wants_the_exact_media_type(world: World, accept: str) -> None:
    assert (await roster(world, accept)).status_code == 400


async def test_paging_forgets_the_role(world: World) -> None:
    first = await roster(world, limit="2", role="Learner")
    assert "role" not in first.headers["Link"]
    assert 'rel="next"' in first.headers["Link"]


async def test_services_want_a_bearer_with_the_scope(world: World) -> None:
    assert (await world.browser.get(ROSTER)).status_code == 401
    bearer = await world.bearer(SCORE_SCOPE)
    wrong = await world.browser.get(ROSTER, headers={"Authorization": f"Bearer {bearer}"})
    assert wrong.status_code == 401


async def test_a_bearer_lives_an_hour(world: World) -> None:
    bearer = await world.bearer(NRPS_SCOPE)
    world.pass_time(hours=1)
    late = await world.browser.get(ROSTER, headers={"Authorization": f"Bearer {bearer}"})
    assert late.status_code == 401


async def test_a_score_is_rescaled_and_shown(world: World) -> None:
    id = await column(world)
    assert (await post_score(world, id)).status_code == 200
    assert "10 / 20" in (await world.browser.get("/as/claire-fontaine/grades")).text


async def test_a_score_must_be_a_whole_second_later(world: World) -> None:
    id = await column(world)
    await post_score(world, id)
    same = (world.now + timedelta(milliseconds=900)).isoformat()
    assert (await post_score(world, id, timestamp=same)).status_code == 409
    later = (world.now + timedelta(seconds=1)).isoformat()
    assert (await post_score(world, id, timestamp=later)).status_code == 200


async def test_progress_erases_a_grade(world: World) -> None:
    id = await column(world)
    await post_score(world, id)
    later = (world.now + timedelta(seconds=2)).isoformat()
    await post_score(world, id, timestamp=later, gradingProgress="Pending")
    assert world.lms.store.line_items[0].scores["5"].given is None


@pytest.mark.parametrize("user", ["3", "404"])
async def test_only_students_get_scores(world: World, user: str) -> None:
    assert (await post_score(world, await column(world), userId=user)).status_code == 400


async def test_results_leave_ungraded_people_out(world: World) -> None:
    id = await column(world)
    await post_score(world, id, scoreGiven=0)
    bearer = await world.bearer(AGS_SCOPES[2])
    answer = await world.browser.get(
        f"/services/2/lineitems/{id}/lineitem/results?type_id=1",
        headers={"Authorization": f"Bearer {bearer}"},
    )
    assert [(row["userId"], row["resultScore"]) for row in answer.json()] == [("5", 0.0)]


async def test_a_line_item_can_be_made_and_found_by_its_tag(world: World) -> None:
    bearer = await world.bearer(AGS_SCOPES[0])
    auth = {"Authorization": f"Bearer {bearer}"}
    made = await world.browser.post(
        "/services/2/lineitems?type_id=1",
        json={"label": "Essay", "scoreMaximum": 10, "tag": "t1"},
        headers={**auth, "Content-Type": "application/vnd.ims.lis.v2.lineitem+json"},
    )
    assert made.status_code == 201
    answer = await world.browser.get("/services/2/lineitems?type_id=1&tag=t1", headers=auth)
    assert [item["id"] for item in answer.json()] == [made.json()["id"]]
    none = await world.browser.get("/services/2/lineitems?type_id=1&tag=t2", headers=auth)
    assert none.json() == []
