"""Work folders with a size: which driver makes them, and what their owners learn of them."""

from uuid import uuid4

from tests.orchestrator.capacity.test_volume_nodes import started, stopped, two_nodes
from tests.orchestrator.running import Run
from tests.orchestrator.specs import a_spec

from mydocker_kit.contracts.orchestrator.environments import Phase, VolumeMount
from mydocker_kit.contracts.orchestrator.pools import Pool, Storage
from mydocker_kit.contracts.orchestrator.volumes import VolumeUse
from mydocker_orchestrator.settings import Settings

SIZED = Pool(name="default", title="CPU", storage=Storage.NODE_QUOTA)
UNSIZED = SIZED.model_copy(update={"storage": Storage.NODE})
MIB = 1024 * 1024


async def test_a_folder_keeps_the_driver_that_made_it(run: Run, settings: Settings) -> None:
    swarm, before, id = two_nodes(), uuid4(), uuid4()
    async with run(settings, swarm=swarm) as orchestrator:
        await orchestrator.client.put_pool("default", UNSIZED)
        await started(orchestrator, swarm, before)
        assert swarm.places[before].quota_volumes == frozenset()
        await stopped(orchestrator, before)
        await orchestrator.client.put_pool("default", SIZED)
        await started(orchestrator, swarm, before, 2)
        assert swarm.places[before].quota_volumes == frozenset(), "its files are in a local one"

        mount = VolumeMount(name="work-new", path="/home/student", quota_mib=512)
        spec = a_spec(ports=(), volumes=(mount,))
        await orchestrator.client.put(id, spec)
        await orchestrator.until(id, lambda status: id in swarm.services)
        assert swarm.places[id].quota_volumes == {"work-new"}
        await orchestrator.phase(id, Phase.READY)
        await stopped(orchestrator, id)
        await orchestrator.client.put_pool("default", UNSIZED)
        await orchestrator.client.put(id, spec.model_copy(update={"attempt": 2}))
        await orchestrator.until(id, lambda status: id in swarm.services)
        assert swarm.places[id].quota_volumes == {"work-new"}


async def test_usage_reaches_the_status_and_a_new_size_the_volume(
    run: Run, settings: Settings
) -> None:
    swarm, id = two_nodes(), uuid4()
    swarm.uses["work-new"] = VolumeUse(
        name="work-new",
        used_bytes=400 * MIB,
        allowed_bytes=512 * MIB,
        used_files=12,
        allowed_files=1000,
        limit_bytes=512 * MIB,
    )
    mount = VolumeMount(name="work-new", path="/home/student", quota_mib=512)
    spec = a_spec(ports=(), volumes=(mount,))
    async with run(settings, swarm=swarm) as orchestrator:
        await orchestrator.client.put_pool("default", SIZED)
        await orchestrator.client.put(id, spec)
        await orchestrator.until(id, lambda status: id in swarm.services)
        shown = await orchestrator.until(id, lambda status: status.folder is not None)
        assert shown.folder is not None
        assert round(shown.folder.share, 2) == 0.78
        await stopped(orchestrator, id)

        larger = mount.model_copy(update={"quota_mib": 1024})
        update = {"attempt": 2, "volumes": (larger,)}
        await orchestrator.client.put(id, spec.model_copy(update=update))
        await orchestrator.until(id, lambda status: id in swarm.services)
        assert [(name, size) for _, name, size in swarm.resized] == [("work-new", 1024 * MIB)]
