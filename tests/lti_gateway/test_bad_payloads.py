"""Bad payloads: lti-conformance section 2. Each ends on a page, and nobody gets in."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from .conftest import ORIGIN, TARGET, Tool, Visit
from .platform import KEY, LTI, OTHER_KEY, FakePlatform, public_jwk


async def refused_for(visit: Visit, response: httpx.Response) -> str:
    """The reason of a refusal, once sure that it is a page and that nobody got in."""
    assert 400 <= response.status_code < 500, (response.status_code, response.text)
    assert "<h1>" in response.text
    assert "set-cookie" not in response.headers
    assert await visit.tool.tickets(visit.platform) == 0
    return (await visit.tool.refusal(response)).reason


def segment(value: Any) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


async def signed(
    visit: Visit, key: Any = KEY, algorithm: str = "RS256", **headers: Any
) -> httpx.Response:
    """A launch that is right but for its header or signature."""
    begun = await visit.begin()
    claims = visit.platform.claims(begun.nonce, visit.tool.now)
    return await visit.post(begun, visit.platform.sign(claims, key, algorithm, headers))


async def test_bp_01_no_kid(visit: Visit) -> None:
    assert await refused_for(visit, await signed(visit, kid=None)) == "key_id_missing"


async def test_bp_02_an_unknown_kid_costs_at_most_one_fetch(visit: Visit) -> None:
    assert (await visit.launch()).status_code == 303
    fetches = visit.platform.fetches
    visit.tool.pass_time(seconds=61)
    for _ in range(3):
        answer = await signed(visit, kid="unknown")
        assert (await visit.tool.refusal(answer)).reason == "key_unknown"
    assert visit.platform.fetches == fetches + 1


@pytest.mark.parametrize("version", ["11.3", "1.3", 1.3, "1.3.0 ", None, ["1.3.0"]])
async def test_bp_03_bp_04_the_version_is_exactly_1_3_0(visit: Visit, version: Any) -> None:
    assert await refused_for(visit, await visit.launch(version=version)) == "version_unsupported"


@pytest.mark.parametrize(
    "payload", [{"name": "badltilaunch"}, b"not json", [1, 2], b"\xff\xfe", b'"text"', b""]
)
async def test_bp_05_what_is_no_launch(visit: Visit, payload: Any) -> None:
    begun = await visit.begin()
    token = visit.platform.sign(payload)
    reason = await refused_for(visit, await visit.post(begun, token))
    assert reason in ("token_malformed", "version_unsupported")


async def test_bp_05_two_segments(visit: Visit) -> None:
    begun = await visit.begin()
    token = visit.platform.sign(visit.platform.claims(begun.nonce, visit.tool.now))
    answer = await visit.post(begun, token.rpartition(".")[0])
    assert await refused_for(visit, answer) == "token_malformed"


@pytest.mark.parametrize(
    "names",
    [
        *[
            (name,)
            for name in (
                "iss", "aud", "sub", "exp", "iat", "nonce", "message_type", "deployment_id",
                "target_link_uri", "resource_link", "roles",
            )
        ],
        ("sub", "exp", "deployment_id", "roles", "resource_link"),
    ],
)  # fmt: skip
async def test_bp_06_each_required_claim(visit: Visit, names: tuple[str, ...]) -> None:
    reason = await refused_for(visit, await visit.launch(**dict.fromkeys(names)))
    assert reason in ("claim_invalid", "message_unsupported")


async def test_bp_06_a_resource_link_without_id(visit: Visit) -> None:
    answer = await visit.launch(resource_link={"title": "no id"})
    assert await refused_for(visit, answer) == "claim_invalid"


async def test_bp_07_times_long_gone(visit: Visit) -> None:
    assert await refused_for(visit, await visit.launch(iat=11111, exp=22222)) == "token_expired"


@pytest.mark.parametrize(
    ("claim", "offset", "reason"),
    [
        ("exp", -61, "token_expired"),
        ("iat", 61, "token_from_future"),
        ("nbf", 61, "token_from_future"),
        ("exp", -59, None),
        ("iat", 59, None),
        ("nbf", 59, None),
    ],
)
async def test_bp_08_a_minute_of_leeway(
    visit: Visit, claim: str, offset: int, reason: str | None
) -> None:
    at = int(visit.tool.now.timestamp()) + offset
    answer = await visit.launch(**{claim: at})
    if reason is None:
        assert answer.status_code == 303
    else:
        assert await refused_for(visit, answer) == reason


@pytest.mark.parametrize("exp", [float("inf"), float("nan"), "tomorrow", True, 1e400])
async def test_bp_08_odd_numbers_are_no_times(visit: Visit, exp: Any) -> None:
    assert await refused_for(visit, await visit.launch(exp=exp)) == "claim_invalid"


async def test_bp_09_an_old_token_with_a_long_life(visit: Visit) -> None:
    now = int(visit.tool.now.timestamp())
    answer = await visit.launch(iat=now - 660, exp=now + 86400)
    assert await refused_for(visit, answer) == "token_too_old"


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


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE", ""])
async def test_bp_13_alg_none_is_refused(visit: Visit, algorithm: str) -> None:
    begun = await visit.begin()
    claims = visit.platform.claims(begun.nonce, visit.tool.now)
    header = {"alg": algorithm, "typ": "JWT", "kid": visit.platform.kid}
    token = f"{segment(header)}.{segment(claims)}."
    assert await refused_for(visit, await visit.post(begun, token)) == "algorithm_refused"


async def test_bp_13_an_empty_signature(visit: Visit) -> None:
    begun = await visit.begin()
    token = visit.platform.sign(visit.platform.claims(begun.nonce, visit.tool.now))
    answer = await visit.post(begun, token.rpartition(".")[0] + ".")
    assert await refused_for(visit, answer) == "signature_wrong"


@pytest.mark.parametrize("form", ["pem", "der", "jwk"])
async def test_bp_14_hs256_with_the_public_key(visit: Visit, form: str) -> None:
    public = KEY.public_key()
    secret = {
        "pem": public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        "der": public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        "jwk": json.dumps(public_jwk(KEY, visit.platform.kid)).encode(),
    }[form]
    begun = await visit.begin()
    claims = visit.platform.claims(begun.nonce, visit.tool.now)
    signing_input = f"{segment({'alg': 'HS256', 'kid': visit.platform.kid})}.{segment(claims)}"
    mac = hmac.new(secret, signing_input.encode(), hashlib.sha256).digest()
    answer = await visit.post(begun, f"{signing_input}.{segment(mac)}")
    assert await refused_for(visit, answer) == "algorithm_refused"


@pytest.mark.parametrize("algorithm", ["RS512", "PS256", "RS384", "ES256"])
async def test_bp_15_other_algorithms(visit: Visit, algorithm: str) -> None:
    key = ec.generate_private_key(ec.SECP256R1()) if algorithm == "ES256" else KEY
    assert await refused_for(visit, await signed(visit, key, algorithm)) == "algorithm_refused"


@pytest.mark.parametrize("change", [{"use": "enc"}, {"alg": "RS512"}, {"kty": "EC"}])
async def test_bp_15_keys_for_something_else(visit: Visit, change: dict[str, str]) -> None:
    visit.platform.keys = [
        public_jwk(OTHER_KEY, "good"),
        public_jwk(KEY, visit.platform.kid, **change),
    ]
    assert await refused_for(visit, await signed(visit)) == "key_unknown"


@pytest.mark.parametrize("header", ["jku", "x5u", "jwk", "x5c"])
async def test_bp_16_the_header_brings_no_keys(visit: Visit, header: str) -> None:
    value: Any = {
        "jku": "https://evil.example/jwks",
        "x5u": "https://evil.example/x5u",
        "jwk": public_jwk(OTHER_KEY, visit.platform.kid),
        "x5c": ["MIIB"],
    }[header]
    answer = await signed(visit, OTHER_KEY, **{header: value})
    assert await refused_for(visit, answer) == "signature_wrong"


async def test_bp_16_unknown_critical_headers(visit: Visit) -> None:
    begun = await visit.begin()
    claims = visit.platform.claims(begun.nonce, visit.tool.now)
    good = visit.platform.sign(claims)
    header = {"alg": "RS256", "kid": visit.platform.kid, "crit": ["b64"], "b64": True}
    token = ".".join([segment(header), *good.split(".")[1:]])
    assert await refused_for(visit, await visit.post(begun, token)) == "critical_header"


async def test_bp_17_signed_by_another_registered_platform(visit: Visit) -> None:
    other = FakePlatform(TARGET, kid=visit.platform.kid)
    other.keys = [public_jwk(OTHER_KEY, other.kid)]
    await visit.tool.add(other)
    assert await refused_for(visit, await signed(visit, OTHER_KEY)) == "signature_wrong"


@pytest.mark.parametrize("aud", ["foreign", ["foreign", "other"], [], ""])
async def test_bp_18_a_foreign_audience(visit: Visit, aud: Any) -> None:
    reason = await refused_for(visit, await visit.launch(aud=aud))
    assert reason in ("audience_foreign", "claim_invalid")


@pytest.mark.parametrize(
    ("several", "azp", "accepted"),
    [
        (True, None, False),
        (True, "other", False),
        (True, "us", True),
        (False, None, True),
        (False, "us", True),
        (False, "other", False),
    ],
)
async def test_bp_19_bp_20_the_authorized_party(
    visit: Visit, several: bool, azp: str | None, accepted: bool
) -> None:
    us = visit.platform.client_id
    aud = [us, "other"] if several else [us]
    answer = await visit.launch(aud=aud, azp=us if azp == "us" else azp)
    if accepted:
        assert answer.status_code == 303
    else:
        assert await refused_for(visit, answer) == "party_foreign"


@pytest.mark.parametrize("which", ["unknown", "other client", "long", "integer", "empty"])
async def test_bp_21_the_deployment(visit: Visit, which: str) -> None:
    other = replace(visit.platform, client_id=uuid4().hex, deployment_id="of-other")
    await visit.tool.add(other)
    id: Any = {
        "unknown": "404",
        "other client": "of-other",
        "long": "1" * 256,
        "integer": 1,
        "empty": "",
    }[which]
    reason = await refused_for(visit, await visit.launch(deployment_id=id))
    assert reason == (
        "deployment_unknown" if which in ("unknown", "other client") else "claim_invalid"
    )


@pytest.mark.parametrize(
    "kind", ["ltiResourceLinkRequest", "LtiSubmissionReviewRequest", "LtiStartProctoring", 7]
)
async def test_bp_22_vl_11_other_messages_are_unsupported(visit: Visit, kind: Any) -> None:
    answer = await visit.launch(message_type=kind)
    assert await refused_for(visit, answer) == "message_unsupported"
    assert "not supported" in answer.text


@pytest.mark.parametrize(
    "target", [f"{ORIGIN}/other", "https://evil.example/lti/launch", f"{ORIGIN}/lti/launch/.."]
)
async def test_bp_23_the_target_claim(visit: Visit, target: str) -> None:
    assert await refused_for(visit, await visit.launch(target_link_uri=target)) == "target_foreign"


@pytest.mark.parametrize("which", ["5 MiB", "roles", "deep", "integer sub", "deep header"])
async def test_bp_24_huge_and_deep_tokens_are_refused_quickly(visit: Visit, which: str) -> None:
    depth = "[" * 20_000 + "]" * 20_000
    begun = await visit.begin()
    claims = visit.platform.claims(begun.nonce, visit.tool.now)
    token = {
        "5 MiB": "a" * 5 * 1024 * 1024,
        "roles": visit.platform.sign({**claims, f"{LTI}roles": ["role"] * 10_000}),
        "deep": visit.platform.sign(f'{json.dumps(claims)[:-1]}, "x": {depth}}}'.encode()),
        "integer sub": visit.platform.sign({**claims, "sub": 5}),
        "deep header": segment(depth.encode()) + ".e30.x",
    }[which]
    began = time.perf_counter()
    answer = await visit.post(begun, token)
    # 200 ms is the promise; the rest is for a machine that does other things meanwhile.
    assert time.perf_counter() - began < 1
    await refused_for(visit, answer)


async def test_bp_25_an_id_token_by_get(visit: Visit) -> None:
    begun = await visit.begin()
    token = visit.platform.sign(visit.platform.claims(begun.nonce, visit.tool.now))
    answer = await visit.browser.get("/lti/launch", params={"state": "x", "id_token": token})
    assert answer.status_code == 405
    assert await refused_for(visit, answer) == "opened_directly"


async def test_bp_26_names_with_markup_and_odd_signs(
    visit: Visit, capsys: pytest.CaptureFixture[str]
) -> None:
    evil = "<b>Ana</b>\r\nevent: forged \u202e\u0007"
    answer = await visit.launch(name=evil, context={"id": "2", "title": evil})
    assert answer.status_code == 303
    launch = visit.last_launch()
    assert launch.person.name == "<b>Ana</b> event: forged"
    assert launch.context
    assert launch.context.title == "<b>Ana</b> event: forged"
    assert "forged" not in capsys.readouterr().out


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


async def test_no_token_content_is_logged_or_kept(
    visit: Visit, capsys: pytest.CaptureFixture[str]
) -> None:
    canary = uuid4().hex
    changes = {"email": canary, "sub": canary, "version": "9"}
    answer = await visit.launch(
        **changes, launch_presentation={"return_url": f"https://x/{canary}"}
    )
    assert canary not in capsys.readouterr().out
    assert canary not in json.dumps((await visit.tool.refusal(answer)).facts)
    assert canary not in answer.text


async def test_an_attackers_answer_in_the_victims_browser_ck_11(visit: Visit) -> None:
    begun = await visit.begin()
    token = visit.platform.sign(visit.platform.claims(begun.nonce, visit.tool.now, sub="attacker"))
    async with visit.tool.browser() as victim:
        answer = await Visit(visit.tool, visit.platform, victim).post(begun, token)
    assert await refused_for(visit, answer) == "state_cookie_missing"
    # The attempt spends nothing: the rightful browser still gets in.
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
