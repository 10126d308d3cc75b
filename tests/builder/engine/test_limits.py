"""A build over one of its limits ends, with that limit named."""

from uuid import uuid4

from tests.builder.conftest import OpenBuilder, a_request, ended
from tests.builder.engine.steps import none_runs, sleeps

from mydocker_builder.settings import BuilderSettings
from mydocker_kit.contracts.builder.builds import BuildFailure


async def test_a_fork_bomb_ends_at_its_limit(
    on_engine: BuilderSettings, open_builder: OpenBuilder
) -> None:
    id = uuid4()
    dockerfile = "FROM debian:12\nRUN for i in $(seq 500); do sleep 67 & done\n"
    async with open_builder(on_engine) as builder:
        await builder.put(id, a_request(dockerfile))
        status = await ended(builder, id)
    assert status.failure == BuildFailure.STEP_FAILED
    assert "fork" in status.message
    await none_runs("sleep 67")


async def test_a_fork_bomb_that_goes_on_is_ended_within_half_a_minute(
    on_engine: BuilderSettings, open_builder: OpenBuilder
) -> None:
    id = uuid4()
    bomb = "while (1) { $p = fork; exec qw(sleep 68) if defined $p && !$p }"
    dockerfile = f"FROM debian:12\nRUN perl -e '{bomb}'\n"
    async with open_builder(on_engine) as builder:
        await builder.put(id, a_request(dockerfile))
        status = await ended(builder, id, within=60)
    assert status.failure == BuildFailure.TOO_MANY_PROCESSES, status.message
    assert status.started_at
    assert status.ended_at
    assert (status.ended_at - status.started_at).total_seconds() < 30
    await none_runs("sleep 68")


async def test_an_image_over_its_limits_is_not_pushed(
    on_engine: BuilderSettings, open_builder: OpenBuilder
) -> None:
    limits = {"build_image_mib": 300, "build_image_layers": 3}
    async with open_builder(on_engine.model_copy(update=limits)) as builder:
        for dockerfile, failure in (
            ("RUN head -c 400M /dev/zero > /x", BuildFailure.IMAGE_TOO_LARGE),
            ("RUN true > /a\nRUN true > /b\nRUN true > /c", BuildFailure.TOO_MANY_LAYERS),
        ):
            id = uuid4()
            await builder.put(id, a_request(f"FROM debian:12\n{dockerfile}\n"))
            assert (await ended(builder, id)).failure == failure


async def test_a_slow_build_is_ended(on_engine: BuilderSettings, open_builder: OpenBuilder) -> None:
    id = uuid4()
    short = on_engine.model_copy(update={"build_seconds": 2})
    async with open_builder(short) as builder:
        await builder.put(id, a_request(sleeps(63)))
        status = await ended(builder, id)
        assert (status.failure, status.step) == (BuildFailure.TOO_SLOW, 2)
        await none_runs("sleep 63")
