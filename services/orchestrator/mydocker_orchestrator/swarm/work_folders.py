"""Makes work folders writable for the user of their container, before it counts as ready.

On the connected engine, the owner is read from the first header of the folder's archive. A folder
of another owner is changed through a second container with the same volume, which is created and
removed but never started: the engine extracts an archive into it that holds only the folder's new
owner and mode. So no program gets more rights than its own, no image of ours is needed, and an
engine that remaps users translates the numbers itself. On other machines the agent changes the
folder on its disk.
"""

import io
import tarfile
import time
from contextlib import suppress

from mydocker_kit.contracts.orchestrator.environments import VolumeMount
from mydocker_kit.contracts.orchestrator.work_folders import Folder, FolderUser
from mydocker_kit.docker.client import DockerClient, Json
from mydocker_kit.docker.errors import EngineError, EngineRefused, EngineUnavailable

from ..domain.checks.work_folders import container_user

_BLOCK = 512
_PASSWD_LIMIT = 64 * 1024
_OWNER_REFUSED = "lchown"
_MOUNTED_AT = "mydocker-work-folder"
_OWNER_RWX = 0o700
_USUAL_MODE = 0o755


class WorkFolders:
    """The work folders of containers on one engine."""

    def __init__(self, engine: DockerClient) -> None:
        self._engine = engine

    async def user(self, container: str, raw: Json) -> FolderUser | None:
        """The user that the container runs as; None where its image does not define it."""
        configured = str((raw.get("Config") or {}).get("User") or "")
        if all(part.isdecimal() for part in configured.split(":") if part) and ":" in configured:
            return container_user(configured, "")
        return container_user(configured, await self._passwd(container))

    async def make_writable(
        self, container: str, image: str, mount: VolumeMount, user: FolderUser
    ) -> bool:
        """Whether this user can write there now. Raises `EngineUnavailable` if that is unknown."""
        if user.uid == 0:
            return True
        folder = await self._folder(container, mount.path)
        if folder is not None and folder.lets_write(user):
            return True
        mode = folder.mode if folder else _USUAL_MODE
        try:
            await self._change_owner(image, mount.name, Folder(user.uid, user.gid, mode))
        except EngineRefused:
            return False
        except EngineUnavailable as error:
            # A file system that refuses the change is a 500 of the engine.
            if _OWNER_REFUSED not in str(error).lower():
                raise
            return False
        return True

    async def _folder(self, container: str, path: str) -> Folder | None:
        header = await self._engine.archive_start(container, path, _BLOCK)
        try:
            entry = tarfile.TarInfo.frombuf(header, tarfile.ENCODING, "surrogateescape")
        except tarfile.HeaderError:
            return None  # an extended header: the uid does not fit plain tar
        return Folder(entry.uid, entry.gid, entry.mode) if entry.isdir() else None

    async def _passwd(self, container: str) -> str:
        try:
            archived = await self._engine.archive_start(container, "/etc/passwd", _PASSWD_LIMIT)
            with tarfile.open(fileobj=io.BytesIO(archived)) as archive:
                content = archive.extractfile("passwd")
                return content.read().decode(errors="replace") if content else ""
        except (EngineRefused, tarfile.TarError, KeyError):
            return ""

    async def _change_owner(self, image: str, volume: str, folder: Folder) -> None:
        """Set owner and mode of the root of this volume; nothing below it is changed."""
        created = await self._engine.create_container(_never_started(image, volume))
        try:
            await self._engine.put_archive(created, "/", _archive_of(folder))
        finally:
            with suppress(EngineError):
                await self._engine.remove_container(created)


def _never_started(image: str, volume: str) -> Json:
    return {
        "Image": image,
        "Cmd": ["-"],  # an image may name no command, and the engine demands one
        "Labels": {"mydocker.probe": "yes"},
        "HostConfig": {
            "NetworkMode": "none",
            "CapDrop": ["ALL"],
            "SecurityOpt": ["no-new-privileges"],
            "Mounts": [
                {
                    "Type": "volume",
                    "Source": volume,
                    "Target": f"/{_MOUNTED_AT}",
                    "VolumeOptions": {"NoCopy": True},
                }
            ],
        },
    }


def _archive_of(folder: Folder) -> bytes:
    entry = tarfile.TarInfo(_MOUNTED_AT)
    entry.type, entry.mode = tarfile.DIRTYPE, (folder.mode & 0o7777) | _OWNER_RWX
    entry.uid, entry.gid, entry.mtime = folder.uid, folder.gid, int(time.time())
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.addfile(entry)
    return packed.getvalue()
