"""Builds bad launches and checks that each is refused."""

import base64
import json
from typing import Any

import httpx

from ...conftest import Visit
from ...fake_platform import KEY


async def refused_for(visit: Visit, response: httpx.Response) -> str:
    """The reason of a refusal, after checking that it is a page and issued no ticket."""
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
    """A valid launch except for its header or signature."""
    begun = await visit.begin()
    claims = visit.platform.claims(begun.nonce, visit.tool.now)
    return await visit.post(begun, visit.platform.sign(claims, key, algorithm, headers))
