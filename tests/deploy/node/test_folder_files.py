"""Listings, archives, snapshots and restores of a folder on this machine's file system."""

import io
import os
import tarfile
import threading
from pathlib import Path

import pytest
from deploy.node.folder_files import tree
from deploy.node.folder_files.archives import tar_stream
from deploy.node.folder_files.restoring import restore
from deploy.node.folder_files.snapshots import SnapshotStore

from mydocker_kit.contracts.orchestrator.work_files import FileKind
from mydocker_kit.errors import (
    FileMissing,
    FilePathInvalid,
    FolderTooLarge,
    SnapshotMissing,
    StoreFull,
)

MIB = 1024 * 1024


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A work folder: files, a folder in a folder, a link, a link that leaves it, a pipe."""
    (tmp_path / "secret").write_text("not yours")
    work = tmp_path / "work"
    (work / "src" / "deep").mkdir(parents=True)
    (work / "notes.txt").write_text("first")
    (work / "src" / "deep" / "main.c").write_text("int main;")
    (work / "link").symlink_to("notes.txt")
    (work / "out").symlink_to(tmp_path)
    os.mkfifo(work / "pipe")
    return work


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    return SnapshotStore(tmp_path / "store", spare=0)


def test_a_listing_shows_folders_first_and_follows_no_link(work: Path) -> None:
    listed = tree.listing(work, "")
    shown = [(entry.name, entry.kind) for entry in listed.entries]
    assert shown == [
        ("src", FileKind.FOLDER),
        ("link", FileKind.LINK),
        ("notes.txt", FileKind.FILE),
        ("out", FileKind.LINK),
        ("pipe", FileKind.OTHER),
    ]
    for outside in ("out", "out/secret", "notes.txt", "nothing"):
        with pytest.raises(FileMissing):
            tree.listing(work, outside)
    for bad in ("..", "src/../..", "a/./b", "\0"):
        with pytest.raises(FilePathInvalid):
            tree.listing(work, bad)


def test_only_regular_files_inside_are_opened(work: Path) -> None:
    with tree.file_at(work, "src/deep/main.c") as file:
        assert os.read(file, 100) == b"int main;"
    for bad in ("link", "out/secret", "pipe", "src", "nothing", ""):
        with pytest.raises(FileMissing), tree.file_at(work, bad):
            pass


def test_a_snapshot_is_the_folder_as_it_was(work: Path, store: SnapshotStore) -> None:
    content = store.take("v", "one", work)
    assert (content.files, content.skipped, content.changing) == (2, 1, 0)
    (work / "notes.txt").write_text("second")
    (work / "src" / "deep" / "main.c").unlink()
    data = store.data("v", "one")
    assert (data / "notes.txt").read_text() == "first"
    assert (data / "src/deep/main.c").read_text() == "int main;"
    assert os.readlink(data / "link") == "notes.txt"
    assert store.take("v", "one", work) == content, "asked again, it stays"


def test_what_did_not_change_takes_no_room_again(work: Path, store: SnapshotStore) -> None:
    """Even a file whose old time was set back is copied anew."""
    store.take("v", "one", work)
    before = (work / "notes.txt").stat()
    (work / "notes.txt").write_text("FIRST")
    os.utime(work / "notes.txt", ns=(before.st_atime_ns, before.st_mtime_ns))
    store.take("v", "two", work)
    older, newer = store.data("v", "one"), store.data("v", "two")
    assert (older / "src/deep/main.c").samefile(newer / "src/deep/main.c")
    assert (newer / "notes.txt").read_text() == "FIRST"
    store.remove("v", "one")
    assert (newer / "src/deep/main.c").read_text() == "int main;"
    with pytest.raises(SnapshotMissing):
        store.data("v", "one")
    store.remove("v", "one")


def test_a_hole_stays_a_hole(work: Path, store: SnapshotStore) -> None:
    with (work / "sparse").open("wb") as file:
        file.truncate(1024 * 1024 * MIB)
        file.seek(5 * MIB)
        file.write(b"here")
    store.take("v", "one", work)
    copy = store.data("v", "one") / "sparse"
    assert copy.stat().st_size == 1024 * 1024 * MIB
    assert copy.stat().st_blocks * 512 < MIB
    with copy.open("rb") as file:
        file.seek(5 * MIB)
        assert file.read(4) == b"here"


def test_a_file_that_is_written_all_the_time_is_marked(
    work: Path, store: SnapshotStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every copy of this file meets a write: it is stored, and said to be changing."""
    real = os.pread

    def pread(file: int, size: int, position: int) -> bytes:
        with (work / "notes.txt").open("a") as writer:
            writer.write("+")
        return real(file, size, position)

    monkeypatch.setattr(os, "pread", pread)
    content = store.take("v", "one", work)
    assert content.changing == 1
    assert (store.data("v", "one") / "notes.txt").read_text().startswith("first")


