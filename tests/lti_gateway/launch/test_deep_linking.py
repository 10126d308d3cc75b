"""Deep linking: DL rows of docs/lti/conformance.md."""

from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest

from mydocker_kit.contracts.gateway.launches import LaunchKind

from ..conftest import TARGET, Visit
from ..fake_platform import DL, LEARNER, LTI


async def enter(visit: Visit, **settings: Any) -> tuple[str, dict[str, str]]:
    """Start deep linking as a teacher; returns the request's id and the headers for the answer."""
    answer = await visit.deep_link(**settings)
    token = (await visit.enter(answer)).json()["access_token"]
    return str(visit.last_launch().id), {"Authorization": f"Bearer {token}"}


async def choose(
    visit: Visit, id: str, auth: dict[str, str], count: int = 1, **more: Any
) -> httpx.Response:
    body = {"course_ids": [str(uuid4()) for _ in range(count)], **more}
    return await visit.browser.post(f"/lti/deep-linking/{id}", json=body, headers=auth)


async def claims_of(visit: Visit, reply: httpx.Response) -> dict[str, Any]:
    """Claims of the response, verified with our published keys."""
    assert reply.status_code == 200, reply.text
    token = reply.json()["jwt"]
    key_set = jwt.PyJWKSet.from_dict((await visit.browser.get("/lti/jwks.json")).json())
    header = jwt.get_unverified_header(token)
    assert header["alg"] == "RS256"
    claims: dict[str, Any] = jwt.decode(
        token, key_set[header["kid"]], algorithms=["RS256"], audience=visit.platform.issuer
    )
    return claims


async def test_dl_01_a_teacher_gets_the_picker(visit: Visit) -> None:
    assert (await visit.deep_link()).status_code == 303
    assert visit.last_launch().kind is LaunchKind.DEEP_LINKING


async def test_dl_01_a_student_is_refused(visit: Visit) -> None:
    begun = await visit.begin()
    claims = visit.platform.deep_linking_claims(begun.nonce, visit.tool.now)
    claims[f"{LTI}roles"] = [LEARNER]
    answer = await visit.post(begun, visit.platform.sign(claims))
    assert answer.status_code == 403
    assert (await visit.tool.refusal(answer)).reason == "teachers_only"


@pytest.mark.parametrize(
    "name",
    ["deep_link_return_url", "accept_types", "accept_presentation_document_targets"],
)
async def test_dl_02_each_required_setting(visit: Visit, name: str) -> None:
    answer = await visit.deep_link(**{name: None})
    assert (await visit.tool.refusal(answer)).reason == "claim_invalid"


async def test_dl_02_without_settings(visit: Visit) -> None:
    begun = await visit.begin()
    claims = visit.platform.deep_linking_claims(begun.nonce, visit.tool.now)
    del claims[f"{DL}deep_linking_settings"]
    answer = await visit.post(begun, visit.platform.sign(claims))
    assert (await visit.tool.refusal(answer)).reason == "claim_invalid"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "/return", "ftp://x.example/"])
async def test_dl_02_a_return_address_is_a_web_address(visit: Visit, url: str) -> None:
    answer = await visit.deep_link(deep_link_return_url=url)
    assert (await visit.tool.refusal(answer)).reason == "claim_invalid"


async def test_dl_03_a_platform_that_takes_no_links_gets_a_message(visit: Visit) -> None:
    answer = await visit.deep_link(accept_types=["file", "html"])
    assert (await visit.tool.refusal(answer)).reason == "content_unsupported"


@pytest.mark.parametrize(
    ("multiple", "count", "status"),
    [(True, 3, 200), (False, 2, 422), (None, 2, 422), (None, 1, 200)],
)
async def test_dl_04_several_only_where_accepted(
    visit: Visit, multiple: bool | None, count: int, status: int
) -> None:
    id, auth = await enter(visit, accept_multiple=multiple)
    reply = await choose(visit, id, auth, count)
    assert reply.status_code == status
    if status == 200:
        assert len((await claims_of(visit, reply))[f"{DL}content_items"]) == count


async def test_dl_04_dl_09_the_picker_learns_what_the_platform_takes(visit: Visit) -> None:
    for several, graded in ((True, None), (False, False)):
        id, auth = await enter(visit, accept_multiple=several, accept_lineitem=graded)
        offered = (await visit.browser.get(f"/lti/deep-linking/{id}", headers=auth)).json()
        assert offered == {"several": several, "grade_column": graded is None}
    await choose(visit, id, auth)
    over = await visit.browser.get(f"/lti/deep-linking/{id}", headers=auth)
    assert (over.status_code, over.json()["code"]) == (409, "deep_linking_answered")
    assert (
        await visit.browser.get(f"/lti/deep-linking/{uuid4()}", headers=auth)
    ).status_code == 404


