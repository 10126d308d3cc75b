"""One record per volume, in a file of its folder: written whole, replaced at once."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from .backend import Quota, Usage, VolumeError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}")
_FILE = "volume.json"


@dataclass(frozen=True)
class Record:
    """A volume."""

    name: str
    backend: str
    quota: Quota
    created_at: str
    """RFC 3339, as the engine wants it."""
    mounts: frozenset[str] = field(default_factory=frozenset)
    """The engine's ids of mounts: it is unmounted with the last of them."""
    usage: Usage | None = None
    """As it was unmounted last."""

    def with_mount(self, id: str) -> "Record":
        return replace(self, mounts=self.mounts | {id})

    def without_mount(self, id: str) -> "Record":
        return replace(self, mounts=self.mounts - {id})


class Records:
    """The records below one folder of the machine."""

    def __init__(self, root: Path) -> None:
        self._root = root
        root.mkdir(parents=True, exist_ok=True, mode=0o700)

    def folder(self, name: str) -> Path:
        """The folder of the volume of this name; `VolumeError` for a name that is none."""
        if not _NAME.fullmatch(name):
            raise VolumeError(f"no volume can have the name {name!r}")
        return self._root / name

    def read(self, name: str) -> Record | None:
        """The record; None where there is no such volume."""
        try:
            text = (self.folder(name) / _FILE).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        values = json.loads(text)
        usage = values.get("usage")
        return Record(
            name=values["name"],
            backend=values["backend"],
            quota=Quota(**values["quota"]),
            created_at=values["created_at"],
            mounts=frozenset(values["mounts"]),
            usage=Usage(**usage) if usage else None,
        )

    def write(self, record: Record, folder: Path | None = None) -> None:
        """Replace the record. It is on the disk when this returns."""
        folder = folder or self.folder(record.name)
        beside = folder / f"{_FILE}.new"
        values = {**asdict(record), "mounts": sorted(record.mounts)}
        with beside.open("w", encoding="utf-8") as file:
            json.dump(values, file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(folder / _FILE)

    def all(self) -> Iterator[Record]:
        """Every volume, by name."""
        for path in sorted(self._root.glob(f"*/{_FILE}")):
            record = self.read(path.parent.name) if _NAME.fullmatch(path.parent.name) else None
            if record:
                yield record
