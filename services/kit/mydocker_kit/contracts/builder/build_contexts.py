"""The files of an Image: entries of a build context, which api stores and the builder fetches."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from ..base import Contract

ContextDigest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class EntryKind(StrEnum):
    """What an entry of a context is."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "link"
    """A symbolic link to a place inside the context."""


class ContextEntry(Contract):
    """One entry; `path` is relative, with slashes, without dots."""

    path: str
    kind: EntryKind
    executable: bool = False
    size: int = 0
    """Bytes of a file."""
    digest: str = ""
    """SHA-256 of a file's content, hexadecimal."""
    chunks: tuple[str, ...] = ()
    """SHA-256 of each MiB of it."""
    target: str = ""
    """Of a link."""
