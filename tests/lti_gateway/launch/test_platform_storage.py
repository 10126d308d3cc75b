"""Platform storage where cookies are blocked: CK rows of docs/lti/conformance.md."""

import html
import re
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from markupsafe import escape

from ..conftest import ORIGIN, Started, Tool, Visit

OURS = {"Origin": ORIGIN}
OWN = {"X-MyDocker": "1"}
OPAQUE = 'opaque"<hint>'
"""A message hint that does not look like Moodle's: the launch may begin again with it."""


def data_of(page: httpx.Response) -> dict[str, str]:
    """The `data-` attributes that a page passes to its script."""
    assert page.status_code == 200, page.text
    attributes = re.findall(r'data-([a-z]+)="([^"]*)"', page.text)
    return {name: html.unescape(value) for name, value in attributes}


async def keep(visit: Visit, frame: str = "_parent", **changes: str) -> tuple[Started, str]:
    """Start a login with platform storage; the browser then drops its cookies."""
    login = visit.platform.login(lti_storage_target=frame, **changes)
    page = await visit.browser.post("/lti/login", data=login)
    data = data_of(page)
    visit.browser.cookies.clear()
    query = parse_qs(urlsplit(data["next"]).query)
    return Started(query["state"][0], query["nonce"][0]), data["value"]


def answer_to(visit: Visit, begun: Started, **more: str) -> dict[str, str]:
    claims = visit.platform.claims(begun.nonce, visit.tool.now)
    return {"state": begun.state, "id_token": visit.platform.sign(claims), **more}


async def prove(
    visit: Visit, form: Mapping[str, str], headers: Mapping[str, str] = OURS
) -> httpx.Response:
    """The post of our own page after it read the platform storage."""
    return await visit.browser.post("/lti/launch", data=dict(form), headers=dict(headers))


async def reason_of(visit: Visit, answer: httpx.Response) -> str:
    assert 400 <= answer.status_code < 500, (answer.status_code, answer.text)
    assert "set-cookie" not in answer.headers
    assert await visit.tool.tickets(visit.platform) == 0
    return (await visit.tool.refusal(answer)).reason


@pytest.mark.parametrize("frame", ["_parent", "post_message_forwarding"])
async def test_ck_03_ck_04_the_secret_goes_to_the_named_frame_of_the_platforms_origin(
    visit: Visit, frame: str
) -> None:
    login = visit.platform.login(lti_storage_target=frame)
    page = await visit.browser.post("/lti/login", data=login)
    data = data_of(page)
    assert (data["task"], data["frame"], data["origin"]) == ("keep", frame, visit.platform.issuer)
    assert data["next"].startswith(f"{visit.platform.issuer}/auth?")
    assert len(data["value"]) == 64
    assert data["value"] not in data["next"]
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'sha256-" in policy
    assert "unsafe-inline" not in policy
    assert page.headers["Cache-Control"] == "no-store"


async def test_ck_04_the_origin_is_the_authorization_endpoints(tool: Tool, visit: Visit) -> None:
    await tool.add(visit.platform, authorization_url="https://sso.elsewhere.example:8443/auth")
    login = visit.platform.login(lti_storage_target="_parent")
    data = data_of(await visit.browser.post("/lti/login", data=login))
    assert data["origin"] == "https://sso.elsewhere.example:8443"


async def test_ck_03_what_the_platform_kept_lets_the_person_in(visit: Visit) -> None:
    begun, secret = await keep(visit)
    form = answer_to(visit, begun)
    first_answer = await visit.browser.post("/lti/launch", data=form)
    data = data_of(first_answer)
    assert (data["task"], data["frame"], data["origin"]) == (
        "prove", "_parent", visit.platform.issuer,
    )  # fmt: skip
    assert secret not in first_answer.text
    assert await visit.tool.tickets(visit.platform) == 0
    entered = await prove(visit, {**form, "storage_proof": secret})
    assert entered.status_code == 303, entered.text
    again = await prove(visit, {**form, "storage_proof": secret})
    assert (await visit.tool.refusal(again)).reason == "state_spent"


