"""What we made on this machine, remembered so that exactly this is undone later."""

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel


class Record(BaseModel):
    """Kept in the state folder, written before the thing it names is made."""

    engine_url: str = ""
    engine_is_ours: bool = False
    swarm_made: bool = False
    gateway_made: bool = False
    """Whether Docker made `docker_gwbridge` because we made a Swarm."""
    forward_policy: str = ""
    """The firewall's policy before an engine of ours changed it."""
    sources: str = ""
    """Fingerprint of the code that runs."""
    seeded: bool = False


class RecordFile:
    """The record of one state folder."""

    def __init__(self, state: Path) -> None:
        self._path = state / "record.json"

    def read(self) -> Record:
        """What is remembered; an empty record where there is none."""
        if not self._path.exists():
            return Record()
        return Record.model_validate_json(self._path.read_text(encoding="utf-8"))

    def change(self, **changes: Any) -> Record:
        """Remember these; whole or not at all."""
        record = self.read().model_copy(update=changes)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(".tmp")
        draft.write_text(json.dumps(record.model_dump(), indent=1), encoding="utf-8")
        draft.replace(self._path)
        return record
