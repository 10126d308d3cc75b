"""Builds on a real engine, pushed to a real registry."""

from uuid import uuid4

import pytest

from mydocker_builder.settings import BuilderSettings
from mydocker_kit.contracts.builds import BuildPhase
from tests.builder.conftest import BuildEngine, OpenBuilder, a_request, ended, log_of


@pytest.fixture
def on_engine(settings: BuilderSettings, build_engine: BuildEngine) -> BuilderSettings:
    """Settings of a builder on the real engine."""
    changes = {"build_engine_url": build_engine.url, "registry": build_engine.registry}
    return settings.model_copy(update=changes)


async def test_a_build_is_pushed_under_a_digest(
    on_engine: BuilderSettings, open_builder: OpenBuilder
) -> None:
    id = uuid4()
    async with open_builder(on_engine) as builder:
        await builder.put(id, a_request())
        status = await ended(builder, id)
        print(status, await log_of(builder, id))
    assert status.phase == BuildPhase.SUCCEEDED, status.message
