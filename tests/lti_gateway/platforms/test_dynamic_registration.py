"""Dynamic registration: DR rows of docs/lti/conformance.md."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from mydocker_kit.postgres.db import transaction
from mydocker_lti.domain.openid_configuration import TOOL
from mydocker_lti.models import Invitation

from ..conftest import ORIGIN, TARGET
from .registering_platform import Admin, reason_of, rows_of
from .registering_platform import admin as admin


async def test_dr_01_an_invited_platform_is_looked_at_and_nothing_is_done_yet(admin: Admin) -> None:
    page = await admin.look()
    assert page.status_code == 200
    assert "Lycée Ampère" in page.text
    assert "moodle 2024100706" in page.text
    assert (await admin.look()).status_code == 200
    assert [request.method for request in admin.registering.requests] == ["GET", "GET"]
    assert await rows_of(admin) == []


@pytest.mark.parametrize("secret", ["", "0" * 64, None])
async def test_dr_01_without_an_invitation_nothing_is_fetched(
    admin: Admin, secret: str | None
) -> None:
    for answer in (await admin.look(invitation=secret), await admin.register(invitation=secret)):
        assert answer.status_code == 403
        assert await reason_of(admin, answer) == "invitation_unknown"
    assert admin.registering.requests == []


async def test_dr_01_expired_withdrawn_and_used_invitations_are_worth_nothing(
    admin: Admin,
) -> None:
    async def change(**values: Any) -> None:
        async with transaction(admin.tool.app.state.sessions) as db:
            row = await db.get_one(Invitation, admin.invitation.invitation.id)
            for name, value in values.items():
                setattr(row, name, value)

    now = admin.tool.now
    for values, reason in (
        ({"withdrawn_at": now}, "invitation_withdrawn"),
        ({"withdrawn_at": None, "used_at": now}, "invitation_used"),
        ({"used_at": None, "expires_at": now}, "invitation_expired"),
    ):
        await change(**values)
        answer = await admin.register()
        assert (answer.status_code, await reason_of(admin, answer)) == (403, reason)
    assert admin.registering.requests == []


async def test_the_page_may_be_framed_by_that_platform_alone_and_loads_nothing(
    admin: Admin,
) -> None:
    issuer = admin.registering.platform.issuer
    good, bad = await admin.look(), await admin.look(registration_token="")
    assert "frame-ancestors " + issuer in good.headers["Content-Security-Policy"]
    assert good.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert good.headers["Referrer-Policy"] == "no-referrer"
    assert issuer in bad.headers["Content-Security-Policy"]
    odd = await admin.look(openid_configuration="https://a.example;script-src *//c")
    assert "script-src *" not in odd.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://lms.example/c", "configuration_barred"),
        ("http://127.0.0.1:8102/c", "configuration_barred"),
        ("file:///etc/passwd", "configuration_barred"),
        ("https://root@lms.example/c", "configuration_barred"),
        ("lms.example", "configuration_barred"),
        ("https://nobody.example/c", "configuration_away"),
        ("", "configuration_missing"),
    ],
)
async def test_dr_02_an_address_that_cannot_be_read_is_said(
    admin: Admin, address: str, reason: str
) -> None:
    answer = await admin.look(openid_configuration=address)
    assert answer.status_code in (400, 502)
    assert await reason_of(admin, answer) == reason
    assert admin.registering.requests == []


async def test_dr_03_an_issuer_of_another_host_is_refused(admin: Admin) -> None:
    for issuer in ("https://other.example", "https://other.example:8443", "moodle"):
        admin.registering.changes = {"issuer": issuer}
        answer = await admin.register()
        assert (answer.status_code, await reason_of(admin, answer)) == (
            400,
            "configuration_foreign",
        )
    assert admin.registering.posts == []


@pytest.mark.parametrize(
    "changes",
    [
        {"authorization_endpoint": None},
        {"token_endpoint": None},
        {"jwks_uri": None},
        {"registration_endpoint": None},
        {"registration_endpoint": "http://lms.example/r"},
        {"jwks_uri": "file:///etc/passwd"},
        {"token_endpoint": 7},
        {"id_token_signing_alg_values_supported": ["HS256", "none"]},
        {"id_token_signing_alg_values_supported": None},
        {"token_endpoint_auth_signing_alg_values_supported": ["ES256"]},
    ],
)
async def test_dr_03_missing_endpoints_and_signatures_are_refused(
    admin: Admin, changes: dict[str, Any]
) -> None:
    admin.registering.changes = changes
    answer = await admin.register()
    refusal = await admin.tool.refusal(answer)
    assert (answer.status_code, refusal.reason) == (400, "configuration_wrong")
    assert refusal.facts["field"] == next(iter(changes))
    assert admin.registering.posts == []
    assert await rows_of(admin) == []


async def test_dr_04_what_is_registered(admin: Admin) -> None:
    assert (await admin.register()).status_code == 200
    (post,) = admin.registering.posts
    posted = json.loads(post.content)
    assert post.headers["Authorization"] == f"Bearer {admin.registering.token}"
    assert post.headers["Content-Type"] == "application/json"
    assert posted["response_types"] == ["id_token"]
    assert set(posted["grant_types"]) == {"implicit", "client_credentials"}
    assert posted["token_endpoint_auth_method"] == "private_key_jwt"
    assert posted["jwks_uri"] == f"{ORIGIN}/lti/jwks.json"
    assert "jwks" not in posted
    assert posted["initiate_login_uri"] == f"{ORIGIN}/lti/login"
    assert posted["redirect_uris"] == [TARGET]
    assert set(posted["scope"].split()) == set(
        admin.registering.configuration()["scopes_supported"][:4]
    )
    tool = posted[TOOL]
    assert (tool["domain"], tool["target_link_uri"]) == ("tool.example", TARGET)
    assert tool["claims"] == ["iss", "sub", "name", "given_name", "family_name"]
    assert tool["custom_parameters"] == {"context_id_history": "$Context.id.history"}
    assert {message["type"] for message in tool["messages"]} == {
        "LtiResourceLinkRequest",
        "LtiDeepLinkingRequest",
    }
    assert all({"label", "label#fr"} <= set(message) for message in tool["messages"])


@pytest.mark.parametrize(
    ("chosen", "claims"),
    [({"names": None}, ["iss", "sub"]), ({"mail": "1", "names": None}, ["iss", "sub", "email"])],
)
async def test_dr_04_people_are_described_as_was_chosen(
    admin: Admin, chosen: dict[str, str | None], claims: list[str]
) -> None:
    admin.registering.status = 201
    assert (await admin.register(**chosen)).status_code == 200
    assert json.loads(admin.registering.posts[0].content)[TOOL]["claims"] == claims


@pytest.mark.parametrize("token", ["", "two words", "línea"])
async def test_dr_05_without_a_permission_nothing_is_asked(admin: Admin, token: str) -> None:
    answer = await admin.look(registration_token=token)
    assert await reason_of(admin, answer) == "registration_token_missing"
    assert admin.registering.requests == []


@pytest.mark.parametrize(
    ("answer", "reason", "error_text"),
    [
        (httpx.Response(404, html="<title>Error</title>"), "registration_token_refused", None),
        (httpx.Response(401, text="token_already_used"), "registration_token_refused",
         "token_already_used"),
        (httpx.Response(400, text="missing_claims"), "registration_refused", "missing_claims"),
        (httpx.Response(500, html="<h1>Oh</h1>"), "registration_refused", None),
        (httpx.Response(302, headers={"Location": "https://x"}), "registration_refused", None),
        (httpx.Response(200, text="<html>"), "registration_away", None),
        (httpx.Response(200, json=[]), "registration_unreadable", None),
        (httpx.Response(200, json={"client_id": ""}), "registration_unreadable", None),
        (httpx.Response(200, json={"client_id": "1", TOOL: {"deployment_id": [1]}}),
         "registration_unreadable", None),
    ],
)  # fmt: skip
async def test_dr_05_a_refusal_is_readable_and_leaves_no_partial_row(
    admin: Admin, answer: httpx.Response, reason: str, error_text: str | None
) -> None:
    admin.registering.answer = answer
    page = await admin.register()
    refusal = await admin.tool.refusal(page)
    assert (refusal.reason, refusal.facts.get("word")) == (reason, error_text)
    assert refusal.reference in page.text
    assert "http" not in page.text
    assert await rows_of(admin) == []
    admin.registering.answer = None
    assert (await admin.register()).status_code == 200, "the invitation was let go"


async def test_two_at_once_with_one_invitation_register_once(admin: Admin) -> None:
    admin.registering.reusable = True
    answers = await asyncio.gather(*(admin.register() for _ in range(5)))
    codes = sorted(answer.status_code for answer in answers)
    assert codes.count(200) == 1, codes
    assert len(admin.registering.posts) == 1
    assert len(await rows_of(admin)) == 1


async def test_bad_requests_are_pages(admin: Admin) -> None:
    twice = await admin.browser.get("/lti/register?invitation=a&invitation=b")
    assert await reason_of(admin, twice) == "parameter_repeated"
    odd = await admin.browser.post("/lti/register", content=b"{}")
    assert await reason_of(admin, odd) == "request_malformed"
    markup = await admin.look(openid_configuration="https://<script>alert(1)</script>")
    assert "<script>alert" not in markup.text


async def test_no_secret_of_a_registration_is_kept_or_logged(admin: Admin) -> None:
    secrets = (admin.registering.token, admin.parameters()["invitation"])
    with capture_logs() as events:
        refused = await admin.register(openid_configuration="https://nobody.example/c")
        assert (await admin.register()).status_code == 200
    seen = [repr(events), refused.text]
    async with transaction(admin.tool.app.state.sessions) as db:
        for table in ("invitations", "registrations", "platform_events", "refusals"):
            rows = await db.execute(text(f"SELECT row_to_json(t)::text FROM lti.{table} t"))  # noqa: S608
            seen += [row for (row,) in rows]
    assert any("platform.registered" in text for text in seen)
    assert not [secret for secret in secrets for text in seen if secret in text]
