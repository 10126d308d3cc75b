"""Builds that are cancelled."""

from uuid import uuid4

from tests.builder.conftest import OpenBuilder, a_request, ended, reaches
from tests.builder.engine.steps import is_at_step_two, is_running, none_runs, sleeps
from tests.support.waiting import until

from mydocker_builder.settings import BuilderSettings
from mydocker_kit.contracts.builder.builds import BuildPhase


async def test_cancelling_ends_the_container(
    on_engine: BuilderSettings, open_builder: OpenBuilder
) -> None:
    id = uuid4()
    async with open_builder(on_engine) as builder:
        await builder.put(id, a_request(sleeps(62)))
        await reaches(builder, id, is_at_step_two)
        await until(lambda: is_running("sleep 62"), "a process that runs sleep 62")
        await builder.cancel(id)
        await none_runs("sleep 62")
        assert (await ended(builder, id, within=100)).phase == BuildPhase.CANCELLED
