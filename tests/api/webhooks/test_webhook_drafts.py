"""Which webhooks a person may make, and who may change them."""

from typing import Any

import pytest
from tests.api.campus import Campus, checked
from tests.api.http.test_api_tokens import made, refusal, script
from tests.api.webhooks.receiver import Receiver, hooked


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        ({"url": "ftp://example.org/"}, "fields_invalid"),
        ({"url": "http://example.org/"}, "fields_invalid"),
        ({"url": "https://user@example.org/"}, "fields_invalid"),
        ({"url": "https://example.org:port/"}, "fields_invalid"),
        ({"url": "https://10.0.0.1/"}, "fields_invalid"),
        ({"url": "https://[::1]/"}, "fields_invalid"),
        ({"url": "https://169.254.169.254/latest"}, "fields_invalid"),
        ({"url": ""}, "invalid_request"),
        ({"kinds": []}, "invalid_request"),
        ({"kinds": ["person.changed"]}, "invalid_request"),
        ({"colour": "red"}, "invalid_request"),
    ],
)
async def test_drafts_that_are_refused(campus: Campus, draft: dict[str, Any], code: str) -> None:
    teacher = await campus.teacher()
    body = {"name": "x", "url": "https://example.org/", "kinds": ["course.changed"], **draft}
    assert await teacher.refused("POST", "/api/webhooks", body) == (422, code)
    assert await teacher.get("/api/webhooks") == []


async def test_a_full_list_and_strangers(campus: Campus, receiver: Receiver) -> None:
    teacher, other = await campus.teacher(), await campus.teacher("hopper")
    campus.services.settings.__dict__["webhooks_per_person"] = 1
    webhook = await hooked(teacher, receiver, "course.changed")
    body = {"name": "x", "url": receiver.address, "kinds": ["course.changed"]}
    assert await teacher.refused("POST", "/api/webhooks", body) == (409, "webhooks_full")
    path = f"/api/webhooks/{webhook['id']}"
    for method, rest in [("GET", ""), ("PUT", ""), ("DELETE", ""), ("POST", "/test")]:
        assert await other.refused(method, path + rest, body) == (404, "not_found")
    outdated = await teacher.http.put(path, json=body, headers={"If-Match": '"0"'})
    assert (outdated.status_code, outdated.json()["code"]) == (412, "edited_meanwhile")
    await teacher.delete(path)
    assert await teacher.get("/api/webhooks") == []


async def test_a_token_needs_the_scope_of_each_kind(campus: Campus, receiver: Receiver) -> None:
    teacher = await campus.teacher()
    token = await made(teacher, "webhooks:write", "courses:read")
    async with script(campus, token["token"]) as client:
        body = {"name": "x", "url": receiver.address, "kinds": ["course.changed"]}
        webhook = checked(await client.post("/api/webhooks", json=body))
        body["kinds"] = ["course.changed", "environment.changed"]
        refused = await refusal(client, "POST", "/api/webhooks", json=body)
        assert refused == (403, "scope_missing")
        path = f"/api/webhooks/{webhook['id']}"
        await teacher.put(path, body)
        assert await refusal(client, "GET", f"{path}/deliveries") == (403, "scope_missing")
