"""A builder that is killed or stopped leaves no build that runs for ever."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from uuid import UUID, uuid4

import pytest
from tests.builder.conftest import a_request, ended, log_of, reaches
from tests.builder.engine.steps import is_at_step_two, none_runs, sleeps
from tests.support.ports import is_listener, reserved
from tests.support.waiting import until

from mydocker_builder.settings import BuilderSettings
from mydocker_kit.clients.builder import AUDIENCE, BuilderClient
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.builder.builds import BuildPhase
from mydocker_kit.http import ServiceClient
from mydocker_kit.tokens import ServiceIdentity


@pytest.fixture
def port() -> Iterator[int]:
    """Of a builder that is killed and started again."""
    with reserved() as (port,):
        yield port


@contextmanager
def builder_process(settings: BuilderSettings, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The builder as it runs in production; killed at the end if it still lives."""
    values = json.loads(settings.model_dump_json())
    secrets = {
        "database_url": settings.database_url.get_secret_value(),
        "service_key": settings.service_key.get_secret_value(),
        "listen_port": port,
    }
    environment = {
        f"MYDOCKER_{name.upper()}": str(value)
        for name, value in (values | secrets).items()
        if value is not None
    }
    command = [sys.executable, "-m", "mydocker_builder", "serve"]
    process = subprocess.Popen(command, env=os.environ | environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture
async def client_at(identity: ServiceIdentity) -> AsyncIterator[Callable[[int], BuilderClient]]:
    async with AsyncExitStack() as stack:

        def client(port: int) -> BuilderClient:
            address = f"http://127.0.0.1:{port}"
            client = BuilderClient(ServiceClient(address, AUDIENCE, identity, utc_now))
            stack.push_async_callback(client.aclose)
            return client

        yield client


async def serves(process: subprocess.Popen[bytes], port: int) -> None:
    """Wait until the process itself listens on its port."""

    def listens() -> bool:
        assert process.poll() is None, "the builder ended"
        return is_listener(process.pid, port)

    await until(listens, "the builder listens")


async def test_a_killed_builder_leaves_no_build_running(
    on_engine: BuilderSettings,
    client_at: Callable[[int], BuilderClient],
    port: int,
) -> None:
    id: UUID = uuid4()
    dockerfile = f"FROM debian:12\nRUN echo {id} && sleep 65\n"
    builder = client_at(port)
    with builder_process(on_engine, port) as first:
        await serves(first, port)
        await builder.put(id, a_request(dockerfile))
        await reaches(builder, id, is_at_step_two)
        first.send_signal(signal.SIGKILL)
        first.wait()
    await none_runs("sleep 65")
    with builder_process(on_engine, port) as second:
        await serves(second, port)

        async def second_attempt() -> bool:
            # Until the first attempt's lease is over, the status is still that of the first.
            return "Attempt 2" in await log_of(builder, id)

        await until(second_attempt, "the second attempt")
        await reaches(builder, id, is_at_step_two)
        await builder.cancel(id)
        assert (await ended(builder, id)).phase == BuildPhase.CANCELLED


async def test_a_stopped_builder_gives_back_at_once_and_ends_its_containers(
    on_engine: BuilderSettings,
    client_at: Callable[[int], BuilderClient],
    port: int,
) -> None:
    id = uuid4()
    builder = client_at(port)
    patient = on_engine.model_copy(update={"build_lease_seconds": 600.0})
    with builder_process(patient, port) as first:
        await serves(first, port)
        await builder.put(id, a_request(sleeps(64)))
        await reaches(builder, id, is_at_step_two)
        first.terminate()
        first.wait(10)
    await none_runs("sleep 64")
    with builder_process(patient, port) as second:
        await serves(second, port)
        await reaches(builder, id, is_at_step_two)
        await builder.cancel(id)
        assert (await ended(builder, id)).phase == BuildPhase.CANCELLED
