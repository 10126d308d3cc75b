"""What the engine would fetch itself: refused by BuildKit's source policy, wherever it is written.

The firewall is down in all of these, so that the policy alone is tried; the control builds the same
text without the policy.
"""

import pytest
from tests.builder.engine.hostile.canary import Canary
from tests.builder.engine.hostile.conftest import NO_POLICY, Build, allowed, is_seen
from tests.builder.engine.hostile.fetches import FETCHES
from tests.support.long_tests import sample

CONTROLS = frozenset(sample(list(FETCHES), 6))
"""Those that are built without the policy too, to show that the canary would see them."""


@pytest.mark.parametrize("name", FETCHES)
async def test_the_engine_fetches_nothing_from_the_machine(
    name: str, run_build: Build, loopback: Canary, bridge: str
) -> None:
    at = f"127.0.0.1:{loopback.port}"
    dockerfile = FETCHES[name].format(at=at, port=loopback.port)
    with allowed(bridge):
        outcome = await run_build(dockerfile)
        assert loopback.hits == []
        assert "denied by policy" in outcome.error
        if name in CONTROLS:
            await is_seen(run_build(dockerfile, policy=NO_POLICY), loopback)


async def test_the_firewall_refuses_them_without_the_policy(
    run_build: Build, loopback: Canary
) -> None:
    outcome = await run_build(
        f"FROM debian:12\nADD http://127.0.0.1:{loopback.port}/a /x\n", policy=NO_POLICY
    )
    assert "connection refused" in outcome.error
    assert loopback.hits == []
