"""What a refusal page and its record get from the entry context."""

from uuid import uuid4

import pytest

from mydocker_lti.domain.entry_context import EntryContext, Retry
from mydocker_lti.domain.launches.claims import LTI
from mydocker_lti.domain.refusals import Advice, EntryRefused, Reason

RETRY = Retry("https://tool.example/lti/login", "post")


def test_a_refusal_names_its_platform_beside_its_own_facts() -> None:
    id = uuid4()
    refusal = EntryRefused(Reason.TOKEN_EXPIRED, late=70)
    assert EntryContext(registration_id=id).facts(refusal) == {"registration": str(id), "late": 70}
    assert EntryContext().facts(refusal) == {"late": 70}


def test_only_a_missing_cookie_is_cured_by_a_tab_of_its_own() -> None:
    entry = EntryContext(retry=RETRY)
    assert entry.retry_for(EntryRefused(Reason.STATE_COOKIE_MISSING)) is RETRY
    assert entry.retry_for(EntryRefused(Reason.COOKIES_REFUSED)) is None


@pytest.mark.parametrize(
    ("reason", "advice"),
    [
        (Reason.STATE_EXPIRED, Advice.SIGN_IN_AGAIN),
        (Reason.ID_TOKEN_WRONG, Advice.SIGN_IN_REFUSED),
        (Reason.API_AWAY, Advice.SIGN_IN_AWAY),
        (Reason.USER_DISABLED, Advice.ACCOUNT_OFF),
    ],
)
def test_a_person_who_signs_in_is_not_advised_to_open_an_activity(
    reason: Reason, advice: Advice
) -> None:
    entry = EntryContext(sign_in_url="https://tool.example/sign-in")
    assert entry.advice(EntryRefused(reason)) is advice


def test_operators_read_claims_without_secrets_and_names() -> None:
    entry = EntryContext(payload={"iss": "https://moodle.example", f"{LTI}version": "1.3.0",
                                  "name": "Ada", "nonce": "secret"})  # fmt: skip
    claims = entry.claims
    assert claims is not None
    assert claims["issuer"] == "https://moodle.example"
    assert "Ada" not in str(claims)
    assert "secret" not in str(claims)
    assert EntryContext().claims is None
