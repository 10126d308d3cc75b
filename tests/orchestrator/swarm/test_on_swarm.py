"""On a real Swarm: what a student asks for is what runs, and what goes wrong has a reason."""

import asyncio
import json
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import aiodocker
from tests.orchestrator.running import RealSwarm, Run
from tests.orchestrator.serve_image import image_with_a_broken_health_check
from tests.orchestrator.specs import NO_IMAGE, a_port, a_spec
from tests.orchestrator.swarm.containers import BIG, containers, gone, stop
from tests.support.waiting import until

from mydocker_kit.contracts.orchestrator.environments import (
    Phase,
    PortKind,
    Profile,
    ReasonCode,
    VolumeMount,
)
from mydocker_kit.docker.versions import engine_confines
from mydocker_orchestrator.settings import Settings


async def test_a_start_becomes_ready_and_a_stop_leaves_only_the_volume(
    run: Run, real: Settings, swarm: RealSwarm, engine: aiodocker.Docker
) -> None:
    id, volume = uuid4(), f"work-{uuid4().hex[:12]}"
    spec = a_spec(
        image=swarm.image,
        arguments=("write:/home/kept", "ssh:22", "web:80", "vnc:5900", "tcp:7000"),
        ports=(
            a_port(PortKind.SSH, 22),
            a_port(PortKind.WEB, 80),
            a_port(PortKind.VNC, 5900),
            a_port(PortKind.TCP, 7000),
            a_port(PortKind.TCP, 9999, required=False),
        ),
        profile=Profile.COMPAT,
        volumes=(VolumeMount(name=volume, path="/home"),),
    )
    async with run(real) as orchestrator:
        asked = await orchestrator.client.put(id, spec)
        assert asked.phase is Phase.QUEUED
        ready = await orchestrator.phase(id, Phase.READY)
        assert [address.port for address in ready.addresses] == [22, 80, 5900, 7000, 9999]
        assert "wrote /home/kept" in await orchestrator.client.logs(id)
        await orchestrator.client.stop(id, stop())
        stopped = await orchestrator.phase(id, Phase.STOPPED)
        assert stopped.reason is not None
        assert stopped.reason.code is ReasonCode.STOPPED_BY_OWNER
        assert (await engine._query_json(f"volumes/{volume}"))["Name"] == volume


async def test_root_that_nobody_approved_is_refused_before_placement(
    run: Run, real: Settings, swarm: RealSwarm, engine: aiodocker.Docker
) -> None:
    id = uuid4()
    spec = a_spec(
        image=swarm.image,
        arguments=("tcp:8000",),
        ports=(),
        profile=Profile.COMPAT,
        root_approved_for=None,
    )
    async with run(real) as orchestrator:
        assert all(pool.root_needs_approval for pool in await orchestrator.client.pools())
        await orchestrator.client.put(id, spec)
        refused = await orchestrator.phase(id, Phase.FAILED)
        assert refused.reason is not None
        assert refused.reason.code is ReasonCode.ROOT_NOT_APPROVED
        label = json.dumps({"label": [f"mydocker.environment={id}"]})
        assert await engine._query_json("services", params={"filters": label}) == []


async def test_the_container_is_held_as_its_profile_says(
    run: Run, real: Settings, swarm: RealSwarm, engine: aiodocker.Docker
) -> None:
    id = uuid4()
    arguments = ("write:/home/student/x", "write:/tmp/x", "env:MYDOCKER_USERNAME")
    spec = a_spec(image=swarm.image, arguments=(*arguments, "tcp:8000"), ports=())
    async with run(real) as orchestrator:
        await orchestrator.client.put(id, spec)
        await orchestrator.phase(id, Phase.READY)

        async def written() -> bool:
            # Without a port, ready means that it runs: its first line may come later.
            return "wrote /home/student/x" in await orchestrator.client.logs(id)

        await until(written, "the line in the log")
        [container] = await containers(engine, id)
        held = container["HostConfig"]
        assert (held["NanoCpus"], held["Memory"]) == (250_000_000, 134_217_728)
        assert (held["PidsLimit"], held["ReadonlyRootfs"], held["Init"]) == (512, True, True)
        assert held["CapDrop"] == ["ALL"]
        assert not held["CapAdd"]
        assert {"Name": "nofile", "Hard": 4096, "Soft": 4096} in held["Ulimits"]
        assert container["Config"]["User"] == "1000:1000"
        version = (await engine.version())["Version"]
        confines = engine_confines(version)
        assert ("no-new-privileges=true" in (held["SecurityOpt"] or [])) is confines, version


