"""Makes work folders writable for the user of their container, before it counts as ready.

On the connected engine, the owner is read from the first header of the folder's archive, and a
folder of another owner is changed by a short-lived container of our own image that has only the
capabilities `CHOWN` and `FOWNER`. The image of the environment never runs with more rights than its
own. On other machines the agent does the same on the disk itself.
"""

import io
import json
import tarfile
from contextlib import suppress
from typing import Any

import aiohttp

from mydocker_kit.contracts.environments import VolumeMount
from mydocker_kit.contracts.work_folders import HELPER_IMAGE, Folder, FolderUser

from ..domain.checks.work_folders import container_user
from .connection import EngineConnection
from .interface import EngineError, EngineRefused, EngineUnavailable
from .output import first_bytes

_BLOCK = 512
_PASSWD_LIMIT = 64 * 1024
_HELPER_SECONDS = aiohttp.ClientTimeout(total=20)
_MIB = 1024 * 1024


class WorkFolders:
    """The work folders of containers on one engine."""

    def __init__(self, engine: EngineConnection) -> None:
        self._engine = engine

    async def user(self, container: str) -> FolderUser | None:
        """The user that the container runs as; None where its image does not define it."""
        raw = await self._engine.json(f"containers/{container}/json")
        configured = str((raw.get("Config") or {}).get("User") or "")
        if all(part.isdecimal() for part in configured.split(":") if part) and ":" in configured:
            return container_user(configured, "")
        return container_user(configured, await self._passwd(container))

    async def make_writable(self, container: str, mount: VolumeMount, user: FolderUser) -> bool:
        """Whether this user can write there now. Raises `EngineUnavailable` if that is unknown."""
        if user.uid == 0:
            return True
        folder = await self._folder(container, mount.path)
        if folder is not None and folder.lets_write(user):
            return True
        with suppress(EngineRefused):
            return await self._change_owner(mount.name, user)
        return False

    async def _folder(self, container: str, path: str) -> Folder | None:
        header = await self._archive(container, path, _BLOCK)
        try:
            entry = tarfile.TarInfo.frombuf(header, tarfile.ENCODING, "surrogateescape")
        except tarfile.HeaderError:
            return None  # an extended header: the uid does not fit plain tar
        return Folder(entry.uid, entry.gid, entry.mode) if entry.isdir() else None

    async def _passwd(self, container: str) -> str:
        try:
            archived = await self._archive(container, "/etc/passwd", _PASSWD_LIMIT)
            with tarfile.open(fileobj=io.BytesIO(archived)) as archive:
                content = archive.extractfile("passwd")
                return content.read().decode(errors="replace") if content else ""
        except (EngineRefused, tarfile.TarError, KeyError):
            return ""

    async def _archive(self, container: str, path: str, limit: int) -> bytes:
        """The first `limit` bytes; closing the connection ends the transfer."""
        params = {"path": path}
        async with self._engine.call(f"containers/{container}/archive", params=params) as response:
            try:
                return await first_bytes(response.content, limit)
            except (aiohttp.ClientError, TimeoutError) as error:
                raise EngineUnavailable(str(error)) from error

    async def _change_owner(self, volume: str, user: FolderUser) -> bool:
        created = await self._engine.json(
            "containers/create", "POST", data=json.dumps(_helper(volume, user))
        )
        path = f"containers/{created['Id']}"
        try:
            async with self._engine.call(f"{path}/start", "POST"):
                pass
            ended = await self._engine.json(f"{path}/wait", "POST", timeout=_HELPER_SECONDS)
            return bool(ended.get("StatusCode") == 0)
        finally:
            with suppress(EngineError):
                async with self._engine.call(path, "DELETE", params={"force": "true"}):
                    pass


def _helper(volume: str, user: FolderUser) -> dict[str, Any]:
    """A container that sets the owner of the root of one volume; nothing below it is changed."""
    owner = f"{user.uid}:{user.gid}"
    return {
        "Image": HELPER_IMAGE,
        "Cmd": ["sh", "-c", f"chown {owner} /folder && chmod u+rwx /folder"],
        "User": "0:0",
        "Labels": {"mydocker.probe": "yes"},
        "HostConfig": {
            "NetworkMode": "none",
            "CapDrop": ["ALL"],
            "CapAdd": ["CHOWN", "FOWNER"],
            "ReadonlyRootfs": True,
            "SecurityOpt": ["no-new-privileges"],
            "PidsLimit": 16,
            "Memory": 32 * _MIB,
            "Mounts": [
                {
                    "Type": "volume",
                    "Source": volume,
                    "Target": "/folder",
                    "VolumeOptions": {"NoCopy": True},
                }
            ],
        },
    }
