"""Our signing keys and platforms' key sets: KY rows of docs/lti/conformance.md."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from pydantic import SecretStr
from sqlalchemy import select, update

from mydocker_kit.postgres.db import transaction
from mydocker_lti.keys.signing import Purpose
from mydocker_lti.models import SigningKey
from mydocker_lti.platforms import queries
from tests.conftest import ServiceKeys

from ..conftest import Tool, Visit, gateway_settings, running
from ..fake_platform import KEY, OTHER_KEY, public_jwk


async def reason_of(visit: Visit, kid: str | None = None, key: rsa.RSAPrivateKey = KEY) -> str:
    begun = await visit.begin()
    claims = visit.platform.claims(begun.nonce, visit.tool.now)
    token = visit.platform.sign(claims, key, headers={"kid": kid or visit.platform.kid})
    answer = await visit.post(begun, token)
    return "" if answer.status_code == 303 else (await visit.tool.refusal(answer)).reason


async def test_ky_01_our_key_set_has_public_parts_only(visit: Visit) -> None:
    keys = (await visit.browser.get("/lti/jwks.json")).json()["keys"]
    assert keys
    for key in keys:
        assert set(key) == {"kty", "n", "e", "kid", "use", "alg"}
        assert (key["use"], key["alg"]) == ("sig", "RS256")
    assert len({key["kid"] for key in keys}) == len(keys)


async def test_ky_01_keys_are_made_once_by_two_replicas_and_kept_sealed(
    database_url: str, service_keys: ServiceKeys, vault_keys: SecretStr
) -> None:
    settings = gateway_settings(database_url, service_keys, vault_keys)

    async def kids() -> list[str]:
        async with running(settings) as tool, tool.browser() as browser:
            keys = (await browser.get("/lti/jwks.json")).json()["keys"]
            async with transaction(tool.app.state.sessions) as db:
                rows = (await db.scalars(select(SigningKey))).all()
            assert {row.purpose for row in rows} == {"platforms", "access"}
            assert not any("PRIVATE KEY" in row.private_key for row in rows)
            return sorted(key["kid"] for key in keys)

    first, second = await asyncio.gather(kids(), kids())
    assert first == second
    assert await kids() == first


async def test_ky_02_our_rotation_keeps_everything_green(
    database_url: str, service_keys: ServiceKeys, vault_keys: SecretStr
) -> None:
    settings = gateway_settings(database_url, service_keys, vault_keys)
    async with running(settings) as tool:
        signer = tool.app.state.signing_keys
        tool.now = datetime(2026, 11, 23, 8, tzinfo=UTC)
        async with transaction(tool.app.state.sessions) as db:
            await db.execute(update(SigningKey).values(active_from=tool.now))
            new = await signer.rotate(db, Purpose.PLATFORMS, tool.now)

        async def used_and_published(hours: float) -> tuple[bool, int]:
            now = tool.now + timedelta(hours=hours)
            token = await signer.sign(Purpose.PLATFORMS, {}, now)
            keys = (await signer.key_set(Purpose.PLATFORMS, now))["keys"]
            kid = jwt.get_unverified_header(token)["kid"]
            assert kid in {key["kid"] for key in keys}
            return kid == new, len(keys)

        assert await used_and_published(1) == (False, 2)
        assert await used_and_published(23.9) == (False, 2)
        assert await used_and_published(24.1) == (True, 2)
        assert await used_and_published(47.9) == (True, 2)
        assert await used_and_published(48.1) == (True, 1)


async def test_ky_03_the_platform_rotates_and_the_next_launch_works(visit: Visit) -> None:
    assert await reason_of(visit) == ""
    fetches = visit.platform.fetches
    visit.platform.keys = [public_jwk(OTHER_KEY, "new")]
    visit.tool.pass_time(seconds=61)
    assert await reason_of(visit, "new", OTHER_KEY) == ""
    assert visit.platform.fetches == fetches + 1
    assert await reason_of(visit) == "key_unknown"


async def test_ky_04_a_hundred_made_up_key_ids_cost_one_fetch(visit: Visit) -> None:
    assert await reason_of(visit) == ""
    fetches = visit.platform.fetches
    visit.tool.pass_time(seconds=61)
    reasons = [await reason_of(visit, uuid4().hex) for _ in range(100)]
    assert set(reasons) == {"key_unknown"}
    assert visit.platform.fetches == fetches + 1
    assert await reason_of(visit) == ""


@pytest.mark.parametrize("how", ["down", "empty", "oversized", "malformed", "redirect", "no keys"])
async def test_ky_05_without_the_platforms_key_set_known_keys_last_a_day(
    visit: Visit, how: str
) -> None:
    assert await reason_of(visit) == ""
    platform = visit.platform
    platform.status = {"down": 503, "redirect": 302}.get(how, 200)
    platform.body = {
        "empty": b'{"keys": []}',
        "oversized": b'{"keys": []}' + b" " * 300_000,
        "malformed": b"<html>",
        "no keys": b"[]",
    }.get(how, b"")
    visit.tool.pass_time(hours=23)
    assert await reason_of(visit) == ""
    visit.tool.pass_time(hours=2)
    assert await reason_of(visit) == "keys_unavailable"
    platform.status, platform.body = 200, None
    visit.tool.pass_time(seconds=61)
    assert await reason_of(visit) == ""


async def test_ky_05_a_platform_never_reached_is_asked_again_after_seconds(visit: Visit) -> None:
    visit.platform.status = 503
    assert await reason_of(visit) == "keys_unavailable"
    visit.platform.status = 200
    assert await reason_of(visit) == "keys_unavailable"
    visit.tool.pass_time(seconds=5)
    assert await reason_of(visit) == ""


async def test_ky_06_short_keys_are_refused_and_a_key_without_alg_is_taken(visit: Visit) -> None:
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505
    plain = public_jwk(OTHER_KEY, "plain")
    del plain["alg"]
    visit.platform.keys = [public_jwk(short, "short"), plain]
    begun = await visit.begin()
    claims = visit.platform.claims(begun.nonce, visit.tool.now)
    token = visit.platform.sign(claims, OTHER_KEY, headers={"kid": "short"})
    assert (await visit.tool.refusal(await visit.post(begun, token))).reason == "key_unknown"
    assert await reason_of(visit, "plain", OTHER_KEY) == ""


async def test_ky_06_of_a_repeated_kid_the_first_signing_key_counts(visit: Visit) -> None:
    kid = visit.platform.kid
    visit.platform.keys = [
        public_jwk(OTHER_KEY, kid, use="enc"),
        public_jwk(KEY, kid),
        public_jwk(OTHER_KEY, kid),
    ]
    assert await reason_of(visit) == ""
    assert await reason_of(visit, kid, OTHER_KEY) == "signature_wrong"


async def test_a_key_set_over_plain_http_is_not_fetched(tool: Tool, visit: Visit) -> None:
    async with transaction(tool.app.state.sessions) as db:
        [row] = await queries.registrations_of(db, visit.platform.issuer, None)
        row.jwks_url = row.jwks_url.replace("https", "http")
    assert await reason_of(visit) == "keys_unavailable"
    assert visit.platform.fetches == 0