async def test_memory_and_cpu_in_use_are_read_off_the_engine(
    run: Run, real: Settings, swarm: RealSwarm
) -> None:
    id = uuid4()
    spec = a_spec(image=swarm.image, arguments=("tcp:8000",), ports=(a_port(PortKind.TCP, 8000),))
    async with run(real) as orchestrator:
        await orchestrator.client.put(id, spec)
        await orchestrator.phase(id, Phase.READY)
        first = {usage.environment: usage for usage in await orchestrator.client.usage()}
        assert first[id].cpu is None
        assert 0 < first[id].memory_mib < 1024

        async def measured_again() -> float | None:
            later = {usage.environment: usage for usage in await orchestrator.client.usage()}
            return later[id].cpu

        async def has_rate() -> bool:
            return await measured_again() is not None

        assert await until(has_rate)
        await orchestrator.client.stop(id, stop())


async def test_a_health_check_of_the_image_neither_delays_nor_ends_it(
    run: Run, real: Settings, swarm: RealSwarm, engine: aiodocker.Docker
) -> None:
    image = await asyncio.to_thread(image_with_a_broken_health_check, swarm.url, swarm.image)
    id = uuid4()
    async with run(real) as orchestrator:
        await orchestrator.client.put(id, a_spec(image=image))
        await orchestrator.phase(id, Phase.READY)
        [container] = await containers(engine, id)
        assert container["Config"]["Healthcheck"]["Test"] == ["NONE"]
        assert "Health" not in container["State"], "the engine checks nothing"


async def test_every_failure_has_its_code(
    run: Run, real: Settings, swarm: RealSwarm, engine: aiodocker.Docker
) -> None:
    image = swarm.image
    cases = {
        ReasonCode.IMAGE_MISSING: a_spec(image=NO_IMAGE),
        ReasonCode.CRASHED: a_spec(image=image, arguments=("say:the disk is on fire", "exit:3")),
        ReasonCode.OUT_OF_MEMORY: a_spec(image=image, arguments=("fill:400",)),
        ReasonCode.PORT_SILENT: a_spec(
            image=image,
            arguments=("say:waiting for nobody", "busy:80"),
            ports=(a_port(PortKind.WEB, 80),),
            ready_within=5,
        ),
    }
    ids = {code: uuid4() for code in cases}
    async with run(real) as orchestrator:
        for code, spec in cases.items():
            await orchestrator.client.put(ids[code], spec)
        failures = {code: await orchestrator.phase(ids[code], Phase.FAILED) for code in cases}
        for code, status in failures.items():
            assert status.reason is not None
            assert (status.reason.code, bool(status.reason.reference)) == (code, True), status
        assert "the disk is on fire" in failures[ReasonCode.CRASHED].last_logs
        assert "waiting for nobody" in failures[ReasonCode.PORT_SILENT].last_logs
        crash, silent = failures[ReasonCode.CRASHED].reason, failures[ReasonCode.PORT_SILENT].reason
        assert crash is not None
        assert crash.parameters == {"exit_code": 3}
        assert silent is not None
        assert (silent.parameters["port"], silent.parameters["seconds"]) == (80, 5)
        await gone(engine, real)


async def test_no_room_is_said_within_seconds_and_room_is_taken_when_it_comes(
    run: Run, real: Settings, swarm: RealSwarm, engine: aiodocker.Docker
) -> None:
    first, second, third = uuid4(), uuid4(), uuid4()
    async with run(real) as orchestrator:
        await orchestrator.client.put(first, a_spec(image=swarm.image, resources=BIG))
        await orchestrator.phase(first, Phase.READY)
        await orchestrator.client.put(second, a_spec(image=swarm.image, resources=BIG))
        queued = await orchestrator.until(second, lambda s: s.reason is not None, within=100)
        assert queued.phase is Phase.QUEUED
        assert queued.reason is not None
        assert queued.reason.code is ReasonCode.NO_ROOM
        assert queued.reason.parameters["short"] == "memory"
        assert queued.reason.parameters["waiting_before"] == 0
        await orchestrator.client.put(third, a_spec(image=swarm.image, resources=BIG))
        later = await orchestrator.until(third, lambda s: s.reason is not None, within=100)
        assert later.reason is not None
        assert later.reason.parameters["waiting_before"] == 1
        await orchestrator.client.stop(third, stop())
        await orchestrator.client.stop(first, stop())
        await orchestrator.phase(second, Phase.READY)


