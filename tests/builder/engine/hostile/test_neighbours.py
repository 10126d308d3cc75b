"""What a build reads of another author's: images in the engine's store, and cache mounts."""

from uuid import uuid4

from deploy.machine.docker import Docker
from tests.builder.conftest import BuildEngine
from tests.builder.engine.hostile.conftest import NO_POLICY, Build
from tests.builder.engine.steps import store_image

READS = "FROM {base}\nRUN echo found $(cat /secret)\n"
KEEPS = "FROM debian:12\nRUN --mount=type=cache,id=shared,target=/c echo {id} >> /c/f; cat /c/f\n"


async def test_an_image_of_the_store_is_no_base_by_name_id_or_digest(
    run_build: Build, build_engine: BuildEngine
) -> None:
    """Another author's image, while it waits to be pushed."""
    name, secret = f"{build_engine.registry}/images/theirs:{uuid4().hex}", str(uuid4())
    store_image(build_engine.url, name, f"FROM debian:12\nRUN echo {secret} > /secret\n")
    with Docker(build_engine.url) as docker:
        id = docker.get(f"/images/{name}/json")["Id"]
    try:
        digest = id.removeprefix("sha256:")
        for base in (name, id, digest, digest[:12], f"debian@{id}", f"{name.split(':')[0]}@{id}"):
            outcome = await run_build(READS.format(base=base))
            assert outcome.error, base
            assert secret not in outcome.output, base
        control = await run_build(READS.format(base=name), policy=NO_POLICY)
        assert f"found {secret}" in control.output, "the control"
    finally:
        with Docker(build_engine.url) as docker:
            docker.call("DELETE", f"/images/{name}")


async def test_a_cache_mount_is_shared_only_by_builds_of_one_image(run_build: Build) -> None:
    first, second = str(uuid4()), str(uuid4())
    own, other = str(uuid4()), str(uuid4())
    await run_build(KEEPS.format(id=own), namespace=first)
    assert own not in (await run_build(KEEPS.format(id=other), namespace=second)).output
    control = await run_build(KEEPS.format(id=uuid4()), namespace=first)
    assert own in control.output, "the control"
