"""Reads what an image contains from a tar archive of its files, as it arrives.

Nothing is written anywhere and no program of the image runs. One record at a time is in memory, at
most `_LARGEST` bytes of it; the rest of the archive is passed over. What cannot be read makes the
result partial, never silently shorter.
"""

import asyncio
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Protocol

from mydocker_kit.contracts.builder.packages import ImagePackage, InventoryState

from .records import OS_RELEASE, RPM, Unreadable, distribution, parser_for

_LARGEST = 32 * 1024 * 1024
"""Bytes of one record: dpkg's file of 4,000 packages has 5 MiB."""
_MOST = 50_000
"""Packages of one image."""
_BUFFER = 1024 * 1024
_SILENCE = 60.0
"""Seconds without a byte, after which the engine is given up."""


class Chunks(Protocol):
    """A stream of bytes, such as aiohttp's."""

    async def read(self, n: int = -1) -> bytes:
        """Up to `n` bytes; none at the end."""


@dataclass
class Inventory:
    """What an image contains, as far as its records were read."""

    packages: set[ImagePackage] = field(default_factory=set)
    distribution: str = ""
    state: InventoryState = InventoryState.COMPLETE
    detail: str = ""

    def note(self, detail: str) -> None:
        """Say that something was left out; the first reason stays."""
        if self.state is InventoryState.COMPLETE:
            self.state, self.detail = InventoryState.PARTIAL, detail[:300]


def unknown(detail: str) -> Inventory:
    """Nothing is known of the image."""
    return Inventory(state=InventoryState.UNKNOWN, detail=detail[:300])


class _Blocking:
    """Lets tarfile, in a thread, read what the event loop receives."""

    def __init__(self, chunks: Chunks) -> None:
        self._chunks, self._loop = chunks, asyncio.get_running_loop()

    def read(self, size: int) -> bytes:
        waiting = asyncio.run_coroutine_threadsafe(self._chunks.read(size), self._loop)
        return waiting.result(_SILENCE)


async def read_archive(chunks: Chunks) -> Inventory:
    """The packages in a tar archive of an image's files; ValueError or OSError if it is none."""
    return await asyncio.to_thread(_read, _Blocking(chunks))


def _read(source: _Blocking) -> Inventory:
    inventory = Inventory()
    try:
        with tarfile.open(fileobj=source, mode="r|", bufsize=_BUFFER) as archive:  # type: ignore[call-overload]
            for member in archive:
                archive.members.clear()  # tarfile would remember every file
                if not member.isreg():
                    continue
                opened = archive.extractfile(member)
                if opened is not None and not _take(inventory, member, opened):
                    break
    except tarfile.TarError as error:
        raise ValueError(f"the image's files cannot be read: {error}") from error
    return inventory


def _take(inventory: Inventory, member: tarfile.TarInfo, file: IO[bytes]) -> bool:
    """Add what one file says; False: there is no room for more."""
    path = member.name.removeprefix("./")
    if RPM.match(path):
        inventory.note("packages of rpm are not read")
        return True
    parser, is_release = parser_for(path), OS_RELEASE.match(path)
    if parser is None and not is_release:
        return True
    if member.size > _LARGEST:
        inventory.note(f"{path} is too large to be read")
        return True
    text = file.read().decode(errors="replace")
    if is_release:
        inventory.distribution = distribution(text) or inventory.distribution
        return True
    try:
        return _add(inventory, parser(path, text) if parser else iter(()))
    except (Unreadable, ValueError) as error:
        inventory.note(f"{path}: {error}")
        return True


def _add(inventory: Inventory, packages: Iterator[ImagePackage]) -> bool:
    for package in packages:
        if len(inventory.packages) >= _MOST:
            inventory.note(f"more than {_MOST} packages")
            return False
        inventory.packages.add(package)
    return True
