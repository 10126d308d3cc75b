"""Makes work folders writable on a machine's own disk: the folder, its user, its process."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from deploy.node.agent.folders import Json, make_writable

USER = 12345
OTHER = 54321


@pytest.fixture
def process() -> Iterator[int]:
    """The main process of a container that runs as `USER`."""
    with subprocess.Popen(["sleep", "60"], user=USER, group=USER) as running:
        yield running.pid
        running.kill()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "_data"
    path.mkdir(mode=0o755)
    (path / "inside").write_text("text", encoding="utf-8")
    return path


def container(source: Path, destination: Path | None = None, kind: str = "volume") -> Json:
    """A container that sees its volume at its path on the machine."""
    mounted_at = str(destination or source)
    return {"Mounts": [{"Type": kind, "Source": str(source), "Destination": mounted_at}]}


@pytest.mark.parametrize("path", ["{}", "{}/", "/{}", "{}/../_data"])
def test_a_folder_of_another_owner_is_changed_and_what_is_in_it_is_not(
    folder: Path, process: int, path: str
) -> None:
    os.chown(folder, OTHER, OTHER)
    assert make_writable(container(folder), path.format(folder), process)
    assert (folder.stat().st_uid, folder.stat().st_gid) == (USER, USER)
    assert (folder / "inside").stat().st_uid == 0


def test_a_folder_in_which_the_user_can_write_keeps_its_owner(folder: Path, process: int) -> None:
    os.chown(folder, OTHER, USER)
    folder.chmod(0o775)
    assert make_writable(container(folder), str(folder), process)
    assert folder.stat().st_uid == OTHER


def test_its_own_folder_without_the_rights_to_write_gets_them(folder: Path, process: int) -> None:
    os.chown(folder, USER, USER)
    folder.chmod(0o555)
    assert make_writable(container(folder), str(folder), process)
    assert folder.stat().st_mode & 0o777 == 0o755


def test_a_folder_of_the_machine_is_never_changed(folder: Path, process: int) -> None:
    os.chown(folder, OTHER, OTHER)
    assert not make_writable(container(folder, kind="bind"), str(folder), process)
    assert not make_writable(container(folder), str(folder.parent), process)
    assert folder.stat().st_uid == OTHER


def test_a_volume_that_the_container_does_not_see_there_is_not_changed(
    folder: Path, process: int, tmp_path: Path
) -> None:
    """It is mounted elsewhere, or the container moved it and put a link in its place."""
    os.chown(folder, OTHER, OTHER)
    (tmp_path / "link").symlink_to("/etc")
    for seen in (tmp_path, tmp_path / "link", tmp_path / "absent"):
        assert not make_writable(container(folder, seen), str(seen), process)
    assert folder.stat().st_uid == OTHER
    assert Path("/etc").stat().st_uid == 0


def test_a_folder_on_a_read_only_file_system_is_not_writable(
    folder: Path, process: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever owns it."""
    os.chown(folder, USER, USER)
    flags = list(os.statvfs(folder))
    flags[8] |= os.ST_RDONLY
    monkeypatch.setattr(os, "statvfs", lambda _: os.statvfs_result(flags))
    assert not make_writable(container(folder), str(folder), process)


def test_an_ended_process_says_nothing_about_the_folder(folder: Path) -> None:
    with subprocess.Popen(["true"]) as ended:
        pass
    with pytest.raises(ProcessLookupError):
        make_writable(container(folder), str(folder), ended.pid)
