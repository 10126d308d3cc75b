"""What an image contains is read from its records, whatever else lies in it."""

import asyncio
import io
import json
import tarfile
from datetime import UTC, datetime
from uuid import UUID

import pytest

from mydocker_builder.inventory import reading
from mydocker_builder.inventory.cyclonedx import document, purl
from mydocker_builder.inventory.reading import Inventory, read_archive
from mydocker_kit.contracts.builder.packages import (
    BuildInventory,
    ImagePackage,
    InventoryState,
    PackageKind,
)

DPKG = """\
Package: libssl3
Status: install ok installed
Source: openssl (3.0.11-1~deb12u2)
Version: 3.0.11-1~deb12u2
Description: one
 Version: 9
 more

Package: removed
Status: deinstall ok config-files
Version: 1

"""
FILES = {
    "usr/lib/os-release": 'ID=debian\nVERSION_ID="12"\nNAME="x"\n',
    "var/lib/dpkg/status": DPKG,
    "var/lib/dpkg/status.d/base": "Package: base-files\nVersion: 12.4\n",
    "var/lib/dpkg/status.d/base.md5sums": "00  etc/passwd\n",
    "lib/apk/db/installed": "C:Q1\nP:musl\nV:1.2.5-r0\no:musl\n\n",
    "opt/venv/lib/python3.11/site-packages/Zope.Interface-6.0.dist-info/METADATA": (
        "Metadata-Version: 2.1\nName: Zope.Interface\nVersion: 6.0\n\nVersion: 7\n"
    ),
    "usr/lib/python3/dist-packages/six-1.16.0.egg-info": "Name: six\nVersion: 1.16.0\n",
    "usr/lib/node_modules/@jupyterlab/application/package.json": json.dumps(
        {"name": "@jupyterlab/application", "version": "4.2.5"}
    ),
    "usr/lib/node_modules/a/lib/package.json": '{"type": "module"}',
    "opt/conda/conda-meta/numpy-base-2.1.3-py311_0.json": "{}",
    "usr/lib/R/site-library/ggplot2/DESCRIPTION": "Package: ggplot2\nVersion: 3.5.1\n",
    "home/student/DESCRIPTION": "nothing",
}


class Stream:
    """Bytes that arrive in pieces."""

    def __init__(self, content: bytes) -> None:
        self._content = io.BytesIO(content)

    async def read(self, n: int = -1) -> bytes:
        await asyncio.sleep(0)
        return self._content.read(min(n, 4096) if n > 0 else n)


def archive(files: dict[str, str | bytes]) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as tar:
        folder = tarfile.TarInfo("var")
        folder.type = tarfile.DIRTYPE
        tar.addfile(folder)
        link = tarfile.TarInfo("etc/os-release")
        link.type, link.linkname = tarfile.SYMTYPE, "../../../etc/shadow"
        tar.addfile(link)
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return written.getvalue()


async def read(files: dict[str, str | bytes]) -> Inventory:
    return await read_archive(Stream(archive(files)))


async def test_every_kind_of_record() -> None:
    inventory = await read(dict(FILES))
    assert (inventory.state, inventory.distribution) == (InventoryState.COMPLETE, "debian 12")
    assert sorted((p.kind, p.name, p.version, p.source) for p in inventory.packages) == [
        ("apk", "musl", "1.2.5-r0", "musl"),
        ("conda", "numpy-base", "2.1.3", ""),
        ("cran", "ggplot2", "3.5.1", ""),
        ("deb", "base-files", "12.4", ""),
        ("deb", "libssl3", "3.0.11-1~deb12u2", "openssl"),
        ("npm", "@jupyterlab/application", "4.2.5", ""),
        ("pypi", "six", "1.16.0", ""),
        ("pypi", "zope-interface", "6.0", ""),
    ]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"var/lib/rpm/rpmdb.sqlite": b"\0"}, "rpm"),
        ({"a/node_modules/b/package.json": "{"}, "no JSON"),
        ({"a/node_modules/b/package.json": "[" * 100_000}, "no JSON"),
        ({"a/b-1.dist-info/METADATA": b"\xff\xfe\0"}, "no name"),
        ({"var/lib/dpkg/status": "Package: x\n"}, "no version"),
        ({"var/lib/dpkg/status": "x" * 101}, "too large"),
    ],
)
async def test_what_cannot_be_read_makes_the_list_partial(
    files: dict[str, str | bytes], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_LARGEST", 100 if said == "too large" else 2**20)
    inventory = await read({**files, "var/lib/dpkg/status.d/a": "Package: a\nVersion: 1\n"})
    assert inventory.state is InventoryState.PARTIAL
    assert said in inventory.detail
    assert [package.name for package in inventory.packages] == ["a"], "the rest is read"


async def test_a_flood_of_packages_ends_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_MOST", 3)
    status = "".join(f"Package: p{number}\nVersion: 1\n\n" for number in range(1000))
    inventory = await read({"var/lib/dpkg/status": status})
    assert (inventory.state, len(inventory.packages)) == (InventoryState.PARTIAL, 3)


async def test_names_cannot_break_a_page_or_the_database() -> None:
    status = f"Package: a\0\u202eb{'c' * 500}\nVersion: 1\x1b\n"
    [package] = (await read({"var/lib/dpkg/status": status})).packages
    assert package.name.startswith("abccc")
    assert (len(package.name), package.version) == (200, "1")


@pytest.mark.parametrize("content", [b"no archive at all" * 100, archive(dict(FILES))[:2000]])
async def test_what_is_no_archive_is_an_error(content: bytes) -> None:
    with pytest.raises((ValueError, OSError)):
        await read_archive(Stream(content))


@pytest.mark.parametrize(
    ("kind", "name", "version", "url"),
    [
        ("deb", "g++", "4:12.2.0-3", "pkg:deb/debian/g%2B%2B@4:12.2.0-3?distro=debian-12"),
        ("npm", "@types/node", "20.1", "pkg:npm/%40types/node@20.1"),
        ("pypi", "numpy", "2.1+x", "pkg:pypi/numpy@2.1%2Bx"),
    ],
)
def test_package_urls(kind: str, name: str, version: str, url: str) -> None:
    package = ImagePackage(kind=PackageKind(kind), name=name, version=version)
    assert purl(package, "debian 12") == url


@pytest.mark.parametrize(
    ("state", "aggregate"),
    [("complete", "complete"), ("partial", "incomplete"), ("unknown", "unknown")],
)
def test_the_document_says_how_much_is_known(state: str, aggregate: str) -> None:
    noon = datetime(2026, 9, 1, 12, tzinfo=UTC)
    id = UUID(int=7)
    inventory = BuildInventory(build_id=id, state=InventoryState(state), read_at=noon)
    packages = [ImagePackage(kind=PackageKind.PYPI, name="six", version="1.16.0")]
    made = document(inventory, "r/i@sha256:00", packages, noon)
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.5")
    assert made["serialNumber"] == f"urn:uuid:{id}"
    assert made["metadata"]["timestamp"] == "2026-09-01T12:00:00Z"
    assert made["components"][0]["purl"] == "pkg:pypi/six@1.16.0"
    assert made["compositions"][0]["aggregate"] == aggregate
