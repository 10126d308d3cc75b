"""Bad states, nonces, responses and clocks: docs/lti/conformance.md, BP-10 to 12, 25, 27, 28."""

import asyncio
import json
from datetime import datetime

import pytest

from ...conftest import TARGET, Tool, Visit
from ...fake_platform import FakePlatform
from .bad_launches import refused_for


@pytest.mark.parametrize("which", ["none", "unknown", "expired", "browser", "issuer", "no cookie"])
async def test_bp_10_the_state(visit: Visit, tool: Tool, which: str) -> None:
    begun = await visit.begin()
    claims = visit.platform.claims(begun.nonce, tool.now)
    form = {"state": begun.state, "id_token": visit.platform.sign(claims)}
    browser = visit.browser
    if which == "none":
        del form["state"]
    elif which == "unknown":
        form["state"] = "0" * 64
    elif which == "expired":
        tool.pass_time(seconds=600)
    elif which == "issuer":
        other = FakePlatform(TARGET)
        await tool.add(other)
        form["id_token"] = other.sign(other.claims(begun.nonce, tool.now))
    elif which == "browser":
        [name] = [name for name in browser.cookies if "state" in name]
        browser.cookies.set(name, "0" * 64, domain="tool.example", path="/")
    else:
        browser.cookies.clear()
    reason = await refused_for(visit, await browser.post("/lti/launch", data=form))
    assert (
        reason
        == {
            "none": "state_missing",
            "unknown": "state_unknown",
            "expired": "state_expired",
            "issuer": "key_unknown",
            "browser": "state_other_browser",
            "no cookie": "state_cookie_missing",
        }[which]
    )


@pytest.mark.parametrize("which", ["absent", "different", "swapped"])
async def test_bp_11_the_nonce(visit: Visit, which: str) -> None:
    begun, other = await visit.begin(), await visit.begin()
    nonce = {"absent": None, "different": "f" * 64, "swapped": other.nonce}[which]
    claims = visit.platform.claims(begun.nonce, visit.tool.now, nonce=nonce)
    reason = await refused_for(visit, await visit.post(begun, visit.platform.sign(claims)))
    assert reason == ("claim_invalid" if which == "absent" else "nonce_wrong")


async def test_bp_11_a_nonce_is_used_once(visit: Visit) -> None:
    used = await visit.begin()
    token = visit.platform.sign(visit.platform.claims(used.nonce, visit.tool.now))
    assert (await visit.post(used, token)).status_code == 303
    begun = await visit.begin()
    answer = await visit.post(begun, token)
    assert (await visit.tool.refusal(answer)).reason == "nonce_wrong"


async def test_bp_12_twenty_times_the_same_answer_is_one_session(visit: Visit) -> None:
    begun = await visit.begin()
    token = visit.platform.sign(visit.platform.claims(begun.nonce, visit.tool.now))
    answers = await asyncio.gather(*(visit.post(begun, token) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [303] + [400] * 19
    assert await visit.tool.tickets(visit.platform) == 1


async def test_bp_25_an_id_token_by_get(visit: Visit) -> None:
    begun = await visit.begin()
    token = visit.platform.sign(visit.platform.claims(begun.nonce, visit.tool.now))
    answer = await visit.browser.get("/lti/launch", params={"state": "x", "id_token": token})
    assert answer.status_code == 405
    assert await refused_for(visit, answer) == "opened_directly"


@pytest.mark.parametrize("which", ["with error", "five parts", "empty"])
async def test_bp_27_odd_answers(visit: Visit, which: str) -> None:
    begun = await visit.begin()
    token = visit.platform.sign(visit.platform.claims(begun.nonce, visit.tool.now))
    form = {
        "with error": {"id_token": token, "error": "access_denied"},
        "five parts": {"id_token": "a.b.c.d.e"},
        "empty": {"id_token": ""},
    }[which]
    answer = await visit.browser.post("/lti/launch", data={"state": begun.state, **form})
    reason = await refused_for(visit, answer)
    assert (
        reason
        == {
            "with error": "error_with_token",
            "five parts": "token_malformed",
            "empty": "token_missing",
        }[which]
    )


@pytest.mark.parametrize(("minutes", "reason"), [(10, "token_expired"), (-10, "token_from_future")])
async def test_bp_28_a_clock_that_is_wrong_has_its_own_code(
    visit: Visit, minutes: int, reason: str
) -> None:
    truth: datetime = visit.tool.now
    visit.tool.pass_time(minutes=minutes)
    begun = await visit.begin()
    token = visit.platform.sign(visit.platform.claims(begun.nonce, truth))
    assert await refused_for(visit, await visit.post(begun, token)) == reason


async def test_an_attackers_answer_in_the_victims_browser_ck_11(visit: Visit) -> None:
    begun = await visit.begin()
    token = visit.platform.sign(visit.platform.claims(begun.nonce, visit.tool.now, sub="attacker"))
    async with visit.tool.browser() as victim:
        answer = await Visit(visit.tool, visit.platform, victim).post(begun, token)
    assert await refused_for(visit, answer) == "state_cookie_missing"
    # The attempt does not use the state up: the browser of the login still gets in.
    assert (await visit.post(begun, token)).status_code == 303


@pytest.mark.parametrize("minutes", [10, -10])
async def test_bp_28_a_stepped_clock_has_its_own_reason_and_an_alert(
    visit: Visit, minutes: int, capsys: pytest.CaptureFixture[str]
) -> None:
    begun = await visit.begin()
    claims = visit.platform.claims(begun.nonce, visit.tool.now)
    visit.tool.step_clock(minutes=minutes)
    answer = await visit.post(begun, visit.platform.sign(claims))
    assert await refused_for(visit, answer) == "clock_stepped"
    assert (await visit.tool.refusal(answer)).facts["step"] == 60 * minutes
    assert "pass on the reference" in answer.text
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    [alert] = [event for event in events if event["event"] == "clock.stepped"]
    assert (alert["level"], alert["seconds"]) == ("error", 60 * minutes)
    metrics = (await visit.browser.get("/metrics")).text
    assert f"mydocker_clock_step_seconds {60.0 * minutes}" in metrics

    visit.tool.step_clock(minutes=-minutes)
    assert (await visit.launch()).status_code == 303
    assert "mydocker_clock_step_seconds 0.0" in (await visit.browser.get("/metrics")).text


async def test_bp_28_a_clock_set_right_is_believed_once_a_platform_agrees(visit: Visit) -> None:
    visit.tool.step_clock(minutes=10)
    assert (await visit.launch()).status_code == 303
    claims_late = int(visit.tool.now.timestamp()) - 3600
    answer = await visit.launch(iat=claims_late, exp=claims_late + 60)
    assert (await visit.tool.refusal(answer)).reason == "token_expired"
