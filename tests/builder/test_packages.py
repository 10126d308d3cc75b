"""What builds contain is stored with them, listed, searched and handed out."""

from uuid import UUID, uuid4

from tests.builder.conftest import OpenBuilder, a_request, ended
from tests.builder.scripted import ScriptedEngine

from mydocker_builder.inventory.reading import Inventory, unknown
from mydocker_builder.settings import BuilderSettings
from mydocker_kit.clients.builder import BuilderClient
from mydocker_kit.contracts.builder.builds import BuildFailure, BuildPhase
from mydocker_kit.contracts.builder.packages import ImagePackage, InventoryState, PackageKind
from mydocker_kit.docker.errors import EngineError


def deb(name: str, version: str, source: str = "") -> ImagePackage:
    return ImagePackage(kind=PackageKind.DEB, name=name, version=version, source=source)


def content(*packages: ImagePackage) -> Inventory:
    return Inventory(packages=set(packages), distribution="debian 12")


async def built(builder: BuilderClient, engine: ScriptedEngine, inventory: Inventory) -> UUID:
    engine.content = inventory
    id = uuid4()
    await builder.put(id, a_request())
    assert (await ended(builder, id)).phase is BuildPhase.SUCCEEDED
    return id


async def versions(builder: BuilderClient, name: str, version: str = "") -> list[str]:
    page = await builder.builds_with(name, version, {})
    assert page.total == len(page.items)
    return sorted(hit.package.version for hit in page.items)


async def test_a_build_lists_what_it_contains(
    settings: BuilderSettings, open_builder: OpenBuilder
) -> None:
    engine = ScriptedEngine()
    async with open_builder(settings, engine) as builder:
        many = [deb(f"p{number:05}", "1") for number in range(6000)]
        id = await built(builder, engine, content(deb("zlib1g", "1.2"), *many))
        inventory = await builder.inventory(id)
        assert (inventory.state, inventory.packages) == (InventoryState.COMPLETE, 6001)
        assert inventory.distribution == "debian 12"
        page = await builder.packages(id, {"page_size": 2})
        assert [package.name for package in page.items] == ["p00000", "p00001"]
        assert (page.total, page.next_cursor is not None) == (6001, True)
        searched = await builder.packages(id, {"search": "zlib"})
        assert [package.version for package in searched.items] == ["1.2"]
        sbom = await builder.sbom(id)
        assert len(sbom["components"]) == 6001
        assert sbom["metadata"]["component"]["name"] == (await builder.get(id)).reference


async def test_builds_are_searched_by_what_they_contain(
    settings: BuilderSettings, open_builder: OpenBuilder
) -> None:
    engine = ScriptedEngine()
    name = f"ssl{uuid4().hex[:8]}"  # the database is shared by this module's tests
    async with open_builder(settings, engine) as builder:
        await built(builder, engine, content(deb(name, "3.0.11-1~deb12u2")))
        await built(builder, engine, content(deb(f"lib{name}", "3.0.110", source=name)))
        await built(builder, engine, content(deb(f"{name}-doc", "3.0.11")))
        assert await versions(builder, name) == ["3.0.11-1~deb12u2", "3.0.110"]
        assert await versions(builder, name, "3.0.11") == ["3.0.11-1~deb12u2"]
        assert await versions(builder, name, "3.0.11-1~deb12u2") == ["3.0.11-1~deb12u2"]
        assert await versions(builder, name, "3") == ["3.0.11-1~deb12u2", "3.0.110"]
        assert await versions(builder, name, "%") == []


async def test_unknown_content_fails_no_build_and_counts_as_unknown(
    settings: BuilderSettings, open_builder: OpenBuilder
) -> None:
    engine = ScriptedEngine()
    async with open_builder(settings, engine) as builder:
        before = await builder.inventory_coverage()
        id = await built(builder, engine, unknown("the engine was silent"))
        inventory = await builder.inventory(id)
        assert (inventory.state, inventory.packages) == (InventoryState.UNKNOWN, 0)
        assert inventory.detail == "the engine was silent"
        sbom = await builder.sbom(id)
        assert sbom["compositions"][0]["aggregate"] == "unknown"
        after = await builder.inventory_coverage()
        assert (after.unknown, after.complete) == (before.unknown + 1, before.complete)


async def test_a_push_that_fails_stores_nothing(
    settings: BuilderSettings, open_builder: OpenBuilder
) -> None:
    engine = ScriptedEngine(push_fails=EngineError("no room"))
    engine.content = content(deb("a", "1"))
    async with open_builder(settings, engine) as builder:
        id = uuid4()
        await builder.put(id, a_request())
        assert (await ended(builder, id)).failure is BuildFailure.PUSH_FAILED
        assert (await builder.packages(id, {})).total == 0
