"""Makes the work folder of a running container writable for its user, on the machine's own disk."""

import os
import posixpath
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mydocker_kit.contracts.orchestrator.work_folders import Folder, FolderUser

Json = Mapping[str, Any]


def make_writable(inspected: Json, path: str, process: int) -> bool:
    """Whether the user of this container may write at `path` now.

    `inspected` is the answer of `docker inspect`, `process` the container's main process; raises
    ProcessLookupError once that has ended. Changes the owner of the folder itself, never of what
    is in it; and only of a volume, never of a folder of the machine.
    """
    user = _user_of(process)
    source = _volume_at(inspected, path)
    if source is None:
        return False
    try:
        if not _is_writable_mount(process, path, source):
            return False
        if user is None or _folder(source).lets_write(user):
            return True
        os.chown(source, user.uid, user.gid, follow_symlinks=False)
        source.chmod(source.stat().st_mode | 0o700)
        return _folder(source).lets_write(user)
    except OSError:
        return False


def _volume_at(inspected: Json, path: str) -> Path | None:
    destination = _cleaned(path)
    for mount in inspected.get("Mounts") or []:
        if mount.get("Type") == "volume" and mount.get("Destination") == destination:
            return Path(str(mount["Source"]))
    return None


def _cleaned(path: str) -> str:
    """As the engine names mounts; POSIX would keep two slashes at the beginning."""
    return "/" + posixpath.normpath(path).lstrip("/")


def _is_writable_mount(process: int, path: str, source: Path) -> bool:
    """Whether the container sees this volume at `path`, and not on a read-only file system.

    Reads only: the container may put a symbolic link there, which a change would follow.
    """
    seen = f"/proc/{process}/root{_cleaned(path)}"
    is_same = os.path.samestat(os.stat(seen), source.stat())
    return is_same and not os.statvfs(seen).f_flag & os.ST_RDONLY


def _user_of(process: int) -> FolderUser | None:
    """In the numbers of the machine; None for root of the container, who may write anywhere."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
        mapping = Path(f"/proc/{process}/uid_map").read_text(encoding="ascii").split()
    except OSError as error:
        raise ProcessLookupError(f"process {process} has ended") from error
    numbers = {
        name: int(value.split()[1])  # the effective one
        for name, _, value in (line.partition(":") for line in status.splitlines())
        if name in ("Uid", "Gid")
    }
    root = int(mapping[1]) if len(mapping) > 1 and mapping[0] == "0" else 0
    if numbers["Uid"] == root:
        return None
    return FolderUser(numbers["Uid"], numbers["Gid"])


def _folder(path: Path) -> Folder:
    status = path.stat()
    return Folder(status.st_uid, status.st_gid, status.st_mode)
