"""Calls on the plugin's socket: Docker's volume plugin protocol v1, and those of MyDocker.

Source: https://docs.docker.com/engine/extend/plugins_volume/. Every answer has `Err`; the engine
shows it word for word as the error of the task.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from .backend import MIB, Quota, VolumeError
from .records import Record
from .volumes import Volumes

Json = dict[str, Any]
_SIZE = re.compile(r"(\d{1,15})([kmgt]?)", re.IGNORECASE)
_UNITS = {"": 1, "k": 1024, "m": MIB, "g": 1024 * MIB, "t": 1024 * 1024 * MIB}
DEFAULT_SIZE = 1024 * MIB
_OPTIONS = frozenset({"size", "files"})


class Protocol:
    """`answer` serves one call."""

    def __init__(self, volumes: Volumes) -> None:
        self._volumes = volumes
        self._calls: Mapping[str, Callable[[Json], Json]] = {
            "/Plugin.Activate": lambda _: {"Implements": ["VolumeDriver"]},
            "/VolumeDriver.Capabilities": lambda _: {"Capabilities": {"Scope": "local"}},
            "/VolumeDriver.Create": self._create,
            "/VolumeDriver.Get": self._get,
            "/VolumeDriver.List": self._list,
            "/VolumeDriver.Mount": self._mount,
            "/VolumeDriver.Unmount": self._unmount,
            "/VolumeDriver.Path": self._path,
            "/VolumeDriver.Remove": self._remove,
            "/MyDocker.Usage": self._usage,
            "/MyDocker.Resize": self._resize,
            "/MyDocker.Health": self._health,
        }

    def answer(self, path: str, body: bytes) -> Json:
        """The answer to a call; a refusal is an answer too."""
        call = self._calls.get(path)
        if call is None:
            return {"Err": f"this plugin has no call {path}"}
        try:
            given = json.loads(body or b"{}")
            return {"Err": "", **call(given if isinstance(given, dict) else {})}
        except VolumeError as error:
            return {"Err": str(error)}
        except (KeyError, TypeError, ValueError) as error:
            return {"Err": f"the call {path} is malformed: {type(error).__name__} {error}"}

    def _create(self, given: Json) -> Json:
        options = given.get("Opts") or {}
        unknown = sorted(options.keys() - _OPTIONS)
        if unknown:
            raise VolumeError(f"a volume has no option {', '.join(unknown)}")
        size = parse_size(options["size"]) if "size" in options else DEFAULT_SIZE
        files = parse_size(options["files"]) if "files" in options else None
        self._volumes.create(str(given["Name"]), Quota.of(size, files))
        return {}

    def _get(self, given: Json) -> Json:
        record = self._volumes.get(str(given["Name"]))
        if record is None:
            raise VolumeError(f"there is no volume {given['Name']} on this machine")
        path = self._volumes.path(record.name)
        shown = {"Name": record.name, "CreatedAt": record.created_at, "Status": _status(record)}
        return {"Volume": {**shown, "Mountpoint": str(path or "")}}

    def _list(self, _: Json) -> Json:
        return {
            "Volumes": [
                {"Name": record.name, "CreatedAt": record.created_at}
                for record in self._volumes.all()
            ]
        }

    def _mount(self, given: Json) -> Json:
        return {"Mountpoint": str(self._volumes.mount(str(given["Name"]), str(given["ID"])))}

    def _unmount(self, given: Json) -> Json:
        self._volumes.unmount(str(given["Name"]), str(given["ID"]))
        return {}

    def _path(self, given: Json) -> Json:
        return {"Mountpoint": str(self._volumes.path(str(given["Name"])) or "")}

    def _remove(self, given: Json) -> Json:
        self._volumes.remove(str(given["Name"]))
        return {}

    def _usage(self, _: Json) -> Json:
        """Of every volume: `{"volumes": [{"name", "used_bytes", …}]}`."""
        return {
            "volumes": [
                {"name": record.name, "limit_bytes": record.quota.bytes, **asdict(record.usage)}
                for record in self._volumes.all()
                if record.usage
            ]
        }

    def _resize(self, given: Json) -> Json:
        quota = Quota.of(int(given["bytes"]))
        return {"applied": self._volumes.resize(str(given["name"]), quota)}

    def _health(self, _: Json) -> Json:
        self._volumes.health()
        return {}


def _status(record: Record) -> Json:
    """What `docker volume inspect` shows as Status."""
    usage = asdict(record.usage) if record.usage else {}
    return {"backend": record.backend, "limit_bytes": record.quota.bytes, **usage}


def parse_size(text: str) -> int:
    """`2048m` → bytes; `VolumeError` for anything else."""
    match = _SIZE.fullmatch(str(text))
    if match is None:
        raise VolumeError(f"{text!r} is no size: write 2048m or 2g")
    return int(match[1]) * _UNITS[match[2].lower()]
