"""Bad payloads: BP rows of docs/lti/conformance.md. Each gets a page and no ticket."""

import json
import time
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from ...conftest import ORIGIN, Visit
from ...fake_platform import LTI
from .bad_launches import refused_for, segment


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
    began = time.process_time()
    answer = await visit.post(begun, token)
    # Processor time, so that load of the machine does not matter.
    assert time.process_time() - began < 1
    await refused_for(visit, answer)


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
