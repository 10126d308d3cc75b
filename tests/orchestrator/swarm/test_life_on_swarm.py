"""One Environment's life on a real engine: every end, every cancel, every crash, without api.

Only the clock is played: what would take hours here takes the jump of a clock.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import aiodocker
import pytest
from tests.orchestrator.environments.test_leases import Clock
from tests.orchestrator.running import RealSwarm, Run, Running
from tests.orchestrator.specs import a_port, a_spec
from tests.orchestrator.swarm.containers import BIG, containers, gone

from mydocker_kit.contracts.orchestrator.environments import (
    EnvironmentSpec,
    Phase,
    PortKind,
    ReasonCode,
    StopRequest,
    SwarmStep,
)
from mydocker_orchestrator.domain.lifecycle import restarts
from mydocker_orchestrator.settings import Settings

HOUR = 3600


@pytest.fixture
async def endless() -> AsyncIterator[str]:
    """An image whose registry takes every question and answers none."""
    waits = asyncio.Event()

    async def hold(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await waits.wait()
        writer.close()

    async with await asyncio.start_server(hold, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        yield f"127.0.0.1:{port}/nothing@sha256:{'0' * 64}"
        waits.set()


def stop(code: ReasonCode, words: str = "") -> StopRequest:
    return StopRequest(reason=code, attempt=1, words=words)


async def reason_of(orchestrator: Running, id: UUID, phase: Phase) -> ReasonCode:
    status = await orchestrator.phase(id, phase)
    assert status.reason is not None
    return status.reason.code


async def test_ends_are_kept_from_the_row_alone_and_a_renewal_leaves_the_container(
    run: Run, real: Settings, swarm: RealSwarm, engine: aiodocker.Docker
) -> None:
    clock = Clock()

    def lasting(**ends: object) -> EnvironmentSpec:
        return a_spec(image=swarm.image, **ends)

    leased, limited, planned = uuid4(), uuid4(), uuid4()
    lease = {"lease_seconds": HOUR, "hard_limit_seconds": 3 * HOUR}
    async with run(real, clock=clock) as orchestrator:
        session_over = clock() + timedelta(seconds=5 * HOUR)
        for id, spec in (
            (leased, lasting(**lease)),
            (limited, lasting(**lease)),
            (planned, lasting(ends_at=session_over)),
        ):
            await orchestrator.client.put(id, spec)
        ready = {id: await orchestrator.phase(id, Phase.READY) for id in (leased, limited, planned)}
        [before] = await containers(engine, limited)
        far = clock() + timedelta(days=9)
        await orchestrator.client.put(limited, lasting(**lease, lease_ends_at=far))
        clock.ahead = timedelta(seconds=HOUR + 60)
        assert await reason_of(orchestrator, leased, Phase.STOPPED) is ReasonCode.LEASE_OVER
        [after] = await containers(engine, limited)
        assert (before["Id"], before["State"]["Pid"]) == (after["Id"], after["State"]["Pid"])
        assert (await orchestrator.client.get(limited)).ready_at == ready[limited].ready_at
    # Ended and begun again, with nobody to tell it anything: the rows say all.
    async with run(real, clock=clock) as orchestrator:
        clock.ahead = timedelta(seconds=3 * HOUR + 60)
        assert await reason_of(orchestrator, limited, Phase.STOPPED) is ReasonCode.HARD_LIMIT_OVER
        assert (await orchestrator.client.get(planned)).phase is Phase.READY
        clock.ahead = timedelta(seconds=5 * HOUR + 60)
        assert await reason_of(orchestrator, planned, Phase.STOPPED) is ReasonCode.SESSION_OVER
        await gone(engine, real)


async def test_a_start_is_cancelled_while_it_waits_downloads_and_comes_up(
    run: Run, real: Settings, swarm: RealSwarm, engine: aiodocker.Docker, endless: str
) -> None:
    room, waits, downloads, comes_up = uuid4(), uuid4(), uuid4(), uuid4()
    silent = {"arguments": ("busy:80",), "ports": (a_port(PortKind.WEB, 80),)}
    async with run(real) as orchestrator:
        await orchestrator.client.put(room, a_spec(image=swarm.image, resources=BIG))
        await orchestrator.phase(room, Phase.READY)
        await orchestrator.client.put(waits, a_spec(image=swarm.image, resources=BIG))
        await orchestrator.client.put(downloads, a_spec(image=endless))
        await orchestrator.client.put(comes_up, a_spec(image=swarm.image, **silent))
        await orchestrator.until(waits, lambda s: s.reason is not None)
        await orchestrator.until(downloads, lambda s: s.step is SwarmStep.PREPARING)
        await orchestrator.until(comes_up, lambda s: s.step is SwarmStep.RUNNING)
        for id in (waits, downloads, comes_up):
            await orchestrator.client.stop(id, stop(ReasonCode.CANCELLED))
            assert await reason_of(orchestrator, id, Phase.STOPPED) is ReasonCode.CANCELLED
        words = "We stop here for today."
        await orchestrator.client.stop(room, stop(ReasonCode.STOPPED_BY_EDITOR, words))
        stopped = await orchestrator.phase(room, Phase.STOPPED)
        assert stopped.reason is not None
        assert stopped.reason.parameters == {"words": words}
        await gone(engine, real)


async def test_a_crash_is_restarted_a_few_times_then_reported_with_its_last_output(
    run: Run,
    real: Settings,
    swarm: RealSwarm,
    engine: aiodocker.Docker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pauses = tuple(timedelta(seconds=0.1) for _ in restarts.BACKOFF)
    monkeypatch.setattr(restarts, "BACKOFF", pauses)
    id = uuid4()
    async with run(real) as orchestrator:
        spec = a_spec(image=swarm.image, arguments=("say:the disk is on fire", "ssh:22"))
        await orchestrator.client.put(id, spec)
        seen: set[str] = set()
        for number in range(len(pauses) + 1):
            await orchestrator.until(
                id,
                lambda s: s.phase is Phase.READY and s.restarts == number,  # noqa: B023
            )
            [running] = [
                container
                for container in await containers(engine, id)
                if container["State"]["Running"]
            ]
            seen.add(running["Id"])
            async with engine._query(f"containers/{running['Id']}/kill", "POST"):
                pass
        over = await orchestrator.phase(id, Phase.FAILED)
        assert over.reason is not None
        assert over.reason.code is ReasonCode.CRASHED
        assert over.reason.parameters["restarts"] == len(pauses)
        assert over.reason.reference is not None
        assert "the disk is on fire" in over.last_logs
        assert len(seen) == len(pauses) + 1
        await gone(engine, real)
        assert "the disk is on fire" in await orchestrator.client.logs(id)
