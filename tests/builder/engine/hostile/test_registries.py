"""A registry that is allowed, and that leads the engine elsewhere: the firewall refuses it.

The source policy judges the name in the Dockerfile only. The control lets the engine's own
connections pass.
"""

import pytest
from tests.builder.engine.hostile.canary import Canary, canary
from tests.builder.engine.hostile.conftest import (
    METADATA,
    Build,
    address,
    allowed,
    gateway_of,
    is_refused,
    is_seen,
)
from tests.builder.engine.hostile.registry import HostileRegistry

from mydocker_builder.domain.source_policy import source_policy

TRICKS = ("token", "manifest", "blob", "urls")


@pytest.mark.parametrize(
    ("trick", "host"),
    [*((trick, "127.0.0.1") for trick in TRICKS), ("token", METADATA), ("token", "gateway")],
)
async def test_an_allowed_registry_leads_the_engine_nowhere_else(
    trick: str, host: str, run_build: Build, loopback: Canary, bridge: str
) -> None:
    host = gateway_of(bridge) if host == "gateway" else host
    hostile = HostileRegistry(trick, f"http://{host}:{loopback.port}/lure")
    with address(METADATA), canary("127.0.0.1", answer=hostile.answer) as registry:
        name = f"127.0.0.1:{registry.port}"
        dockerfile = f"FROM {name}/school/base:1\nCOPY Dockerfile /x\n"
        with allowed(bridge, "-p", "tcp", "--dport", str(registry.port)):
            await is_refused(run_build(dockerfile, policy=source_policy([name])), bridge)
            assert registry.hits, "the registry itself is asked"
            assert loopback.hits == []
        with allowed(bridge):
            await is_seen(run_build(dockerfile, policy=source_policy([name])), loopback)
