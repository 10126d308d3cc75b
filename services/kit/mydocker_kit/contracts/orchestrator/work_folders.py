"""Work folders and whom they are for: what orchestrator and node agents agree on."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from ..base import Contract

_OWNER_WRITES, _GROUP_WRITES, _ALL_WRITE = 0o300, 0o030, 0o003
"""Writing in a folder means making entries in it: both the bits w and x."""


@dataclass(frozen=True)
class FolderUser:
    """Whom a container runs as, by number."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Folder:
    """Owner and mode of a folder, in the numbers of the same user namespace."""

    uid: int
    gid: int
    mode: int

    def lets_write(self, user: FolderUser) -> bool:
        """By the rule of POSIX, the first class that fits decides. Says nothing about root."""
        if user.uid == self.uid:
            needed = _OWNER_WRITES
        elif user.gid == self.gid:
            needed = _GROUP_WRITES
        else:
            needed = _ALL_WRITE
        return self.mode & needed == needed


class FolderRequest(Contract):
    """Make the volume at this path of a container writable for whom the container runs as."""

    path: Annotated[str, Field(pattern=r"^/", max_length=255)]


class FolderAnswer(Contract):
    """Whether that user may write there now."""

    writable: bool
