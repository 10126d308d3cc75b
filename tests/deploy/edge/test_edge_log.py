"""What the edge writes about a connection that broke: neither a secret nor too much."""

import json
from typing import Any

import httpx
import pytest
from tests.support.waiting import until

from mydocker_kit.observability.log_safety import LARGEST_EVENT

from .edge import LABEL, Edge, client, edge

__all__ = ["client", "edge"]

SECRET = "canary-of-the-edge-7d1f"


def breaks(edge: Edge) -> list[dict[str, Any]]:
    """What was written about answers that ended too early."""
    events = [json.loads(line) for line in edge.log.read_text().rpartition("\n")[0].splitlines()]
    return [event for event in events if "incomplete" in event["msg"]]


@pytest.mark.parametrize(("name", "path"), [("localhost", "/lti/broken"), (LABEL, "/broken")])
async def test_a_broken_answer_is_logged_without_the_secrets_of_its_request(
    edge: Edge, client: httpx.AsyncClient, name: str, path: str
) -> None:
    headers = {"X-Xsrf-Token": SECRET, "X-Stream": SECRET, "Cookie": f"a={SECRET}"}
    url = edge.url(f"{path}?code={SECRET}&token={SECRET}")
    with pytest.raises(httpx.RemoteProtocolError):
        await client.get(url, headers=headers | edge.host(name))
    await until(lambda: breaks(edge), "the edge wrote about it")
    [event] = breaks(edge)
    assert (event["request"]["method"], event["request"]["uri"]) == ("GET", path)
    assert SECRET not in edge.log.read_text()


async def test_the_key_of_a_broken_download_is_not_logged(
    edge: Edge, client: httpx.AsyncClient
) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        await client.get(edge.url(f"/api/downloads/{SECRET}"), headers=edge.host("localhost"))
    await until(lambda: breaks(edge), "the edge wrote about it")
    assert breaks(edge)[0]["request"]["uri"] == "/api/downloads/"
    assert SECRET not in edge.log.read_text()


async def test_a_long_address_does_not_fill_the_log(edge: Edge, client: httpx.AsyncClient) -> None:
    url = edge.url("/lti/broken/" + "x" * 10_000)
    with pytest.raises(httpx.RemoteProtocolError):
        await client.get(url, headers=edge.host("localhost"))
    await until(lambda: breaks(edge), "the edge wrote about it")
    assert max(map(len, edge.log.read_text().splitlines())) < LARGEST_EVENT