async def test_ck_03_the_whole_visit_works_without_any_cookie(visit: Visit) -> None:
    begun, secret = await keep(visit)
    entrance = await prove(visit, answer_to(visit, begun, storage_proof=secret))
    ticket = urlsplit(entrance.headers["Location"]).fragment.removeprefix("ticket=")
    unproven = await visit.browser.post("/lti/tickets", json={"ticket": ticket})
    assert (unproven.status_code, unproven.json()["code"]) == (401, "ticket_unproven")
    where = unproven.json()["parameters"]
    assert (where["frame"], where["origin"]) == ("_parent", visit.platform.issuer)
    body = {"ticket": ticket, "storage_proof": secret}
    entered = await visit.browser.post("/lti/tickets", json=body)
    assert entered.status_code == 200, entered.text
    assert "set-cookie" not in entered.headers
    held = entered.json()["refresh_token"]
    for _ in range(3):
        visit.tool.pass_time(minutes=9)
        refreshed = await visit.browser.post(
            "/lti/tokens/refresh", headers=OWN, json={"refresh_token": held}
        )
        assert refreshed.status_code == 200, refreshed.text
        assert "set-cookie" not in refreshed.headers
        assert refreshed.json()["refresh_token"] not in (None, held)
        held = refreshed.json()["refresh_token"]
    body = {"refresh_token": held}
    out = await visit.browser.post("/lti/tokens/revoke", headers=OWN, json=body)
    assert out.status_code == 200
    over = await visit.browser.post("/lti/tokens/refresh", headers=OWN, json=body)
    assert over.json()["code"] == "web_session_over"


async def test_ck_03_where_cookies_are_kept_nothing_is_asked_and_no_token_is_shown(
    visit: Visit,
) -> None:
    login = visit.platform.login(lti_storage_target="_parent")
    data = data_of(await visit.browser.post("/lti/login", data=login))
    query = parse_qs(urlsplit(data["next"]).query)
    begun = Started(query["state"][0], query["nonce"][0])
    answer = await visit.browser.post("/lti/launch", data=answer_to(visit, begun))
    entered = (await visit.enter(answer)).json()
    assert entered["refresh_token"] is None
    assert "__Host-mydocker-refresh" in visit.browser.cookies


@pytest.mark.parametrize("proof", ["0" * 64, "é", "x" * 5000])
async def test_ck_06_another_value_is_refused(visit: Visit, proof: str) -> None:
    begun, _ = await keep(visit)
    refused = await prove(visit, answer_to(visit, begun, storage_proof=proof))
    assert await reason_of(visit, refused) == "state_other_browser"


async def test_ck_06_the_secret_of_another_login_is_refused(visit: Visit) -> None:
    begun, _ = await keep(visit)
    _, other = await keep(visit)
    refused = await prove(visit, answer_to(visit, begun, storage_proof=other))
    assert await reason_of(visit, refused) == "state_other_browser"


async def test_ck_06_a_ticket_with_another_value_is_unknown(visit: Visit) -> None:
    begun, secret = await keep(visit)
    entrance = await prove(visit, answer_to(visit, begun, storage_proof=secret))
    ticket = urlsplit(entrance.headers["Location"]).fragment.removeprefix("ticket=")
    for proof in ("", "0" * 64):
        body = {"ticket": ticket, "storage_proof": proof}
        refused = await visit.browser.post("/lti/tickets", json=body)
        assert (refused.status_code, refused.json()["code"]) == (401, "ticket_unknown")


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", f"{ORIGIN}.evil.example"])
async def test_ck_11_a_foreign_page_may_not_bring_a_proof_that_its_author_knows(
    visit: Visit, origin: str | None
) -> None:
    begun, secret = await keep(visit)
    headers = {"Origin": origin} if origin else {}
    form = answer_to(visit, begun, storage_proof=secret)
    assert await reason_of(visit, await prove(visit, form, headers)) == "state_proof_foreign"


