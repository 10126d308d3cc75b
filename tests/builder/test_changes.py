"""Following builds live, through a real HTTP server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from uuid import uuid4

import pytest
from tests.builder.conftest import a_request, ended
from tests.builder.scripted import ScriptedEngine
from tests.support.serving import serving

from mydocker_builder.main import build
from mydocker_builder.settings import BuilderSettings
from mydocker_kit.clients.builder import AUDIENCE, BuilderClient
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.builder.builds import ENDED, BuildPhase
from mydocker_kit.http import ServiceClient
from mydocker_kit.tokens import ServiceIdentity

ENGINE = ScriptedEngine(script=["[1/2] FROM debian:12\n", 0.4, "[2/2] RUN x\n", 0.4, "x\n", 0.4])


@pytest.fixture
async def builder(
    settings: BuilderSettings, identity: ServiceIdentity
) -> AsyncIterator[BuilderClient]:
    """A builder behind a port."""
    app = build(settings, engine=ENGINE)
    async with serving(app, timeout_graceful_shutdown=1) as address:
        service = ServiceClient(address, AUDIENCE, identity, utc_now)
        yield BuilderClient(service)
        await service.aclose()


async def test_a_follower_sees_phases_steps_and_log_grow(builder: BuilderClient) -> None:
    id, request = uuid4(), a_request()
    seen = []
    async with asyncio.timeout(100), aclosing(builder.changes(0)) as changes:  # type: ignore[type-var]
        submitted = asyncio.create_task(builder.put(id, request))
        async for number, status in changes:
            seen.append((number, status))
            if status.phase in ENDED:
                break
        await submitted
    numbers = [number for number, _ in seen]
    assert numbers == sorted(set(numbers))
    assert {1, 2} <= {status.step for _, status in seen}
    assert seen[-1][1].phase == BuildPhase.SUCCEEDED
    lines = [status.log_lines for _, status in seen]
    assert lines == sorted(lines)
    assert len(set(lines)) >= 3


async def test_a_late_follower_gets_each_builds_newest_state_once(builder: BuilderClient) -> None:
    ids = [uuid4() for _ in range(3)]
    for id in ids:
        await builder.put(id, a_request())
    for id in ids:
        await ended(builder, id)
    async with asyncio.timeout(100):
        seen = []
        async with aclosing(builder.changes(0)) as changes:  # type: ignore[type-var]
            async for _, status in changes:
                seen.append(status)
                if len(seen) == len(ids):
                    break
    assert {status.id for status in seen} == set(ids)
    assert all(status.phase in ENDED for status in seen)
