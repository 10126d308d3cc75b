"""Limits of an archive and of the process that reads it."""

import json
from dataclasses import asdict, dataclass

MIB = 1024 * 1024
CHUNK_BYTES = MIB
"""Content is stored in chunks of this size; the last one of a file is shorter."""
RATIO_FLOOR_BYTES = 10 * MIB
"""The ratio is not looked at below this unpacked size: empty tables compress well."""
PATH_BYTES = 1024
NAME_BYTES = 255
"""Of one name between slashes: what Linux file systems hold."""
HEADER_BYTES = MIB
"""Of one extended header of a tar archive, which is read into memory."""


@dataclass(frozen=True)
class Limits:
    """What one archive may hold; the defaults are those of the api's settings."""

    unpacked_bytes: int = 1024 * MIB
    entries: int = 5000
    ratio: int = 100
    memory_bytes: int = 512 * MIB
    """Address space of the process."""
    cpu_seconds: int = 60

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Limits":
        return cls(**json.loads(text))