async def test_ck_11_state_and_token_alone_do_nothing_in_another_browser(visit: Visit) -> None:
    begun = await visit.begin()
    form = answer_to(visit, begun)
    async with visit.tool.browser() as victim:
        refused = await victim.post(
            "/lti/launch", data=form, headers={"Origin": visit.platform.issuer}
        )
    assert await reason_of(visit, refused) == "state_cookie_missing"


async def test_ck_05_without_a_target_the_page_looks_for_storage_and_begins_again_with_it(
    visit: Visit,
) -> None:
    begun = await visit.begin(lti_message_hint=OPAQUE)
    visit.browser.cookies.clear()
    page = await visit.browser.post("/lti/launch", data=answer_to(visit, begun))
    data = data_of(page)
    assert (data["task"], data["origin"]) == ("prove", visit.platform.issuer)
    assert "frame" not in data
    assert 'id="again" method="post" action="https://tool.example/lti/login"' in page.text
    assert f'name="lti_message_hint" value="{escape(OPAQUE)}"' in page.text
    assert 'name="lti_storage_target" value=""' in page.text


async def test_ck_05_ck_07_no_storage_either_ends_on_the_page_with_the_button(
    visit: Visit,
) -> None:
    begun = await visit.begin(lti_message_hint=OPAQUE)
    visit.browser.cookies.clear()
    refused = await prove(visit, answer_to(visit, begun, storage_proof=""))
    assert await reason_of(visit, refused) == "state_cookie_missing"
    assert 'method="post" action="https://tool.example/lti/login" target="_blank"' in refused.text
    assert f'name="lti_message_hint" value="{escape(OPAQUE)}"' in refused.text


async def test_ck_07_moodle_has_no_storage_so_the_button_comes_at_once(visit: Visit) -> None:
    begun = await visit.begin()
    visit.browser.cookies.clear()
    answer = await visit.browser.post("/lti/launch", data=answer_to(visit, begun))
    assert answer.status_code == 400
    assert f'action="{visit.platform.issuer}/mod/lti/launch.php" target="_blank"' in answer.text
    assert 'name="id" value="3"' in answer.text
    assert "<button>Open in a new tab</button>" in answer.text
    assert '<button type="button" id="here" class="quiet" hidden>' in answer.text


async def test_ck_07_in_a_tab_of_its_own_the_page_names_the_browsers_settings(
    visit: Visit,
) -> None:
    begun = await visit.begin()
    visit.browser.cookies.clear()
    headers = {"Sec-Fetch-Dest": "document"}
    answer = await visit.browser.post("/lti/launch", data=answer_to(visit, begun), headers=headers)
    assert await reason_of(visit, answer) == "cookies_refused"
    assert "Allow cookies for this address" in answer.text
    assert "<form" not in answer.text


@pytest.mark.parametrize("frame", ["", "x" * 300, "a\nb"])
async def test_an_unusable_frame_name_is_as_good_as_none(visit: Visit, frame: str) -> None:
    login = visit.platform.login(lti_storage_target=frame)
    assert (await visit.browser.post("/lti/login", data=login)).status_code == 302


async def test_markup_in_a_frame_name_stays_text(visit: Visit) -> None:
    login = visit.platform.login(lti_storage_target='"><script>alert(1)</script>')
    page = await visit.browser.post("/lti/login", data=login)
    assert "<script>alert" not in page.text


async def test_an_error_of_the_platform_is_carried_along_to_its_page(visit: Visit) -> None:
    begun, secret = await keep(visit)
    form = {"state": begun.state, "error": "access_denied"}
    first_answer = await visit.browser.post("/lti/launch", data=form)
    assert 'name="error" value="access_denied"' in first_answer.text
    refused = await prove(visit, {**form, "storage_proof": secret})
    assert await reason_of(visit, refused) == "platform_error"