async def test_the_end_stops_it_and_a_later_end_leaves_the_container_alone(
    run: Run, real: Settings, swarm: RealSwarm, engine: aiodocker.Docker
) -> None:
    id, now = uuid4(), datetime.now(UTC)
    async with run(real) as orchestrator:
        spec = a_spec(image=swarm.image, ends_at=now + timedelta(hours=1))
        await orchestrator.client.put(id, spec)
        await orchestrator.phase(id, Phase.READY)
        [before] = await containers(engine, id)
        soon = datetime.now(UTC) + timedelta(seconds=1)
        await orchestrator.client.put(id, a_spec(image=swarm.image, ends_at=soon))
        [after] = await containers(engine, id)
        assert (before["Id"], before["State"]["Pid"]) == (after["Id"], after["State"]["Pid"])
        over = await orchestrator.phase(id, Phase.STOPPED)
        assert over.reason is not None
        assert over.reason.code is ReasonCode.SESSION_OVER


async def test_a_new_attempt_replaces_the_older_container(
    run: Run, real: Settings, swarm: RealSwarm, engine: aiodocker.Docker
) -> None:
    id = uuid4()
    async with run(real) as orchestrator:
        await orchestrator.client.put(id, a_spec(image=swarm.image))
        await orchestrator.phase(id, Phase.READY)
        await orchestrator.client.stop(id, stop())
        asked = await orchestrator.client.put(id, a_spec(image=swarm.image, attempt=2))
        assert (asked.phase, asked.attempt) == (Phase.QUEUED, 2)
        await orchestrator.phase(id, Phase.READY)
        running = [
            container for container in await containers(engine, id) if container["State"]["Running"]
        ]
        assert [container["Config"]["Labels"]["mydocker.attempt"] for container in running] == ["2"]


async def test_orphans_go_and_what_is_not_ours_stays(
    run: Run, real: Settings, swarm: RealSwarm, engine: aiodocker.Docker
) -> None:
    real = real.model_copy(update={"orphan_grace": 1.0})
    stranger = f"stranger-{uuid4().hex[:8]}"
    ours = {
        "mydocker.platform": real.platform_name,
        "mydocker.environment": str(uuid4()),
        "mydocker.attempt": "1",
    }
    other = {**ours, "mydocker.platform": f"{real.platform_name}-other"}
    ids = {}
    for name, labels in ((f"orphan-{stranger}", ours), (stranger, {}), (f"o-{stranger}", other)):
        body = {
            "Name": name,
            "Labels": labels,
            "TaskTemplate": {"ContainerSpec": {"Image": swarm.image}},
        }
        made = await engine._query_json("services/create", "POST", data=body)
        ids[name] = made["ID"]
    try:
        async with run(real):
            await gone(engine, real)
            left = {service["ID"] for service in await engine._query_json("services")}
            assert {ids[stranger], ids[f"o-{stranger}"]} <= left
    finally:
        for name in (stranger, f"o-{stranger}"):
            async with engine._query(f"services/{ids[name]}", "DELETE"):
                pass


async def test_the_change_stream_tells_each_step_in_order_and_resumes(
    run: Run, real: Settings, swarm: RealSwarm, engine: aiodocker.Docker
) -> None:
    id = uuid4()
    async with run(real) as orchestrator:
        feed = orchestrator.app.state.feed
        await orchestrator.client.put(id, a_spec(image=swarm.image))
        phases, versions = [], []
        async with aclosing(feed.follow(0, 10.0)) as batches:
            async for batch in batches:
                phases += [status.phase for status in batch]
                versions += [status.version for status in batch]
                if Phase.READY in phases:
                    break
        assert versions == sorted(set(versions))
        assert list(dict.fromkeys(phases))[-2:] == [Phase.STARTING, Phase.READY]
        async with aclosing(feed.follow(versions[-1] - 1, 10.0)) as batches:
            [last] = await anext(batches)
            assert (last.version, last.phase) == (versions[-1], Phase.READY)
