"""Posts of a login initiation, and the reason of a refusal."""

from collections.abc import Sequence
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from ..conftest import Tool

Pairs = Sequence[tuple[str, str]]


async def post_pairs(browser: httpx.AsyncClient, pairs: Pairs) -> httpx.Response:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return await browser.post("/lti/login", content=urlencode(pairs), headers=headers)


async def refused_for(tool: Tool, response: httpx.Response) -> str:
    """The reason of a refusal page, after checking that nothing was stored."""
    assert 400 <= response.status_code < 500, response.status_code
    assert "Location" not in response.headers
    assert "<h1>" in response.text
    return (await tool.refusal(response)).reason


def query_of(response: httpx.Response) -> dict[str, list[str]]:
    assert response.status_code == 302, response.text
    return parse_qs(urlsplit(response.headers["Location"]).query)
