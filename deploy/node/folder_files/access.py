"""Where the files of a volume are on this machine, whether a container has it mounted or not."""

import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from deploy.machine.docker import Docker
from deploy.node.agent import volume_plugin
from deploy.node.agent.disk import measured
from mydocker_kit.contracts.orchestrator.volumes import LOCAL_DRIVER, PLATFORM_LABEL
from mydocker_kit.docker.errors import EngineError, EngineRefused, NameTaken
from mydocker_kit.errors import Conflict, FolderMissing, FolderUnavailable
from mydocker_kit.observability.logging import get_logger

log = get_logger()
_MOUNT_ID = "mydocker-files"
"""Our own mount of a volume, as the plugin counts it. One id, so that a crash leaves one at most,
which ends with the next use of the folder."""


_WALK_SECONDS = 20.0


class VolumeBusy(Conflict):
    """A container has it: what is in use is not erased."""

    code, title = "volume_in_use", "An environment uses this work folder"


class VolumeAccess:
    """Volumes of environments on the engine at `engine`."""

    def __init__(self, engine: str) -> None:
        self._engine = engine
        self._lock, self._uses = threading.Lock(), Counter[str]()

    @contextmanager
    def opened(self, volume: str) -> Iterator[Path]:
        """The folder of this volume; `FolderMissing`, `FolderUnavailable`."""
        raw = self._inspected(volume)
        driver = str(raw.get("Driver") or LOCAL_DRIVER)
        if driver == LOCAL_DRIVER:
            yield Path(str(raw["Mountpoint"]))
            return
        path = self._mounted(driver, volume)
        try:
            yield path
        finally:
            self._unmounted(driver, volume)

    def sizes(self, volumes: Iterable[str]) -> dict[str, int]:
        """Bytes that these volumes take: by a walk, or as their plugin has measured them."""
        paths: dict[str, str] = {}
        by_driver: dict[str, list[str]] = defaultdict(list)
        for volume in volumes:
            with suppress(FolderMissing, FolderUnavailable):
                raw = self._inspected(volume)
                driver = str(raw.get("Driver") or LOCAL_DRIVER)
                if driver == LOCAL_DRIVER:
                    paths[str(raw["Mountpoint"])] = volume
                else:
                    by_driver[driver].append(volume)
        sizes = {paths[path]: size for path, size in measured(paths, _WALK_SECONDS).items()}
        for driver, names in by_driver.items():
            with suppress(FolderUnavailable):
                uses = {use["name"]: use for use in _used(driver)}
                sizes |= {name: int(uses[name]["used_bytes"]) for name in names if name in uses}
        return sizes

    def erase(self, volume: str) -> None:
        """Delete the volume with its files. Idempotent; `VolumeBusy` while a container has it."""
        try:
            self._inspected(volume)
            with Docker(self._engine) as docker:
                docker.call("DELETE", f"/volumes/{volume}")
        except FolderMissing:
            return
        except NameTaken as error:  # how the engine's 409 is called
            raise VolumeBusy from error
        except EngineError as error:
            raise FolderUnavailable(str(error)) from error

    def _inspected(self, volume: str) -> dict[str, Any]:
        try:
            with Docker(self._engine) as docker:
                raw = dict(docker.get(f"/volumes/{volume}"))
        except EngineRefused as error:
            raise FolderMissing from error
        except EngineError as error:
            raise FolderUnavailable(str(error)) from error
        if PLATFORM_LABEL not in (raw.get("Labels") or {}):
            raise FolderMissing  # what else runs on this machine is nobody's business
        return raw

    def _mounted(self, driver: str, volume: str) -> Path:
        with self._lock:
            answer = _call(driver, "/VolumeDriver.Mount", volume)
            self._uses[volume] += 1
        return Path(str(answer["Mountpoint"]))

    def _unmounted(self, driver: str, volume: str) -> None:
        with self._lock:
            self._uses[volume] -= 1
            if self._uses[volume] > 0:
                return
            del self._uses[volume]
            try:
                _call(driver, "/VolumeDriver.Unmount", volume)
            except FolderUnavailable as error:
                log.warning("folder.unmount_failed", volume=volume, error=error)


def _used(driver: str) -> list[dict[str, Any]]:
    try:
        answer = volume_plugin.call_driver(driver, "/MyDocker.Usage", {})
    except volume_plugin.PluginAway as error:
        raise FolderUnavailable(error.title) from error
    return list(answer.get("volumes") or ())


def _call(driver: str, path: str, volume: str) -> dict[str, Any]:
    try:
        answer = volume_plugin.call_driver(driver, path, {"Name": volume, "ID": _MOUNT_ID})
    except volume_plugin.PluginAway as error:
        raise FolderUnavailable(error.title) from error
    if answer.get("Err"):
        raise FolderUnavailable(str(answer["Err"]))
    return answer
