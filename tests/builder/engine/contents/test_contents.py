"""What real images contain, and what real registries answer."""

import time
from uuid import uuid4

import aiodocker
from tests.builder.conftest import OpenBuilder, a_request, ended

from mydocker_builder.settings import BuilderSettings
from mydocker_kit.contracts.builder.builds import BuildPhase
from mydocker_kit.contracts.builder.packages import InventoryState
from mydocker_kit.contracts.builder.references import ReferenceRefusal

DOCKERFILE = """\
FROM debian:12
RUN mkdir -p /opt/lib/six-1.16.0.dist-info \
 && printf 'Name: six\\nVersion: 1.16.0\\n' > /opt/lib/six-1.16.0.dist-info/METADATA \
 && rm -rf /usr/share/doc
"""


async def test_a_real_image_lists_its_packages(
    on_engine: BuilderSettings, open_builder: OpenBuilder, docker: aiodocker.Docker
) -> None:
    id = uuid4()
    async with open_builder(on_engine) as builder:
        await builder.put(id, a_request(DOCKERFILE))
        status = await ended(builder, id)
        assert status.phase == BuildPhase.SUCCEEDED, status.message
        inventory = await builder.inventory(id)
        packages = (await builder.packages(id, {"page_size": 200})).items
        began = time.perf_counter()
        sbom = await builder.sbom(id)
    print(f"{inventory.packages} packages, SBOM in {time.perf_counter() - began:.3f} s")
    assert (inventory.state, inventory.detail) == (InventoryState.COMPLETE, "")
    assert inventory.distribution == "debian 12"
    kinds = {package.kind.value for package in packages}
    assert kinds == {"deb", "pypi"}
    names = {package.name: package.version for package in packages}
    assert names["six"] == "1.16.0"
    assert {"dpkg", "libc6", "bash"} <= names.keys()
    assert len(sbom["components"]) == inventory.packages
    left_over = await docker.containers.list(all=True, filters={"ancestor": [str(status.tag)]})
    assert left_over == [], "the container that was read is removed"


async def test_a_real_registry_is_asked_for_a_digest(
    on_engine: BuilderSettings, open_builder: OpenBuilder
) -> None:
    id = uuid4()
    async with open_builder(on_engine) as builder:
        await builder.put(id, a_request("FROM debian:12\nCMD true\n"))
        status = await ended(builder, id)
        assert status.tag, status.message
        assert status.reference
        own = await builder.resolve(status.tag)
        assert own.refusal is ReferenceRefusal.FORBIDDEN, "the platform's own registry"
    # The same registry as somebody else's: the platform's own is another one.
    allowed = f"{on_engine.registry}/images,127.0.0.1:9"
    elsewhere = on_engine.model_copy(
        update={"registry": "registry.example:5000", "external_registries": allowed}
    )
    async with open_builder(elsewhere) as builder:
        by_tag = await builder.resolve(status.tag)
        assert (by_tag.pinned, by_tag.refusal) == (status.reference, None), by_tag.message
        by_digest = await builder.resolve(status.reference)
        assert (by_digest.pinned, by_digest.refusal) == (status.reference, None)
        refusals = {
            f"{status.tag}-not": ReferenceRefusal.MISSING,
            f"{on_engine.registry}/images/nothing:1": ReferenceRefusal.MISSING,
            f"{on_engine.registry}/others/a:1": ReferenceRefusal.FORBIDDEN,
            "127.0.0.1:9/a:1": ReferenceRefusal.UNREACHABLE,
        }
        for reference, refusal in refusals.items():
            answer = await builder.resolve(reference)
            assert (answer.refusal, answer.pinned) == (refusal, None), answer.message
