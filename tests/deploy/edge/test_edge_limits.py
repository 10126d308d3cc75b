"""What the edge keeps small, what it keeps open, and what it answers nobody."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.support.long_tests import LONG

from .edge import LABEL, ROOT, Edge, client, edge

__all__ = ["client", "edge"]

SILENCE = 600 if LONG else 1
"""Seconds between two events of a stream."""


@pytest.mark.parametrize(
    ("path", "most"), [("/api/courses", 2_000_000), ("/lti/launch", 1_000_000)]
)
@pytest.mark.parametrize("declared", [True, False])
async def test_a_body_that_is_too_large_is_refused_with_a_code(
    edge: Edge, client: httpx.AsyncClient, path: str, most: int, declared: bool
) -> None:
    async def pieces() -> Any:
        for _ in range(most // 1000 + 1):
            yield b"x" * 1000

    content = b"x" * (most + 1) if declared else pieces()
    answer = await client.post(edge.url(path), headers=edge.host("localhost"), content=content)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.json()["status"], answer.json()["code"]) == (413, "request_too_large")
    assert answer.json()["title"]
    explained = await client.get(edge.url(answer.json()["type"]), headers=edge.host("localhost"))
    assert "the page" in explained.text


async def test_what_is_small_enough_and_every_upload_passes(
    edge: Edge, client: httpx.AsyncClient
) -> None:
    for path, size in (("/api/courses", 2_000_000), ("/api/uploads/1", 5_000_000)):
        headers = edge.host("localhost")
        answer = await client.post(edge.url(path), headers=headers, content=b"x" * size)
        assert answer.json()["body"] == size


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/_mydocker/route"),
        ("POST", "/_mydocker/route"),
        ("GET", "/_mydocker/enter"),
        ("GET", "/_mydocker"),
        ("GET", "/_mydocker/"),
        ("GET", "/_MyDocker/route"),
        ("POST", "/_mydocker/enter/../route"),
        ("GET", "/_mydocker//route"),
    ],
)
async def test_our_addresses_below_an_environment_answer_nobody(
    edge: Edge, client: httpx.AsyncClient, method: str, path: str
) -> None:
    answer = await client.request(method, edge.url(path), headers=edge.host(LABEL))
    assert (answer.status_code, answer.text) == (404, "")
    assert edge.asked == {}


@pytest.mark.timeout(SILENCE + 60)
@pytest.mark.parametrize(("name", "path"), [("localhost", "/api/drip"), (LABEL, "/drip")])
async def test_an_event_stream_lives_through_silence(edge: Edge, name: str, path: str) -> None:
    url = f"{edge.url(path)}?silence={SILENCE}"
    async with (
        httpx.AsyncClient(trust_env=False, timeout=None) as http,  # noqa: S113 - silence is the point
        http.stream("GET", url, headers=edge.host(name)) as stream,
        asyncio.timeout(SILENCE + 30),
    ):
        events = "".join([part async for part in stream.aiter_text()])
    assert events == "data: first\n\ndata: second\n\n"


def test_no_timeout_on_the_way_ends_a_stream(tmp_path: Path) -> None:
    """The short form of ten minutes: nothing that is configured could end it."""
    config = adapted(tmp_path)
    for server in config["apps"]["http"]["servers"].values():
        assert not {"read_timeout", "write_timeout"} & set(server)
    proxies = list(handlers(config, "reverse_proxy"))
    assert len(proxies) > 4
    for proxy in proxies:
        transport = proxy.get("transport", {})
        assert not {"read_timeout", "write_timeout", "response_header_timeout"} & set(transport)
        assert proxy.get("stream_timeout", 12 * 3600 * 10**9) >= 12 * 3600 * 10**9


def adapted(folder: Path) -> dict[str, Any]:
    """Our Caddyfile as Caddy understands it."""
    variables = {
        "MYDOCKER_EDGE_APP": "http://localhost:1",
        "MYDOCKER_EDGE_CONTENT": "http://*.env.localhost:1",
        "MYDOCKER_EDGE_GATEWAY": "127.0.0.1:2",
        "MYDOCKER_EDGE_API": "127.0.0.1:3",
        "MYDOCKER_EDGE_SPA": str(folder),
        "HOME": str(folder),
    }
    program = str(Path(sys.executable).with_name("caddy"))
    command = [program, "adapt", "--config", str(ROOT / "deploy/edge/Caddyfile")]
    done = subprocess.run(
        command, env={**os.environ, **variables}, capture_output=True, check=True, timeout=60
    )
    config: dict[str, Any] = json.loads(done.stdout)
    return config


def handlers(node: Any, name: str) -> Any:
    """Every handler of this name, wherever it is."""
    if isinstance(node, dict):
        if node.get("handler") == name:
            yield node
        for value in node.values():
            yield from handlers(value, name)
    elif isinstance(node, list):
        for value in node:
            yield from handlers(value, name)
