"""Requests that schemathesis makes from the gateway's description, by a stranger and by a browser.

The browser has entered by a launch: it has cookies, an access token and its own web origin.
`tests/support/generated/requests.py` says what is checked.
"""

import asyncio
import json
from pathlib import Path

import pytest

from tests.support.generated.requests import BESIDE_A_SERVICE, Role, listing, schema_of, send_all
from tests.support.serving import serving

from ..conftest import ORIGIN, Tool, Visit

pytestmark = BESIDE_A_SERVICE
DESCRIPTION = Path(__file__).parents[3] / "services/lti-gateway/openapi.json"
OPEN_TO_ANYBODY = {
    "list_sign_in_providers": "the page of the sign-in shows them",
    "end_sessions_by_callback": "a provider says that a session ended; nothing is answered to it",
    "end_sessions_of_provider": "the same",
    "revoke_tokens": "who has no session has none after it either",
    "begin_sign_in": "a redirect to a provider",
    "finish_sign_in": "a page or a redirect that says what is wrong",
}


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("role", ["stranger", "browser"])
async def test_every_answer_is_as_described(tool: Tool, visit: Visit, role: str) -> None:
    headers = {}
    if role == "browser":
        entered = await visit.enter()
        assert entered.status_code == 200, entered.text
        cookies = "; ".join(f"{name}={value}" for name, value in visit.browser.cookies.items())
        headers = {
            "Origin": ORIGIN,
            "Cookie": cookies,
            "Authorization": f"Bearer {entered.json()['access_token']}",
        }
    async with serving(tool.app, lifespan="off") as address:
        description = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
        schema = schema_of(description, address)
        faults = await asyncio.to_thread(
            send_all, schema, Role(headers), open_to_anybody=OPEN_TO_ANYBODY
        )
    assert faults == {}, listing(faults)
