"""Bad keys, algorithms and headers: docs/lti/conformance.md, BP-01, 02 and 13 to 17."""

import hashlib
import hmac
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ...conftest import TARGET, Visit
from ...fake_platform import KEY, OTHER_KEY, FakePlatform, public_jwk
from .bad_launches import refused_for, segment, signed


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