def test_a_running_writer_is_not_stopped_and_whole_files_stay_whole(
    work: Path, store: SnapshotStore
) -> None:
    """A program that replaces a file by renames: each snapshot has one of its states."""
    ended = threading.Event()

    def write() -> None:
        number = 0
        while not ended.is_set():
            number += 1
            (work / ".new").write_text(f"{number:08}" * 1000)
            (work / ".new").rename(work / "state")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(20):
            store.take("v", str(number), work)
    finally:
        ended.set()
        writer.join()
    for number in range(20):
        state = store.data("v", str(number)) / "state"
        if state.exists():
            text = state.read_text()
            assert text == text[:8] * 1000


def test_a_folder_beyond_the_limits_is_refused_and_leaves_nothing(
    work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(StoreFull):
        SnapshotStore(tmp_path / "store", spare=2**60).take("v", "one", work)
    deep = work
    for _ in range(70):
        deep = deep / "d"
        deep.mkdir()
    store = SnapshotStore(tmp_path / "store", spare=0)
    with pytest.raises(FolderTooLarge):
        store.take("v", "one", work)
    assert list((tmp_path / "store" / "v").iterdir()) == []


def test_one_file_comes_back(work: Path, store: SnapshotStore) -> None:
    store.take("v", "one", work)
    (work / "notes.txt").write_text("worse")
    (work / "src" / "deep" / "main.c").unlink()
    (work / "src" / "deep").rmdir()
    (work / "later").write_text("stays")
    done = restore(store.data("v", "one"), work, ["src/deep/main.c"])
    assert (done.files, done.removed) == (1, 0)
    assert (work / "src/deep/main.c").read_text() == "int main;"
    assert (work / "notes.txt").read_text() == "worse"
    assert (work / "later").read_text() == "stays"
    with pytest.raises(FileMissing):
        restore(store.data("v", "one"), work, ["notes.txt", "never"])
    assert (work / "notes.txt").read_text() == "worse", "nothing is done by half"


def test_the_whole_folder_becomes_what_it_was(work: Path, store: SnapshotStore) -> None:
    store.take("v", "one", work)
    (work / "notes.txt").unlink()
    (work / "notes.txt").mkdir()
    (work / "notes.txt" / "in the way").write_text("x")
    (work / "link").unlink()
    (work / "new").mkdir()
    (work / "new" / "file").write_text("x")
    done = restore(store.data("v", "one"), work, [])
    assert (work / "notes.txt").read_text() == "first"
    assert os.readlink(work / "link") == "notes.txt"
    assert not (work / "new").exists()
    assert done.files >= 2
    assert not [name for name in os.listdir(work) if name.startswith(".mydocker-")]


def test_a_restore_leaves_the_folder_by_no_link(
    work: Path, store: SnapshotStore, tmp_path: Path
) -> None:
    store.take("v", "one", work)
    outside = tmp_path / "outside"
    outside.mkdir()
    (work / "src" / "deep" / "main.c").unlink()
    (work / "src" / "deep").rmdir()
    (work / "src" / "deep").symlink_to(outside)
    restore(store.data("v", "one"), work, ["src/deep/main.c"])
    assert list(outside.iterdir()) == []
    assert (work / "src/deep/main.c").read_text() == "int main;"


def test_archives_hold_what_was_chosen_once(work: Path) -> None:
    def names(paths: list[str], prefix: str = "", *, end: bool = True) -> list[str]:
        packed = b"".join(tar_stream(work, paths, prefix, end=end))
        assert len(packed) % tarfile.BLOCKSIZE == 0
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            return archive.getnames()

    assert names([]) == ["link", "notes.txt", "out", "src", "src/deep", "src/deep/main.c"]
    assert names(["src/deep", "src/deep/main.c"], "p") == ["p/src/deep", "p/src/deep/main.c"]
    assert names(["notes.txt"], end=False) == ["notes.txt"]
    with pytest.raises(FileMissing):
        names(["never"])
    with pytest.raises(FileMissing):
        names(["out/secret"])


def test_the_largest_files_are_named(work: Path) -> None:
    (work / "src" / "big").write_bytes(os.urandom(2 * MIB))
    with (work / "hole").open("wb") as file:
        file.truncate(100 * MIB)
    [first, *_] = tree.largest(work)
    assert (first.path, first.bytes >= 2 * MIB) == ("src/big", True)
