"""Archives are unpacked within their limits, and hostile ones refused; without a database."""

import gzip
import io
import os
import tarfile
import time
from collections.abc import Mapping
from hashlib import sha256

import pytest
from tests.api.images.archives import FILES, GOOD, HOSTILE, a_tar, gzip_bomb

from mydocker_api.unpacking.limits import Limits
from mydocker_api.unpacking.process import Unpacked, Unpacker
from mydocker_api.unpacking.refusal import ArchiveRefused, Refusal

MIB = 1 << 20
SECONDS = 5.0


async def unpacked(
    archive: bytes, limits: Limits | None = None, name: str | None = None
) -> tuple[Unpacked, dict[str, bytes]]:
    """What the real child process makes of an archive."""
    chunks: dict[str, bytes] = {}

    async def read(at: int, length: int) -> bytes:
        return archive[at : at + length]

    async def store(batch: Mapping[str, bytes]) -> None:
        chunks.update(batch)

    unpacker = Unpacker(limits or Limits(), 60)
    return await unpacker.unpack(len(archive), read, store, name), chunks


@pytest.mark.parametrize("kind", GOOD)
async def test_every_kind_of_archive_is_unpacked(kind: str) -> None:
    result, chunks = await unpacked(GOOD[kind]())
    files = {entry["path"]: entry for entry in result.entries}
    assert set(files) == {*FILES, "src"}
    for path, content in FILES.items():
        assert files[path]["digest"] == sha256(content).hexdigest()
        assert files[path]["chunks"] == [sha256(content).hexdigest()]
    assert len(chunks) == len(FILES)


@pytest.mark.parametrize("kind", HOSTILE)
async def test_a_hostile_archive_is_refused_in_time(kind: str) -> None:
    code, make = HOSTILE[kind]
    archive, began = make(), time.monotonic()
    with pytest.raises(ArchiveRefused) as refused:
        await unpacked(archive)
    assert refused.value.refusal.value == code
    assert time.monotonic() - began < SECONDS


def test_every_refusal_is_tried() -> None:
    tried = {code for code, _ in HOSTILE.values()}
    assert tried == {refusal.value for refusal in Refusal} - {"archive_too_slow"}


async def test_memory_stays_flat() -> None:
    small, _ = await unpacked(a_tar())
    noise = os.urandom(MIB)
    large, _ = await unpacked(a_tar({f"{number}": noise for number in range(200)}))
    packed, _ = await unpacked(gzip.compress(a_tar({"a": os.urandom(64 * MIB)}), 1))
    zeros, _ = await unpacked(gzip_bomb(512 * MIB), Limits(ratio=2000))
    for result in (large, packed, zeros):
        assert result.peak_bytes - small.peak_bytes < 24 * MIB


async def test_a_child_over_its_memory_or_time_is_ended() -> None:
    with pytest.raises(ArchiveRefused) as refused:
        await unpacked(a_tar({"a": os.urandom(8 * MIB)}), Limits(memory_bytes=24 * MIB))
    assert refused.value.refusal is Refusal.TOO_SLOW

    async def never(at: int, length: int) -> bytes:
        raise TimeoutError

    with pytest.raises(ArchiveRefused) as refused:
        await Unpacker(Limits(), 60).unpack(1000, never, lambda batch: never(0, 0))  # type: ignore[arg-type,return-value]
    assert refused.value.refusal is Refusal.TOO_SLOW


async def test_hard_links_are_copies_and_links_inside_stay() -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        file = tarfile.TarInfo("data/a.txt")
        file.size, file.mode = 3, 0o755
        archive.addfile(file, io.BytesIO(b"abc"))
        for name, kind, target in (
            ("b.txt", tarfile.LNKTYPE, "data/a.txt"),
            ("data/c.txt", tarfile.SYMTYPE, "../b.txt"),
        ):
            link = tarfile.TarInfo(name)
            link.type, link.linkname = kind, target
            archive.addfile(link)
    result, _ = await unpacked(buffer.getvalue())
    entries = {entry["path"]: entry for entry in result.entries}
    assert entries["b.txt"]["digest"] == entries["data/a.txt"]["digest"]
    assert entries["b.txt"]["executable"] is True
    assert (entries["data/c.txt"]["kind"], entries["data/c.txt"]["target"]) == ("link", "../b.txt")


async def test_one_file_keeps_its_content_whatever_it_is() -> None:
    result, chunks = await unpacked(HOSTILE["zip: ../"][1](), name="data/x.zip")
    assert [entry["path"] for entry in result.entries] == ["data", "data/x.zip"]
    assert len(chunks) == 1
