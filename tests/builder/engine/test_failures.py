"""Why a build failed, as the real engine reports it."""

from uuid import uuid4

import pytest
from tests.builder.conftest import OpenBuilder, a_request, ended, log_of

from mydocker_builder.settings import BuilderSettings
from mydocker_kit.contracts.builder.builds import BuildFailure


@pytest.mark.parametrize(
    ("dockerfile", "failure", "line", "words"),
    [
        (
            "FROM debian:12\n\nRUN echo about to fail && exit 7\n",
            BuildFailure.STEP_FAILED,
            3,
            "about to fail",
        ),
        ("FROM debian:12\nCOPY nothing /x\n", BuildFailure.STEP_FAILED, 2, "nothing"),
        ("FROM ghcr.invalid/base:1\nRUN x\n", BuildFailure.BASE_IMAGE_FORBIDDEN, 1, "ghcr"),
        ("FROM nowhere.test/base:1\nRUN x\n", BuildFailure.REGISTRY_UNREACHABLE, 1, "nowhere"),
        ("FROM DEBIAN:12\n", BuildFailure.BASE_IMAGE_NAME_INVALID, 1, "lowercase"),
        ("FROM debian:12\nENV =\n", BuildFailure.DOCKERFILE_REFUSED, 2, "ENV"),
        ("FROM debian:12\nRUN --network=host x\n", BuildFailure.DOCKERFILE_REFUSED, None, "host"),
        ("FROM debian:12\n\nRUN tail /dev/zero\n", BuildFailure.OUT_OF_MEMORY, 3, "137"),
    ],
)
async def test_a_failure_is_explained(
    on_engine: BuilderSettings,
    open_builder: OpenBuilder,
    dockerfile: str,
    failure: BuildFailure,
    line: int | None,
    words: str,
) -> None:
    id = uuid4()
    registries = on_engine.build_registries + ",nowhere.test"
    wider = on_engine.model_copy(update={"build_registries": registries})
    async with open_builder(wider) as builder:
        await builder.put(id, a_request(dockerfile))
        status = await ended(builder, id)
        assert (status.failure, status.line) == (failure, line), status.message
        assert words in status.message
        assert words in await log_of(builder, id)


async def test_a_push_that_fails_is_said(
    on_engine: BuilderSettings, open_builder: OpenBuilder
) -> None:
    id = uuid4()
    nowhere = on_engine.model_copy(update={"registry": "127.0.0.1:9"})
    async with open_builder(nowhere) as builder:
        await builder.put(id, a_request())
        status = await ended(builder, id)
    assert status.failure == BuildFailure.PUSH_FAILED
    assert "127.0.0.1:9" in status.message


async def test_an_engine_that_is_not_there_is_said(
    on_engine: BuilderSettings, open_builder: OpenBuilder
) -> None:
    id = uuid4()
    nowhere = on_engine.model_copy(update={"build_engine_url": "unix:///nonexistent.sock"})
    async with open_builder(nowhere) as builder:
        await builder.put(id, a_request())
        assert (await ended(builder, id)).failure == BuildFailure.ENGINE_REFUSED
