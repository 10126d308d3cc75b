"""Stored refusals for operators: what they contain, and what they never contain."""

import json
from typing import Any

import httpx
import pytest

from mydocker_kit.clients.lti import LtiClient
from mydocker_kit.clock import utc_now
from mydocker_kit.errors import NotFound
from mydocker_kit.http import ServiceClient
from mydocker_kit.tokens import ServiceIdentity
from mydocker_lti.domain.entry_context import EntryContext
from mydocker_lti.domain.redaction import redacted
from mydocker_lti.domain.refusals import Advice, EntryRefused, Reason
from mydocker_lti.web.pages import refusal_page
from mydocker_lti.web.texts import SENTENCES
from tests.conftest import ServiceKeys

from ..conftest import Visit
from ..fake_platform import LTI


def operator_side(visit: Visit, service_keys: ServiceKeys) -> LtiClient:
    key = service_keys.private["mydocker-api"].get_secret_value()
    identity = ServiceIdentity.load("mydocker-api", key)
    transport = httpx.ASGITransport(app=visit.tool.app)
    service = ServiceClient("http://gateway", "mydocker-lti-gateway", identity, utc_now, transport)
    return LtiClient(service)


async def test_the_reference_on_the_page_leads_to_reason_and_redacted_claims(
    visit: Visit, service_keys: ServiceKeys
) -> None:
    late = int(visit.tool.now.timestamp()) - 500
    answer = await visit.launch(iat=late, exp=late + 60)
    reference = answer.text.partition("<code>")[2].partition("</code>")[0]
    api = operator_side(visit, service_keys)
    refusal = await api.refusal(reference.lower())
    assert (refusal.reason, refusal.platform) == ("token_expired", visit.platform.host)
    assert refusal.claims is not None
    assert refusal.claims["issuer"] == visit.platform.issuer
    assert refusal.claims["deployment"] == "1"
    assert refusal.claims["roles"] == ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"]
    text = refusal.model_dump_json()
    for personal in ("Ana", "Alvarez", "ana@example", '"5"'):
        assert personal not in text
    page = await api.refusals(asked={"search": reference[:6]}, reason="token_expired")
    assert [refusal.reference for refusal in page.items] == [reference]
    assert page.reasons["token_expired"] >= 1
    with pytest.raises(NotFound):
        await api.refusal("0000-0000")
    await api.aclose()


async def test_refusals_are_for_services_only(visit: Visit) -> None:
    assert (await visit.browser.get("/internal/refusals")).status_code == 401


def test_redacted_claims_hold_nothing_secret_or_personal() -> None:
    payload: dict[str, Any] = {
        "iss": "https://lms.example",
        "aud": ["us", 7, {"x": 1}],
        "sub": "subject-5",
        "iat": 1e300,
        "exp": True,
        "name": "Ana",
        "nonce": "the-nonce",
        f"{LTI}target_link_uri": "https://tool.example/lti/launch?secret=1#x",
        f"{LTI}custom": {"password": "hunter2"},
        f"{LTI}launch_presentation": {"return_url": "https://lms.example/?sesskey=abc"},
        f"{LTI}roles": ["a" * 5000, "\ud800", "line\nbreak"],
        f"{LTI}context": "no object",
    }
    claims = redacted(payload)
    assert claims is not None
    text = json.dumps(claims)
    for secret in ("hunter2", "sesskey", "subject-5", "Ana", "the-nonce", "secret=1"):
        assert secret not in text
    assert claims["target"] == "https://tool.example/lti/launch"
    assert claims["carries"] == ["custom", "name"]
    assert len(claims["roles"][0]) == 255
    assert "issued" not in claims
    assert redacted([1]) is None


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("reason", list(Reason))
def test_every_refusal_is_a_page_with_a_sentence_what_to_do_and_the_reference(
    reason: Reason, language: str
) -> None:
    refusal = EntryRefused(reason)
    page = refusal_page(refusal, EntryContext(), language, "K7F3-9QD2")
    assert f'<html lang="{language}">' in page
    assert "<code>K7F3-9QD2</code>" in page
    assert reason.value not in page
    assert 400 <= refusal.status < 600


def test_text_of_a_platform_is_escaped_in_a_page() -> None:
    refusal = EntryRefused(Reason.PLATFORM_ERROR)
    entry = EntryContext(return_url='https://moodle.example/?a="><script>alert(1)</script>')
    page = refusal_page(refusal, entry, "en", "K7F3-9QD2")
    assert "<script>" not in page
    assert 'a="' not in page


def test_both_languages_say_everything() -> None:
    for sentences in SENTENCES.values():
        assert set(sentences) == set(Advice)
