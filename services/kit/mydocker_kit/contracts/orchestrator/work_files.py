"""Files of work folders and their snapshots: what api, orchestrator and node agents agree on."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from ..base import Contract
from ..values import Opaque

MOST_PATHS = 200
"""Files and folders that one call names."""
MOST_FILE_BYTES = 2 * 1024**3
"""Of one file that is put into a work folder."""
FilePath = Annotated[str, Opaque(max_length=3000)]
"""Below the folder, parts separated by `/`; empty: the folder itself."""


class SnapshotKind(StrEnum):
    """Why a snapshot was taken."""

    SUBMISSION = "submission"
    HOURLY = "hourly"
    BEFORE_NEW = "before_new"
    """Before a new environment."""
    BEFORE_RESTORE = "before_restore"


class SnapshotState(StrEnum):
    """How far a snapshot is."""

    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"


class SnapshotContent(Contract):
    """What a finished snapshot holds."""

    taken_at: datetime
    files: int
    bytes: int
    """Of all its files, as their owner sees them."""
    skipped: int = 0
    """Entries that are no files: sockets, pipes, devices."""
    changing: int = 0
    """Files that a program was writing during all tries; each is as it was at one moment of them,
    or in parts of several moments."""


class SnapshotRequest(Contract):
    """Why to take a snapshot."""

    kind: SnapshotKind


class Snapshot(Contract):
    """A copy of a work folder that nothing changes."""

    id: UUID
    volume: str
    kind: SnapshotKind
    state: SnapshotState
    asked_at: datetime
    content: SnapshotContent | None = None
    """None until it is ready."""
    problem: str | None = None
    """The code of the refusal, of a snapshot that failed."""


class SnapshotList(Contract):
    """Snapshots, the newest first."""

    items: tuple[Snapshot, ...] = ()


class SnapshotLookup(Contract):
    """Snapshots to look up by id."""

    ids: Annotated[tuple[UUID, ...], Field(max_length=2000)]


class FileKind(StrEnum):
    """What an entry of a folder is."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "link"
    OTHER = "other"


class FileEntry(Contract):
    """One entry of a folder."""

    name: str
    kind: FileKind
    bytes: int
    modified_at: datetime


class FolderListing(Contract):
    """The entries of one folder: folders first, then by name."""

    path: FilePath
    entries: tuple[FileEntry, ...]
    truncated: bool = False
    """There are more entries than a listing shows."""


class LargeFile(Contract):
    """A file that takes much room."""

    path: str
    bytes: int
    """Of the disk."""


class LargestFiles(Contract):
    """The files of a folder that take most, the largest first."""

    files: tuple[LargeFile, ...] = ()


class ArchiveRequest(Contract):
    """Files to pack as a tar stream."""

    snapshot: UUID | None = None
    """None: the folder as it is now."""
    paths: Annotated[tuple[FilePath, ...], Field(max_length=MOST_PATHS)] = ()
    """None: everything."""
    prefix: Annotated[str, Opaque(max_length=500)] = ""
    """The folder of the archive in which they are."""
    end: bool = True
    """False: without the blocks that end an archive, so that another can follow."""


class RestoreRequest(Contract):
    """Files to put back from a snapshot; those that are there are replaced."""

    snapshot: UUID
    paths: Annotated[tuple[FilePath, ...], Field(max_length=MOST_PATHS)] = ()
    """None: the folder becomes what the snapshot is, and what is not in it goes."""


class Restored(Contract):
    """What a restore did."""

    files: int
    """Files that were written."""
    removed: int = 0
    """Entries that went, of a whole folder."""


class FileWritten(Contract):
    """A file that was put into a work folder."""

    bytes: int
    replaced: bool
    """A file of this name was there."""


class RemovalRequest(Contract):
    """Files, links and folders to delete, folders with what is in them."""

    paths: Annotated[tuple[FilePath, ...], Field(min_length=1, max_length=MOST_PATHS)]


class FilesRemoved(Contract):
    """How many of the named entries were there and are deleted."""

    removed: int
