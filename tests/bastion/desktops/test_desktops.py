"""The bridge to desktops: whom it lets in, what it says to both sides, and how it ends."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
import websockets
from tests.bastion.conftest import BastionStack
from tests.bastion.desktops.viewers import connected, look, opened, played, said, why
from tests.conftest import ServiceKeys
from tests.support.desktops import HEIGHT, WIDTH, Desktop

from mydocker_bastion.desktops.vnc_auth import challenge_response
from mydocker_bastion.domain import rfb
from mydocker_kit.clients.api import BASTION
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.bastion.desktops import DesktopVisit
from mydocker_kit.contracts.bastion.ssh import SshState
from mydocker_kit.tokens import API_AUDIENCE, ServiceIdentity


async def test_a_real_desktop_opens_without_a_password_and_ends_with_its_environment(
    bastion: BastionStack, identity: ServiceIdentity, real: Desktop
) -> None:
    async with look(bastion, identity) as socket:
        hello = await opened(socket)
        assert (int.from_bytes(hello[:2], "big"), int.from_bytes(hello[2:4], "big")) == (
            *(WIDTH, HEIGHT),
        )
        bastion.api.state = SshState.STOPPED
        assert await why(socket) == (4000, "ended")
    bastion.api.state = SshState.OPEN
    async with look(bastion, identity) as socket:
        await opened(socket)
        bastion.api.attempt = 2
        assert await why(socket) == (4000, "restarted")
    async with look(bastion, identity) as socket:
        await opened(socket)
        real.kill()
        assert await why(socket) == (4000, "silent")
    assert list(bastion.app.state.bridge.connections.all()) == []


async def test_a_desktop_ends_with_its_web_session(
    bastion: BastionStack, identity: ServiceIdentity, real: Desktop
) -> None:
    async with look(bastion, identity) as socket:
        await opened(socket)
        bastion.api.is_signed_out = True
        assert await why(socket) == (4000, "signed_out")


async def test_a_password_of_the_students_own_is_asked_by_the_page(
    bastion: BastionStack, identity: ServiceIdentity, real: Desktop
) -> None:
    bastion.api.password = "no longer that one"
    for _ in range(2):
        async with look(bastion, identity) as socket:
            # The server's own words from the first byte: what follows is between it and the page.
            assert await said(socket, 12) == rfb.NEWEST
            await socket.send(rfb.NEWEST)
            assert await said(socket, 2) == b"\1\2"
            await socket.send(b"\2")
            await socket.send(challenge_response(await said(socket, 16), real.password))
            assert await said(socket, 4) == rfb.SECURITY_OK


async def test_only_a_token_that_api_signed_for_this_user_is_accepted(
    bastion: BastionStack, identity: ServiceIdentity, service_keys: ServiceKeys
) -> None:
    visit, now = bastion.api.visit, utc_now()
    other = ServiceIdentity.load(BASTION, service_keys.private[BASTION].get_secret_value())
    posing = ServiceIdentity(API_AUDIENCE, other.key)
    good = identity.desktop_token(visit, now)
    for tokens in (
        (),
        ("",),
        ("nonsense",),
        ("page",),
        (good[:-4] + "AAAA",),
        (good, good),
        (other.desktop_token(visit, now),),
        (posing.desktop_token(visit, now),),
        (identity.desktop_token(visit, now - timedelta(seconds=120)),),
        (identity.token_for("mydocker-desktop", now),),  # signed by api, for something else
        (identity.token_for("mydocker-bastion", now),),
    ):
        with pytest.raises(websockets.InvalidStatus) as refused:
            async with connected(bastion, *tokens):
                pass
        assert refused.value.response.status_code == 403


async def test_api_decides_where_it_leads_whatever_was_signed(
    bastion: BastionStack, identity: ServiceIdentity
) -> None:
    """A web port, another's environment, one that stopped: no connection is tried."""
    visit = bastion.api.visit

    async def tried(changed: DesktopVisit) -> tuple[int | None, str | None]:
        async with connected(bastion, identity.desktop_token(changed, utc_now())) as socket:
            return await why(socket)

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tries.append(1)

    tries: list[int] = []
    async with played(bastion, hear):
        for change in (
            {"port": 8888},
            {"user_id": uuid4()},
            {"environment_id": uuid4()},
        ):
            assert await tried(visit.model_copy(update=change)) == (4000, "ended")
        bastion.api.state = SshState.STOPPED
        assert await tried(visit) == (4000, "ended")
        bastion.api.is_away = True
        assert await tried(visit) == (4000, "platform_away")
    assert tries == []
