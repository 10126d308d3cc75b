"""No password that passes the bastion is written down: typed, wrong, or fetched for a key."""

import logging

import asyncssh
import pytest
from structlog.testing import capture_logs

from mydocker_kit.observability.logging import _NOISY
from tests.bastion.conftest import BastionStack
from tests.bastion.environments import PASSWORD
from tests.lti_gateway.canary import Canary

GUESS = "a-guess-that-is-wrong"


async def test_no_password_is_found_in_logs(
    bastion: BastionStack, caplog: pytest.LogCaptureFixture
) -> None:
    canary = Canary()
    canary.watch("password", PASSWORD)
    canary.watch("guess", GUESS)
    caplog.set_level(logging.DEBUG)
    for name in _NOISY:  # as the bastion has it, whatever its own level
        caplog.set_level(logging.WARNING, name)
    key = asyncssh.generate_private_key("ssh-ed25519")
    bastion.api.keys = (key.get_fingerprint(),)
    with capture_logs() as events:
        async with bastion.connect() as inside:
            await inside.run("echo in")
        async with bastion.connect(password=None, client_keys=[key]) as inside:
            await inside.run("echo in")
        with pytest.raises(asyncssh.PermissionDenied):
            await bastion.connect(password=GUESS)
        with pytest.raises(asyncssh.DisconnectError):
            await bastion.connect("nobody_here", password=GUESS)
    for event in events:
        canary.saw("a log event", repr(event))
    # The bastion and the visitor are one process here: what asyncssh says at DEBUG is of both.
    for record in caplog.records:
        canary.saw(f"a log of {record.name}", record.getMessage())
    assert canary.sightings, "something was said at all"
    assert canary.leaks() == []
