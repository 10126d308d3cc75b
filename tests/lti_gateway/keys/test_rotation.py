"""Key rotation by operators: overlap, emergency, retirement (KY-02)."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlalchemy import update

from mydocker_kit.clients.lti import LtiClient
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.gateway.platforms import ByOperator
from mydocker_kit.contracts.gateway.signing_keys import KeyOrder, KeyPurpose, KeyState, OwnKey
from mydocker_kit.errors import Conflict, NotFound
from mydocker_kit.http import ServiceClient
from mydocker_kit.postgres.db import transaction
from mydocker_kit.tokens import ServiceIdentity
from mydocker_lti.commands.cli import main
from mydocker_lti.domain.key_rotation import OVERLAP, published, signing, state_of
from mydocker_lti.keys.signing import RELOAD_INTERVAL
from mydocker_lti.models import SigningKey
from tests.conftest import ServiceKeys

from ..conftest import Tool, gateway_settings, running

BEGIN = datetime(2026, 11, 23, 8, tzinfo=UTC)
OPERATOR = uuid4()


@dataclass(frozen=True)
class Key:
    kid: str
    active_from: datetime
    retired_at: datetime | None = None


@given(st.lists(st.integers(0, 400), min_size=1, max_size=8), st.integers(0, 500))
def test_ky_02_whatever_was_signed_can_be_checked_for_a_day(
    rotations: list[int], hour: int
) -> None:
    """Property: after any rotations the signing key is published, and stays so for a day."""
    keys = [Key("0", BEGIN)]
    keys += [Key(str(n), BEGIN + timedelta(hours=at)) for n, at in enumerate(sorted(rotations), 1)]
    now = BEGIN + timedelta(hours=hour)
    signer = signing(keys, now)
    for later in (timedelta(0), timedelta(hours=5), OVERLAP - timedelta(seconds=1)):
        assert signer in published(keys, now + later)
    assert state_of(signer, keys, now) is KeyState.SIGNING
    shown = {key.kid for key in keys if state_of(key, keys, now) is not KeyState.OVER}
    assert shown == {key.kid for key in published(keys, now)}


@dataclass
class Room:
    """A gateway whose keys are two days old, and an operator."""

    tool: Tool
    api: LtiClient

    async def rotate(self, *, at_once: bool = False) -> list[OwnKey]:
        order = KeyOrder(purpose=KeyPurpose.PLATFORMS, at_once=at_once, actor=OPERATOR)
        return mine(await self.api.rotate_key(order))

    async def states(self) -> list[KeyState]:
        return [key.state for key in mine(await self.api.own_keys())]

    async def signer(self) -> str:
        token = await self.tool.app.state.signing_keys.sign(KeyPurpose.PLATFORMS, {}, self.tool.now)
        return str(jwt.get_unverified_header(token)["kid"])

    async def published(self) -> set[str]:
        async with self.tool.browser() as browser:
            return {key["kid"] for key in (await browser.get("/lti/jwks.json")).json()["keys"]}


def mine(keys: list[OwnKey]) -> list[OwnKey]:
    return [key for key in keys if key.purpose is KeyPurpose.PLATFORMS]


@pytest.fixture
async def room(
    database_url: str, service_keys: ServiceKeys, vault_keys: SecretStr
) -> AsyncIterator[Room]:
    async with running(gateway_settings(database_url, service_keys, vault_keys)) as tool:
        async with transaction(tool.app.state.sessions) as db:
            await db.execute(update(SigningKey).values(active_from=tool.now - timedelta(days=2)))
        tool.app.state.signing_keys.invalidate()
        key = service_keys.private["mydocker-api"].get_secret_value()
        identity = ServiceIdentity.load("mydocker-api", key)
        transport = httpx.ASGITransport(app=tool.app)
        client = LtiClient(
            ServiceClient("http://gateway", "mydocker-lti-gateway", identity, utc_now, transport)
        )
        yield Room(tool, client)
        await client.aclose()


async def test_ky_02_an_operator_rotates_with_overlap(room: Room) -> None:
    old = await room.signer()
    [new, before] = await room.rotate()
    assert (new.state, before.state, before.kid) == (KeyState.NEXT, KeyState.SIGNING, old)
    assert new.signs_from == room.tool.now + OVERLAP == before.signs_until
    assert await room.published() == {old, new.kid}
    with pytest.raises(Conflict) as refused:
        await room.rotate()
    assert refused.value.code == "key_waits"
    room.tool.pass_time(hours=25)
    assert await room.signer() == new.kid
    assert await room.states() == [KeyState.SIGNING, KeyState.LEAVING]
    assert await room.published() == {old, new.kid}
    room.tool.pass_time(hours=24)
    assert await room.states() == [KeyState.SIGNING, KeyState.OVER]
    assert await room.published() == {new.kid}


async def test_a_key_somebody_else_may_know_is_replaced_within_the_minute_and_retired(
    room: Room,
) -> None:
    old = await room.signer()
    with pytest.raises(Conflict) as refused:
        await room.api.retire_key(old, ByOperator(actor=OPERATOR))
    assert refused.value.code == "key_signs"
    new = (await room.rotate(at_once=True))[0]
    assert new.signs_from - room.tool.now >= RELOAD_INTERVAL
    assert await room.published() == {old, new.kid}
    room.tool.pass_time(seconds=61)
    assert await room.signer() == new.kid
    await room.api.retire_key(old, ByOperator(actor=OPERATOR))
    again = mine(await room.api.retire_key(old, ByOperator(actor=OPERATOR)))
    assert [key.state for key in again] == [KeyState.SIGNING, KeyState.RETIRED]
    assert await room.published() == {new.kid}
    with pytest.raises(NotFound):
        await room.api.retire_key("nobody", ByOperator(actor=OPERATOR))


async def test_twenty_clicks_on_rotate_make_one_key(room: Room) -> None:
    answers = await asyncio.gather(*(room.rotate() for _ in range(20)), return_exceptions=True)
    assert sum(isinstance(answer, Conflict) for answer in answers) == 19
    assert await room.states() == [KeyState.NEXT, KeyState.SIGNING]


async def test_another_replica_follows_within_half_a_minute(
    room: Room, database_url: str, service_keys: ServiceKeys, vault_keys: SecretStr
) -> None:
    async with running(gateway_settings(database_url, service_keys, vault_keys)) as tool:
        other = Room(tool, room.api)
        tool.now = room.tool.now
        assert len(await other.published()) == 1
        await room.rotate(at_once=True)
        room.tool.pass_time(seconds=61)
        tool.now = room.tool.now
        assert await other.signer() == await room.signer()
        assert await other.published() == await room.published()


async def test_only_services_ask(room: Room) -> None:
    async with room.tool.browser() as browser:
        assert (await browser.get("/internal/signing-keys")).status_code == 401
        assert (await browser.post("/internal/signing-keys", json={})).status_code == 401


async def test_the_command_lists_rotates_and_retires(
    database_url: str,
    service_keys: ServiceKeys,
    vault_keys: SecretStr,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings = {
        "DATABASE_URL": database_url,
        "SERVICE_KEY": service_keys.private["mydocker-lti-gateway"].get_secret_value(),
        "TRUSTED_SERVICE_KEYS": str(service_keys.folder),
        "VAULT_KEYS": vault_keys.get_secret_value(),
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"MYDOCKER_{name}", value)
    # Restores the logging of other tests in this process.
    monkeypatch.setattr("mydocker_lti.commands.keys.configure_logging", lambda *_: None)

    async def types(*words: str) -> tuple[int, list[dict[str, str]], str]:
        code = await asyncio.to_thread(main, ["keys", "--json", *words])
        output = capsys.readouterr()
        lines = [json.loads(line) for line in output.out.splitlines()]
        return code, [line for line in lines if "event" not in line], output.err

    code, keys, _ = await types("list")
    assert (code, {key["purpose"] for key in keys}) == (0, {"platforms", "access"})
    assert {key["state"] for key in keys} == {"signing"}
    code, keys, _ = await types("rotate", "--purpose", "platforms")
    assert [key["state"] for key in keys] == ["next", "signing", "signing"]
    assert "private" not in json.dumps(keys)
    code, _, errors = await types("rotate", "--purpose", "platforms")
    assert (code, "waits for its turn" in errors) == (1, True)
    code, keys, _ = await types("retire", keys[0]["kid"])
    assert [key["state"] for key in keys] == ["retired", "signing", "signing"]
    code, _, errors = await types("retire", keys[1]["kid"])
    assert (code, "signs at present" in errors) == (1, True)
    assert await asyncio.to_thread(main, ["keys", "list"]) == 0
    assert "signs since" in capsys.readouterr().out