@pytest.mark.parametrize("data", ['opaque "é" value', None])
async def test_dl_05_data_goes_back_unchanged(visit: Visit, data: str | None) -> None:
    id, auth = await enter(visit, data=data)
    claims = await claims_of(visit, await choose(visit, id, auth))
    assert claims.get(f"{DL}data") == data
    assert (f"{DL}data" in claims) is (data is not None)


async def test_dl_06_the_response(visit: Visit) -> None:
    id, auth = await enter(visit)
    reply = await choose(visit, id, auth)
    claims = await claims_of(visit, reply)
    assert claims["iss"] == visit.platform.client_id
    assert claims["exp"] - claims["iat"] == 300
    assert claims["iat"] < visit.tool.now.timestamp()  # Moodle allows no clock skew
    assert len(claims["nonce"]) >= 32
    assert claims[f"{LTI}deployment_id"] == "1"
    assert claims[f"{LTI}message_type"] == "LtiDeepLinkingResponse"
    assert claims[f"{LTI}version"] == "1.3.0"
    [item] = claims[f"{DL}content_items"]
    assert item["type"] == "ltiResourceLink"
    assert item["url"] == TARGET
    assert set(item["custom"]) == {"course_id", "course_signature"}


async def test_dl_07_cancelling_sends_an_empty_list_and_a_message(visit: Visit) -> None:
    id, auth = await enter(visit)
    reply = await visit.browser.post(f"/lti/deep-linking/{id}/cancel", headers=auth)
    claims = await claims_of(visit, reply)
    assert claims[f"{DL}content_items"] == []
    assert claims[f"{DL}msg"] == "No content was chosen."


async def test_dl_09_a_grade_column_when_wanted(visit: Visit) -> None:
    id, auth = await enter(visit)
    claims = await claims_of(visit, await choose(visit, id, auth, grade_column=True))
    [item] = claims[f"{DL}content_items"]
    assert item["lineItem"]["scoreMaximum"] == 100
    assert item["lineItem"]["tag"] == "mydocker"
    assert item["lineItem"]["resourceId"] == item["custom"]["course_id"]


async def test_dl_09_no_grade_column_where_the_platform_takes_none(visit: Visit) -> None:
    id, auth = await enter(visit, accept_lineitem=False)
    claims = await claims_of(visit, await choose(visit, id, auth, grade_column=True))
    assert "lineItem" not in claims[f"{DL}content_items"][0]


async def test_dl_10_the_return_address_is_the_verified_one_and_used_once(visit: Visit) -> None:
    id, auth = await enter(visit)
    reply = await visit.browser.post(
        f"/lti/deep-linking/{id}?return_url=https://evil.example",
        json={"course_ids": [str(uuid4())], "return_url": "https://evil.example"},
        headers=auth,
    )
    assert reply.json()["return_url"] == f"{visit.platform.issuer}/return?course=2&sesskey=s3cret"
    again = await choose(visit, id, auth)
    assert (again.status_code, again.json()["code"]) == (409, "deep_linking_answered")


async def test_dl_11_a_course_the_teacher_may_not_publish(visit: Visit) -> None:
    id, auth = await enter(visit)
    visit.tool.api.refuses = "forbidden"
    assert (await choose(visit, id, auth)).status_code == 403
    visit.tool.api.refuses = None
    assert (await choose(visit, id, auth)).status_code == 200


async def test_somebody_elses_request_is_unknown(visit: Visit) -> None:
    id, _ = await enter(visit)
    other = (await visit.enter(await visit.launch(sub="77"))).json()["access_token"]
    reply = await choose(visit, id, {"Authorization": f"Bearer {other}"})
    assert (reply.status_code, reply.json()["code"]) == (404, "deep_linking_unknown")


@pytest.mark.parametrize("auth", [{}, {"Authorization": "Bearer x.y.z"}])
async def test_without_an_access_token_there_is_no_answer(
    visit: Visit, auth: dict[str, str]
) -> None:
    id, _ = await enter(visit)
    assert (await choose(visit, id, auth)).status_code == 401


async def test_an_access_token_ends_with_its_web_session(visit: Visit) -> None:
    id, auth = await enter(visit)
    await visit.browser.post("/lti/tokens/revoke", headers={"X-MyDocker": "1"})
    assert (await choose(visit, id, auth)).json()["code"] == "web_session_over"
