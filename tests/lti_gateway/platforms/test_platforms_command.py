"""`mydocker platforms`, run as a program."""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Coroutine

import pytest
from pydantic import SecretStr

from tests.conftest import ServiceKeys

Command = Callable[..., Coroutine[None, None, tuple[int, str, str]]]
DEMO = [
    "add", "--issuer", "http://127.0.0.1:8600", "--client-id", "mydocker-demo",
    "--authorization-url", "http://127.0.0.1:8600/auth",
    "--token-url", "http://127.0.0.1:8600/token",
    "--jwks-url", "http://127.0.0.1:8600/jwks", "--deployment", "1",
]  # fmt: skip


@pytest.fixture
def platforms(database_url: str, service_keys: ServiceKeys, vault_keys: SecretStr) -> Command:
    """Run the command; returns status, output and errors."""
    settings = {
        "MYDOCKER_DATABASE_URL": database_url,
        "MYDOCKER_SERVICE_KEY": service_keys.private["mydocker-lti-gateway"].get_secret_value(),
        "MYDOCKER_TRUSTED_SERVICE_KEYS": str(service_keys.folder),
        "MYDOCKER_VAULT_KEYS": vault_keys.get_secret_value(),
    }

    async def run(*arguments: str) -> tuple[int, str, str]:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "mydocker_lti.commands", "platforms", *arguments,
            env={**os.environ, **settings},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, errors = await process.communicate()
        return process.returncode or 0, out.decode(), errors.decode()

    return run


async def test_a_platform_is_added_changed_listed_and_disabled(platforms: Command) -> None:
    status, out, errors = await platforms(*DEMO, "--allow-http", "--name", "Demo")
    assert status == 0, errors
    added = json.loads(out)
    assert added["origins"] == ["http://127.0.0.1:8600"]
    status, out, _ = await platforms(*DEMO, "--allow-http", "--deployment", "2")
    changed = json.loads(out)
    assert changed["id"] == added["id"]
    assert changed["deployments"] == ["1", "2"]
    status, out, _ = await platforms("disable", added["id"])
    assert (status, json.loads(out)["enabled"]) == (0, False)
    status, out, _ = await platforms("list")
    assert [row["enabled"] for row in map(json.loads, out.splitlines())] == [False]


async def test_plain_http_needs_the_flag_and_loopback(platforms: Command) -> None:
    status, _, errors = await platforms(*DEMO)
    assert status == 1
    assert "https" in errors
    away = [part.replace("127.0.0.1:8600", "lms.example") for part in DEMO]
    assert (await platforms(*away, "--allow-http"))[0] == 1


async def test_an_unknown_platform_cannot_be_disabled(platforms: Command) -> None:
    status, _, errors = await platforms("disable", "00000000-0000-0000-0000-000000000000")
    assert (status, "No such platform" in errors) == (1, True)


async def test_an_invitation_is_made_listed_and_withdrawn(platforms: Command) -> None:
    status, out, errors = await platforms("invite", "--label", "Our Moodle", "--hours", "5")
    assert status == 0, errors
    made = json.loads(out)
    assert "/lti/register?invitation=" in made["url"]
    status, out, _ = await platforms("withdraw", made["id"])
    assert json.loads(out)["state"] == "withdrawn"
    status, out, _ = await platforms("invitations")
    assert [
        (invitation["label"], invitation["state"])
        for invitation in map(json.loads, out.splitlines())
    ] == [("Our Moodle", "withdrawn")]
    assert (await platforms("invite", "--label", "x", "--hours", "0"))[0] == 2
