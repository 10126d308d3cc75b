"""Files that are put into a folder and deleted there while a program may use it."""

import errno
import os
from pathlib import Path

import pytest
from deploy.node.folder_files.writing import IncomingFile, remove

from mydocker_kit.errors import FileExists, FilePathInvalid, FolderFull

STUDENT = 4711


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A work folder with a file, a folder and a link that leaves it."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret").write_text("not yours")
    work = tmp_path / "work"
    (work / "src").mkdir(parents=True)
    (work / "notes.txt").write_text("first")
    (work / "out").symlink_to(tmp_path / "outside")
    (work / "to-secret").symlink_to(tmp_path / "outside" / "secret")
    return work


def put(work: Path, path: str, *parts: bytes, replace: bool = False) -> tuple[int, bool]:
    file = IncomingFile(work, path, replace=replace)
    try:
        for part in parts:
            file.write(part)
        written = file.finish()
        return written.bytes, written.replaced
    finally:
        file.discard()


def test_a_file_arrives_whole_with_its_folders(work: Path) -> None:
    assert put(work, "data/2026/a.csv", b"1,", b"2") == (3, False)
    assert (work / "data/2026/a.csv").read_text() == "1,2"
    assert put(work, "empty") == (0, False)
    names = sorted(path.name for path in work.iterdir())
    assert names == ["data", "empty", "notes.txt", "out", "src", "to-secret"], "nothing beside"


def test_who_works_in_the_folder_may_change_the_file(work: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root gives files to others")
    os.chown(work, STUDENT, STUDENT)
    put(work, "data/a.csv", b"1")
    for path in ("data", "data/a.csv"):
        status = (work / path).stat()
        assert (status.st_uid, status.st_gid) == (STUDENT, STUDENT)
    (work / "shared").mkdir()
    (work / "shared").chmod(0o777)
    put(work, "shared/b", b"1")
    assert (work / "shared/b").stat().st_mode & 0o777 == 0o666


def test_a_file_is_replaced_only_where_it_was_asked(work: Path) -> None:
    with pytest.raises(FileExists):
        put(work, "notes.txt", b"second")
    assert (work / "notes.txt").read_text() == "first"
    assert put(work, "notes.txt", b"second", replace=True) == (6, True)
    assert (work / "notes.txt").read_text() == "second"


def test_a_program_that_has_the_old_file_open_goes_on_with_it(work: Path) -> None:
    with (work / "notes.txt").open() as file:
        put(work, "notes.txt", b"second", replace=True)
        assert file.read() == "first"


def test_what_breaks_off_leaves_nothing(work: Path) -> None:
    file = IncomingFile(work, "data/a.csv", replace=False)
    file.write(b"half")
    file.discard()
    file.discard()
    assert list((work / "data").iterdir()) == []


def test_what_came_meanwhile_is_not_replaced_unasked(work: Path) -> None:
    file = IncomingFile(work, "a.csv", replace=False)
    file.write(b"mine")
    (work / "a.csv").write_text("the program's")
    with pytest.raises(FileExists):
        file.finish()
    file.discard()
    assert (work / "a.csv").read_text() == "the program's"


@pytest.mark.parametrize("path", ["src", "notes.txt/a", "out/a", "out/secret"])
def test_folders_files_and_links_in_the_way_are_refused(work: Path, path: str) -> None:
    with pytest.raises(FileExists):
        put(work, path, b"x", replace=True)


def test_a_link_is_replaced_and_never_written_through(work: Path) -> None:
    assert put(work, "to-secret", b"mine", replace=True) == (4, True)
    assert (work.parent / "outside" / "secret").read_text() == "not yours"
    assert (work / "to-secret").read_text() == "mine"


@pytest.mark.parametrize("path", ["", "/", "..", "a/../b", "a\0b", "n" * 300, "a/" * 70 + "b"])
def test_paths_that_no_file_can_have_are_refused(work: Path, path: str) -> None:
    with pytest.raises(FilePathInvalid):
        put(work, path, b"x")


def test_a_full_folder_says_so_and_holds_nothing_of_it(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(file: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(FolderFull):
        put(work, "a.csv", b"x")
    monkeypatch.undo()
    assert not (work / "a.csv").exists()
    assert not [path for path in work.iterdir() if path.name.startswith(".mydocker")]


def test_files_and_folders_are_deleted_and_links_are_not_followed(work: Path) -> None:
    (work / "src" / "main.c").write_text("int main;")
    assert remove(work, ["src", "out", "nothing", "out/secret", "notes.txt/a"]) == 2
    assert (work.parent / "outside" / "secret").exists()
    assert sorted(path.name for path in work.iterdir()) == ["notes.txt", "to-secret"]
    assert remove(work, ["src"]) == 0


@pytest.mark.parametrize("path", ["", "/", "../outside"])
def test_the_folder_itself_and_what_is_outside_stay(work: Path, path: str) -> None:
    with pytest.raises(FilePathInvalid):
        remove(work, ["notes.txt", path])
    assert (work / "notes.txt").exists()
