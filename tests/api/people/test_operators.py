"""The first operator: made by the command against a real api, never by what an LMS says."""

import asyncio
import json
from typing import Any
from uuid import UUID

import pytest
from pydantic import SecretStr
from tests.api.campus import ISSUER, Campus
from tests.conftest import ServiceKeys

from mydocker_kit.contracts.gateway.launches import ContextRole
from mydocker_kit.contracts.gateway.sign_ins import OWN_ISSUER, NewOperator
from mydocker_kit.errors import NotFound
from mydocker_lti.commands.cli import main

ORIGIN = "https://tool.example"


class Terminal:
    """Where somebody types commands."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.error = ""

    async def types(self, *words: str, fails: bool = False) -> list[dict[str, Any]]:
        code = await asyncio.to_thread(main, ["admin", "--json", *words])
        said = self._capsys.readouterr()
        assert (code != 0) is fails, said.err
        self.error = said.err
        lines = [json.loads(line) for line in said.out.splitlines()]
        return [line for line in lines if "event" not in line]


@pytest.fixture
def terminal(
    campus: Campus,
    database_url: str,
    service_keys: ServiceKeys,
    vault_keys: SecretStr,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Terminal:
    key = service_keys.private["mydocker-lti-gateway"].get_secret_value()
    settings = {
        "DATABASE_URL": database_url,
        "SERVICE_KEY": key,
        "TRUSTED_SERVICE_KEYS": str(service_keys.folder),
        "VAULT_KEYS": vault_keys.get_secret_value(),
        "APP_ORIGIN": ORIGIN,
        "API_URL": campus.address,
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"MYDOCKER_{name}", value)
    return Terminal(capsys)


async def test_the_command_makes_lists_and_removes_operators(
    campus: Campus, terminal: Terminal
) -> None:
    [made] = await terminal.types("create", "--name", "Ada Lovelace")
    assert made["issuer"] == OWN_ISSUER
    assert made["link"].startswith(f"{ORIGIN}/enter#link=")
    [listed] = await terminal.types("list")
    assert (listed["id"], "link" in listed) == (made["id"], False)
    [fresh] = await terminal.types("link", "Ada Lovelace")
    assert fresh["id"] == made["id"]
    assert fresh["link"] != made["link"]
    [other] = await terminal.types("create", "--name", "Grace Hopper")
    [removed] = await terminal.types("remove", made["id"])
    assert removed["removed"]
    assert [operator["id"] for operator in await terminal.types("list")] == [other["id"]]
    await terminal.types("link", "Ada Lovelace", fails=True)


async def test_the_last_operator_stays_whoever_asks(campus: Campus, terminal: Terminal) -> None:
    [ada] = await terminal.types("create", "--name", "Ada")
    await terminal.types("remove", "Ada", fails=True)
    assert "This is the last operator. Make another one first" in terminal.error
    [grace] = await terminal.types("create", "--name", "Grace")
    # Both commands at the same moment: one of them is refused.
    removed = await asyncio.gather(
        *(campus.gateway_client.remove_operator(UUID(operator["id"])) for operator in (ada, grace)),
        return_exceptions=True,
    )
    assert [type(result) for result in removed].count(type(None)) == 1
    assert [getattr(result, "code", None) for result in removed].count("last_operator") == 1
    assert len(await terminal.types("list")) == 1


async def test_two_of_one_name_differ_by_id(campus: Campus, terminal: Terminal) -> None:
    [first] = await terminal.types("create", "--name", "Ada")
    await terminal.types("create", "--name", "Ada")
    await terminal.types("link", "Ada", fails=True)
    [meant] = await terminal.types("link", first["id"])
    assert meant["id"] == first["id"]


async def test_somebody_known_becomes_an_operator_and_stays_themselves(
    campus: Campus, terminal: Terminal
) -> None:
    grace = await campus.teacher(builds=False)
    [made] = await terminal.types(
        "create", "--name", "Grace Hopper", "--issuer", ISSUER, "--subject", "grace"
    )
    assert made["id"] == str(grace.id)
    assert "operate" in (await grace.get("/api/me"))["can"]
    # No launch takes it away, and none gives it.
    grace = await campus.launch("grace", ContextRole.STUDENT)
    assert (await grace.get("/api/me"))["can"] == ["build_images", "operate"]
    await terminal.types("create", "--name", "Ada Lovelace")
    await terminal.types("remove", made["id"])
    assert (await grace.get("/api/me"))["can"] == []


async def test_making_an_operator_twice_changes_nothing(campus: Campus) -> None:
    wanted = NewOperator(issuer=OWN_ISSUER, subject="1", name="Ada")
    first = await campus.gateway_client.put_operator(wanted)
    assert await campus.gateway_client.put_operator(wanted) == first
    page = await campus.gateway_client.operators(page_size=1)
    assert (page.total, page.items) == (1, [first])
    await campus.operator()
    await campus.gateway_client.remove_operator(first.user_id)
    with pytest.raises(NotFound):
        await campus.gateway_client.remove_operator(first.user_id)
